"""The Pandera contracts: which columns a table has, and of which type.

A form as read (staging.typed_<form>) follows from the seed form_columns; an analysis table follows from the dbt YAML
that documents it, so neither is written down twice. What must hold of the values belongs in the rules.
Read without Pandera or Polars: the types are names here, turned into Polars types by `validation.looking`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from validation.protocol import FormColumn, form_columns

ANALYSIS_MODELS = Path(__file__).resolve().parents[1] / "dbt_project" / "models" / "analysis"

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where there is one: 20 times as fast

# How staging writes each type of the contract with the sites.
TYPES_AS_READ = {
    "text": "varchar",
    "code": "varchar",
    "integer": "integer",
    "decimal": "decimal",
    "date": "date",
    "datetime": "date",
    "partial_date": "date",
}


@dataclass(frozen=True)
class ContractColumn:
    """One column a table must have: its DuckDB type in lower case (decimal of any precision), never null or not."""

    name: str
    type: str
    never_null: bool = False


def form_contract(form: str) -> tuple[ContractColumn, ...]:
    """The columns of a form as read: its identity, and every column typed beside its delivered text."""
    identity = (
        ContractColumn("row_id", "varchar", never_null=True),
        ContractColumn("siteid", "varchar", never_null=True),
        ContractColumn("usubjid", "varchar"),
        ContractColumn("record_key", "varchar"),
        ContractColumn("quarantine_rule", "varchar"),
        ContractColumn("quarantine_reason", "varchar"),
    )
    columns = [typed for column in form_columns()[form] for typed in _as_read(column)]
    return (*identity, *columns)


def _as_read(column: FormColumn) -> list[ContractColumn]:
    # A SLEDAI item is coded 1 or 0 and read as a number, so that it can be added up.
    type_as_read = "integer" if column.codelist == "PRESENT" else TYPES_AS_READ[column.type]
    columns = [ContractColumn(column.typed_name, type_as_read)]
    if column.type == "datetime":
        columns.append(ContractColumn(f"{column.typed_name}m", "timestamp"))
    if column.type == "partial_date":
        columns += [ContractColumn(f"{column.typed_name}_{end}", "date") for end in ("min", "max")]
    if column.type != "text":
        columns.append(ContractColumn(column.delivered_name, "varchar"))
    return columns


@dataclass(frozen=True)
class AnalysisContract:
    """An analysis table as its YAML documents it: its columns in order, and the key that makes a row one of a kind."""

    name: str
    key: tuple[str, ...]
    columns: tuple[ContractColumn, ...]


@cache
def analysis_contracts() -> dict[str, AnalysisContract]:
    """The contract of every table of the analysis layer, by name."""
    contracts = {}
    for path in sorted(ANALYSIS_MODELS.glob("*.yml")):
        for model in yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER).get("models", []):
            contracts[model["name"]] = AnalysisContract(
                name=model["name"],
                key=tuple(model.get("config", {}).get("meta", {}).get("key", ())),
                columns=tuple(_documented(column) for column in model.get("columns", [])),
            )
    return contracts


def _documented(column: dict[str, object]) -> ContractColumn:
    constraints = column.get("constraints") or []
    assert isinstance(constraints, list)
    never_null = any(constraint.get("type") == "not_null" for constraint in constraints)
    data_type = str(column.get("data_type", "")).lower().split("(")[0].strip()
    return ContractColumn(str(column["name"]), data_type, never_null)


def contract_of(table: str) -> tuple[ContractColumn, ...]:
    """The contract of a table a rule looks at; empty where a table has none (the frames for rules)."""
    schema, name = table.split(".")
    if schema == "staging" and name.startswith("typed_"):
        return form_contract(name.removeprefix("typed_"))
    if schema == "analysis" and name in analysis_contracts():
        return analysis_contracts()[name].columns
    return ()


def key_of(table: str) -> tuple[str, ...]:
    """The columns that make a row of an analysis table one of a kind; none for any other table."""
    schema, name = table.split(".")
    contracts = analysis_contracts() if schema == "analysis" else {}
    return contracts[name].key if name in contracts else ()
