"""The protocol as rules need it: the same seed files that the SQL joins, read once.

Nothing here is a number of its own: limits come from protocol_parameters.csv, forms from form_columns.csv and
codelists.csv, laboratory items from lab_tests.csv in the dbt project.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[1] / "dbt_project" / "seeds"
SCENARIO = "PRIMARY"  # the trial's own analysis; the others are sensitivity analyses of the endpoint

DATE_TYPES = ("date", "datetime", "partial_date")
NUMBER_TYPES = ("integer", "decimal")


@dataclass(frozen=True)
class FormColumn:
    """One column of a form as the contract with the sites names it."""

    form: str
    name: str
    type: str
    codelist: str
    key: bool
    label: str

    @property
    def typed_name(self) -> str:
        """The column it is read into: xxxdtc becomes xxxdt, all others keep their name."""
        return self.name[:-1] if self.type in DATE_TYPES else self.name

    @property
    def delivered_name(self) -> str:
        """The column that holds its text as delivered: plain text stands in the column itself."""
        return self.name if self.type == "text" else f"{self.name}_delivered"

    @property
    def has_codes(self) -> bool:
        return self.type == "code"

    @property
    def has_numbers(self) -> bool:
        return self.type in NUMBER_TYPES

    @property
    def has_dates(self) -> bool:
        return self.type in DATE_TYPES


@dataclass(frozen=True)
class LaboratoryItem:
    """A SLEDAI-2K item that laboratory results bear on."""

    number: int
    column: str
    label: str


class Limits:
    """The protocol's numbers by name, exact: `limits("dose_tolerance_percent")`."""

    def __init__(self, values: dict[str, Decimal]) -> None:
        self._values = values

    def __call__(self, parameter: str) -> Decimal:
        return self._values[parameter]

    def in_words(self) -> dict[str, str]:
        """Each limit as a person writes it ('10', '0.30'), to stand in a sentence."""
        return {name: f"{value.normalize():f}" for name, value in self._values.items()}


@cache
def form_columns() -> dict[str, tuple[FormColumn, ...]]:
    """The columns of every form, in the order of the seed."""
    forms: dict[str, list[FormColumn]] = {}
    for row in _read("form_columns"):
        column = FormColumn(
            form=row["form"],
            name=row["column_name"],
            type=row["type"],
            codelist=row["codelist"],
            key=row["key"] == "Y",
            label=row["label"],
        )
        forms.setdefault(column.form, []).append(column)
    return {form: tuple(columns) for form, columns in forms.items()}


@cache
def codelists() -> dict[str, tuple[str, ...]]:
    """The codes of every code list, in the order of the seed."""
    lists: dict[str, list[str]] = {}
    for row in _read("codelists"):
        lists.setdefault(row["codelist"], []).append(row["code"])
    return {name: tuple(codes) for name, codes in lists.items()}


@cache
def sledai_laboratory_items() -> tuple[LaboratoryItem, ...]:
    """The SLEDAI-2K items that laboratory results bear on, in the order of the score."""
    numbers = {row["sledai_item"] for row in _read("lab_tests")}
    return tuple(
        LaboratoryItem(int(row["item"]), row["column_name"], row["label"])
        for row in _read("sledai_items")
        if row["item"] in numbers
    )


@cache
def limits(scenario: str = SCENARIO) -> Limits:
    """The protocol's numbers of a scenario: its own where it has one, else those of the trial's analysis."""
    rows = _read("protocol_parameters")
    own = {row["parameter"]: Decimal(row["value"]) for row in rows if row["scenario"] == scenario}
    return Limits({row["parameter"]: Decimal(row["value"]) for row in rows if row["scenario"] == SCENARIO} | own)


@cache
def scenarios() -> dict[str, str]:
    """Every scenario and what it does differently, in the order in which they are listed."""
    rows = sorted(_read("scenarios"), key=lambda row: int(row["position"]))
    return {row["scenario"]: row["title"] for row in rows}


def _read(seed: str) -> list[dict[str, str]]:
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))
