"""SLEDAI-2K: the score of a record, and the component of SRI that compares it with baseline ("SRI-4").

What belongs here: items, weights and the fall in points; the site's own total for the one scenario that asks what it
would change. What does not: that total for anything else.
"""

from __future__ import annotations

from validation.second_derivation.assessments import Assessment
from validation.second_derivation.protocol_tables import sledai_weights, whole_limit
from validation.second_derivation.reading import number
from validation.second_derivation.usable import Row

DATE_COLUMN = "sledtc"
PRESENT, ABSENT = "1", "0"


def read_sledai(row: Row) -> tuple[int | None, bool]:
    """The score in points and whether it exists; it does only when all 24 items are answered 1 or 0."""
    if whole_limit("sledai_site_total"):
        return _site_total(row)
    score = 0
    for column, weight in sledai_weights():
        answer = row[column]
        if answer == PRESENT:
            score += weight
        elif answer != ABSENT:
            return None, False
    return score, True


def points_asked() -> range:
    """The falls in points for which a response is derived: k of SRI-k."""
    return range(whole_limit("sri_points"), whole_limit("sri_points_max") + 1)


def sledai_results(
    baseline: Assessment[int | None] | None, now: Assessment[int | None] | None
) -> tuple[bool | None, ...]:
    """For each k whether the score fell by at least k points; unknown when either score is."""
    if baseline is None or now is None or baseline.value is None or now.value is None:
        return (None,) * len(points_asked())
    change = now.value - baseline.value
    return tuple([change <= -points for points in points_asked()])


def _site_total(row: Row) -> tuple[int | None, bool]:
    """The total that the site wrote down, where items can add up to it."""
    total = number(row["sledtot"])
    highest = sum(weight for _, weight in sledai_weights())
    if total is None or total.denominator != 1 or not 0 <= total <= highest:
        return None, False
    return total.numerator, True
