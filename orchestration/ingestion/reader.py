"""The reader of canonical CSV: bytes of one file in, one frame of text columns out, or the reason why not.

Here a site's dialect ends. Nothing is sniffed and nothing is typed: every value stays text, exactly as delivered,
save that a blank cell is a missing value. A file that is not whole is refused whole: Polars alone would fill a row
that was cut short with missing values, so the structure is checked on the bytes first.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from orchestration.ingestion.formats.columns import blank_is_missing, require_short_cells, require_unique, require_width
from orchestration.ingestion.formats.delimited import decoded, first_record, records
from orchestration.ingestion.formats.refusal import FileRefusedError as FileRefusedError
from orchestration.ingestion.forms import SUBJECT_COLUMN

FIRST_RECORD_ROW = 2  # as a spreadsheet counts: the header is row 1


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
    data, text = decoded(data)
    header = _header(text)
    _require(columns, header)
    body = records(data, len(header))[1:]
    require_short_cells(body)
    unknown = tuple(name for name in header if name not in columns)
    content = body.select(
        "row",
        *(blank_is_missing(str(header.index(column))).alias(column) for column in columns),
        _extra(body, header, unknown),
    )
    ended = data.endswith(b"\n")
    return FormContent(content, unknown, None if ended or not content.height else data[data.rindex(b"\n") + 1 :])


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
    noun = "column" if len(absent) == 1 else "columns"
    raise FileRefusedError("DEL03", f"required {noun} missing: {', '.join(absent)}{hint}")


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
