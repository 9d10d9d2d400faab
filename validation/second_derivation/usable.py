"""Which delivered rows take part: trimmed, with a whole key, and not contradicted by another row of the same key.

What belongs here: the data quality rules VAL01 (key missing) and VAL07 (duplicate key), and the key itself
(site-exports.md, "Forms and columns"). What does not: VAL08 (a subject not in `dm`), which ends the whole derivation
and is decided in subject.py, and whatever makes a usable row not count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from validation.protocol import form_columns
from validation.second_derivation.reading import trimmed

Row = Mapping[str, str | None]  # column -> trimmed text; every column of the form is there

UNSCHEDULED = "UNS"
FORMS_THAT_KEEP_CONTRADICTIONS = ("ds", "cm")  # leaving an event out could make a responder


def usable_rows(form: str, delivered: Sequence[Row]) -> list[Row]:
    """The rows of a form that are not quarantined; of identical copies one."""
    by_key: dict[tuple[str, ...], list[Row]] = {}
    for row in trimmed_rows(form, delivered):
        key = row_key(form, row)
        if key is not None:
            copies = by_key.setdefault(key, [])
            if row not in copies:
                copies.append(row)
    if form in FORMS_THAT_KEEP_CONTRADICTIONS:
        return [row for copies in by_key.values() for row in copies]
    return [copies[0] for copies in by_key.values() if len(copies) == 1]


def trimmed_rows(form: str, delivered: Sequence[Row]) -> list[Row]:
    """All rows of a form, quarantined or not, with the form's own columns and trimmed text."""
    columns = _columns(form)
    # Most cells are missing, and asking before the call halves the time of the whole derivation.
    return [
        {column: None if (text := row.get(column)) is None else trimmed(text) for column in columns}
        for row in delivered
    ]


def row_key(form: str, row: Row) -> tuple[str, ...] | None:
    """The key within the subject, as text; None when a part of it is missing."""
    key_columns, date_column = _key_columns(form)
    if row.get("visit") == UNSCHEDULED and date_column is not None:
        key_columns = (*key_columns, date_column)  # an unscheduled visit may repeat, so its date tells it apart
    parts = tuple([row[column] for column in key_columns])
    return None if None in parts else parts  # type: ignore[return-value]


@cache
def _columns(form: str) -> tuple[str, ...]:
    # The subject is known from the delivery; the column itself says nothing more.
    return tuple(column.name for column in form_columns()[form] if column.name != "subjid")


@cache
def _key_columns(form: str) -> tuple[tuple[str, ...], str | None]:
    columns = [column for column in form_columns()[form] if column.name != "subjid"]
    key = tuple(column.name for column in columns if column.key)
    dates = [column.name for column in columns if column.has_dates]
    return key, dates[0] if "visit" in key and dates[0] not in key else None
