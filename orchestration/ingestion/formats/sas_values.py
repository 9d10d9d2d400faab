"""What SAS numbers mean: dates, times and missing values are numbers there, told apart by their format.

SAS counts days and seconds from 1 January 1960. A special missing value (.A to .Z, ._) keeps its own text, so that
whoever reads it can say what it stands for; the plain missing value is missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from orchestration.ingestion.formats.columns import column_names, table_of
from orchestration.ingestion.formats.tables import Kind, SourceTable
from orchestration.ingestion.formats.texts import datetime_text, duration_text, number_text

EPOCH = date(1960, 1, 1)
# The names of SAS's formats, without width and decimals (DATE9. is DATE).
DATE_FORMATS = (
    "DATE|DAY|DDMMYY[BCDNPS]?|MMDDYY[BCDNPS]?|YYMMDD[BCDNPS]?|[BE]8601DA|IS8601DA|JULIAN|JULDAY|MONYY|MONNAME|MONTH|"
    "MMYY[CDNPS]?|YYMM[CDNPS]?|YYMON|YYQ[CDNPSZ]?|YYQR[CDNPS]?|QTR|QTRR|YEAR|WEEKDATE|WEEKDATX|WEEKDAY|WORDDATE|WORDDATX|"
    "DOWNAME|NENGO|MINGUO|EURDF(?:DD|DE|DN|MN|MY|WDX|WKX)|NLDATE[A-Z]*|WEEK[UVW]|PDJULG|PDJULI"
)
DATETIME_FORMATS = (
    "DATETIME|DATEAMPM|MDYAMPM|DTDATE|DTMONYY|DTYEAR|DTYYQC|DTWKDATX|[BE]8601D[TNZX]|IS8601D[TNZ]|NLDATM[A-Z]*|EURDFDT"
)
TIME_FORMATS = "TIME|TIMEAMPM|TOD|HHMM|HOUR|MMSS|[BE]8601T[MXZ]|[BE]8601LZ|IS8601T[MXZ]|NLTIM[A-Z]*"
WIDTH = r"\d*(?:\.\d*)?"
# Datetimes first: NLDATM... would be a date of the same family.
KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("datetime", re.compile(f"(?:{DATETIME_FORMATS}){WIDTH}")),
    ("time", re.compile(f"(?:{TIME_FORMATS}){WIDTH}")),
    ("date", re.compile(f"(?:{DATE_FORMATS}){WIDTH}")),
)
LAST_DAY = (date.max - EPOCH).days
FIRST_DAY = (date.min - EPOCH).days


def kind_of(sas_format: str | None, is_number: bool) -> Kind:
    """What a column holds, by its format; unknown formats of numbers are how a number looks."""
    if not is_number:
        return "text"
    shown = (sas_format or "").upper().strip()
    return next((kind for kind, pattern in KINDS if pattern.fullmatch(shown)), "number")


def sas_text(value: object, kind: Kind) -> str | None:
    """One value of a column of this kind; a letter among numbers is a special missing value."""
    if value is None or isinstance(value, bytes):
        return None
    if isinstance(value, str):
        return value if kind == "text" else f".{value.upper()}"
    number = float(value)  # type: ignore[arg-type]
    if number != number:
        return None
    if kind == "time" and abs(number) < 1e9:
        return duration_text(timedelta(seconds=number))
    days = number if kind == "date" else number / 86_400
    if kind in ("number", "text", "time") or not FIRST_DAY <= days < LAST_DAY:
        return number_text(number)  # a day outside the calendar stays a number, which no one takes for a date
    if kind == "date":
        return (EPOCH + timedelta(days=int(number // 1))).isoformat()
    return datetime_text(datetime(EPOCH.year, 1, 1) + timedelta(seconds=round(number, 6)))


def sas_table(
    name: str,
    columns: Mapping[str, Sequence[Any]],
    metadata: Any,
    special: Mapping[str, Mapping[int, str]] | None = None,
) -> SourceTable:
    """The table of what pyreadstat read. `special`: the special missing values by column and record, if it saw none."""
    kinds: dict[str, Kind] = {}
    labels: dict[str, str] = {}
    series: dict[str, pl.Series] = {}
    height = max((len(values) for values in columns.values()), default=0)
    for delivered, column in zip(columns, column_names(list(columns)), strict=True):
        is_number = metadata.readstat_variable_types.get(delivered) != "string"
        kinds[column] = kind = kind_of(metadata.original_variable_types.get(delivered), is_number)
        label = metadata.column_names_to_labels.get(delivered)
        if label:
            labels[column] = label
        texts = [sas_text(value, kind) for value in columns[delivered]]
        for record, mark in (special or {}).get(delivered, {}).items():
            texts[record] = mark
        series[column] = pl.Series(texts, dtype=pl.String)
    return table_of(name, series, range(2, height + 2), labels, kinds)
