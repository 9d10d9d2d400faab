"""Which tables are published, and by which columns their rows are ordered.

The dbt YAML says it for every model (`config.meta.key`); the few tables that Python writes at the end of a load
are named here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from orchestration.derivation.project import published_models, table_of
from validation.indicators.published import TABLES, Column


@dataclass(frozen=True)
class PublishedTable:
    """A table of the published database: `key` is unique and orders its rows; `columns` are those of its contract."""

    schema: str
    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...] = ()

    @property
    def qualified_name(self) -> str:
        return f"{self.schema}.{self.name}"


WRITTEN_BY_PYTHON = (
    PublishedTable("metadata", "dictionary", ("table_schema", "table_name", "position")),
    PublishedTable("quality", "decisions", ("decision_id",)),
    PublishedTable("quality", "findings", ("finding_id",)),
    PublishedTable("quality", "rule_runs", ("rule_id", "looked_at")),
    PublishedTable("quality", "rules", ("rule_id",)),
    *(
        PublishedTable("quality", table.name, table.key, tuple(column.name for column in table.columns))
        for table in TABLES
    ),
)


def described_tables(manifest: dict[str, Any] | None = None) -> dict[str, dict[str, Any]]:
    """What is said of every published table and its columns, by 'schema.table', in the shape of dbt's nodes: of the
    models, and of the tables that Python writes and declares as fully."""
    written = {
        f"quality.{table.name}": {
            "description": table.description,
            "config": {"meta": {"label": table.label, "key": list(table.key)}},
            "columns": {column.name: _described(column) for column in table.columns},
        }
        for table in TABLES
    }
    return dict(sorted({**published_models(manifest), **written}.items()))


def _described(column: Column) -> dict[str, Any]:
    meta = {"label": column.label, "unit": column.unit, "origin": column.origin, "derivation": column.derivation}
    return {
        "name": column.name,
        "data_type": column.data_type,
        "description": column.description,
        "config": {"meta": meta},
    }


def published_tables(manifest: dict[str, Any] | None = None) -> list[PublishedTable]:
    """Every table of the published database, ordered by name."""
    models = [
        PublishedTable(
            schema=node["schema"],
            name=table_of(node),
            key=tuple(node["config"]["meta"].get("key", ())),
            columns=tuple(node["columns"]),
        )
        for node in published_models(manifest).values()
    ]
    return sorted([*models, *WRITTEN_BY_PYTHON], key=lambda table: table.qualified_name)
