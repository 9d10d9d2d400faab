"""The structure of delimited text: encoding, quotes, records and their widths, checked on the bytes before parsing.

Shared by the reader of canonical CSV and by every dialect of it. Polars alone would fill a row that was cut short with
missing values, so a file that is not whole is refused whole. What the columns are called and mean is not known here.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import polars as pl

from orchestration.ingestion.formats.refusal import empty, unreadable

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
FIRST_LINES = 1 << 16  # characters in which the header most often is


@dataclass(frozen=True)
class Marks:
    """The characters that give the text its structure. Without a quote, quotes are text."""

    delimiter: str = ","
    quote: str = '"'


CANONICAL = Marks()


@lru_cache(maxsize=64)
def _quoted_field(marks: Marks) -> re.Pattern[bytes]:
    """A quoted field: it starts where a field starts, ends where one ends, and doubles the quotes inside.

    The quote stands first, what must be before it is asked after it: so the search goes from quote to quote, ten times
    as fast as from byte to byte.
    """
    comma, quote = re.escape(marks.delimiter.encode()), re.escape(marks.quote.encode())
    begin = rb"%(q)s(?:(?<=[%(c)s\n]%(q)s)|(?<=\A%(q)s))"
    end = rb"[^%(q)s]*(?:%(q)s%(q)s[^%(q)s]*)*%(q)s(?=[%(c)s\r\n]|\Z)"
    return re.compile((begin + end) % {b"c": comma, b"q": quote})


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
    quote = marks.quote or None
    reader = csv.reader(_lines(text), delimiter=marks.delimiter, quotechar=quote, quoting=quoting, strict=True)
    try:
        return next(reader)
    except csv.Error as error:
        if "limit" in str(error):
            raise unreadable("a column name in the header is longer than any name can be") from None
        raise unreadable("the quotes in the header are not balanced") from None


def _lines(text: str) -> Iterator[str]:
    """As a file opened with newline="" has them; no more is looked at than is asked for."""
    begin = 0
    while begin < len(text):
        end = text.find("\n", begin + FIRST_LINES) + 1 or len(text)
        yield from io.StringIO(text[begin:end], newline="")
        begin = end


def records(data: bytes, width: int, marks: Marks = CANONICAL) -> pl.DataFrame:
    """All records, the header among them: row (as a spreadsheet counts, from 1) and a column of text per position.

    Raises:
        FileRefusedError: quotes are not balanced, or a record has fewer or more values than the header.
    """
    return records_of_piece(data, width, marks)[0]


def records_of_piece(
    data: bytes, width: int, marks: Marks, rows_before: int = 0, is_last: bool = True
) -> tuple[pl.DataFrame, int]:
    """The records of a piece of a file that begins and ends between two of them, and the number of its last row.

    Raises:
        FileRefusedError: as `records`.
    """
    bare = _without_quoted_fields(data, marks)
    counted = _Rows(bare, width, marks, rows_before, is_last)
    numbers = counted.numbers()
    frame = _parse(data, counted)
    kept = frame[[number - 1 for number in numbers]] if len(numbers) != frame.height else frame
    rows = pl.Series("row", numbers, dtype=pl.Int32) + rows_before
    return kept.with_columns(rows), rows_before + counted.lines


def _without_quoted_fields(data: bytes, marks: Marks) -> bytes:
    """The same file with one sign for every quoted field: what is left of delimiters and line breaks is structure.

    Not with nothing: a line that is one quoted value would look like a line with nothing on it.
    """
    quote = marks.quote.encode()
    if not quote or quote not in data:
        return data
    bare = _quoted_field(marks).sub(_sign(marks).encode(), data)
    if quote in bare:
        raise unreadable("the quotes are not balanced: a quoted value is never closed, or stands within another")
    return bare


@dataclass(frozen=True)
class _Rows:
    """Where the records of a piece stand. `bare` is its structure; row numbers in messages are those of the file."""

    bare: bytes
    width: int
    marks: Marks
    rows_before: int
    is_last: bool

    @property
    def lines(self) -> int:
        return self.bare.count(b"\n") + (not self.bare.endswith(b"\n"))

    def numbers(self) -> range | list[int]:
        """The lines of the piece that hold a record; one with nothing on it is a row but no record."""
        delimiters = self.bare.count(self.marks.delimiter.encode())
        if delimiters == self.lines * (self.width - 1) and not self._has_blank_line():
            # The usual case; rows that make up for each other are noticed by the parser.
            return range(1, self.lines + 1)
        return self.one_by_one()

    def _has_blank_line(self) -> bool:
        return self.bare.startswith((b"\n", b"\r\n")) or b"\n\n" in self.bare or b"\n\r\n" in self.bare

    def one_by_one(self) -> list[int]:
        numbers = []
        delimiter = self.marks.delimiter.encode()
        lines = self.bare.removesuffix(b"\n").split(b"\n")
        for number, line in enumerate(lines, start=1):
            if not line.strip(b"\r") and self.width > 1:
                continue
            found = line.count(delimiter) + 1
            if found != self.width:
                ends = self.is_last and number == len(lines) and found < self.width
                cut = "; the file seems to be cut short" if ends else ""
                row = self.rows_before + number
                raise unreadable(f"row {row} has {found} values where the header has {self.width}{cut}")
            numbers.append(number)
        return numbers


def _parse(data: bytes, rows: _Rows) -> pl.DataFrame:
    marks = rows.marks
    # Polars passes over blank lines and a byte order mark where a file begins; a piece may begin with text like these.
    lead = _lead(rows.width, marks) if data.startswith((b"\n", b"\r", BYTE_ORDER_MARK)) else b""
    try:
        frame = pl.read_csv(
            lead + data if lead else data,
            has_header=False,
            schema={str(position): pl.String for position in range(rows.width)},
            infer_schema=False,
            separator=marks.delimiter,
            quote_char=marks.quote or None,
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        rows.one_by_one()
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise unreadable(f"the file can't be read as CSV: {reason}") from None
    return frame[1:] if lead else frame


def _lead(width: int, marks: Marks) -> bytes:
    """A record that is not blank."""
    return (_sign(marks) + marks.delimiter * (width - 1) + "\n").encode()


def _sign(marks: Marks) -> str:
    """One that has no meaning."""
    return next(sign for sign in "012" if sign not in (marks.delimiter, marks.quote))
