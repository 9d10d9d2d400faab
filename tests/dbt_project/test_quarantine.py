"""Which delivered rows are kept out of the analysis, and that every one of them is accounted for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.compiled import write_warehouse
from tests.support.dbt import BuiltWarehouse, Row

# Each row with the rule that must keep it out; None where it is used.
CASES: dict[str, list[tuple[str, Row, str | None]]] = {
    "dm": [
        ("dm-whole", {"subjid": "1"}, None),
        ("dm-blank-subject", {"subjid": "  ", "race": "free text"}, "VAL01"),
        ("dm-copy-a", {"subjid": "2", "sex": "F"}, None),
        ("dm-copy-b", {"subjid": " 2", "sex": "F "}, "VAL07"),  # identical but for stray blanks: one stays
        ("dm-copy-c", {"subjid": "2", "sex": "F", "extra": '{"note": "x"}'}, "VAL07"),  # unknown columns don't count
        ("dm-differs-a", {"subjid": "3", "sex": "F"}, "VAL07"),
        ("dm-differs-b", {"subjid": "3", "sex": "M"}, "VAL07"),
        ("dm-other-site", {"subjid": "3", "siteid": "S02"}, None),  # subject ids are unique inside a site
        ("dm-closed", {"subjid": "4", "closed": "2026-11-19", "closed_load": "1"}, None),
    ],
    "sv": [
        ("sv-used", {"subjid": "1", "visit": "W8", "svdtc": "2026-03-01"}, None),
        ("sv-no-visit", {"subjid": "1", "svdtc": "2026-03-01"}, "VAL01"),
        ("sv-unknown-visit", {"subjid": "1", "visit": "Week 8", "svdtc": "2026-03-01"}, None),  # in use by its date
        ("sv-not-in-dm", {"subjid": "9", "visit": "W8"}, "VAL08"),
        ("sv-subject-quarantined", {"subjid": "3", "visit": "W8"}, "VAL08"),
        ("sv-subject-removed", {"subjid": "4", "visit": "W8"}, "VAL08"),
        ("sv-elsewhere-in-dm", {"subjid": "3", "visit": "W8", "siteid": "S02"}, None),
        ("sv-uns-1", {"subjid": "1", "visit": "UNS", "svdtc": "2026-03-01"}, None),
        ("sv-uns-2", {"subjid": "1", "visit": "UNS", "svdtc": "2026-03-02"}, None),  # UNS may repeat
        ("sv-uns-2-differs", {"subjid": "2", "visit": "UNS", "svdtc": "2026-03-02", "svoccur": "Y"}, "VAL07"),
        ("sv-uns-2-again", {"subjid": "2", "visit": "UNS", "svdtc": "2026-03-02", "svoccur": "N"}, "VAL07"),
        ("sv-uns-undated", {"subjid": "1", "visit": "UNS"}, "VAL01"),  # at UNS the date belongs to the key
        ("sv-uns-unreadable", {"subjid": "1", "visit": "UNS", "svdtc": "spring"}, None),
    ],
    "vs": [
        ("vs-used", {"subjid": "1", "visit": "W8", "vsdtc": "2026-03-01", "vstestcd": "WEIGHT", "vsorres": "58"}, None),
        ("vs-no-date", {"subjid": "1", "visit": "W8", "vstestcd": "WEIGHT", "vsorres": "58"}, "VAL01"),
        ("vs-bad-date", {"subjid": "1", "visit": "W8", "vsdtc": "2026-02-30", "vstestcd": "WEIGHT"}, None),
    ],
    "pga": [
        ("pga-copy-1", {"subjid": "1", "visit": "W8", "pgares": "1.0"}, "VAL07"),
        ("pga-copy-2", {"subjid": "1", "visit": "W8", "pgares": "1.0"}, "VAL07"),  # two copies and a third that differs
        ("pga-other", {"subjid": "1", "visit": "W8", "pgares": "1.1"}, "VAL07"),
    ],
    "cm": [
        ("cm-1", {"subjid": "1", "cmseq": "1", "cmtrt": "rituximab"}, None),
        ("cm-2", {"subjid": "1", "cmseq": "1", "cmtrt": "prednisone"}, None),  # leaving one out could make a responder
        ("cm-2-copy", {"subjid": "1", "cmseq": "1", "cmtrt": "prednisone"}, "VAL07"),
        ("cm-no-number", {"subjid": "1", "cmtrt": "prednisone"}, "VAL01"),
    ],
    "ds": [
        ("ds-1", {"subjid": "1", "dscat": "STUDY", "dsdecod": "DEATH", "dsdtc": "2026-03-01"}, None),
        ("ds-2", {"subjid": "1", "dscat": "STUDY", "dsdecod": "DEATH", "dsdtc": "2026-03-02"}, None),
        ("ds-2-copy", {"subjid": "1", "dscat": "STUDY", "dsdecod": "DEATH", "dsdtc": "2026-03-02"}, "VAL07"),
        ("ds-unreadable", {"subjid": "1", "dscat": "STUDY", "dsdecod": "GONE"}, None),  # an end is an end
        ("ds-blank", {"subjid": "1", "dscat": "STUDY"}, "VAL01"),
        ("ds-not-in-dm", {"subjid": "9", "dscat": "STUDY", "dsdecod": "DEATH"}, "VAL08"),
    ],
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> BuiltWarehouse:
    forms = {form: [{"row_id": row_id, **row} for row_id, row, _ in rows] for form, rows in CASES.items()}
    return write_warehouse(tmp_path_factory.mktemp("quarantine"), forms)


@pytest.mark.parametrize("form", CASES)
def test_rule_of_each_row(warehouse: BuiltWarehouse, form: str) -> None:
    rules = {row_id: row["quarantine_rule"] for row_id, row in warehouse.table(f"staging.typed_{form}").items()}
    assert rules == {row_id: rule for row_id, row, rule in CASES[form] if "closed_load" not in row}


@pytest.mark.parametrize("form", CASES)
def test_used_rows(warehouse: BuiltWarehouse, form: str) -> None:
    used = {row_id for row_id, row, rule in CASES[form] if rule is None and "closed_load" not in row}
    assert set(warehouse.table(f"staging.stg_{form}")) == used


def test_unreadable_key_parts_are_empty_in_use(warehouse: BuiltWarehouse) -> None:
    visit = warehouse.table("staging.stg_sv")["sv-unknown-visit"]
    assert (visit["visit"], visit["svdt"]) == (None, date(2026, 3, 1))
    assert warehouse.table("staging.stg_ds")["ds-unreadable"]["dsdecod"] is None


def quarantined(warehouse: BuiltWarehouse, row_id: str) -> dict[str, Any]:
    return warehouse.table("candidate.quality.quarantine")[row_id]


def test_quarantine_lists_every_row_kept_out(warehouse: BuiltWarehouse) -> None:
    expected = {row_id: rule for rows in CASES.values() for row_id, _, rule in rows if rule}
    listed = {row_id: row["rule_id"] for row_id, row in warehouse.table("candidate.quality.quarantine").items()}
    assert listed == expected


def test_quarantine_says_what_where_and_why(warehouse: BuiltWarehouse) -> None:
    row = quarantined(warehouse, "sv-uns-2-differs")
    assert row["usubjid"] == "MRBS-S01-2"
    assert row["record_key"] == "2 | UNS | 2026-03-02"
    assert row["coded_values"] == "visit UNS; svdt 2026-03-02; svoccur Y"
    assert row["reason"] == "One of 2 differing rows with the same key; none of them is used."
    assert (row["source_file"], row["source_row"]) == ("sv.csv", 11)
    assert quarantined(warehouse, "sv-uns-undated")["reason"] == "The key is incomplete: svdtc is blank."
    assert quarantined(warehouse, "sv-not-in-dm")["reason"] == "Subject 9 has no usable row in dm."


def test_quarantine_shows_no_free_text(warehouse: BuiltWarehouse) -> None:
    row = quarantined(warehouse, "dm-blank-subject")
    assert (row["usubjid"], row["coded_values"]) == (None, None)
    assert quarantined(warehouse, "cm-2-copy")["coded_values"] is None  # the name of a drug is free text


def test_rows_are_accounted_for(warehouse: BuiltWarehouse) -> None:
    rows = warehouse.rows("from candidate.quality.row_accounting")
    assert {row["difference"] for row in rows} == {0}
    counts = {(row["siteid"], row["form"], row["layer"]): row for row in rows}
    staged = counts["S01", "sv", "STAGING"]
    assert (staged["rows_delivered"], staged["rows_current"], staged["rows_quarantined"]) == (12, 5, 7)
    assert counts["S01", "dm", "RAW"]["rows_delivered"] == 7
