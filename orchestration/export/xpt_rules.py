"""What SAS transport files of version 5 can carry: asked of every name, label and value before a file is written.

The library that writes them cuts labels, lets long texts through and rounds numbers; so everything it would change is
found here first, all of it at once, and nothing is cut. How a file is written belongs in xpt.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import polars as pl

from orchestration.export.described import ExportColumn, ExportTable
from orchestration.export.refusal import Violation

NAME_CHARACTERS = 8
LABEL_CHARACTERS = 40
TEXT_BYTES = 200
EXACT_DIGITS = 15
"""Every decimal number of so many digits comes back from a binary one of 53 bits as it was; of more it may not."""
FIRST_YEAR = 1583
"""SAS counts days of the Gregorian calendar, which began late in 1582."""

NAME = re.compile(r"[A-Z_][A-Z0-9_]*")
ASCII = re.compile(r"[\x20-\x7e]*")
NOT_ASCII = r"[^\x20-\x7e]"


def described_violations(table: ExportTable) -> list[Violation]:
    """What of the table's own description does not fit: names and labels, of the table and of its columns."""
    found = [Violation(table.name, "", what) for what in _of_description(table.name.upper(), table.label)]
    for column in table.columns:
        found += [Violation(table.name, column.name, what) for what in _of_description(column.xpt_name, column.label)]
    for name, times in Counter(column.xpt_name for column in table.columns).items():
        if times > 1:
            found.append(Violation(table.name, "", f"{times} columns are called {name}"))
    return found


def _of_description(name: str, label: str) -> Iterator[str]:
    if len(name) > NAME_CHARACTERS:
        yield f"the name {name} has {len(name)} characters, {NAME_CHARACTERS} are allowed: declare a shorter xpt_name"
    if not NAME.fullmatch(name):
        yield f"the name {name} is not made of letters, digits and _ alone"
    if len(label) > LABEL_CHARACTERS:
        yield f"the label {label!r} has {len(label)} characters, {LABEL_CHARACTERS} are allowed"
    if not ASCII.fullmatch(label):
        yield f"the label {label!r} is not ASCII"


def value_violations(table: ExportTable, frame: pl.DataFrame) -> list[Violation]:
    """What of the values does not fit; the rows of `frame` are in key order."""
    found = []
    for column in table.columns:
        for what, broken in _broken(column, frame[column.name]):
            concerned = broken.fill_null(False).arg_true()
            if len(concerned):
                found.append(Violation(table.name, column.name, what, int(concerned[0]) + 1, len(concerned)))
    return found


def _broken(column: ExportColumn, values: pl.Series) -> Iterator[tuple[str, pl.Series]]:
    """Each rule for a column of this kind, and which of its values break it."""
    if column.kind == "text":
        yield f"longer than {TEXT_BYTES} bytes", values.str.len_bytes() > TEXT_BYTES
        yield "not ASCII, or a line break or another control character", values.str.contains(NOT_ASCII)
        yield "ends with a blank, which is forgotten", values.str.ends_with(" ")
        yield "an empty text, which can't be told from a missing one", values == ""
    elif column.kind in ("integer", "decimal"):
        digits = values.cast(pl.String).str.replace_all("[-.]", "").str.strip_chars("0")
        yield f"more than {EXACT_DIGITS} digits, which would be rounded", digits.str.len_chars() > EXACT_DIGITS
    else:
        yield f"before {FIRST_YEAR}, where SAS's days begin", values.dt.year() < FIRST_YEAR
