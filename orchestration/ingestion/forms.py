"""The forms of the contract: which columns each has, in which order; and the protocol's numbers that a gate needs.

Both are read from the seeds that dbt loads too, so that neither side holds a copy of its own.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from orchestration.ingestion.settings import SEEDS_DIR

SUBJECT_COLUMN = "subjid"


@dataclass(frozen=True)
class FormColumn:
    """One column of a form as the contract names it."""

    form: str
    column_name: str
    type: str
    is_key: bool
    label: str
    codelist: str


@cache
def load_forms(seeds_dir: Path = SEEDS_DIR) -> dict[str, tuple[FormColumn, ...]]:
    """Every form with its columns, in the order of the contract."""
    forms: dict[str, list[FormColumn]] = {}
    with (seeds_dir / "form_columns.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            column = FormColumn(
                row["form"], row["column_name"], row["type"], row["key"] == "Y", row["label"], row["codelist"]
            )
            forms.setdefault(column.form, []).append(column)
    return {form: tuple(columns) for form, columns in forms.items()}


def form_names(seeds_dir: Path = SEEDS_DIR) -> tuple[str, ...]:
    """The names of all forms."""
    return tuple(load_forms(seeds_dir))


def columns_of(form: str, seeds_dir: Path = SEEDS_DIR) -> tuple[FormColumn, ...]:
    """The columns of one form."""
    return load_forms(seeds_dir)[form]


def column_names(form: str, seeds_dir: Path = SEEDS_DIR) -> tuple[str, ...]:
    """The column names of one form."""
    return tuple(column.column_name for column in load_forms(seeds_dir)[form])


@cache
def code_lists(seeds_dir: Path = SEEDS_DIR) -> dict[str, tuple[str, ...]]:
    """The codes of every code list, in the order of the contract."""
    lists: dict[str, list[str]] = {}
    with (seeds_dir / "codelists.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            lists.setdefault(row["codelist"], []).append(row["code"])
    return {name: tuple(codes) for name, codes in lists.items()}


def codes_of(form: str, seeds_dir: Path = SEEDS_DIR) -> dict[str, tuple[str, ...]]:
    """The codes of each coded column of a form."""
    lists = code_lists(seeds_dir)
    return {column.column_name: lists[column.codelist] for column in columns_of(form, seeds_dir) if column.codelist}


def protocol_parameter(parameter: str, seeds_dir: Path = SEEDS_DIR) -> Decimal:
    """A number of the protocol, exactly as the seed writes it.

    Raises:
        LookupError: the protocol has no such number. A limit is never guessed.
    """
    with (seeds_dir / "protocol_parameters.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["scenario"] == "PRIMARY" and row["parameter"] == parameter:
                return Decimal(row["value"])
    raise LookupError(f"protocol_parameters.csv has no PRIMARY value for {parameter}")
