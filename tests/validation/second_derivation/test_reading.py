"""Text as sites write it, read or refused."""

from __future__ import annotations

from datetime import date, time
from fractions import Fraction

import pytest

from validation.second_derivation import site_cut
from validation.second_derivation.reading import moment, number, span, trimmed


@pytest.mark.parametrize("text", [" D0", "D0\t", "\u00a0D0\u3000", "\r\nD0"])
def test_surrounding_blanks_go(text: str) -> None:
    assert trimmed(text) == "D0"


@pytest.mark.parametrize("text", [None, "", " \t\u3000"])
def test_nothing_left_is_missing(text: str | None) -> None:
    assert trimmed(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-29", (date(2024, 2, 29), None)),
        ("2026-11-21T09:30", (date(2026, 11, 21), time(9, 30))),
        ("2026-11-21T09:30:15", (date(2026, 11, 21), time(9, 30, 15))),
        ("1900-01-01", (date(1900, 1, 1), None)),
        ("2099-12-31", (date(2099, 12, 31), None)),
    ],
)
def test_full_dates(text: str, expected: tuple[date, time | None]) -> None:
    assert moment(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("2026-02-29", "1899-12-31", "2100-01-01", "2026-11", "2026", "21.11.2026", "2026-11-21 09:30", "2026-1-2"),
        *("2026-11-21T24:00", "2026-11-21T9:30", "2026-11-21T", "２０２６-11-21", "2026-11-21\n", "-", "\x00"),
    ],
)
def test_not_a_full_date(text: str) -> None:
    assert moment(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02", (date(2024, 2, 1), date(2024, 2, 29), False)),
        ("2026", (date(2026, 1, 1), date(2026, 12, 31), False)),
        ("2026-03-05T10:00", (date(2026, 3, 5), date(2026, 3, 5), True)),
        ("2026-13", None),
        ("1899", None),
        ("2026-02-30", None),
        (None, None),
    ],
)
def test_partial_dates(text: str | None, expected: tuple[date, date, bool] | None) -> None:
    assert span(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2.30", Fraction(23, 10)),
        ("-0", Fraction(0)),
        ("+12", Fraction(12)),
        ("000000000000999999999", Fraction(999_999_999)),
        ("1000000000", None),
        ("1e3", None),
        (".5", None),
        ("5.", None),
        ("1,5", None),
        ("٣", None),
        ("nan", None),
    ],
)
def test_numbers(text: str, expected: Fraction | None) -> None:
    assert number(text) == expected


def test_a_number_is_read_to_six_decimals_and_zeros() -> None:
    assert number("0.000001" + "0" * 6000) == Fraction(1, 10**6)
    assert number("0." + "0" * 5999 + "1") is None


def test_site_cut_is_the_earliest_of_the_latest_accepted_deliveries() -> None:
    assert site_cut({"dm": date(2026, 5, 2), "pga": date(2026, 5, 1)}) == date(2026, 5, 1)


def test_a_form_never_accepted_leaves_the_site_without_a_cut() -> None:
    assert site_cut({"dm": date(2026, 5, 2), "lb": None}) is None
    assert site_cut({}) is None
