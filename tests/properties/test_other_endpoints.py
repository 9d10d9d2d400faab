"""The published BICLA, LLDAS, DORIS remission and steroid sparing are what the papers say, for random subjects.

What belongs here: agreement, and that every value occurs. What does not: examples by hand at every limit
(tests/dbt_project/test_other_endpoints.py).
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.properties.other_endpoints import Results, TooManyGapsError, by_hand, by_published_tables
from tests.properties.trials import RandomSubject, random_subjects

VALUES = ("biclaoc", "bicla", "lldasoc", "lldas", "dorisoc", "doris")


def _can_be_filled(subject: RandomSubject) -> bool:
    try:
        by_hand([subject])
    except TooManyGapsError:
        return False
    return True


@pytest.fixture(scope="module")
def both() -> tuple[Results, Results]:
    subjects = [subject for subject in random_subjects(8, 5) if _can_be_filled(subject)]
    assert len(subjects) > 300
    return by_hand(subjects), by_published_tables(subjects)


def test_the_published_values_are_those_of_the_papers(both: tuple[Results, Results]) -> None:
    papers, published = both
    assert published.keys() == papers.keys()
    assert {key: (papers[key], published[key]) for key in papers if papers[key] != published[key]} == {}


def test_every_value_occurs(both: tuple[Results, Results]) -> None:
    _, published = both
    found = Counter(
        (name, value)
        for (_, what), values in published.items()
        for name, value in zip(VALUES if what != "sparing" else ("sparing",), values, strict=True)
    )
    wanted = [(name, value) for name in (*VALUES, "sparing") for value in ("Y", "N", None)]
    assert {pair: found[pair] for pair in wanted if not found[pair]} == {}
