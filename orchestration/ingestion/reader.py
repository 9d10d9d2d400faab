"""The reader of canonical CSV: bytes of one file in, one frame of text columns out, or the reason why not.

Here a site's dialect ends. Nothing is sniffed and nothing is typed: every value stays text, exactly as delivered,
save that a blank cell is a missing value. A file that is not whole is refused whole: Polars alone would fill a row
that was cut short with missing values, so the structure is checked on the bytes first.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from orchestration.ingestion.forms import SUBJECT_COLUMN

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
FIRST_RECORD_ROW = 2  # as a spreadsheet counts: the header is row 1
# A quoted field: it starts where a field starts, ends where one ends, and doubles the quotes inside.
QUOTED_FIELD = re.compile(rb'(?:\A|(?<=[,\n]))"[^"]*(?:""[^"]*)*"(?=[,\r\n]|\Z)')
BLANK_LINE = re.compile(rb"(?:\A|\n)\r?\n")


class FileRefusedError(Exception):
    """This file can't be used; `rule_id` says by which rule, the message why."""

    def __init__(self, rule_id: str, message: str) -> None:
        self.rule_id = rule_id
        super().__init__(message)


@dataclass(frozen=True)
class FormContent:
    """What one file of a form holds.

    `frame` has the columns row (as a spreadsheet numbers it), those of the contract, and extra: the values of columns
    the contract does not know, as JSON. `unfinished_line` is the last line when no line break ends it.
    """

    frame: pl.DataFrame
    unknown_columns: tuple[str, ...] = ()
    unfinished_line: bytes | None = None

    @cached_property
    def rows(self) -> int:
        return self.frame.height

    @cached_property
    def subjects(self) -> int:
        return self.frame[SUBJECT_COLUMN].str.strip_chars().drop_nulls().n_unique()


def empty_content(columns: tuple[str, ...]) -> FormContent:
    """The content of a form that has no rows."""
    return FormContent(pl.DataFrame(schema={"row": pl.Int32, **dict.fromkeys((*columns, "extra"), pl.String)}))


def read_csv(data: bytes, columns: tuple[str, ...]) -> FormContent:
    """Read a canonical CSV file of a form with these columns.

    Raises:
        FileRefusedError: DEL01 unreadable, DEL02 empty, DEL03 a required column is missing.
    """
    data = data.removeprefix(BYTE_ORDER_MARK)
    if not data.strip():
        raise FileRefusedError("DEL02", "the file is empty: not even a header")
    text = _decode(data)
    if b"\n" not in data:
        data, text = data.replace(b"\r", b"\n"), text.replace("\r", "\n")
    header = _header(text)
    _require(columns, header)
    bare = _without_quoted_fields(data)
    numbers = _record_rows(bare, len(header))
    frame = _parse(data, len(header), bare)
    kept = frame[[number - 1 for number in numbers]] if len(numbers) != frame.height else frame
    records = kept[1:].with_columns(pl.Series("row", numbers[1:], dtype=pl.Int32))
    unknown = tuple(name for name in header if name not in columns)
    content = records.select(
        "row",
        *(_blank_is_missing(str(header.index(column))).alias(column) for column in columns),
        _extra(records, header, unknown),
    )
    ended = data.endswith(b"\n")
    return FormContent(content, unknown, None if ended or not content.height else data[data.rindex(b"\n") + 1 :])


def _decode(data: bytes) -> str:
    if b"\x00" in data:
        line = data.count(b"\n", 0, data.index(b"\x00")) + 1
        raise FileRefusedError("DEL01", f"line {line} holds a NUL byte: this is no UTF-8 text file")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileRefusedError("DEL01", f"line {line} is not UTF-8 (byte 0x{data[error.start]:02x})") from None


def _header(text: str) -> list[str]:
    """Column names in lower case; a column without a name is called by its position."""
    try:
        cells = next(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        raise FileRefusedError("DEL01", "the quotes in the header are not balanced") from None
    names = [cell.strip().lower() or f"column_{position}" for position, cell in enumerate(cells, start=1)]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise FileRefusedError("DEL01", f"the header names a column more than once: {', '.join(repeated)}")
    return names


def _require(columns: tuple[str, ...], header: list[str]) -> None:
    absent = [column for column in columns if column not in header]
    if not absent:
        return
    hint = ""
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        hint = "; the header is not separated by commas"
    noun = "column" if len(absent) == 1 else "columns"
    raise FileRefusedError("DEL03", f"required {noun} missing: {', '.join(absent)}{hint}")


def _without_quoted_fields(data: bytes) -> bytes:
    """The same file with every quoted field emptied: what is left of commas and line breaks is structure."""
    if b'"' not in data:
        return data
    bare = QUOTED_FIELD.sub(b"", data)
    if b'"' in bare:
        raise FileRefusedError(
            "DEL01", "the quotes are not balanced: a quoted value is never closed, or stands within another"
        )
    return bare


def _record_rows(bare: bytes, width: int) -> range | list[int]:
    """The row numbers of the header and of all records; lines with nothing on them are rows but no records.

    Raises:
        FileRefusedError: a row has fewer or more values than the header.
    """
    lines = bare.count(b"\n") + (not bare.endswith(b"\n"))
    if bare.count(b",") == lines * (width - 1) and not BLANK_LINE.search(bare):
        return range(1, lines + 1)  # the usual case; rows that make up for each other are noticed by the parser
    return _record_rows_one_by_one(bare, width)


def _record_rows_one_by_one(bare: bytes, width: int) -> list[int]:
    numbers = []
    lines = bare.removesuffix(b"\n").split(b"\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip(b"\r") and width > 1:
            continue
        found = line.count(b",") + 1
        if found != width:
            cut = "; the file seems to be cut short" if number == len(lines) and found < width else ""
            raise FileRefusedError("DEL01", f"row {number} has {found} values where the header has {width}{cut}")
        numbers.append(number)
    return numbers


def _parse(data: bytes, width: int, bare: bytes) -> pl.DataFrame:
    schema = {str(position): pl.String for position in range(width)}
    try:
        return pl.read_csv(data, has_header=False, schema=schema, infer_schema=False, quote_char='"')
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        _record_rows_one_by_one(bare, width)
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise FileRefusedError("DEL01", f"the file can't be read as CSV: {reason}") from None


def _blank_is_missing(column: str) -> pl.Expr:
    return pl.when(pl.col(column).str.strip_chars() != "").then(pl.col(column))


def _extra(records: pl.DataFrame, header: list[str], unknown: tuple[str, ...]) -> pl.Expr:
    """What stands in unknown columns, as JSON with sorted keys; a row that has nothing there has no extra."""
    if not unknown:
        return pl.lit(None, dtype=pl.String).alias("extra")
    names = sorted(unknown)
    values = records.select(_blank_is_missing(str(header.index(name))).alias(name) for name in names)
    texts = []
    for row in values.iter_rows():
        known = {name: value for name, value in zip(names, row, strict=True) if value is not None}
        texts.append(json.dumps(known, ensure_ascii=False) if known else None)
    return pl.lit(pl.Series("extra", texts, dtype=pl.String)).alias("extra")
