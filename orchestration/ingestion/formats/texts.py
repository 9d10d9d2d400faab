"""Typed values as the text a canonical file would have held: plain decimals, ISO 8601 dates and times.

For formats that store types. Text stays as it was delivered, and nothing is parsed here.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import polars as pl


def plain_decimal(number: str) -> str:
    """A number's text without exponent and without zeros that say nothing: 5.0 is 5, 1e-7 is 0.0000001."""
    text = format(Decimal(number), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def number_text(value: float) -> str:
    """The shortest text that reads back as this number."""
    return plain_decimal(repr(value))


def seconds_text(value: time | datetime) -> str:
    """Time of day: minutes always, seconds and their fractions where there are any."""
    text = value.strftime("%H:%M")
    if value.second or value.microsecond:
        text += value.strftime(":%S")
    if value.microsecond:
        text += f".{value.microsecond:06}".rstrip("0")
    return text


def datetime_text(value: datetime) -> str:
    """2026-11-21T09:30, with the offset where there is one."""
    offset = value.strftime("%z")
    return f"{value.date().isoformat()}T{seconds_text(value)}{offset and f'{offset[:3]}:{offset[3:5]}'}"


def duration_text(value: timedelta) -> str:
    """Hours may pass 24: 36:00. Seconds and their fractions where there are any, as in a time of day."""
    sign, value = ("-", -value) if value < timedelta() else ("", value)
    whole = value.days * 86_400 + value.seconds
    text = f"{sign}{whole // 3600:02}:{whole // 60 % 60:02}"
    if whole % 60 or value.microseconds:
        text += f":{whole % 60:02}"
    if value.microseconds:
        text += f".{value.microseconds:06}".rstrip("0")
    return text


def value_text(value: object) -> str | None:
    """Any single value of a typed format."""
    if value is None:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return None if value != value else number_text(value)
    if isinstance(value, datetime):
        return datetime_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return seconds_text(value)
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, Decimal):
        return plain_decimal(str(value))
    return str(value)


def number_series(values: pl.Series) -> pl.Series:
    """A column of floats as text; what is not a number is missing."""
    text = values.fill_nan(None).cast(pl.String)
    frame = pl.DataFrame({"text": text})
    shortened = frame.select(
        pl.when(pl.col("text").str.contains("[eE]"))
        .then(pl.col("text").map_elements(_without_exponent, return_dtype=pl.String, skip_nulls=True))
        .otherwise(pl.col("text").str.replace(r"\.0+$", "").str.replace("^-0$", "0"))
    )
    return shortened.to_series()


def _without_exponent(text: str) -> str:
    return plain_decimal(text) if "e" in text.lower() else text
