"""BILAG-2004: the grades of a record, and the component of SRI that looks for new A and new B grades ("SRI-4").

What belongs here: grades and what is new against baseline, known or possible. What does not: points for a total,
which SRI does not use.
"""

from __future__ import annotations

from functools import lru_cache

from validation.second_derivation.assessments import Assessment
from validation.second_derivation.protocol_tables import bilag_columns, bilag_grades, whole_limit
from validation.second_derivation.usable import Row

DATE_COLUMN = "bildtc"

# What becomes of a component that hangs on missing grades: open in the protocol; two scenarios take a side.
GAPS = (None, True, False)

Grades = tuple[str | None, ...]


def read_bilag(row: Row) -> tuple[Grades, bool]:
    """The grades of the 9 systems, None where missing or not A to E, and whether all are there."""
    known = bilag_grades()
    grades = tuple([grade if (grade := row[column]) in known else None for column in bilag_columns()])
    return grades, None not in grades


def bilag_result(baseline: Assessment[Grades] | None, now: Assessment[Grades] | None) -> bool | None:
    """No new A and at most one new B: met, failed, or unknown when filling the missing grades could decide it.

    Failed when every way of filling them fails, met when none does. Systems do not depend on each other, and a system
    with a missing grade can always be filled so that nothing is new, so it is enough to count what is known to be new
    (fails whatever is filled in) and what may be new (the worst that can be filled in).
    """
    if baseline is None or now is None:
        return None
    known_a = possible_a = known_b = possible_b = 0
    for before, after in zip(baseline.value, now.value, strict=True):
        known, possible = _is_new(before, after, "A")
        known_a += known
        possible_a += possible
        known, possible = _is_new(before, after, "B")
        known_b += known
        possible_b += possible
    new_a_allowed, new_b_allowed = whole_limit("bilag_new_a_allowed"), whole_limit("bilag_new_b_allowed")
    if known_a > new_a_allowed or known_b > new_b_allowed:
        return False
    if possible_a <= new_a_allowed and possible_b <= new_b_allowed:
        return True
    return GAPS[whole_limit("bilag_missing_grades")]


@lru_cache
def _is_new(before: str | None, after: str | None, grade: str) -> tuple[bool, bool]:
    """Whether this grade is known to be new in a system, and whether it may be: that grade now, a milder one before."""
    milder = bilag_grades()[bilag_grades().index(grade) + 1 :]
    possible = after in (grade, None) and (before is None or before in milder)
    return possible and before is not None and after is not None, possible
