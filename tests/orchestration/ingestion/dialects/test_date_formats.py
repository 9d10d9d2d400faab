"""Dates as sites write them: what becomes ISO 8601, and what is left as it came."""

from __future__ import annotations

import pytest

from orchestration.ingestion.dialects.date_formats import iso_date, problem_of, with_partial_dates

EXAMPLES = [
    # delivered, format, canonical
    ("21.11.2026", "%d.%m.%Y", "2026-11-21"),
    (" 1.2.2026 ", "%d.%m.%Y", "2026-02-01"),
    ("11.2026", "%d.%m.%Y", "2026-11"),
    ("2026", "%d.%m.%Y", "2026"),
    ("29.02.2024", "%d.%m.%Y", "2024-02-29"),
    ("29.02.2026", "%d.%m.%Y", "29.02.2026"),  # there was no such day
    ("13/04/2026", "%m/%d/%Y", "13/04/2026"),  # no thirteenth month
    ("04/13/2026", "%m/%d/%Y", "2026-04-13"),
    ("03FEB2026", "%d%b%Y", "2026-02-03"),
    ("FEB2026", "%d%b%Y", "2026-02"),
    ("03-feb-98", "%d-%b-%y", "1998-02-03"),
    ("98", "%d-%b-%y", "98"),  # any number
    ("21.11.26", "%d.%m.%Y", "21.11.26"),  # of which century, the register doesn't say
    ("21.11.0026", "%d.%m.%Y", "21.11.0026"),
    ("2026-11-21", "%d.%m.%Y", "2026-11-21"),
    ("unknown", "%d.%m.%Y", "unknown"),
    ("21.11.2026 09:30", "%d.%m.%Y %H:%M", "2026-11-21T09:30"),
    ("21.11.2026 09:30:05", "%d.%m.%Y %H:%M:%S", "2026-11-21T09:30:05"),
    ("11/21/2026 9:30 PM", "%m/%d/%Y %I:%M %p", "2026-11-21T21:30"),
    ("20261121", "%Y%m%d", "2026-11-21"),
    ("202611", "%Y%m%d", "2026-11"),  # not the first of January
    ("2026111", "%Y%m%d", "2026111"),  # 1 November or 11 January
    ("112026", "%d%m%Y", "2026-11"),
    ("1112026", "%d%m%Y", "1112026"),
    ("20261121t0930", "%Y%m%dT%H%M", "2026-11-21T09:30"),
    ("UN.11.2026", "UN.%m.%Y", "2026-11"),
]


@pytest.mark.parametrize(("delivered", "date_format", "canonical"), EXAMPLES)
def test_a_date_keeps_its_precision_and_is_never_guessed(delivered: str, date_format: str, canonical: str) -> None:
    assert iso_date(delivered, with_partial_dates(date_format)) == canonical


def test_partial_dates_are_written_as_the_whole_ones() -> None:
    assert with_partial_dates("%d.%m.%Y") == ("%d.%m.%Y", "%m.%Y", "%Y")
    assert with_partial_dates("%m/%d/%Y") == ("%m/%d/%Y", "%m/%Y", "%Y")
    assert with_partial_dates("%d %B %Y") == ("%d %B %Y", "%B %Y", "%Y")
    assert with_partial_dates("%Y%m%d") == ("%Y%m%d", "%Y%m", "%Y")
    assert with_partial_dates("%B %d, %Y") == ("%B %d, %Y", "%B %Y", "%Y")
    assert with_partial_dates("%d-%b-%y") == ("%d-%b-%y", "%b-%y")


@pytest.mark.parametrize("date_format", ["", "%d.%m", "%d.%Y", "%m.%Y %H:%M", "%Y-%m-%d %", "%Y-%m-%d %Q"])
def test_a_format_that_is_none_of_dates_is_told(date_format: str) -> None:
    assert problem_of(date_format) is not None


def test_formats_that_are_allowed() -> None:
    for date_format in ("%Y", "%m.%Y", "%d.%m.%Y", "%d%b%Y", "%Y%m%dT%H%M%S", "UN.%m.%Y", "%j/%Y"):
        assert problem_of(date_format) is None
