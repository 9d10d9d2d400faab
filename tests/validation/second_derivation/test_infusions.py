"""The 14 planned infusions: given, missed, not due or pending."""

from __future__ import annotations

from datetime import date

import pytest

from tests.validation.second_derivation.subject_tables import LATE_CUT, Row, derived, end, infusion, on, subject

WEEKS = ["D0", "W2", "W4", "W8", "W12", "W16", "W20", "W24", "W28", "W32", "W36", "W40", "W44", "W48"]


def statuses(*infusions: Row, cut: date | None = LATE_CUT, ds: list[Row] | None = None) -> dict[str, str]:
    found = derived(subject(ex=list(infusions), ds=ds or []), cut).infusions
    assert [one.visit for one in found] == WEEKS
    return {one.visit: one.status for one in found}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (infusion("W2", on(14)), "GIVEN"),
        (infusion("W2", None), "GIVEN"),  # the label matches it, not the date
        ({**infusion("W2", on(14), "Y", "0.6"), "exdosu": " G "}, "GIVEN"),
        (infusion("W2", on(14), "N", None), "MISSED"),
        (infusion("W2", on(14), "Y", None), "MISSED"),
        (infusion("W2", on(14), "Y", "0"), "MISSED"),
        (infusion("W2", on(14), None, "600"), "PENDING"),  # claims nothing
        (infusion("UNS", on(14)), "PENDING"),
        (infusion("w2", on(14)), "PENDING"),
    ],
)
def test_what_the_row_says(row: Row, expected: str) -> None:
    assert statuses(row, cut=None)["W2"] == expected


@pytest.mark.parametrize(
    ("visit", "cut_day", "expected"),
    [  # target + window + entry lag must lie before the cut
        ("W2", 24, "PENDING"),  # 14 + 3 + 7
        ("W2", 25, "MISSED"),
        ("W4", 38, "PENDING"),
        ("W4", 39, "MISSED"),
        ("W8", 70, "PENDING"),  # 56 + 7 + 7
        ("W8", 71, "MISSED"),
    ],
)
def test_without_a_row_it_is_missed_once_overdue(visit: str, cut_day: int, expected: str) -> None:
    assert statuses(cut=date.fromisoformat(on(cut_day)))[visit] == expected


def test_due_on_the_day_of_the_end_is_due() -> None:
    ends = [end("STUDY", "COMPLETED", on(200)), end("TREATMENT", "COMPLETED", on(84))]
    found = statuses(ds=ends)
    assert list(found.values()) == ["GIVEN", "MISSED", "MISSED", "MISSED", "MISSED", *["NOT DUE"] * 9]
    assert statuses(ds=[end("TREATMENT", "DEATH", on(83))])["W12"] == "NOT DUE"


def test_what_was_recorded_stands_also_after_the_end() -> None:
    ends = [end("TREATMENT", "ADVERSE EVENT", on(20))]
    found = statuses(infusion("W4", on(28)), infusion("W8", on(56), "N", None), ds=ends)
    assert (found["W4"], found["W8"], found["W12"]) == ("GIVEN", "MISSED", "NOT DUE")


def test_contradicting_rows_are_no_record() -> None:
    twice = (infusion("W2", on(14)), infusion("W2", on(15)))
    assert statuses(*twice)["W2"] == "MISSED"
    assert statuses(*twice, cut=date.fromisoformat(on(20)))["W2"] == "PENDING"
