"""Delivered text turned into dates, numbers and codes, or into None where it can't be read.

What belongs here: how a value is written (site-exports.md, "Forms and columns"). What does not: what a value means,
and which rows may be used. Every reader takes any text without failing, and remembers what it has read: the same
dates and doses come again and again.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from validation.protocol import codelists

BLANKS = " \t\r\n\u00a0\u3000"  # the last two: no-break space, and the full-width space of Chinese and Japanese text
FIRST_YEAR, LAST_YEAR = 1900, 2099
REMEMBERED = 1 << 16

FULL_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?)?")
PARTIAL_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?")
NUMBER = re.compile(r"[+-]?0*[0-9]{1,9}(?:\.[0-9]{1,6}0*)?")


class Moment(NamedTuple):
    """A full date, with the time of day where one was delivered."""

    date: date
    time: time | None


class Span(NamedTuple):
    """The days on which something can have been: first and last are one day when the date is full."""

    first: date
    last: date
    full: bool


def trimmed(text: str | None) -> str | None:
    """The text without surrounding blanks; None when nothing is left."""
    return (text.strip(BLANKS) or None) if text is not None else None


@lru_cache(REMEMBERED)
def moment(text: str | None) -> Moment | None:
    """A full date with or without a time (2026-11-21, 2026-11-21T09:30, 2026-11-21T09:30:00)."""
    found = FULL_DATE.fullmatch(text) if text is not None else None
    if found is None:
        return None
    year, month, day, hour, minute, second = found.groups()
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        return None
    try:
        clock_time = None if hour is None else time(int(hour), int(minute), int(second or 0))
        return Moment(date(int(year), int(month), int(day)), clock_time)
    except ValueError:  # no such day in the calendar, or no such time of day
        return None


@lru_cache(REMEMBERED)
def span(text: str | None) -> Span | None:
    """A full or a partial date (2026-11, 2026) as the days it can stand for; only for columns marked ~."""
    full = moment(text)
    if full is not None:
        return Span(full.date, full.date, True)
    found = PARTIAL_DATE.fullmatch(text) if text is not None else None
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    year = int(found[1])
    if found[2] is None:
        return Span(date(year, 1, 1), date(year, 12, 31), False)
    month = int(found[2])
    if not 1 <= month <= 12:
        return None
    return Span(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), False)


@lru_cache(REMEMBERED)
def number(text: str | None) -> Fraction | None:
    """A number exactly as written: sign, digits, point, digits; at most nine before the point and six after it
    (further zeros aside), no exponent."""
    if text is None or NUMBER.fullmatch(text) is None:
        return None
    return Fraction(Decimal(text))  # through Decimal: int() refuses very long digit strings


def code(text: str | None, codelist: str) -> str | None:
    """The code when the codelist has it, case included; None for anything else."""
    return text if text in codelists()[codelist] else None
