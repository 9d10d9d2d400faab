"""Which record is baseline, and which one stands for an analysis visit."""

from __future__ import annotations

import pytest

from tests.validation.second_derivation.subject_tables import Row, derived, on, pga, subject
from validation.second_derivation.results import SubjectDetail

WEEKS_BY_DAY = [  # the edges of the windows, as the protocol names them
    *((1, "Week 2"), (21, "Week 2"), (22, "Week 4"), (42, "Week 4"), (43, "Week 8"), (70, "Week 8"), (71, "Week 12")),
    *((98, "Week 12"), (99, "Week 16"), (182, "Week 24"), (183, "Week 28"), (322, "Week 44"), (323, "Week 48")),
    *((350, "Week 48"), (351, None), (0, None), (-1, None)),
]


def detail(*records: Row) -> SubjectDetail:
    found = derived(subject(with_baseline=False, pga=list(records))).detail
    assert found is not None
    return found


def baseline_of(*records: Row) -> str | None:
    """The baseline PGA, as text."""
    found = detail(*records).baseline.pga
    assert baseline_is_stable(records, found)
    return None if found is None or found.value is None else str(found.value)


def baseline_is_stable(records: tuple[Row, ...], found: object) -> bool:
    return detail(*reversed(records)).baseline.pga == found


def week_4_of(*records: Row) -> str | None:
    """The PGA chosen for Week 4 (target day 28), as text; the order of rows never matters."""
    found, turned = (list(detail(*rows).chosen)[1].pga for rows in (records, tuple(reversed(records))))
    assert found == turned
    return None if found is None or found.value is None else str(found.value)


def test_the_last_record_up_to_day_zero_is_baseline() -> None:
    assert baseline_of(pga("SCR", on(-7), "1"), pga("D0", on(0), "2"), pga("UNS", on(1), "3")) == "2"


@pytest.mark.parametrize(("day", "expected"), [(-35, "1"), (-36, None)])
def test_at_most_35_days_before(day: int, expected: str | None) -> None:
    assert baseline_of(pga("SCR", on(day), "1")) == expected


def test_a_complete_record_before_an_incomplete_one() -> None:
    assert baseline_of(pga("SCR", on(-30), "1"), pga("D0", on(0), None)) == "1"
    assert detail(pga("D0", on(-3), None)).baseline.pga is not None  # none complete: the incomplete one
    assert detail(pga("D0", on(-36), "1"), pga("UNS", on(-3), None)).baseline.last_day == -3


@pytest.mark.parametrize(  # first infusion at 10:00
    ("time", "expected"), [("09:59", "1"), ("10:00", "1"), ("10:01", None), ("", "1"), ("10:00:01", None)]
)
def test_the_day_itself_counts_unless_known_to_be_after(time: str, expected: str | None) -> None:
    assert baseline_of(pga("D0", on(0, time), "1")) == expected


def test_two_baseline_records_on_one_day() -> None:
    assert baseline_of(pga("D0", on(-1), "1"), pga("SCR", on(-1), "2"), pga("UNS", on(-1), "3")) == "1"
    assert baseline_of(pga("ET", on(-1), "1"), pga("UNS", on(-1), "2"), pga("V1", on(-1), "3")) == "1"
    assert baseline_of(pga("UNS", on(-1), "1"), pga("V1", on(-1), "2")) == "1"
    assert baseline_of(pga("UNS", on(-1, "08:00"), "1"), pga("UNS", on(-1, "09:00"), "2")) == "2"


@pytest.mark.parametrize(("day", "week"), WEEKS_BY_DAY)
def test_the_day_decides_the_analysis_visit(day: int, week: str | None) -> None:
    result = derived(subject(with_baseline=False, pga=[pga("W16", on(day), "1")]))
    assert result.detail is not None
    assigned = [
        visit.avisit
        for visit, chosen in zip(result.visits, result.detail.chosen, strict=True)
        if chosen.pga is not None
    ]
    assert assigned == ([week] if week is not None else [])


def test_inside_a_window_the_closest_record_counts() -> None:
    assert week_4_of(pga("W4", on(26), "1"), pga("UNS", on(29), "2")) == "2"


def test_of_two_as_close_the_later_one() -> None:
    assert week_4_of(pga("W4", on(27), "1"), pga("UNS", on(29), "2")) == "2"


def test_of_two_on_one_day_scheduled_before_et_before_uns_before_unreadable() -> None:
    assert week_4_of(pga("W4", on(28), "1"), pga("ET", on(28), "2"), pga("UNS", on(28), "3")) == "1"
    assert week_4_of(pga("UNS", on(28), "3"), pga("ET", on(28), "2"), pga("?", on(28), "1")) == "2"
    assert week_4_of(pga("W2", on(28), "3"), pga("W4", on(28), "2")) == "2"


def test_incomplete_records_only_when_none_is_complete() -> None:
    assert week_4_of(pga("W4", on(28), "9"), pga("UNS", on(42), "2")) == "2"
    assert week_4_of(pga("W4", on(28), "9"), pga("UNS", on(42), "8")) is None
    assert detail(pga("W4", on(28), "9"), pga("UNS", on(42), "8")).chosen[1].last_day == 28


def test_a_record_without_a_readable_full_date_takes_no_part() -> None:
    assert week_4_of(pga("W4", None, "1"), pga("UNS", "2026-02", "2")) is None
