"""The comparison itself: a wrong expectation must be noticed, whatever its type."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.golden.comparison import agrees, row_differences
from tests.golden.reading import read_cases

CASE = read_cases()[0]
PUBLISHED: list[dict[str, Any]] = [
    {"avisit": "Week 44", "sri4": "Y", "sledchg": -6},
    {"avisit": "Week 48", "sri4": None, "sledchg": -4},
]


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        ("-4", -4),
        ("0.3", Decimal("0.3000")),
        ("NULL", None),
        ("2025-02-03", date(2025, 2, 3)),
        ("2025-02-03T09:30", datetime(2025, 2, 3, 9, 30)),
        ("Y", "Y"),
    ],
)
def test_a_value_agrees_with_itself_only(expected: str, value: Any) -> None:
    assert agrees(expected, value)
    assert not agrees("something else", value)
    assert agrees(expected, None) == (expected == "NULL")


def test_numbers_differ_in_the_last_place() -> None:
    assert not agrees("0.3", Decimal("0.2999"))


def test_names_the_row_and_the_column_that_differ() -> None:
    found = list(row_differences("adsri", {"avisit": "Week 48", "sri4": "N", "sledchg": "-4"}, PUBLISHED, CASE))
    assert found == ["adsri, avisit Week 48: sri4 expected N, got NULL"]


def test_a_row_that_is_not_there_is_a_difference() -> None:
    found = list(row_differences("adsri", {"avisit": "Week 40", "sri4": "N"}, PUBLISHED, CASE))
    assert found == ["adsri, avisit Week 40: expected one row, got 0 (of 2 of the subject)"]


def test_rows_that_the_key_does_not_tell_apart_are_a_difference() -> None:
    assert list(row_differences("adsri", {"sri4": "N"}, PUBLISHED, CASE)) == [
        "adsri: expected one row, got 2 (of 2 of the subject)"
    ]
