"""Every value of a file as a row: subject, event, form, repeat, item, value.

Forms of ODM and REDCap know their subject, event and repeat. Of a flat table, whoever asks says in which columns
they stand; these are then no items.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from orchestration.ingestion.formats.columns import ROW
from orchestration.ingestion.formats.refusal import unreadable
from orchestration.ingestion.formats.tables import ReadAs, SourceTable, read_batches

LONG = ("subject", "event", "form", "repeat", "item", "value")
LONG_FORMATS = ("odm", "redcap")


@dataclass(frozen=True)
class KeyColumns:
    """Where a flat table says whom a row is about; a name that is not given is empty in every row."""

    subject: str | None = None
    event: str | None = None
    repeat: str | None = None


def long_frames(path: Path, read_as: ReadAs, keys: KeyColumns) -> Iterator[pl.DataFrame]:
    """The values, some hundred thousand at a time, in the order of the file's rows.

    Raises:
        FileRefusedError: it can't be read in this way, or a key column is not there.
    """
    if read_as.format in LONG_FORMATS:
        keys = KeyColumns("subject", "event", "repeat")
    for table in read_batches(path, read_as):
        yield _long(table, keys)


def _long(table: SourceTable, keys: KeyColumns) -> pl.DataFrame:
    by_name = {name.lower(): name for name in table.frame.columns if name != ROW}
    placed = {}
    for key in ("subject", "event", "repeat"):
        asked = getattr(keys, key)
        if asked is not None and asked.lower() not in by_name:
            raise unreadable(f"{table.name} has no column {asked!r} for the {key}, but {', '.join(by_name.values())}")
        placed[key] = by_name[asked.lower()] if asked is not None else None
    items = [name for name in by_name.values() if name not in placed.values()]
    order, at, item, value = "__order", "__at", "__item", "__value"
    columns = [
        pl.lit(None, dtype=pl.String).alias(f"__{k}") if n is None else pl.col(n).alias(f"__{k}")
        for k, n in placed.items()
    ]
    positions = {name: position for position, name in enumerate(items)}
    return (
        table.frame.with_columns(*columns)
        .with_row_index(order)
        .unpivot(on=items, index=[order, "__subject", "__event", "__repeat"], variable_name=item, value_name=value)
        .filter(pl.col(value).is_not_null())
        .with_columns(pl.col(item).replace_strict(positions, return_dtype=pl.Int32).alias(at))
        .sort(order, at)
        .select(
            pl.col("__subject").alias("subject"),
            pl.col("__event").alias("event"),
            pl.lit(table.name).alias("form"),
            pl.col("__repeat").alias("repeat"),
            pl.col(item).alias("item"),
            pl.col(value).cast(pl.String).alias("value"),
        )
    )
