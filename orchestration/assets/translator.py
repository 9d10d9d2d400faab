"""How a dbt model shows in Dagster: its key, group, kinds, owner, words and columns.

Small pure functions over a node of dbt's manifest, so they can be tested without dbt. dagster-dbt's default shows
the raw SQL as description; here a newcomer reads the model's description.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject

from orchestration.derivation.project import table_of

OWNERS = {
    "protocol": "team:statistics",
    "staging": "team:data-engineering",
    "intermediate": "team:statistics",
    "analysis": "team:statistics",
    "checks": "team:monitoring",
    "quality": "team:monitoring",
    "metadata": "team:data-engineering",
}

Node = Mapping[str, Any]


def asset_key(node: Node) -> dg.AssetKey:
    """raw/dm for the source, staging/stg_dm or analysis/adsri for a model, protocol/planned_visits for a seed."""
    return dg.AssetKey([node["schema"], table_of(node)])


def description(node: Node) -> str:
    return str(node.get("description") or node["name"]).strip()


def kinds(node: Node) -> set[str]:
    return {"dbt", "duckdb", "seed"} if node["resource_type"] == "seed" else {"dbt", "duckdb"}


def table_name(node: Node) -> str:
    """catalog.schema.table; what is written into the candidate is known to its readers as analysis.duckdb."""
    catalog = "analysis" if node.get("database") == "candidate" else "working"
    return f"{catalog}.{node['schema']}.{table_of(node)}"


def column_schema(node: Node) -> dg.TableSchema:
    columns = [
        dg.TableColumn(name, column.get("data_type") or "", description=column.get("description") or None)
        for name, column in node.get("columns", {}).items()
    ]
    return dg.TableSchema(columns=columns)


class WarehouseTranslator(DagsterDbtTranslator):
    """dagster-dbt's translation with this project's keys, groups and words."""

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        """The spec of one dbt node; sources become the keys of the raw assets."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        node = self.get_resource_props(manifest, unique_id)
        if node["resource_type"] == "source":
            return spec.replace_attributes(key=asset_key(node))
        return spec.replace_attributes(
            key=asset_key(node),
            description=description(node),
            group_name=node["schema"],
            kinds=kinds(node),
            owners=[OWNERS[node["schema"]]],
            tags={"layer": node["schema"], "study": "mrbs"},
        ).merge_attributes(
            metadata={"dagster/table_name": table_name(node), "dagster/column_schema": column_schema(node)}
        )
