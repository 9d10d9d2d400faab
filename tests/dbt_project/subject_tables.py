"""Subjects written as small tables of text, and the tables derived from them read back the same way.

A table has a header line; its cells stand at least two blanks apart, and `.` is an empty cell. A date is written as
the protocol day it lies on (`-3`, `17`, `17 09:30`), so that an expectation can be checked in one's head; any other
text in a date column is delivered as it stands. What belongs here: this notation. What does not: any rule of the
protocol.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.support.dbt import DELIVERED, BuiltWarehouse, build_warehouse

DAY0 = date(2025, 1, 6)
# What a row says in a column that its table does not have.
USUAL_ROWS = {
    "dm": {"rficdtc": "-28", "age": "34", "sex": "F", "race": "ASIAN"},
    "sv": {"svoccur": "Y"},
    "vs": {"visit": "D0", "vstestcd": "WEIGHT", "vsorresu": "kg"},
    "ex": {"exoccur": "Y", "exdose": "600", "exdosu": "mg"},
    "lb": {"visit": "SCR"},
    "cm": {"cmdosfrq": "QD", "cmroute": "ORAL"},
}


@dataclass(frozen=True)
class Subject:
    """One subject, alone at a site of its own; `cut` is the protocol day of the site cut (None: there is none yet)."""

    siteid: str
    cut: int | None = 400
    forms: dict[str, str] = field(default_factory=dict)

    @property
    def usubjid(self) -> str:
        return f"MRBS-{self.siteid}-1"

    def rows(self) -> Iterator[tuple[str, dict[str, str]]]:
        for form, text in {"dm": "subjid\n1", **self.forms}.items():
            for row in table(text):
                cells = {**USUAL_ROWS.get(form, {}), "subjid": "1", **row}
                told = {column: value for column, value in cells.items() if value != "."}
                yield (
                    form,
                    {column: dated(value) if column.endswith("dtc") else value for column, value in told.items()},
                )


def subject(siteid: str, cut: int | None = 400, **forms: str) -> Subject:
    return Subject(siteid, cut, forms)


def table(text: str) -> list[dict[str, str]]:
    lines = [re.split(r"\s{2,}", line.strip()) for line in text.strip().splitlines()]
    return [dict(zip(lines[0], cells, strict=True)) for cells in lines[1:]]


def dated(value: str) -> str:
    """A protocol day as the date it lies on; other text as it stands."""
    found = re.fullmatch(r"(-?\d{1,3})( \d\d:\d\d)?", value)
    if not found:
        return value
    moment = (DAY0 + timedelta(days=int(found[1]))).isoformat()
    return moment + found[2].replace(" ", "T") if found[2] else moment


class Derived:
    """What dbt made of the subjects."""

    def __init__(self, folder: Path, subjects: Sequence[Subject], select: Sequence[str]) -> None:
        forms: dict[str, list[dict[str, str]]] = {}
        for one in subjects:
            numbers: dict[str, int] = {}
            for form, row in one.rows():
                numbers[form] = numbers.get(form, 0) + 1
                row_id = f"{one.siteid} {form} {numbers[form]}"
                forms.setdefault(form, []).append({"siteid": one.siteid, "row_id": row_id, **row})
        # The cut is that of dm; what else a subject has was delivered later, so that no row is dated after its delivery.
        in_force = [
            {"siteid": one.siteid, "form": form, "delivered": dated(str(one.cut)) if form == "dm" else DELIVERED}
            for one in subjects
            if one.cut is not None
            for form in dict.fromkeys(["dm", *one.forms])
        ]
        self.warehouse: BuiltWarehouse = build_warehouse(folder, forms, select, {"in_force": in_force})

    def rows(self, name: str, siteid: str, columns: str, where: str = "true") -> list[list[str]]:
        """The rows of a table about one subject, in the table's own order, as text; dates as protocol days."""
        query = f"select {', '.join(columns.split())} from {name} where usubjid = 'MRBS-{siteid}-1' and {where}"
        return [[as_text(value) for value in row.values()] for row in self.warehouse.rows(query)]


def as_text(value: Any) -> str:
    if value is None:
        return "."
    if isinstance(value, datetime):
        return f"{(value.date() - DAY0).days} {value:%H:%M}"
    if isinstance(value, date):
        return str((value - DAY0).days)
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def expected(text: str) -> list[list[str]]:
    """The rows an expectation writes down, with its header line left out; numbers without trailing zeros."""
    return [[_plain_number(cell) for cell in row.values()] for row in table(text)]


def _plain_number(cell: str) -> str:
    return f"{Decimal(cell).normalize():f}" if re.fullmatch(r"-?\d+\.\d+", cell) else cell
