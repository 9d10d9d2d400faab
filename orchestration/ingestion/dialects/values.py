"""One column's values in the canonical form: missing codes, codes, dates and decimal signs, as the register has them.

Whatever does not fit what the register says stays as delivered, and staging says that it can't be read. One exception:
a number that might silently mean something else is marked, so that it can't be read (`with_point`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

import polars as pl

from orchestration.ingestion.dialects.date_formats import iso_date, with_partial_dates
from orchestration.ingestion.dialects.reading import VISIT_COLUMN, Reading
from orchestration.ingestion.formats.tables import Kind
from orchestration.ingestion.forms import FormColumn
from orchestration.ingestion.site_entries import CANONICAL_DATE_FORMAT, CANONICAL_DATETIME_FORMAT, FORMATS_OF_TEXT

NUMBERS = ("integer", "decimal")
DATES = ("date", "partial_date", "datetime")
SPECIAL_MISSING = r"^\.[A-Z_]$"
COMMA_NUMBER = re.compile(r"([<>]=?\s*|[+-])?(\d{1,3}(?:[. '\u00a0\u202f]\d{3})+|\d*),(\d+)")
GROUPED_BY_POINTS = re.compile(r"[<>+-]?=?\s*[1-9]\d{0,2}(?:\.\d{3})+")
NOT_A_COMMA = " (point, not comma)"


def without_missing(column: str, kind: Kind | None, codes: Iterable[str]) -> pl.Expr:
    """The column with missing values where a code says so, and where SAS does (.A to .Z, ._ among numbers)."""
    value = pl.col(column)
    stripped = value.str.strip_chars()
    is_missing = stripped.is_in(list(codes)) if codes else pl.lit(value=False)
    if kind is not None and kind != "text":
        is_missing = is_missing | stripped.str.contains(SPECIAL_MISSING)
    return pl.when(~is_missing).then(value).alias(column)


def canonical(values: pl.Series, column: FormColumn, reading: Reading, kind: Kind | None) -> pl.Series:
    """The values of one of our columns, from the values that stand for it. `kind` is how the file stores them."""
    name, entry = column.column_name, reading.entry
    codes = dict(reading.site.visits) if name == VISIT_COLUMN else {}
    codes |= entry.values.get(name, {})
    missing = entry.missing.get(name, ())
    if missing:
        codes |= dict.fromkeys(missing, "")
    values = _each(values, lambda value: codes.get(value.strip(), value)) if codes else values
    if column.type in DATES and kind not in ("date", "datetime", "time"):
        formats = date_formats_of(name, reading)
        if formats:
            values = _each(values, lambda value: iso_date(value, formats))
    if reading.site.decimal == "," and kind != "number" and (column.type in NUMBERS or name.endswith("orres")):
        # In a column that mixes numbers stored as such with text (its kind is not known), a point may be one of those.
        is_text = reading.site.format in FORMATS_OF_TEXT or kind == "text"
        change = with_point if is_text else comma_to_point
        values = _each(values, change)
    return values


def date_formats_of(name: str, reading: Reading) -> tuple[str, ...]:
    """The formats in which a column's dates may be written, the longest first; none when they are ISO 8601."""
    own = reading.entry.dates.get(name)
    if own is not None:
        return (own,) if isinstance(own, str) else own
    formats: tuple[str, ...] = ()
    if reading.site.datetime_format != CANONICAL_DATETIME_FORMAT:
        formats += (reading.site.datetime_format,)
    if reading.site.date_format != CANONICAL_DATE_FORMAT:
        formats += with_partial_dates(reading.site.date_format)
    return formats


def comma_to_point(value: str) -> str:
    """A number with a decimal comma, as canonical CSV has it."""
    number = COMMA_NUMBER.fullmatch(value.strip())
    if number is None:
        return value
    sign, whole, decimals = number.groups()
    return f"{sign or ''}{re.sub(r'[^0-9]', '', whole) or '0'}.{decimals}"


def with_point(value: str) -> str:
    """The same, of text. Where the register promises commas, 1.234 may mean a thousand or little more than one: nobody
    guesses, it is marked and can't be read. 36.6 can only mean one thing."""
    text = value.strip()
    return f"{text}{NOT_A_COMMA}" if GROUPED_BY_POINTS.fullmatch(text) else comma_to_point(value)


def _each(values: pl.Series, change: Callable[[str], str]) -> pl.Series:
    """Every value changed; one that becomes nothing is missing. A column repeats few, so each is changed once."""
    different = values.drop_nulls().unique().to_list()
    changed: Mapping[str, str | None] = {
        value: (new if new.strip() else None) for value in different if (new := change(value)) != value
    }
    return values.replace(changed) if changed else values
