"""Random trials derived by both, and what becomes of a disagreement.

What belongs here: deriving, counting what occurred, and telling a disagreement so that a person can judge it. What
does not: how often something must occur (test_agreement.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.properties.both import RESPONSES, Outcome, by_second_derivation, by_sql, differences
from tests.properties.branches import measured_branches
from tests.properties.scenarios import scenarios_by_second_derivation, with_own_totals
from tests.properties.shrinking import Judge, described, smallest
from tests.properties.trials import RandomSubject, random_subjects

SOME_SUBJECTS = 60  # enough to take what only a scenario takes
SHOWN = 3  # making one small takes some fifteen seconds


@dataclass(frozen=True)
class DerivedTrials:
    """Subjects, what each derivation says of them, and the branches of the second one that none of them takes."""

    subjects: list[RandomSubject] = field(repr=False)
    second: list[Outcome | None] = field(repr=False)
    sql: list[Outcome | None] = field(repr=False)
    branches_not_taken: list[str] = field(repr=False)

    def disagreeing(self) -> list[tuple[RandomSubject, dict[str, tuple[Any, Any]]]]:
        """The subjects of whom the two say something different, and what."""
        compared = zip(self.subjects, self.second, self.sql, strict=True)
        found = [(subject, differences(second, sql)) for subject, second, sql in compared]
        return [(subject, different) for subject, different in found if different]


def derive_trials(number_of_trials: int, number: int, measure: bool = True) -> DerivedTrials:
    """So many random trials by both; measuring the branches makes the second derivation six times as slow."""
    subjects = random_subjects(number_of_trials, number)
    if not measure:
        return DerivedTrials(subjects, by_second_derivation(subjects), by_sql(subjects), [])
    with measured_branches() as not_taken:
        second = by_second_derivation(subjects)
        scenarios_by_second_derivation(with_own_totals(subjects[:SOME_SUBJECTS]))
    return DerivedTrials(subjects, second, by_sql(subjects), not_taken)


def told(disagreeing: Sequence[tuple[RandomSubject, dict[str, tuple[Any, Any]]]]) -> str:
    """The first disagreements as small as they get, and how many there are."""
    lines = [f"{len(disagreeing)} subjects are derived differently by the second derivation and by SQL."]
    for subject, different in disagreeing[:SHOWN]:
        small = smallest(subject, _still_differs(different))
        kept = differences(by_second_derivation([small])[0], by_sql([small])[0])
        if not kept:  # only beside the other subjects of its site
            small, kept = subject, different
        lines += ["", described(small)]
        lines += [
            f"    {name}: second {_written(first)}, SQL {_written(second)}" for name, (first, second) in kept.items()
        ][:12]
        lines += [f"    and {len(kept) - 12} values more"] if len(kept) > 12 else []
    return "\n".join(lines)


def _written(value: Any) -> str:
    return "NULL" if value is None else str(value)


def _still_differs(different: dict[str, tuple[Any, Any]]) -> Judge:
    """Still the same disagreement: in nothing that was alike before, and in something in the same way."""

    def judge(subjects: Sequence[RandomSubject]) -> list[bool]:
        found = map(differences, by_second_derivation(subjects), by_sql(subjects))
        return [now.keys() <= different.keys() and bool(now.items() & different.items()) for now in found]

    return judge


def occurrences(outcomes: Sequence[Outcome | None]) -> Counter[str]:
    """How many values of each kind there are."""
    return Counter(name for outcome in outcomes for name in _named(outcome))


def _named(outcome: Outcome | None) -> Iterator[str]:
    if outcome is None:
        yield "not published"
        return
    yield f"respgrp {outcome.respgrp}"
    yield f"first event {outcome.iceterm}"
    for status in outcome.infusions.values():
        yield f"infusion {status}"
    for columns in outcome.visits.values():
        when = "mature" if columns["maturfl"] == "Y" else "immature"
        yield f"reason {columns['reason']}, {when}"
        for column in RESPONSES:
            yield f"{column} {columns[column]}, {when}"
        if columns["sri4oc"] is None and columns["sri4locf"] is not None and columns["reason"] == "MISSING":
            yield f"carried forward to {columns['sri4locf']}"
