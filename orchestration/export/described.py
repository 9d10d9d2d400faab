"""The exported tables in words, as the dbt YAML documents them: labels, types, origins, and the names that XPT forces.

The one source of what every format says about a table; metadata.dictionary is made from the same lines for those that
are published. What belongs here: reading them. What does not: what a format does with them, and any value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from validation.contracts import ANALYSIS_MODELS

SDTM_MODELS = ANALYSIS_MODELS.with_name("sdtm")

Kind = Literal["text", "integer", "decimal", "date", "datetime"]

KINDS: dict[str, Kind] = {
    "varchar": "text",
    "integer": "integer",
    "bigint": "integer",
    "decimal": "decimal",
    "date": "date",
    "timestamp": "datetime",
}


@dataclass(frozen=True)
class ExportColumn:
    """One column; `codes` are its values and what they mean, where the YAML lists them."""

    name: str
    data_type: str
    label: str
    description: str
    origin: str
    derivation: str
    unit: str | None = None
    never_null: bool = False
    declared_xpt_name: str | None = None
    codes: dict[str, str] = field(default_factory=dict)
    terminology: str | None = None

    @property
    def kind(self) -> Kind:
        return KINDS[self.data_type.partition("(")[0].strip()]

    @property
    def decimals(self) -> int:
        """Digits after the point of a decimal."""
        return int(self.data_type.rpartition(",")[2].strip(" )")) if self.kind == "decimal" else 0

    @property
    def xpt_name(self) -> str:
        return (self.declared_xpt_name or self.name).upper()


@dataclass(frozen=True)
class ExportTable:
    """One table; `key` orders its rows in every format. Those of the schema analysis are the published ones."""

    name: str
    label: str
    description: str
    dataset_class: str
    key: tuple[str, ...]
    columns: tuple[ExportColumn, ...]
    schema: str = ANALYSIS_MODELS.name

    @property
    def published(self) -> bool:
        return self.schema == ANALYSIS_MODELS.name


@cache
def analysis_tables() -> dict[str, ExportTable]:
    """Every analysis table, by name."""
    return _tables_of(ANALYSIS_MODELS)


@cache
def sdtm_tables() -> dict[str, ExportTable]:
    """Every table shaped as SDTM, by the name of its domain."""
    return _tables_of(SDTM_MODELS)


def _tables_of(folder: Path) -> dict[str, ExportTable]:
    """The tables of a folder of models, which is called like their schema."""
    models = [
        model
        for path in sorted(folder.glob("*.yml"))
        for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
    ]
    tables = [_table(model, folder.name) for model in models]
    return {table.name: table for table in tables}


def _table(model: dict[str, Any], schema: str) -> ExportTable:
    meta = model["config"]["meta"]
    return ExportTable(
        name=model["config"].get("alias", model["name"]),
        label=meta["label"],
        description=_one_line(model["description"]),
        dataset_class=meta["dataset_class"],
        key=tuple(meta["key"]),
        columns=tuple(_column(column) for column in model["columns"]),
        schema=schema,
    )


def _column(column: dict[str, Any]) -> ExportColumn:
    meta = column["config"]["meta"]
    return ExportColumn(
        name=column["name"],
        data_type=column["data_type"],
        label=meta["label"],
        description=_one_line(column["description"]),
        origin=meta["origin"],
        derivation=_one_line(meta["derivation"]),
        unit=meta.get("unit"),
        never_null=any(constraint["type"] == "not_null" for constraint in column.get("constraints", [])),
        declared_xpt_name=meta.get("xpt_name"),
        codes=meta.get("codes", {}),
        terminology=meta.get("terminology"),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
