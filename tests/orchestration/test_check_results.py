"""What Dagster is told of a rule: never passed when it was not run, and never nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.checks.rules import _result, check_specs
from tests.validation.hand_made import run_rule
from validation.ledger import merge_findings
from validation.outcome import NOT_RUN, RuleOutcome
from validation.rule import RAW
from validation.runner import run_stage
from validation.summary import summarise

NIGHT = date(2026, 3, 2)
TABLE = "staging.typed_ex"


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(tmp_path / "working.duckdb") as connection:
        yield connection


def told(connection: duckdb.DuckDBPyConnection, outcomes: list[RuleOutcome]) -> list[dg.AssetCheckResult]:
    merge_findings(connection, outcomes, NIGHT)
    return [_result(summary) for summary in summarise(connection, outcomes, NIGHT)]


def test_passed_failed_and_not_run_are_three_things(warehouse: duckdb.DuckDBPyConnection) -> None:
    passed = run_rule("VAL02", TABLE, {"exoccur": "Y", "exoccur_delivered": "Y"})
    failed = run_rule("VAL03", TABLE, {"exdose_delivered": "much"})
    not_run = replace(passed, table="staging.typed_dm", outcome=NOT_RUN, reason="staging.typed_dm has no column sex.")
    results = told(warehouse, [passed, failed, not_run])
    assert [result.passed for result in results] == [True, False, False]
    assert [result.metadata["outcome"].value for result in results] == ["PASSED", "FAILED", "NOT_RUN"]
    assert results[2].severity is dg.AssetCheckSeverity.ERROR
    assert results[2].description == "Not run: staging.typed_dm has no column sex."


def test_a_night_without_a_single_table_passes_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    """An empty warehouse: every rule of the stage is told of, and none of them passed."""
    results = told(warehouse, run_stage(RAW, warehouse))
    raw = [spec for spec in check_specs() if spec.metadata["stage"] == RAW]
    assert sorted((result.asset_key, result.check_name) for result in results) == sorted(
        (spec.asset_key, spec.name) for spec in raw
    )
    assert {result.passed for result in results} == {False}
    assert all(str(result.description).startswith("Not run: ") for result in results)


def test_dagster_does_not_let_a_check_go_without_a_result() -> None:
    """What the check step relies on: a rule that is forgotten on the way fails the step."""
    specs = [dg.AssetCheckSpec(name, asset="one") for name in ("told", "forgotten")]

    @dg.multi_asset_check(specs=specs)
    def check() -> Iterator[dg.AssetCheckResult]:
        yield dg.AssetCheckResult(asset_key="one", check_name="told", passed=True)

    @dg.asset
    def one() -> None: ...

    assert not dg.materialize([one, check], raise_on_error=False).success
