"""The rows of one subject as its site keeps them, with the days between which a delivery shows them.

What belongs here: holding rows, replacing one by a later version, dates as text. What does not: what
stands in a row. A row is in every delivery from the day it was entered until the day before it was
removed or replaced; that alone makes the deliveries cumulative.
"""

from datetime import date
from functools import lru_cache
from typing import Any

NEVER = 10_000_000


class Row:
    """One version of one record."""

    __slots__ = ("entered", "removed", "values")

    def __init__(self, values: list[Any], entered: int) -> None:
        self.values = values
        self.entered = entered
        self.removed = NEVER

    def shown(self, day: int) -> bool:
        """Whether a delivery of this day holds the row."""
        return self.entered <= day < self.removed


class Records:
    """All forms of one subject, up to the last delivery."""

    def __init__(self, subjid: str, forms: tuple[str, ...], last_day: int) -> None:
        self.subjid = subjid
        self.last_day = last_day
        self.forms: dict[str, list[Row]] = {form: [] for form in forms}

    def add(self, form: str, entered: int, *values: Any) -> Row | None:
        """Enter a row (its subject comes of itself); None when that is after the last delivery."""
        if entered > self.last_day:
            return None
        row = Row([self.subjid, *values], entered)
        self.forms[form].append(row)
        return row

    def replace(self, form: str, row: Row, day: int, values: list[Any]) -> Row | None:
        """From this day on, show the row with these values instead."""
        if day > self.last_day:
            return None
        if day <= row.entered:
            row.values = values
            return row
        row.removed = day
        later = Row(values, day)
        listed = self.forms[form]
        listed.insert(listed.index(row) + 1, later)
        return later


@lru_cache(maxsize=50_000)
def iso(day: int) -> str:
    """A day (proleptic ordinal) as ISO 8601 text."""
    return date.fromordinal(day).isoformat()


def at(day: int, minute: int) -> str:
    """A day and a minute of that day, as ISO 8601 text."""
    return f"{iso(day)}T{minute // 60:02d}:{minute % 60:02d}"


def yes_no(answer: bool) -> str:
    """Y or N."""
    return "Y" if answer else "N"
