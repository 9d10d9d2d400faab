"""In which form a column's values are written: which date formats fit all of them, whether they have a decimal comma.

A date that two formats fit is ambiguous, and only the site knows: 03/04/2026 is said to be, never decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

DATE_FORMATS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y",
    "%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d-%b-%Y", "%d %b %Y", "%d%b%Y", "%d-%b-%y", "%d %B %Y", "%B %d, %Y",
    "%b %d, %Y",
)  # fmt: skip
TIME_FORMATS = ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p")
DATETIME_FORMATS = tuple(f"{day}{between}{time}" for day in DATE_FORMATS for between in "T " for time in TIME_FORMATS)
COMMA_NUMBER = re.compile(r"\s*[+-]?(?:\d{1,3}(?:[. ]\d{3})+|\d*),\d+\s*")
POINT_NUMBER = re.compile(r"\s*[+-]?\d*(?:\.\d+)?\s*")
VALUES_TRIED = 2_000


def date_formats(values: Iterable[str]) -> list[str]:
    """The formats, as strptime has them, that fit every value; dates before dates with times."""
    tried = list(dict.fromkeys(value.strip() for value in values))[:VALUES_TRIED]
    if not tried or not all(any(sign.isdigit() for sign in value) for value in tried[:5]):
        return []
    fitting = [shown for shown in (*DATE_FORMATS, *DATETIME_FORMATS) if _fits(tried[0], shown)]
    return [shown for shown in fitting if all(_fits(value, shown) for value in tried)]


def _fits(value: str, shown: str) -> bool:
    if "%Y" in shown and not re.search(r"\d{4}", value):
        return False
    if shown.startswith("%Y%m%d") and not re.match(r"(?:19|20)\d{6}(?:\D|$)", value):
        return False  # any number of eight digits
    try:
        datetime.strptime(value, shown)
    except ValueError:
        return False
    return True


def has_decimal_comma(values: Iterable[str]) -> bool:
    """Every value is a number, and at least one has a comma before its decimals."""
    tried = list(values)[:VALUES_TRIED]
    commas = [bool(COMMA_NUMBER.fullmatch(value)) for value in tried]
    return any(commas) and all(
        comma or POINT_NUMBER.fullmatch(value) for comma, value in zip(commas, tried, strict=True)
    )
