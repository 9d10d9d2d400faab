"""Dates as canonical text and in a site's own writing.

What belongs here: which text is a date, and formats. Months have their English names here, whatever language the
machine speaks. What does not: which column is written how (spelling.py).
"""

import re
from dataclasses import dataclass
from datetime import datetime

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FULL = re.compile(r"\d{4}-\d{2}-\d{2}")
WITH_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True)
class Dates:
    """How a site writes dates, as strptime has them; literal text may stand for a day or month unknown."""

    date: str = "%Y-%m-%d"
    datetime: str = "%Y-%m-%dT%H:%M"
    month: str = "%Y-%m"
    year: str = "%Y"
    explicit: frozenset[str] = frozenset()
    """Types of columns whose formats the register names column by column, beside those of the site."""

    def formats(self, kind: str) -> list[str]:
        """Every format that a column of this type may hold."""
        return {
            "date": [self.date],
            "datetime": [self.datetime, self.date],
            "partial_date": [self.date, self.month, self.year],
        }[kind]

    def written(self, kind: str, value: str) -> str | None:
        """A canonical value of a column of this type in the site's writing; None when it is no such date."""
        if is_date(value):
            return spelled(value, self.date)
        if kind == "datetime" and is_datetime(value):
            return spelled(value, self.datetime)
        if kind == "partial_date" and MONTH.fullmatch(value):
            return spelled(value, self.month)
        if kind == "partial_date" and YEAR.fullmatch(value):
            return spelled(value, self.year)
        return None

    def could_be(self, kind: str, text: str) -> bool:
        """Whether a text would be taken for another date: by any of the site's formats, where a column has none of its
        own."""
        formats = self.formats(kind) if kind in self.explicit else [self.date, self.datetime, self.month, self.year]
        return text != self.written("partial_date", text) and any(_parses(text.strip(), shown) for shown in formats)


def is_date(text: str) -> bool:
    """A whole date that the calendar has."""
    return FULL.fullmatch(text) is not None and _parses(text, "%Y-%m-%d")


def is_datetime(text: str) -> bool:
    return WITH_TIME.fullmatch(text) is not None and _parses(text, "%Y-%m-%dT%H:%M")


def spelled(value: str, shown: str) -> str:
    """Canonical text, whole or partial, in a format that asks for no more than it says."""
    parts = {"%Y": value[:4], "%m": value[5:7], "%d": value[8:10], "%H": value[11:13], "%M": value[14:16]}
    if len(value) >= 7:
        parts["%b"] = MONTHS[int(value[5:7]) - 1]
    return re.sub("%[YmdHMb]", lambda directive: parts[directive[0]], shown)


def _parses(text: str, shown: str) -> bool:
    try:
        datetime.strptime(text, shown)
    except ValueError:
        return False
    return True
