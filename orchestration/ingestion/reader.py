"""The reader of canonical CSV: bytes of one file in, one frame of text columns out, or the reason why not.

Here a site's dialect ends. Nothing is sniffed and nothing is typed: every value stays text, exactly as delivered,
save that a blank cell is a missing value. A file that is not whole is refused whole: Polars alone would fill a row
that was cut short with missing values, so the structure is checked on the bytes first.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from orchestration.ingestion.formats.columns import blank_is_missing, require_short_cells, require_unique, require_width
from orchestration.ingestion.formats.delimited import decoded, first_record, records
from orchestration.ingestion.formats.refusal import FileRefusedError as FileRefusedError
from orchestration.ingestion.formats.tables import Source, bytes_of
from orchestration.ingestion.forms import SUBJECT_COLUMN

LONGEST_LINE = 8 * 1024 * 1024
FIRST_RECORD_ROW = 2  # as a spreadsheet counts: the header is row 1


class ColumnsMissingError(FileRefusedError):
    """DEL03: `columns` (ours; theirs where the register names them) are not there; of `unused` nobody has a use."""

    def __init__(self, columns: Sequence[str], unused: Sequence[str], shown: Sequence[str], hint: str = "") -> None:
        self.columns = tuple(columns)
        self.unused = tuple(unused)
        noun = "column" if len(columns) == 1 else "columns"
        super().__init__("DEL03", f"required {noun} missing: {', '.join(shown)}{hint}")


@dataclass(frozen=True)
class FormContent:
    """What one file of a form holds.

    `frame` has the columns row (as a spreadsheet numbers it; several records may come from one row), those of the
    contract, and extra: the values of columns the contract does not know, as JSON. `unfinished_line` is the last line
    when no line break ends it. `delivered_rows` are the file's own where they may be others than ours.
    """

    frame: pl.DataFrame
    unknown_columns: tuple[str, ...] = ()
    unfinished_line: bytes | None = None
    delivered_rows: int | None = None

    @cached_property
    def rows(self) -> int:
        return self.frame.height

    @cached_property
    def subjects(self) -> int:
        return self.frame[SUBJECT_COLUMN].str.strip_chars().drop_nulls().n_unique()


def empty_content(columns: tuple[str, ...]) -> FormContent:
    """The content of a form that has no rows."""
    return FormContent(pl.DataFrame(schema={"row": pl.Int32, **dict.fromkeys((*columns, "extra"), pl.String)}))


def read_csv(data: Source, columns: tuple[str, ...]) -> FormContent:
    """Read a canonical CSV file of a form with these columns.

    Raises:
        FileRefusedError: DEL01 unreadable, DEL02 empty, DEL03 a required column is missing.
    """
    data, text = decoded(bytes_of(data))
    header = _header(text)
    _require(columns, header)
    body = records(data, len(header))[1:]
    require_short_cells(body, {str(position): name for position, name in enumerate(header)})
    unknown = tuple(name for name in header if name not in columns)
    content = body.select(
        "row",
        *(blank_is_missing(str(header.index(column))).alias(column) for column in columns),
        _extra(body, header, unknown),
    )
    return FormContent(content, unknown, unfinished_line(data) if content.height else None)


def unfinished_line(data: Source) -> bytes | None:
    """The last line of a text file when no line break ends it, in its own encoding."""
    end = _end_of(data)
    if ends_with_line_break(end) or not end:
        return None
    return end[end.rfind(b"\n") + 1 :]


def ends_with_line_break(data: Source) -> bool:
    """Of this machine, an old Mac, or a file in UTF-16 or UTF-32."""
    return _end_of(data)[-8:].rstrip(b"\x00").endswith((b"\n", b"\r"))


def _end_of(data: Source) -> bytes:
    """All of it; of a file, as much as any line has."""
    if isinstance(data, bytes):
        return data
    with data.open("rb") as file:
        file.seek(max(data.stat().st_size - LONGEST_LINE, 0))
        return file.read()


def _header(text: str) -> list[str]:
    """Column names in lower case; a column without a name is called by its position."""
    names = [cell.strip().lower() or f"column_{position}" for position, cell in enumerate(first_record(text), start=1)]
    require_width(len(names))
    require_unique(names)
    return names


def _require(columns: tuple[str, ...], header: list[str]) -> None:
    absent = [column for column in columns if column not in header]
    if not absent:
        return
    hint = ""
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        hint = "; the header is not separated by commas"
    raise ColumnsMissingError(absent, [name for name in header if name not in columns], absent, hint)


def _extra(body: pl.DataFrame, header: list[str], unknown: tuple[str, ...]) -> pl.Expr:
    """What stands in unknown columns, as JSON with sorted keys; a row that has nothing there has no extra."""
    if not unknown:
        return pl.lit(None, dtype=pl.String).alias("extra")
    names = sorted(unknown)
    values = body.select(blank_is_missing(str(header.index(name))).alias(name) for name in names)
    texts = []
    for row in values.iter_rows():
        known = {name: value for name, value in zip(names, row, strict=True) if value is not None}
        texts.append(json.dumps(known, ensure_ascii=False) if known else None)
    return pl.lit(pl.Series("extra", texts, dtype=pl.String)).alias("extra")
