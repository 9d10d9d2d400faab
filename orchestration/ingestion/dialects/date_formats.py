"""Dates as a site writes them, as ISO 8601 text: `21.11.2026` by `%d.%m.%Y` is `2026-11-21`, `11.2026` is `2026-11`.

Formats are those of Python's strptime (month names in English). A date keeps the precision that it was written with;
one that fits no format is left as it came.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache

DIRECTIVE = re.compile(r"%.")
# strptime takes a 1 for %m and for %d: of digits without a sign between, 202611 would be the first of January.
RUN_OF_DIGITS = re.compile(r"%[YymdjHIMS]%[YymdjHIMS]")
DAY, MONTH, TIME = {"%d", "%j"}, {"%m", "%b", "%B", "%j"}, {"%H", "%I"}
YEAR = {"%Y", "%y"}
KNOWN = {*DAY, *MONTH, *TIME, *YEAR, "%M", "%S", "%p", "%f", "%a", "%A", "%%"}


def with_partial_dates(date_format: str) -> tuple[str, ...]:
    """The format, and what is left of it where the day, or day and month, are not known."""
    month = re.sub(r"%d[^%A-Za-z0-9]*", "", date_format, count=1).rstrip("-/. ,")
    formats = [date_format]
    if "%d" in date_format and "%d" not in month:
        formats.append(month)
        if "%Y" in date_format:
            formats.append("%Y")  # two digits alone would be any number
    return tuple(formats)


def iso_date(value: str, formats: Sequence[str]) -> str:
    """The date in ISO 8601, by the first format that fits; the value as it is when none does."""
    text = value.strip()
    for date_format in formats:
        try:
            moment = datetime.strptime(text, date_format)
        except ValueError:
            continue
        if RUN_OF_DIGITS.search(date_format) and moment.strftime(date_format).casefold() != text.casefold():
            continue
        return moment.strftime(_iso_of(date_format)) if moment.year >= 1000 else value
    return value


def problem_of(date_format: str) -> str | None:
    """Why a format can't be one of dates, in words; None when it can."""
    used = set(DIRECTIVE.findall(date_format))
    if used - KNOWN:
        return f"{', '.join(sorted(used - KNOWN))} is not known in a date format; known are {' '.join(sorted(KNOWN))}"
    if "%I" in used and "%p" not in used:
        return "a date format with %I (hours from 1 to 12) needs %p (AM or PM)"
    if not used & YEAR:
        return "a date format needs a year (%Y), for example %d.%m.%Y"
    if used & DAY and not used & MONTH:
        return "a date format with a day needs a month (%m or %b), for example %d.%m.%Y"
    if used & TIME and not used & DAY:
        return "a date format with a time needs a day, for example %d.%m.%Y %H:%M"
    try:
        written = datetime(2026, 11, 21, 9, 30).strftime(date_format)
        datetime.strptime(written, date_format)
    except ValueError as error:
        return f"it can't be read as a date format: {error}"
    return None


def are_ambiguous(formats: Sequence[str]) -> bool:
    """Whether two formats read the same text as different days: day and month the other way round."""
    turned = {date_format.replace("%d", "%\0").replace("%m", "%d").replace("%\0", "%m") for date_format in formats}
    return any(date_format in turned for date_format in formats if {"%d", "%m"} <= set(DIRECTIVE.findall(date_format)))


@cache
def _iso_of(date_format: str) -> str:
    """ISO 8601 in the precision of a format."""
    used = set(DIRECTIVE.findall(date_format))
    if not used & MONTH:
        return "%Y"
    if not used & DAY:
        return "%Y-%m"
    if not used & TIME:
        return "%Y-%m-%d"
    return "%Y-%m-%dT%H:%M:%S" if "%S" in used else "%Y-%m-%dT%H:%M"
