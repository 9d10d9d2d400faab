"""The cases themselves: what a slip of the pen would spoil silently."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.golden.comparison import PUBLISHED_TABLES
from tests.golden.reading import Case, read_cases
from tests.golden.trial import DATE_COLUMN, LOAD_DATE, canonical_row, is_in_export

CASES = read_cases()
by_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.siteid)


def test_there_are_enough_cases_and_each_has_an_id_of_its_own() -> None:
    assert len(CASES) >= 60
    assert [siteid for siteid, count in Counter(case.siteid for case in CASES).items() if count > 1] == []


@by_case
def test_says_why_and_expects_something(case: Case) -> None:
    assert case.name
    assert case.why
    assert [subject.label for subject in case.subjects if not subject.expect] == []


@by_case
def test_expects_only_columns_that_are_published(case: Case) -> None:
    for subject in case.subjects:
        for table, rows in subject.expect.items():
            known = {*PUBLISHED_TABLES[table]["key"], *PUBLISHED_TABLES[table]["columns"]}
            assert rows == "none" or isinstance(rows, list)
            assert [column for row in rows if isinstance(row, dict) for column in row if column not in known] == []


@by_case
def test_every_row_arrives(case: Case) -> None:
    """A row dated after the last delivery would never be delivered, and its case would test nothing."""
    usual = [delivery.delivered for delivery in case.deliveries if delivery.delivered <= LOAD_DATE]
    assert usual
    assert usual == sorted(usual)
    for subject in case.subjects:
        for form, rows in subject.rows.items():
            for written in rows:
                row = {column: case.dated(value) for column, value in canonical_row(form, written, 1).items()}
                assert any(is_in_export(row, form, on) for on in usual), (form, row.get(DATE_COLUMN.get(form, "")))
