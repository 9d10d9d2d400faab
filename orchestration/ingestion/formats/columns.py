"""Columns on their way into a table: how they are called, what counts as missing, and how much they may hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from orchestration.ingestion.formats import limits
from orchestration.ingestion.formats.refusal import unreadable
from orchestration.ingestion.formats.tables import Kind, SourceTable

ROW = "row"


def column_names(cells: Sequence[str | None]) -> list[str]:
    """The names in a header, without blanks around them; a column without a name is called by its position.

    Raises:
        FileRefusedError: a name comes twice, whatever its case, or there are absurdly many.
    """
    require_width(len(cells))
    names = [(cell or "").strip() or f"column_{position}" for position, cell in enumerate(cells, start=1)]
    # What Polars takes for a pattern, and the column of row numbers, are called a little otherwise.
    names = [name + "_" if name.lower() == ROW or name == "*" or name.startswith("^") else name for name in names]
    require_unique(names)
    return names


def require_unique(names: Sequence[str]) -> None:
    """Case is no difference between columns: neither sites nor SAS see one."""
    seen: set[str] = set()
    repeated: set[str] = set()
    for name in map(str.lower, names):
        (repeated if name in seen else seen).add(name)
    if repeated:
        shown = ", ".join(sorted(repeated)[:10])
        raise unreadable(f"the header names a column more than once: {shown}")


def require_width(columns: int) -> None:
    if columns > limits.COLUMNS:
        raise unreadable(f"{columns:,} columns are more than the {limits.COLUMNS:,} a file may have")


def require_cells(rows: int, columns: int) -> None:
    """Before a compressed table is unpacked."""
    if rows * max(columns, 1) > limits.TABLE_CELLS:
        raise unreadable(f"{rows:,} rows of {columns:,} columns are more than a file may unpack to")


def require_short_cells(frame: pl.DataFrame, called: Mapping[str, str] | None = None) -> None:
    """Refuse a value that no form takes: a cell of megabytes is a file gone astray. `called` are the columns' names
    where the frame has others."""
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    if not texts or not frame.height:
        return
    longest = frame.select(pl.col(texts).str.len_bytes().max()).row(0)
    for name, length in zip(texts, longest, strict=True):
        if length is not None and length > limits.CELL_BYTES:
            name = (called or {}).get(name, name)
            raise unreadable(f"a value in column {name} has {length:,} bytes; {limits.CELL_BYTES:,} are allowed")


def blank_is_missing(column: str) -> pl.Expr:
    return pl.when(pl.col(column).str.strip_chars() != "").then(pl.col(column))


def table_of(
    name: str,
    columns: Mapping[str, pl.Series],
    rows: Iterable[int] | pl.Series,
    labels: Mapping[str, str] | None = None,
    kinds: Mapping[str, Kind] | None = None,
) -> SourceTable:
    """The table of these columns of text, of equal length, and the numbers of their rows."""
    frame = pl.DataFrame({ROW: pl.Series(ROW, rows, dtype=pl.Int32), **columns})
    require_short_cells(frame)
    frame = frame.with_columns(blank_is_missing(column).alias(column) for column in columns)
    return SourceTable(name, frame, labels or {}, kinds or {})
