"""What a page is: text, tables and counts, as Dagster can show them. What stands on a page is not said here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestration.review.pages.wording import cell

ROWS_SHOWN = 50  # of a table; Dagster shows all rows it is given, and keeps them every night

Row = Mapping[str, str | int | float]


@dataclass(frozen=True)
class Page:
    """One page. `text` is Markdown (GFM). `tables` are shown in the order of their names, as text and not as Markdown;
    none of them is empty: a table without rows is left out. `counts` are plotted over the nights."""

    text: str
    tables: Mapping[str, Sequence[Row]]
    counts: Mapping[str, int]


def with_rows(tables: Mapping[str, Sequence[Row]]) -> dict[str, Sequence[Row]]:
    """Those of the tables that have rows, each cell one line of bearable length."""
    return {name: [_shown(row) for row in rows] for name, rows in tables.items() if rows}


def _shown(row: Row) -> Row:
    return {name: cell(value) if isinstance(value, str) else value for name, value in row.items()}
