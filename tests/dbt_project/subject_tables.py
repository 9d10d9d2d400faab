"""Subjects written as small tables of text, and values read back the same way.

A table has a header line; its cells stand at least two blanks apart, and `.` is an empty cell. A date is written as
the protocol day it lies on (`-3`, `17`, `17 09:30`), so that an expectation can be checked in one's head; any other
text in a date column is delivered as it stands. What belongs here: this notation. What does not: who is derived
(written_trial), and any rule of the protocol.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

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
