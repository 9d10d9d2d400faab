"""Values with types, for formats that have them: what a system would store as a number or a date, and what stays text.

What belongs here: canonical text to typed values, column by column. What does not: any format.

A column has one type: where one value is no number or no date, as a planted error may be, the whole column is text.
Text is what a load keeps byte for byte; 5.0 becomes the number 5, which is the same number.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from simulation.dialects.contract import Column, column
from simulation.dialects.dates import is_date, is_datetime
from simulation.dialects.dialect import Table

Kind = Literal["number", "date", "datetime", "text"]
Value = float | int | date | datetime | str | None

PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
SAFE_DIGITS = 15
"""Decimal digits that every number of eight bytes keeps."""
EARLIEST = "1900-03-01"
"""The first date that all formats agree about: Excel believes in a 29 February 1900."""


@dataclass(frozen=True)
class TypedColumn:
    """A column as it is stored; nothing is None."""

    column: Column
    kind: Kind
    values: Sequence[Value]


def typed(about: Column, texts: Sequence[str]) -> TypedColumn:
    """The column with the type that all its values have."""
    kind = kind_of(about, [text for text in texts if text])
    return TypedColumn(about, kind, [stored(text, kind) if text else None for text in texts])


def kind_of(about: Column, filled: Sequence[str]) -> Kind:
    if about.is_number and all(is_plain(text) for text in filled):
        return "number"
    if about.type in ("date", "datetime") and all(is_date(text) and text >= EARLIEST for text in filled):
        return "date"
    if about.type == "datetime" and all(is_moment(text) for text in filled):
        return "datetime"
    return "text"


def is_plain(text: str) -> bool:
    """A number that is stored without loss."""
    return PLAIN_NUMBER.fullmatch(text) is not None and sum(map(str.isdigit, text)) <= SAFE_DIGITS


def is_moment(text: str) -> bool:
    """A date with a time; midnight is left out, as some formats take it for a date alone."""
    return is_datetime(text) and text >= EARLIEST and not text.endswith("T00:00")


def without_idle_zeros(form: str, table: Table) -> Table:
    """The numbers of a form as a system gives them back that stores numbers: 2 for 2.0."""
    about = [column(form, name).type in ("integer", "decimal") for name in table.header]
    return Table(table.header, [[plain(text) if is_number else text for text, is_number in zip(row, about, strict=True)]
                                for row in table.rows])  # fmt: skip


def plain(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text and is_plain(text) else text


def stored(text: str, kind: Kind) -> Value:
    if kind == "number":
        return float(text) if "." in text else int(text)
    if kind == "date":
        return date.fromisoformat(text)
    if kind == "datetime":
        return datetime.fromisoformat(text)
    return text
