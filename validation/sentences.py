"""How values are written in a sentence that a site can act on.

Numbers without trailing zeros and with thousands separated, dates as ISO, an absent value as "(blank)". Which sentence
is said belongs to the rule; counts and lists of findings belong in `validation.summary`.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

BLANK = "(blank)"


class _Sentence(string.Formatter):
    """str.format in which a missing value never breaks a sentence, and a number reads as a person writes it."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if value is None:
            return BLANK
        if format_spec:
            return format(value, format_spec)
        return written(value)


_SENTENCE = _Sentence()


def written(value: Any) -> str:
    """One value as text: 5,800 and 58.4, 2026-03-02 and 2026-03-02 09:30."""
    if value is None:
        return BLANK
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def plain(value: Any) -> str | None:
    """A value as it is kept in the ledger: text, without thousands separators, NULL where there is none."""
    if value is None:
        return None
    return written(value).replace(",", "") if isinstance(value, int | Decimal) else written(value)


def sentence(template: str, row: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """The template filled from a row of the table and, where the row has no such column, from the protocol's words."""
    return _SENTENCE.vformat(template, (), {**words, **row})


def whole_sentence(middle: str, siteid: str | None, usubjid: str | None, visit: str | None) -> str:
    """'S02-0017, W8: <middle>', or the site alone when no subject is in question."""
    subject = usubjid.split("-", 1)[1] if usubjid and "-" in usubjid else usubjid
    where = ", ".join(part for part in (subject or siteid, visit) if part)
    if not where or middle.startswith(where):
        return middle  # it says so itself
    return f"{where}: {middle}"


def with_position(message: str, source_file: str | None, source_row: int | None) -> str:
    """The message with where the record stands: '...; ex.csv row 214.'"""
    message = message.rstrip(".")
    if source_file and source_row is not None:
        message = f"{message}; {source_file} row {source_row}"
    return f"{message}."
