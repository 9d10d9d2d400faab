"""Random subjects beside changed copies of themselves, derived by both.

What belongs here: making and deriving the pairs, all in one go, and telling a broken property so that a person can
judge it. What does not: the changes (changes.py) and the properties (test_monotone.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from random import Random

from tests.properties.both import Outcome, by_second_derivation, by_sql
from tests.properties.changes import CHANGES, Change
from tests.properties.shrinking import described, smallest
from tests.properties.situations import Situation
from tests.properties.trials import RandomSubject, random_subjects

DERIVATIONS = {"second": by_second_derivation, "sql": by_sql}
# What a change broke, by name: empty when the property holds.
Broken = Callable[[Outcome | None, Outcome | None], Sequence[str]]


@dataclass(frozen=True)
class Pair:
    """A subject and its changed copy, with the outcomes of both by each derivation."""

    number: int
    before: RandomSubject
    after: RandomSubject
    outcomes: dict[str, tuple[Outcome | None, Outcome | None]]


class Pairs:
    """For each change the pairs of the subjects it applies to, at most `at_most` of them."""

    def __init__(self, number_of_trials: int, number: int, at_most: int) -> None:
        pools = {change: _pool(number_of_trials, number, tuple(meant_for)) for change, meant_for in CHANGES.items()}
        made = [
            (change, position, before, after)
            for change, pool in pools.items()
            for position, before, after in islice(_changed(change, pool), at_most)
        ]
        befores = list({id(before): before for *_, before, _ in made}.values())
        subjects = [
            _in_a_site(subject, count) for count, subject in enumerate([*befores, *(after for *_, after in made)])
        ]
        derived = {name: derive(subjects) for name, derive in DERIVATIONS.items()}
        place = {id(before): position for position, before in enumerate(befores)}
        self._pairs: dict[Change, list[Pair]] = {change: [] for change in CHANGES}
        for count, (change, position, before, after) in enumerate(made, start=len(befores)):
            outcomes = {name: (outcomes[place[id(before)]], outcomes[count]) for name, outcomes in derived.items()}
            self._pairs[change].append(Pair(position, before, after, outcomes))

    def of(self, change: Change) -> list[Pair]:
        return self._pairs[change]

    def check(self, change: Change, derivation: str, broken: Broken, at_least: int = 50, with_effect: int = 3) -> None:
        """The property holds for every pair, and enough pairs put it to the test.

        `with_effect`: in so many pairs at least, the change must have made some difference.
        """
        pairs = self.of(change)
        assert len(pairs) >= at_least
        outcomes = [pair.outcomes[derivation] for pair in pairs]
        assert sum(before != after for before, after in outcomes) >= with_effect
        violations = [pair for pair, (before, after) in zip(pairs, outcomes, strict=True) if broken(before, after)]
        assert not violations, _told(change, derivation, broken, violations)


@cache
def _pool(number_of_trials: int, number: int, situations: tuple[Situation, ...]) -> list[RandomSubject]:
    return random_subjects(number_of_trials, number, at_most=2, situations=situations)


def _changed(change: Change, pool: Sequence[RandomSubject]) -> Iterator[tuple[int, RandomSubject, RandomSubject]]:
    for position, before in enumerate(pool):
        after = change(before, Random(position))
        if after is not None:
            yield position, before, after


def _in_a_site(subject: RandomSubject, number: int) -> RandomSubject:
    """Under an id of its own at a site whose data reach as far as its own."""
    return subject.changed(siteid=f"{subject.site_cut}..{subject.medication_until}", subjid=f"{number:06}")


def _told(change: Change, derivation: str, broken: Broken, violations: Sequence[Pair]) -> str:
    """The first violation as small as it gets: the subject before and after the change, and what the change broke."""
    derive = DERIVATIONS[derivation]
    pair = violations[0]

    def outcomes_of(subjects: Sequence[RandomSubject]) -> list[tuple[Outcome | None, Outcome | None]]:
        changed = [change(subject, Random(pair.number)) for subject in subjects]
        there = [_in_a_site(after, 100_000 + count) for count, after in enumerate(changed) if after is not None]
        derived = derive([*(_in_a_site(subject, count) for count, subject in enumerate(subjects)), *there])
        afters = iter(derived[len(subjects) :])
        befores = derived[: len(subjects)]
        # A change that no longer applies breaks nothing.
        return [
            (before, before if after is None else next(afters)) for before, after in zip(befores, changed, strict=True)
        ]

    def still_broken(subjects: Sequence[RandomSubject]) -> list[bool]:
        return [bool(broken(*outcomes)) for outcomes in outcomes_of(subjects)]

    small = smallest(pair.before, still_broken)
    after = change(small, Random(pair.number))
    ((first, second),) = outcomes_of([small])
    lines = [f"{len(violations)} of the pairs break it ({derivation}, {change.__name__}). The smallest:"]
    lines += ["before:", described(small), "after:", described(after) if after else "(does not apply)"]
    return "\n".join([*lines, *broken(first, second)])
