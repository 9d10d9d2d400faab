"""How a dbt node shows in Dagster, without dbt: small nodes in, keys and words out."""

from __future__ import annotations

import dagster as dg
import pytest

from orchestration.assets import translator

ADSRI = {
    "resource_type": "model",
    "schema": "analysis",
    "database": "candidate",
    "name": "adsri",
    "description": " The endpoint, one row per subject and visit. ",
    "columns": {"sri4": {"data_type": "varchar", "description": "SRI-4 response"}},
}
STAGED = {"resource_type": "model", "schema": "staging", "database": "working", "name": "stg_dm", "description": ""}
SEED = {"resource_type": "seed", "schema": "protocol", "database": "working", "name": "planned_visits"}


@pytest.mark.parametrize(
    ("node", "key", "table", "kinds"),
    [
        (ADSRI, "analysis/adsri", "analysis.analysis.adsri", {"dbt", "duckdb"}),
        (STAGED, "staging/stg_dm", "working.staging.stg_dm", {"dbt", "duckdb"}),
        (SEED, "protocol/planned_visits", "working.protocol.planned_visits", {"dbt", "duckdb", "seed"}),
    ],
)
def test_keys_tables_and_kinds(node: dict[str, object], key: str, table: str, kinds: set[str]) -> None:
    assert translator.asset_key(node).to_user_string() == key
    assert translator.table_name(node) == table
    assert translator.kinds(node) == kinds


def test_a_description_is_words_never_sql() -> None:
    assert translator.description(ADSRI) == "The endpoint, one row per subject and visit."
    assert translator.description(STAGED) == "stg_dm"


def test_columns_carry_type_and_meaning() -> None:
    assert translator.column_schema(ADSRI).columns == [dg.TableColumn("sri4", "varchar", description="SRI-4 response")]
