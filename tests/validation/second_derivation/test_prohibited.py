"""Prohibited medication at its limits: class, drug, start and use at baseline."""

from __future__ import annotations

import pytest

from tests.validation.second_derivation.subject_tables import Row, derived, end, medication, on, subject


def day_of(*records: Row, ds: list[Row] | None = None) -> int | None:
    """Protocol day of the event, None without one. Day 0 is 2026-01-05."""
    result = derived(subject(cm=list(records), ds=ds or []))
    assert result.trtsdt is not None
    assert result.iceterm in (None, "PROHIBITED MEDICATION")
    return (result.icedt - result.trtsdt).days if result.icedt is not None else None


@pytest.mark.parametrize(
    ("name", "drug_class", "start_day", "expected"),
    [
        ("Endoxan", "CYTOTOXIC", 0, 0),
        ("Endoxan", "CYTOTOXIC", -1, None),
        ("Rituximab", "BIOLOGIC", 0, 0),
        (" benlysta ", "BIOLOGIC", 28, None),  # belimumab by its brand
        ("a new antibody", "BIOLOGIC", 28, 28),
        (None, "BIOLOGIC", 28, 28),  # nothing says that it is belimumab
        ("Azathioprine", "IMMUNOSUPPRESSANT", 1, 1),
        ("Azathioprine", "IMMUNOSUPPRESSANT", 0, None),  # must start after the first infusion
        (None, "IMMUNOSUPPRESSANT", 0, None),
        (None, "IMMUNOSUPPRESSANT", 1, 1),
        ("Cyclophosphamide", None, 5, 5),  # the dictionary's class
        ("Cyclophosphamide", "cytotoxic", 5, 5),  # unreadable: again the dictionary's
        ("Cyclophosphamide", "OTHER", 5, None),  # the delivered class counts
        ("Paracetamol", "CYTOTOXIC", 5, 5),
        ("Belimumab", "CYTOTOXIC", 5, 5),  # the delivered class counts
        ("an unknown drug", "???", 5, 5),  # an unreadable class of an unknown drug
        ("an unknown drug", "???", -1, None),
        ("an unknown drug", None, 5, None),  # a blank class claims nothing
        ("Prednisone", "???", 5, None),
    ],
)
def test_class_and_start(name: str | None, drug_class: str | None, start_day: int, expected: int | None) -> None:
    assert day_of(medication("1", name, drug_class, on(start_day))) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (medication("2", "imuran", "IMMUNOSUPPRESSANT", on(-100)), None),  # the same drug, running
        (medication("2", "IMURAN", "OTHER", on(0), cmendtc=on(0)), None),  # ended on the day itself: in use
        (medication("2", "Imuran", "IMMUNOSUPPRESSANT", on(-100), cmendtc=on(-1)), 50),
        (medication("2", "Imuran", "IMMUNOSUPPRESSANT", "2025-06"), 50),  # no full start date
        (medication("2", "Imuran", "IMMUNOSUPPRESSANT", on(-100), cmendtc="2026-01"), 50),  # may have ended before
        (medication("2", "Imuran", "IMMUNOSUPPRESSANT", on(-100), cmendtc="2026-02"), None),
        (medication("2", "Imuran", "IMMUNOSUPPRESSANT", on(-100), cmendtc="unknown"), 50),  # may have ended before
        (medication("2", "Methotrexate", "IMMUNOSUPPRESSANT", on(-100)), 50),
    ],
)
def test_an_immunosuppressant_in_use_at_baseline(before: Row, expected: int | None) -> None:
    assert day_of(medication("1", "Azathioprine", "IMMUNOSUPPRESSANT", on(50)), before) == expected


@pytest.mark.parametrize(
    ("start", "ended", "expected"),
    [
        (None, None, 0),
        ("not a date", None, 0),
        ("2026", None, 0),  # may lie before, so from day 0
        ("2026-01", None, 0),
        ("2026-02", None, 27),  # 1 February
        ("2025-12", None, None),
        ("2025", None, None),
        (None, "2026-01-04", None),  # what ended before can't have started later
        (None, "2026-01-05", 0),
        (None, "2026-01", 0),
        ("2026", "2025-12-31", 0),  # ended before it started: the end says nothing
    ],
)
def test_a_partial_or_missing_start(start: str | None, ended: str | None, expected: int | None) -> None:
    assert day_of(medication("1", "Endoxan", "CYTOTOXIC", start, cmendtc=ended)) == expected


def test_the_earliest_of_several_and_none_after_the_end_of_study() -> None:
    records = [medication("1", "Endoxan", "CYTOTOXIC", on(90)), medication("2", "Endoxan", "CYTOTOXIC", on(80))]
    assert day_of(*records) == 80
    assert day_of(*records, ds=[end("STUDY", "COMPLETED", on(79))]) is None
    assert day_of(*records, ds=[end("STUDY", "COMPLETED", on(80))]) == 80


def test_differing_rows_of_one_key_are_all_used() -> None:
    assert day_of(medication("1", "Aspirin", "OTHER", on(5)), medication("1", "Endoxan", "CYTOTOXIC", on(6))) == 6


def test_a_record_without_its_sequence_number_is_quarantined() -> None:
    assert day_of(medication("", "Endoxan", "CYTOTOXIC", on(6))) is None
