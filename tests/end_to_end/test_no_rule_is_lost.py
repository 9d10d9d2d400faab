"""Never a silent pass: every rule and table of the catalogue is told of once, in Dagster and in what is published."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.asset_checks.asset_check_evaluation import AssetCheckEvaluation

from orchestration.checks.rules import checked_asset
from tests.support.load import check_evaluations, published
from validation import rules

pytestmark = pytest.mark.slow


def check_key(rule_id: str, table: str) -> dg.AssetCheckKey:
    return dg.AssetCheckKey(checked_asset(table), rule_id)


PLACES = [(rule.rule_id, table) for rule in rules() for table in rule.tables]
WAREHOUSES = ["clean_warehouse", "messy_warehouse"]


@pytest.fixture(params=WAREHOUSES)
def warehouse(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.getfixturevalue(request.param)
    return folder


def told_of(warehouse: Path) -> list[AssetCheckEvaluation]:
    return check_evaluations(warehouse.parent / "dagster")


def runs(warehouse: Path) -> dict[tuple[str, str], tuple[str, int, int]]:
    with published(warehouse / "analysis.duckdb") as connection:
        rows = connection.execute("select * exclude (reason) from quality.rule_runs").fetchall()
    assert len(rows) == len({row[:2] for row in rows})
    return {(rule_id, table): (outcome, looked_at, failed) for rule_id, table, outcome, looked_at, failed in rows}


def test_dagster_is_told_of_every_rule_and_table_once(warehouse: Path) -> None:
    told = Counter(evaluation.asset_check_key for evaluation in told_of(warehouse))
    assert told == Counter(check_key(*place) for place in PLACES)
    assert set(told.values()) == {1}, "two tables of one rule must not share an asset"


def test_the_published_index_says_what_dagster_says(warehouse: Path) -> None:
    told = {evaluation.asset_check_key: evaluation for evaluation in told_of(warehouse)}
    index = runs(warehouse)
    assert sorted(index) == sorted(PLACES)
    for place, (outcome, looked_at, failed) in index.items():
        evaluation = told[check_key(*place)]
        shown = {name: value.value for name, value in evaluation.metadata.items()}
        assert shown["outcome"] == outcome, place
        assert shown["rule"] == f"docs/rules.md#{place[0].lower()}"
        assert (shown["records_looked_at"], shown["failing_records"]) == (looked_at, failed), place
        assert evaluation.passed is (outcome == "PASSED"), place
        assert (failed == 0) is (outcome == "PASSED"), place


def test_every_rule_ran_and_the_counts_of_its_tables_add_up(warehouse: Path) -> None:
    with published(warehouse / "analysis.duckdb") as connection:
        counted = connection.execute(
            "select rule_id, passed, failed, not_run, records_looked_at, records_failed from quality.rules"
        ).fetchall()
    tables = Counter(rule_id for rule_id, _ in PLACES)
    index = runs(warehouse)
    assert sorted(row[0] for row in counted) == sorted(tables)
    for rule_id, passed, failed, not_run, looked_at, records_failed in counted:
        of_rule = [run for (other, _), run in index.items() if other == rule_id]
        assert passed + failed == tables[rule_id], f"{rule_id} was not run on {not_run} tables"
        assert not_run == 0
        assert passed == sum(outcome == "PASSED" for outcome, _, _ in of_rule)
        assert (looked_at, records_failed) == (sum(run[1] for run in of_rule), sum(run[2] for run in of_rule))


def test_what_is_looked_at_is_what_there_is(messy_warehouse: Path) -> None:
    """Not a rule of a form that passes because it was handed nothing: VAL01 looks at every delivered row."""
    with published(messy_warehouse / "analysis.duckdb") as connection:
        delivered = dict(
            connection.execute(
                "select form, sum(rows_current + rows_quarantined)::int from quality.row_accounting "
                "where layer = 'STAGING' group by form"
            ).fetchall()
        )
    index = runs(messy_warehouse)
    looked_at = {table.split("_")[1]: run[1] for (rule_id, table), run in index.items() if rule_id == "VAL01"}
    assert looked_at == delivered
