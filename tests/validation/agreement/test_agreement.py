"""INV08 over a small trial: both derivations agree, any published value that is changed is named, and only those whose
raw rows, site cut or protocol changed are derived again."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.support.compiled import derived
from tests.support.dbt import Row
from validation.agreement import Renewal, comparison_frames, delivered_subjects, kept, renew
from validation.catalogue import rule_by_id
from validation.outcome import PASSED
from validation.rule import ANALYSIS
from validation.runner import run_stage

BASELINE = {"sledai09": "1", "sledai12": "1", "sledai15": "1"}  # 4 + 4 + 2: SLEDAI-2K 10
MILD = {f"sledai{item:02d}": "0" for item in range(1, 25)}
GRADES = dict.fromkeys(
    ("bilconst", "bilmuco", "bilneuro", "bilmusc", "bilcard", "bilgast", "bilopht", "bilrenal", "bilhaem"), "D"
)


def forms(siteid: str, subjid: str) -> dict[str, list[Row]]:
    """A subject infused on 2026-01-05, responding at Week 4 (2026-02-02)."""
    who = {"siteid": siteid, "subjid": subjid}
    rows: dict[str, list[Row]] = {
        "dm": [who],
        "ex": [
            {**who, "visit": "D0", "exoccur": "Y", "exstdtc": "2026-01-05T09:00", "exdose": "600", "exdosu": "mg"},
            {**who, "visit": "W2", "exoccur": "N"},
        ],
    }
    for visit, day, items, pga in (("D0", "2026-01-05", BASELINE, "1.5"), ("W4", "2026-02-02", {}, "1.0")):
        rows.setdefault("sledai", []).append({**who, "visit": visit, "sledtc": day, **MILD, **items})
        rows.setdefault("bilag", []).append({**who, "visit": visit, "bildtc": day, **GRADES})
        rows.setdefault("pga", []).append(
            {**who, "visit": visit, "pgadtc": day, "pgares": pga, "pgascale": "0-3"},
        )
    return rows


def trial() -> dict[str, list[Row]]:
    together: dict[str, list[Row]] = {}
    for siteid, subjid in (("S01", "1"), ("S01", "2"), ("S02", "1")):
        for form, rows in forms(siteid, subjid).items():
            for row in rows:
                number = len(together.setdefault(form, []))
                together[form].append({**row, "row_id": f"{form}-{number}"})
    return together


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with derived(trial()) as connection:
        yield connection


def disagreements(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str | None, str, str]]:
    """Subject, visit, field and sentence of each value that is not the same."""
    rule = rule_by_id()["INV08"]
    outcomes = run_stage(ANALYSIS, connection, frames=comparison_frames(connection), rules=[rule])
    assert [outcome.table for outcome in outcomes] == list(rule.tables)
    assert all(outcome.ran for outcome in outcomes)
    columns = ("usubjid", "visit", "field", "message")
    return [row for outcome in outcomes for row in outcome.violations.select(*columns).iter_rows()]


def test_both_agree_on_everyone(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert renew(warehouse) == Renewal(subjects=3, derived_again=3)
    assert disagreements(warehouse) == []
    rule = rule_by_id()["INV08"]
    outcomes = run_stage(ANALYSIS, warehouse, frames=comparison_frames(warehouse), rules=[rule])
    # 3 subjects, 13 visits each, 14 planned infusions each.
    assert [(outcome.outcome, outcome.rows_checked) for outcome in outcomes] == [
        (PASSED, 3),
        (PASSED, 39),
        (PASSED, 42),
    ]


def test_without_the_second_derivation_the_rule_has_not_run(warehouse: duckdb.DuckDBPyConnection) -> None:
    outcomes = run_stage(ANALYSIS, warehouse, rules=[rule_by_id()["INV08"]])
    assert all(outcome.blocks and not outcome.ran for outcome in outcomes)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "update candidate.analysis.adsri set sri4 = 'N' where usubjid = 'MRBS-S01-2' and avisit = 'Week 4'",
            ("MRBS-S01-2", "Week 4", "sri4", "sri4 is N as published and Y when derived a second time"),
        ),
        (
            "update candidate.analysis.adsri set sri4oc = null where usubjid = 'MRBS-S01-2' and avisit = 'Week 4'",
            ("MRBS-S01-2", "Week 4", "sri4oc", "sri4oc is (blank) as published and Y when derived a second time"),
        ),
        (
            "update candidate.analysis.adsri set maturfl = 'N' where usubjid = 'MRBS-S02-1' and avisit = 'Week 8'",
            ("MRBS-S02-1", "Week 8", "maturfl", "maturfl is N as published and Y when derived a second time"),
        ),
        (
            "update candidate.analysis.adex set status = 'GIVEN' where usubjid = 'MRBS-S02-1' and visit = 'W2'",
            ("MRBS-S02-1", "W2", "status", "status is GIVEN as published and MISSED when derived a second time"),
        ),
        (
            "update candidate.analysis.adsl set respgrp = 'RESPONSE' where usubjid = 'MRBS-S01-1'",
            (
                "MRBS-S01-1",
                None,
                "respgrp",
                "respgrp is RESPONSE as published and PENDING when derived a second time",
            ),
        ),
        (
            "delete from candidate.analysis.adsri where usubjid = 'MRBS-S01-1' and avisit = 'Week 48'",
            ("MRBS-S01-1", "Week 48", "usubjid", "the visit is published: no, derived a second time: yes"),
        ),
        (
            "insert into candidate.analysis.adsl by name select * replace ('MRBS-S09-1' as usubjid, 'S09' as siteid) "
            "from candidate.analysis.adsl where usubjid = 'MRBS-S01-1'",
            ("MRBS-S09-1", None, "usubjid", "the subject is published: yes, derived a second time: no"),
        ),
    ],
)
def test_a_changed_value_is_named_with_subject_visit_and_both_values(
    statement: str, expected: tuple[str, str | None, str, str], warehouse: duckdb.DuckDBPyConnection
) -> None:
    renew(warehouse)
    warehouse.execute(statement)
    ((usubjid, visit, field, message),) = disagreements(warehouse)
    assert (usubjid, visit, field) == expected[:3]
    assert expected[3] in message
    assert usubjid.removeprefix("MRBS-") in message


def test_nobody_is_derived_again_while_nothing_changes(warehouse: duckdb.DuckDBPyConnection) -> None:
    renew(warehouse)
    assert renew(warehouse) == Renewal(subjects=3, derived_again=0)
    assert renew(warehouse, everyone=True) == Renewal(subjects=3, derived_again=3)


@pytest.mark.parametrize(
    ("change", "derived_again"),
    [
        ("update working.raw.pga set closed_load = '2' where row_id = 'pga-3'", 1),  # a row removed
        ("update working.raw.pga set row_id = 'pga-3b', pgares = '1.1' where row_id = 'pga-3'", 1),  # corrected
        ("insert into working.raw.cm by name select 'S01' as siteid, '2' as subjid, 'cm-9' as row_id", 1),
        ("update working.raw.in_force set delivered = '2026-11-21' where siteid = 'S01'", 2),  # the site cut moves
        ("update working.raw.in_force set delivered = '2026-11-21' where siteid = 'S01' and form = 'lb'", 0),
        ("update working.raw.lb set row_id = 'other'", 0),  # the endpoint does not hang on it
    ],
)
def test_whose_rows_or_cut_changed_is_derived_again(
    change: str, derived_again: int, warehouse: duckdb.DuckDBPyConnection
) -> None:
    renew(warehouse)
    warehouse.execute(change)
    assert renew(warehouse) == Renewal(subjects=3, derived_again=derived_again)


def test_a_change_of_code_or_protocol_concerns_everyone(
    warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    renew(warehouse)
    monkeypatch.setattr(delivered_subjects, "code_fingerprint", lambda: "another")
    assert renew(warehouse) == Renewal(subjects=3, derived_again=3)


def test_a_subject_that_left_is_forgotten(warehouse: duckdb.DuckDBPyConnection) -> None:
    renew(warehouse)
    for form in delivered_subjects.FORMS:
        warehouse.execute(f"update working.raw.{form} set closed_load = '2' where siteid = 'S02'")
    assert renew(warehouse) == Renewal(subjects=2, derived_again=0)
    # It is still published, so it is now known to one side only.
    assert {(usubjid, field) for usubjid, _, field, _ in disagreements(warehouse)} == {("MRBS-S02-1", "usubjid")}


def test_spellings_that_differ_by_blanks_are_one_subject() -> None:
    rows = trial()
    rows["pga"] = [{**row, "subjid": f" {row['subjid']}\t"} for row in rows["pga"]]
    with derived(rows) as connection:
        assert renew(connection) == Renewal(subjects=3, derived_again=3)
        assert disagreements(connection) == []
        assert connection.execute(
            "select count(*) from working.second.responses where avisit = 'Week 4' and sri4 = 'Y'"
        ).fetchone() == (3,)


def test_killed_while_keeping_results_changes_nothing(
    warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(rows: object, columns: list[str]) -> object:
        if "status" in columns:
            raise KeyboardInterrupt
        return frame(rows, columns)  # type: ignore[arg-type]

    frame = kept._frame
    monkeypatch.setattr(kept, "_frame", fail)
    with pytest.raises(KeyboardInterrupt):
        renew(warehouse)
    assert warehouse.execute("select count(*) from working.second.subjects").fetchone() == (0,)
    monkeypatch.setattr(kept, "_frame", frame)
    assert renew(warehouse) == Renewal(subjects=3, derived_again=3)
