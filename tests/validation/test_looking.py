"""How rules are run: what Pandera is known to miss, what was not run, and how a violation leads back to its record."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from tests.validation.hand_made import frame_of, run_frame, run_rule
from validation import rule_by_id
from validation.looking import look_at
from validation.outcome import NOT_RUN, RuleOutcome
from validation.protocol import Limits
from validation.rule import Columns, Expectation
from validation.runner import run_stage

INFUSIONS = "checks.chk_infusions"
INFUSION: dict[str, Any] = {
    "exdose_mg": Decimal(600),
    "planned_mg": Decimal(600),
    "lowest_mg": Decimal(540),
    "highest_mg": Decimal(660),
}

GROSS: dict[str, Any] = {
    "exdose_delivered": "5800",
    "exdose_mg": Decimal("5800.000000"),
    "planned_mg": Decimal("580.00"),
    "weight_kg": Decimal("58.0000000000"),
    "weight_dt": date(2026, 3, 2),
    "gross_low_mg": Decimal(290),
    "gross_high_mg": Decimal(1160),
    "times_planned": Decimal("10.0"),
}


def test_missing_values_mask_no_violation() -> None:
    unknown = {**INFUSION, "exdose_mg": None}
    wrong = {**INFUSION, "exdose_mg": Decimal(700), "record_key": "wrong"}
    outcome = run_rule("DOS01", INFUSIONS, unknown, wrong, unknown)
    assert outcome.violations["record_key"].to_list() == ["wrong"]
    assert outcome.rows_checked == 1


def test_what_an_expectation_leaves_unknown_is_a_violation() -> None:
    assert run_rule("DOS01", INFUSIONS, {**INFUSION, "lowest_mg": None}).violations.height == 1


def unknown_parameter(column: Columns, limit: Limits) -> pl.Expr:
    return column("weight_kg") > limit("no_such_parameter")


@pytest.mark.parametrize(
    ("expectation", "problem"),
    [
        (lambda column, limit: column("no_such") > 0, "no_such"),
        (lambda column, limit: column("exdose_delivered") > 0, "cannot compare"),
        (unknown_parameter, "no_such_parameter"),
    ],
)
@pytest.mark.parametrize("where", ["expectation", "applies"])
def test_a_rule_that_can_not_be_evaluated_is_not_run_and_the_others_on_its_table_are(
    where: str, expectation: Expectation, problem: str
) -> None:
    rule, other = rule_by_id()["DOS03"], rule_by_id()["DOS01"]
    broken = replace(rule, looks=(replace(rule.looks[0], **{where: expectation}),))
    infusion = {**INFUSION, "exdose_mg": Decimal(700), "exstdt": date(2026, 3, 2), "exdose_delivered": "580"}
    frame = frame_of("DOS01", INFUSIONS, [infusion]).with_columns(exstdt=pl.lit(date(2026, 3, 2)))
    not_run, failed = look_at(INFUSIONS, frame, [broken, other])
    assert (not_run.outcome, not_run.passed, not_run.violations.height) == (NOT_RUN, False, 0)
    assert not_run.reason.startswith("What checks.chk_infusions must hold in weight can't be evaluated: ")
    assert problem in not_run.reason
    assert (failed.outcome, failed.violations.height) == ("FAILED", 1)


def run_dosing(connection: duckdb.DuckDBPyConnection) -> dict[str, RuleOutcome]:
    rules = [rule_by_id()[name] for name in ("DOS01", "DOS03")]
    return {outcome.rule.rule_id: outcome for outcome in run_stage("STAGING", connection, rules=rules)}


def test_a_missing_table_or_column_is_not_run_and_says_so(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "working.duckdb") as connection:
        outcomes = run_dosing(connection)
        assert {outcome.outcome for outcome in outcomes.values()} == {NOT_RUN}
        assert "checks.chk_infusions can't be read" in outcomes["DOS01"].reason
        assert not outcomes["DOS01"].passed

        connection.execute("create schema checks")
        connection.execute(
            "create table checks.chk_infusions as select 'ex' as form, 'S02' as siteid, 'MRBS-S02-0017' as usubjid, "
            "'W8' as visit, '0017 | W8' as record_key, 'row-1' as row_id, date '2026-03-02' as exstdt, "
            "'580' as exdose_delivered, cast(null as decimal(20, 10)) as weight_kg"
        )
        outcomes = run_dosing(connection)
        assert outcomes["DOS01"].outcome == NOT_RUN
        assert "has no column" in outcomes["DOS01"].reason
        assert "planned_mg" in outcomes["DOS01"].reason
        assert outcomes["DOS03"].outcome == "FAILED"


def test_a_frame_whose_query_breaks_off_is_not_run_and_says_so(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "working.duckdb") as connection:
        connection.execute("create schema checks")
        connection.execute(
            "create view checks.chk_infusions as select cast(dose as integer) as exdose_delivered, "
            "date '2026-03-02' as exstdt, 58.0 as weight_kg from (values ('580'), ('much')) as infusions (dose)"
        )
        outcomes = run_dosing(connection)
    assert {outcome.outcome for outcome in outcomes.values()} == {NOT_RUN}
    assert "can't be read" in outcomes["DOS03"].reason
    assert "much" in outcomes["DOS03"].reason
    assert "has no column" in outcomes["DOS01"].reason


def test_the_violation_says_where_the_record_stands(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "working.duckdb") as connection:
        connection.execute("create schema raw")
        connection.execute(
            "create table raw.positions as select 'row-1' as row_id, 'infusions.csv' as latest_file, 214 as latest_row"
        )
        (outcome,) = run_stage(
            "STAGING",
            connection,
            frames={INFUSIONS: frame_of("DOS02", INFUSIONS, [GROSS])},
            rules=[rule_by_id()["DOS02"]],
        )
    violation = outcome.violations.row(0, named=True)
    assert violation["message"] == (
        "S02-0017, W8: infusion of 5,800 mg is 10.0 times the planned 580 mg (58.0 kg on 2026-03-02); "
        "infusions.csv row 214."
    )
    assert (violation["source_file"], violation["source_row"]) == ("infusions.csv", 214)
    assert (violation["value"], violation["field"], violation["form"]) == ("5800", "exdose", "ex")


def test_copies_of_a_record_are_one_defect_and_two_fields_are_two() -> None:
    bad = {"quarantine_rule": "VAL07", "quarantine_reason": "One of 2 differing rows with the same key."}
    assert run_rule("VAL07", "staging.typed_ex", bad, bad).violations.height == 1
    two = {"exadj_delivered": "PAUSED", "exoccur_delivered": "JA"}
    outcome = run_rule("VAL02", "staging.typed_ex", two)
    assert outcome.violations["field"].to_list() == ["exadj", "exoccur"]
    assert outcome.failing_records == 1


def test_rows_without_a_whole_key_are_told_apart() -> None:
    blank = {"quarantine_rule": "VAL01", "quarantine_reason": "The key is incomplete: visit is blank."}
    outcome = run_rule("VAL01", "staging.typed_ex", {**blank, "row_id": "row-1"}, {**blank, "row_id": "row-2"})
    assert outcome.violations.height == 2


def test_differing_rows_that_are_all_used_are_a_finding_in_ds_and_cm() -> None:
    twice = [{"record_key": "0017 | STUDY | DEATH", "row_id": row} for row in ("row-1", "row-2")]
    assert run_rule("VAL07", "staging.typed_ds", *twice).violations.height == 1
    assert run_rule("VAL07", "staging.typed_ds", twice[0]).passed
    assert run_rule("VAL07", "staging.typed_ex", *twice).passed, "elsewhere staging quarantines them"


def test_open_delivery_problems_are_taken_as_ingestion_hands_them_over() -> None:
    problem = {
        "rule_id": "DEL03",
        "siteid": "S04",
        "form": "lb",
        "delivered": None,
        "file": "lb.csv",
        "message": "S04, 2026-11-20: lb.csv has no column lborres.",
    }
    with duckdb.connect() as connection:
        outcomes = run_stage("RAW", connection, frames={"raw.delivery_problems": [problem]})
        nothing = run_stage("RAW", connection, frames={"raw.delivery_problems": []})
    found = {outcome.rule.rule_id: outcome for outcome in outcomes if outcome.table == "raw.delivery_problems"}
    assert [name for name, outcome in found.items() if not outcome.passed] == ["DEL03"]
    violation = found["DEL03"].violations.row(0, named=True)
    assert violation["message"] == "S04, 2026-11-20: lb.csv has no column lborres."
    assert (violation["siteid"], violation["form"], violation["value"]) == ("S04", "lb", "lb.csv")
    assert all(outcome.passed for outcome in nothing if outcome.table == "raw.delivery_problems")


def test_a_table_that_breaks_its_contract_is_found() -> None:
    good = frame_of("INV13", "staging.typed_pga", [{}])
    assert run_frame("INV13", "staging.typed_pga", good).passed
    outcome = run_frame("INV13", "staging.typed_pga", good.with_columns(pl.col("pgares").cast(pl.Float64)))
    assert outcome.violations["field"].to_list() == ["pgares"]
    assert outcome.blocks
    outcome = run_frame("INV13", "staging.typed_pga", good.drop("pgadt"))
    assert outcome.violations["message"].to_list() == ["staging.typed_pga: column pgadt is missing."]
    outcome = run_frame("INV13", "staging.typed_pga", good.with_columns(siteid=pl.lit(None, dtype=pl.String)))
    assert "siteid is empty in 1 rows" in outcome.violations["message"][0]


def test_importing_the_package_imports_neither_polars_nor_pandera_nor_dagster() -> None:
    heavy = "[name for name in ('polars', 'pandera', 'duckdb', 'dagster', 'orchestration') if name in sys.modules]"
    script = f"import sys, validation; validation.rules(); print({heavy})"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
