"""The documented columns are the built columns: names, order and types of every table this project's YAML describes."""

from __future__ import annotations

from typing import Any

import duckdb

from orchestration.derivation.project import load_manifest
from tests.dbt_project.written_trial import Derived, write_down

LAYERS = ("staging", "quality", "metadata")


write_down([], [f"+path:models/{layer}" for layer in LAYERS])


def models() -> list[dict[str, Any]]:
    return [node for node in load_manifest()["nodes"].values() if node["resource_type"] == "model"]


def test_every_model_and_column_is_described() -> None:
    bare = [node["name"] for node in models() if node["schema"] in LAYERS and not node["description"]]
    bare += [
        f"{node['name']}.{name}"
        for node in models()
        for name, column in node["columns"].items()
        if node["schema"] in LAYERS and not column["description"]
    ]
    assert bare == []


def test_documented_columns_are_the_built_columns(written_trial: duckdb.DuckDBPyConnection) -> None:
    built: dict[tuple[str, str], list[tuple[str, str]]] = {}
    query = "select * from duckdb_columns() where database_name in ('working', 'candidate') order by column_index"
    for row in Derived(written_trial).all_rows(query):
        table = built.setdefault((row["schema_name"], row["table_name"]), [])
        table.append((row["column_name"], row["data_type"].lower()))
    documented = {
        node["name"]: [(name, column["data_type"]) for name, column in node["columns"].items()] for node in models()
    }
    for node in models():
        if node["schema"] in LAYERS:
            expected = documented[node["name"]]
            if node["name"].startswith("read_"):
                # The columns of typed_<form>, up to the verdict on the row.
                expected = [*documented[node["name"].replace("read_", "typed_")][:-2], ("blank_key_columns", "varchar")]
            assert built[node["schema"], node["alias"]] == expected, node["name"]


def test_published_columns_say_where_they_come_from() -> None:
    for node in models():
        if node["schema"] in ("quality", "metadata"):
            assert node["config"]["meta"]["key"], node["name"]
            for name, column in node["columns"].items():
                meta = column["config"]["meta"]
                assert 0 < len(meta["label"]) <= 40, (node["name"], name)
                assert meta["origin"] in {"Collected", "Derived", "Assigned", "Protocol"}
                assert meta["derivation"]
