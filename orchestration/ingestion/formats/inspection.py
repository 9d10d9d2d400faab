"""What `mrbs inspect` says about a file: its tables, columns and first rows, what its text seems to be written in, and
the lines of the register that would describe it.

Sentences and tables of text out; how they are printed is the command's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.ingestion.formats.columns import ROW
from orchestration.ingestion.formats.suspicion import about_name
from orchestration.ingestion.formats.tables import FORMATS, ReadAs, SourceTable, read_batches
from orchestration.ingestion.formats.value_forms import date_formats, has_decimal_comma

TEXT_FORMATS = ("csv", "redcap")
SHOWN = 60  # characters of a value in the first rows
VALUES_LOOKED_AT = 2_000


@dataclass
class Column:
    """One column of a table, and the form of its values."""

    name: str
    filled: int
    label: str = ""
    kind: str = ""
    dates: list[str] = field(default_factory=list)
    decimal_comma: bool = False

    @property
    def is_ambiguous(self) -> bool:
        return len(self.dates) > 1

    @property
    def remark(self) -> str:
        if self.is_ambiguous:
            return f"dates, ambiguous: {' or '.join(self.dates)}; ask the site"
        if self.dates:
            return f"dates as {self.dates[0]}"
        return "numbers with a decimal comma" if self.decimal_comma else ""


@dataclass
class Inspected:
    """One table, described."""

    name: str
    rows: int
    columns: list[Column]
    first: list[tuple[object, ...]]


def inspect(path: Path, read_as: ReadAs, rows: int) -> Iterator[Inspected]:
    """Each table of the file.

    Raises:
        FileRefusedError: it can't be read in this way.
    """
    seen: dict[str, _Seen] = {}
    for table in read_batches(path, read_as):
        seen.setdefault(table.name, _Seen()).add(table, rows)
    for name, tables in seen.items():
        yield tables.described(name)


class _Seen:
    """What is kept of a table while its parts pass: counts, its first rows, and the first values of each column."""

    def __init__(self) -> None:
        self.rows = 0
        self.columns: dict[str, Column] = {}
        self.values: dict[str, list[str]] = {}
        self.first: list[dict[str, object]] = []

    def add(self, table: SourceTable, rows: int) -> None:
        self.rows += table.frame.height
        self.first += table.frame.head(rows - len(self.first)).to_dicts()
        for name in table.frame.columns:
            if name == ROW:
                continue
            kind, label = table.kinds.get(name, ""), table.labels.get(name, "")
            column = self.columns.setdefault(name, Column(name, 0, label, kind))
            looked_at = self.values.setdefault(name, [])
            values = table.frame[name].drop_nulls()
            column.filled += len(values)
            looked_at += values.head(VALUES_LOOKED_AT - len(looked_at)).to_list()

    def described(self, name: str) -> Inspected:
        for column in self.columns.values():
            column.dates = date_formats(self.values[column.name])
            column.decimal_comma = has_decimal_comma(self.values[column.name])
        names = [ROW, *self.columns]
        first = [tuple(row.get(column) for column in names) for row in self.first]
        return Inspected(name, self.rows, list(self.columns.values()), first)


def how_it_was_read(path: Path, read_as: ReadAs) -> list[str]:
    """The format, and for text how it is written, in sentences."""
    lines = [f"Format: {read_as.format} ({FORMATS[read_as.format][0]})"]
    remark = about_name(path, read_as.format)
    if remark:
        lines.append(f"Mind: {remark}.")
    if read_as.format in TEXT_FORMATS:
        names = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
        delimiter = names.get(read_as.delimiter, read_as.delimiter)
        lines.append(f"Encoding: {read_as.encoding}. Delimiter: {delimiter}. Quote: {read_as.quote or 'none'}.")
        if read_as.skip_lines:
            lines.append(
                f"The header is line {read_as.skip_lines + 1}: {read_as.skip_lines} before it are passed over."
            )
    return lines


def register_lines(path: Path, read_as: ReadAs, tables: Sequence[Inspected]) -> list[str]:
    """What one would write into the register, to be completed with what each column is called here."""
    columns = [column for table in tables for column in table.columns]
    lines = ["  SITE:", "    name: ...", f"    format: {read_as.format}"]
    canonical = ReadAs()
    for key in ("encoding", "delimiter", "quote", "skip_lines", "header_rows", "header"):
        if getattr(read_as, key) != getattr(canonical, key):
            lines.append(f"    {key}: {_yaml(getattr(read_as, key))}")
    if any(column.decimal_comma for column in columns) or read_as.decimal == ",":
        lines.append('    decimal: ","')
    for key, with_time in (("date_format", False), ("datetime_format", True)):
        found = list(dict.fromkeys(tuple(c.dates) for c in columns if c.dates and ("%H" in c.dates[0]) == with_time))
        clear = list(dict.fromkeys(dates[0] for dates in found if len(dates) == 1))
        both = [dates for dates in found if len(dates) > 1 and not set(dates) & set(clear)]
        for shown in clear[:1]:
            if shown not in ("%Y-%m-%d", "%Y-%m-%dT%H:%M"):
                lines.append(
                    f'    {key}: "{shown}"' + ("" if len(clear) == 1 else f"  # others: {', '.join(clear[1:])}")
                )
        for dates in both[:1]:
            lines.append(f'    # {key}: "{dates[0]}" or "{dates[1]}": both fit every value, ask the site')
    several = len(tables) > 1 or read_as.format in ("xlsx", "odm", "redcap")
    if several:
        lines.append(f"    file: {_yaml(path.name)}")
    lines.append("    forms:")
    for table in tables:
        lines.append(f"      FORM:  # {table.name}")
        lines.append(f"        sheet: {_yaml(table.name)}" if several else f"        file: {_yaml(path.name)}")
        lines.append("        columns: {" + ", ".join(f"{_yaml(c.name)}: ..." for c in table.columns) + "}")
    return lines


def _yaml(value: object) -> str:
    """A value as YAML has it, quoted where it might be taken for something else."""
    text = str(value)
    if isinstance(value, int) or (re.fullmatch(r"[A-Za-z_][\w. -]*[\w]", text) and text.lower() not in _WORDS):
        return text
    escaped = (
        text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    )
    return f'"{escaped}"'


_WORDS = {"yes", "no", "true", "false", "null", "on", "off", "nan"}


def shortened(value: object) -> object:
    return value[: SHOWN - 1] + "…" if isinstance(value, str) and len(value) > SHOWN else value
