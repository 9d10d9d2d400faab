"""What every reader gives and takes: a table of text, how the register says a file is to be read, and the way in.

`read_tables` sends a file to the reader of its format. Nothing is sniffed while loading: what `ReadAs` says holds, and
a file that does not fit it is refused.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Literal, cast

import polars as pl

from orchestration.ingestion.formats.refusal import empty, refusing, unreadable

Kind = Literal["text", "number", "date", "datetime", "time"]
Source = Path | bytes

# Format, as the register names it: what a person calls it, and the module that reads it.
FORMATS = {
    "csv": ("CSV", "csv_file"),
    "xlsx": ("an Excel workbook", "xlsx"),
    "xpt": ("a SAS transport file", "xpt"),
    "sas7bdat": ("a SAS data set", "sas7bdat"),
    "parquet": ("Parquet", "parquet"),
    "dataset-json": ("Dataset-JSON", "dataset_json"),
    "odm": ("ODM-XML", "odm"),
    "redcap": ("a REDCap CSV", "redcap"),
}
# Read by a library in C, and so in a process of its own.
APART = ("xpt", "sas7bdat")


@dataclass(frozen=True)
class SourceTable:
    """One sheet, data set or form of a file.

    `frame` has the column row (the number a person finds the record by: the row of the spreadsheet, the record's
    number plus one where there is no header, in ODM the form's number from the top) and every source column as text,
    exactly as delivered, empty as null. A source column that is called row itself is called row_ here.
    """

    name: str
    frame: pl.DataFrame
    labels: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadAs:
    """How a file is to be read. The defaults are the canonical CSV; what a format has no use for is ignored."""

    format: str = "csv"
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'  # nothing: quotes are text
    decimal: Literal[".", ","] = "."  # noted for whoever types the values; text stays as it is
    skip_lines: int = 0  # lines (rows of a sheet) before the header
    header_rows: int = 1
    header: Literal["joined", "last"] = "joined"  # two header rows: their names joined with a blank, or the last row's
    sheet: str | None = None  # only this sheet, member data set or form; default all
    among: frozenset[str] | None = None  # of a workbook, only sheets called so (in lower case); default all
    dictionary: Path | None = None  # REDCap's data dictionary (CSV): which field is on which form
    name: str | None = None  # what the table is called where the format names none; default the file's stem

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            raise ValueError(f"format {self.format!r} is none of {', '.join(FORMATS)}")
        try:
            codec = codecs.lookup(self.encoding)
            "".encode(self.encoding)  # hex, zip and the like are codecs, but none of text
        except (LookupError, TypeError, ValueError):
            raise ValueError(f"encoding {self.encoding!r} is not known; for example utf-8, cp1252, gb18030") from None
        if codec.name.replace("-", "_") in ("undefined", "idna", "punycode", "unicode_escape", "raw_unicode_escape"):
            raise ValueError(f"encoding {self.encoding!r} is no encoding of files")
        if len(self.delimiter) != 1 or not self.delimiter.isascii() or self.delimiter in "\r\n\x00":
            raise ValueError(f"the delimiter must be one ASCII character, not {self.delimiter!r}")
        if self.quote and (len(self.quote) != 1 or not self.quote.isascii() or self.quote in "\r\n\x00"):
            raise ValueError(f"the quote must be one ASCII character, or empty for none, not {self.quote!r}")
        if self.quote == self.delimiter:
            raise ValueError("delimiter and quote can't be the same character")
        if self.decimal not in (".", ","):
            raise ValueError(f"the decimal sign must be . or , and not {self.decimal!r}")
        if self.skip_lines < 0:
            raise ValueError(f"skip_lines must be 0 or more, not {self.skip_lines}")
        if self.header_rows not in (1, 2):
            raise ValueError(f"header_rows must be 1 or 2, not {self.header_rows}")
        if self.header not in ("joined", "last"):
            raise ValueError(f"header must be joined or last, not {self.header!r}")


def read_tables(source: Source, read_as: ReadAs) -> Iterator[SourceTable]:
    """Every table of a file, one after the other.

    Raises:
        FileRefusedError: DEL01 it can't be read as what `read_as` says, DEL02 there is nothing in it. Nothing else.
    """
    yield from _read(source, read_as, in_batches=False)


def read_batches(source: Source, read_as: ReadAs) -> Iterator[SourceTable]:
    """The same rows in tables that may be parts: a name comes back, with more rows, and may lack columns.

    For files of any size: ODM and CSV are never held as a whole. Other formats come as they do from `read_tables`.

    Raises:
        FileRefusedError: as `read_tables`, but maybe only after the first batches.
    """
    yield from _read(source, read_as, in_batches=True)


def _read(source: Source, read_as: ReadAs, in_batches: bool) -> Iterator[SourceTable]:
    what, module = FORMATS[read_as.format]
    with refusing(what):
        if read_as.format in APART:
            reader = import_module("orchestration.ingestion.formats.apart")
            read = reader.read_apart
        else:
            reader = import_module(f"orchestration.ingestion.formats.{module}")
            read = getattr(reader, "read_in_batches", reader.read) if in_batches else reader.read
        yield from cast("Iterator[SourceTable]", read(source, read_as))


def bytes_of(source: Source) -> bytes:
    """All of a file. Refused: a folder, a file of no bytes."""
    if isinstance(source, Path):
        _require_file(source)
        source = source.read_bytes()
    if not source:
        raise empty("the file is empty: it has no bytes")
    return source


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """A file to be read piece by piece. Refused: a folder, a file of no bytes."""
    if isinstance(source, bytes):
        yield io.BytesIO(bytes_of(source))
        return
    _require_file(source)
    if source.stat().st_size == 0:
        raise empty("the file is empty: it has no bytes")
    with source.open("rb") as file:
        yield file


def table_name(source: Source, read_as: ReadAs) -> str:
    """The name of a table whose format gives it none."""
    return read_as.name or (source.stem if isinstance(source, Path) else "table")


def _require_file(path: Path) -> None:
    if path.is_dir():
        raise unreadable("it is a folder, not a file")
    if not path.is_file():  # a pipe or a device would be waited for, for ever
        raise unreadable("there is no such file" if not path.exists() else "it is no ordinary file")
