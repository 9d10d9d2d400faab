"""The structure of delimited text: encoding, quotes, records and their widths, checked on the bytes before parsing.

Shared by the reader of canonical CSV and by every dialect of it. Polars alone would fill a row that was cut short with
missing values, so a file that is not whole is refused whole. What the columns are called and mean is not known here.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import polars as pl

from orchestration.ingestion.formats.refusal import empty, unreadable

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Marks:
    """The characters that give the text its structure. Without a quote, quotes are text."""

    delimiter: str = ","
    quote: str = '"'


CANONICAL = Marks()


@lru_cache(maxsize=64)
def _patterns(marks: Marks) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """A quoted field (it starts where a field starts, ends where one ends, and doubles the quotes inside), and a
    blank line."""
    comma, quote = re.escape(marks.delimiter.encode()), re.escape(marks.quote.encode())
    field = (
        rb"(?:\A|(?<=[%(c)s\n]))%(q)s[^%(q)s]*(?:%(q)s%(q)s[^%(q)s]*)*%(q)s(?=[%(c)s\r\n]|\Z)"
        % {b"c": comma, b"q": quote}
        if quote
        else rb"(?!)"
    )
    return re.compile(field), re.compile(rb"(?:\A|\n)\r?\n")


def decoded(data: bytes, encoding: str = "utf-8") -> tuple[bytes, str]:
    """The file as UTF-8 and as text, without byte order mark; line breaks of old Macs become those of today.

    Raises:
        FileRefusedError: DEL02 nothing in it, DEL01 it is not in this encoding.
    """
    if codecs.lookup(encoding).name == "utf-8":
        data = data.removeprefix(BYTE_ORDER_MARK)
        _require_content(data)
        text = _decode(data, "utf-8", "UTF-8")
    else:
        text = _decode(data, encoding, encoding.upper()).removeprefix("\ufeff")
        data = text.encode("utf-8", "surrogatepass")
        _require_content(data)
        _require_no_nul(data, encoding.upper())
    if b"\n" not in data and b"\r" in data:
        data, text = data.replace(b"\r", b"\n"), text.replace("\r", "\n")
    return data, text


def _require_content(data: bytes) -> None:
    if not data.strip():
        raise empty("the file is empty: not even a header")


def _require_no_nul(data: bytes, encoding: str) -> None:
    if b"\x00" in data:
        line = data.count(b"\n", 0, data.index(b"\x00")) + 1
        raise unreadable(f"line {line} holds a NUL byte: this is no {encoding} text file")


def _decode(data: bytes, encoding: str, shown: str) -> str:
    if encoding == "utf-8":
        _require_no_nul(data, shown)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = f" (byte 0x{data[error.start]:02x})" if error.start < len(data) else ""
        raise unreadable(f"line {line} is not {shown}{byte}") from None


def first_record(text: str, marks: Marks = CANONICAL) -> list[str]:
    """The cells of the header."""
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if marks.quote else csv.QUOTE_NONE
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=marks.delimiter, quotechar=marks.quote or None, quoting=quoting, strict=True)
    try:
        return next(reader)
    except csv.Error as error:
        if "limit" in str(error):
            raise unreadable("a column name in the header is longer than any name can be") from None
        raise unreadable("the quotes in the header are not balanced") from None


def records(data: bytes, width: int, marks: Marks = CANONICAL) -> pl.DataFrame:
    """All records, the header among them: row (as a spreadsheet counts, from 1) and a column of text per position.

    Raises:
        FileRefusedError: quotes are not balanced, or a record has fewer or more values than the header.
    """
    bare = _without_quoted_fields(data, marks)
    numbers = _record_rows(bare, width, marks)
    frame = _parse(data, width, bare, marks)
    kept = frame[[number - 1 for number in numbers]] if len(numbers) != frame.height else frame
    return kept.with_columns(pl.Series("row", numbers, dtype=pl.Int32))


def _without_quoted_fields(data: bytes, marks: Marks) -> bytes:
    """The same file with every quoted field emptied: what is left of delimiters and line breaks is structure."""
    quote = marks.quote.encode()
    if not quote or quote not in data:
        return data
    bare = _patterns(marks)[0].sub(b"", data)
    if quote in bare:
        raise unreadable("the quotes are not balanced: a quoted value is never closed, or stands within another")
    return bare


def _record_rows(bare: bytes, width: int, marks: Marks) -> range | list[int]:
    """The row numbers of the header and of all records; lines with nothing on them are rows but no records."""
    lines = bare.count(b"\n") + (not bare.endswith(b"\n"))
    if bare.count(marks.delimiter.encode()) == lines * (width - 1) and not _patterns(marks)[1].search(bare):
        return range(1, lines + 1)  # the usual case; rows that make up for each other are noticed by the parser
    return _record_rows_one_by_one(bare, width, marks)


def _record_rows_one_by_one(bare: bytes, width: int, marks: Marks) -> list[int]:
    numbers = []
    delimiter = marks.delimiter.encode()
    lines = bare.removesuffix(b"\n").split(b"\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip(b"\r") and width > 1:
            continue
        found = line.count(delimiter) + 1
        if found != width:
            cut = "; the file seems to be cut short" if number == len(lines) and found < width else ""
            raise unreadable(f"row {number} has {found} values where the header has {width}{cut}")
        numbers.append(number)
    return numbers


def _parse(data: bytes, width: int, bare: bytes, marks: Marks) -> pl.DataFrame:
    schema = {str(position): pl.String for position in range(width)}
    try:
        return pl.read_csv(
            data,
            has_header=False,
            schema=schema,
            infer_schema=False,
            separator=marks.delimiter,
            quote_char=marks.quote or None,
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        _record_rows_one_by_one(bare, width, marks)
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise unreadable(f"the file can't be read as CSV: {reason}") from None
