"""Rows that stand for something else than one of our records: one value a row, or many results a row.

Whole frames in, whole frames out; which column means what is matched in `sources`. `row` stays the number of the row
that a record came from, the first one where it came from several.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from orchestration.ingestion.dialects.sources import Sources
from orchestration.ingestion.formats.columns import ROW
from orchestration.ingestion.formats.refusal import unreadable
from orchestration.ingestion.site_entries import ItemsEntry, RowsEntry

ORDER, TWIN = "__order", "__twin"


def items_to_columns(frame: pl.DataFrame, items: ItemsEntry) -> pl.DataFrame:
    """One record for the rows that agree in all but the item and its value; each item becomes a column.

    An item that comes twice for the same record opens a second one: which of two values holds is not decided here.

    Raises:
        FileRefusedError: DEL01, there are no such columns, or an item is called like a column.
    """
    names = {name.lower(): name for name in frame.columns}
    missing = [name for name in (items.item, items.value) if name.lower() not in names]
    if missing:
        raise unreadable(f"it has no column {' and no column '.join(missing)}, where the register says items stand")
    item, value = names[items.item.lower()], names[items.value.lower()]
    by = [name for name in frame.columns if name not in (ROW, item, value)]
    called = {text.lower(): text for text in frame[item].str.strip_chars().drop_nulls().unique().sort()}
    clash = called.keys() & {name.lower() for name in (*by, ROW)}
    if clash:
        raise unreadable(f"an item is called like a column: {', '.join(sorted(clash))}")
    nameless = frame.filter(pl.col(item).str.strip_chars().replace("", None).is_null() & pl.col(value).is_not_null())
    if nameless.height:
        raise unreadable(f"row {nameless[ROW][0]} has a value in {value} and no item in {item}")
    numbered = frame.with_columns(pl.col(item).str.strip_chars().str.to_lowercase()).with_columns(
        pl.int_range(pl.len()).over(*by, item).alias(TWIN)
    )
    keys = numbered.group_by(*by, TWIN, maintain_order=True).agg(pl.col(ROW).min())
    wide = numbered.drop_nulls(item).pivot(on=item, index=[*by, TWIN], values=value, aggregate_function="first")
    joined = keys.join(wide, on=[*by, TWIN], how="left", nulls_equal=True, maintain_order="left")
    return joined.drop(TWIN).rename({low: name for low, name in called.items() if low in joined.columns})


def columns_to_rows(
    frame: pl.DataFrame,
    values: Sequence[Mapping[str, pl.Series]],
    entries: Sequence[RowsEntry],
    sources: Sequence[Sources],
) -> tuple[list[pl.DataFrame], list[pl.Series]]:
    """For each entry of `rows`, the records that it makes, and which rows of theirs they came from (as a mask): those
    in which at least one of its own columns is filled."""
    made, masks = [], []
    for columns, entry, source in zip(values, entries, sources, strict=True):
        own = [source.theirs[ours] for ours in entry.columns.values() if ours in source.theirs]
        mask = frame.select(pl.any_horizontal(pl.col(own).is_not_null())).to_series() if own else _none(frame.height)
        made.append(pl.DataFrame(dict(columns)).filter(mask))
        masks.append(mask)
    return made, masks


def _none(height: int) -> pl.Series:
    return pl.repeat(value=False, n=height, dtype=pl.Boolean, eager=True)
