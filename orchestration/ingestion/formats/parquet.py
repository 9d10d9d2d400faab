"""Parquet: one table, whose typed columns become the text a canonical file would have held.

PyArrow reads the file: Polars believes what a damaged page says of its length, and ends the process when it can't have
so much memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import polars as pl

from orchestration.ingestion.formats.columns import column_names, require_cells, require_width, table_of
from orchestration.ingestion.formats.refusal import unreadable
from orchestration.ingestion.formats.tables import Kind, ReadAs, Source, SourceTable, bytes_of, table_name
from orchestration.ingestion.formats.texts import number_series, value_text

MAGIC = b"PAR1"


def read(source: Source, read_as: ReadAs) -> Iterator[SourceTable]:
    import pyarrow.parquet

    data = bytes_of(source)
    if not data.startswith(MAGIC) or not data.endswith(MAGIC):
        raise unreadable("it does not begin and end as a Parquet file does: it is none, or was cut short")
    # In this thread alone: threads that meet a damaged page were still running when the process ended, and aborted it.
    file = pyarrow.parquet.ParquetFile(pyarrow.BufferReader(data), pre_buffer=False)
    require_width(file.metadata.num_columns)
    require_cells(file.metadata.num_rows, file.metadata.num_columns)
    names = column_names(file.schema_arrow.names)
    frame = cast("pl.DataFrame", pl.from_arrow(file.read(use_threads=False)))
    kinds = {name: _kind(column.dtype, column.name) for name, column in zip(names, frame.iter_columns(), strict=True)}
    columns = {name: _as_text(column) for name, column in zip(names, frame.iter_columns(), strict=True)}
    yield table_of(table_name(source, read_as), columns, range(2, frame.height + 2), kinds=kinds)


def _kind(dtype: pl.DataType, column: str) -> Kind:
    if dtype.is_numeric():
        return "number"
    if dtype in (pl.Date, pl.Datetime, pl.Time):
        return "date" if dtype == pl.Date else "datetime" if dtype == pl.Datetime else "time"
    if dtype == pl.Duration:
        return "time"
    if dtype.is_nested() or dtype in (pl.Binary, pl.Object):
        raise unreadable(f"column {column} holds {dtype}, which is no single value")
    return "text"


def _as_text(values: pl.Series) -> pl.Series:
    if values.dtype.is_integer() or values.dtype in (pl.String, pl.Categorical, pl.Enum, pl.Date, pl.Null, pl.Boolean):
        return values.cast(pl.String)
    if values.dtype == pl.Float32:
        return number_series(values)
    if values.dtype.is_float():
        return number_series(values)
    return pl.Series([value_text(value) for value in values], dtype=pl.String)
