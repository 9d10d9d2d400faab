"""Where a violation stands: the file and the row of the latest delivery that held its record.

Also the place where several violations of one rule, record and field become one: copies of a row are one defect.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from validation.outcome import RuleOutcome
from validation.sentences import with_position

if TYPE_CHECKING:
    import duckdb

RECORD_AND_FIELD = ("siteid", "form", "record_key", "field")


def with_positions(connection: duckdb.DuckDBPyConnection, outcomes: list[RuleOutcome]) -> list[RuleOutcome]:
    """The outcomes with source_file and source_row beside every violation, and both at the end of its message."""
    failed = [outcome.violations.select("row_id") for outcome in outcomes if outcome.violations.height]
    positions = _positions(connection, pl.concat(failed).unique().drop_nulls() if failed else None)
    return [replace(outcome, violations=_placed(outcome.violations, positions)) for outcome in outcomes]


def _placed(violations: pl.DataFrame, positions: pl.DataFrame) -> pl.DataFrame:
    if violations.is_empty():
        return violations.with_columns(positions.drop("row_id").clear())
    placed = (
        violations.join(positions, on="row_id", how="left")
        .sort(*RECORD_AND_FIELD, "source_row", "row_id", nulls_last=True, maintain_order=True)
        .unique(RECORD_AND_FIELD, keep="first", maintain_order=True)
    )
    messages = [
        with_position(message, source_file, source_row)
        for message, source_file, source_row in placed.select("message", "source_file", "source_row").iter_rows()
    ]
    return placed.with_columns(pl.Series("message", messages, dtype=pl.String))


def _positions(connection: duckdb.DuckDBPyConnection, row_ids: pl.DataFrame | None) -> pl.DataFrame:
    import duckdb

    nowhere = pl.DataFrame(schema={"row_id": pl.String, "source_file": pl.String, "source_row": pl.Int32})
    if row_ids is None:
        return nowhere
    connection.register("violating_rows", row_ids.to_arrow())
    try:
        return connection.execute(
            """
            select
                positions.row_id,
                any_value(positions.latest_file) as source_file,
                cast(any_value(positions.latest_row) as integer) as source_row
            from working.raw.positions as positions
            inner join violating_rows on positions.row_id = violating_rows.row_id
            group by positions.row_id
            """
        ).pl()
    except (duckdb.CatalogException, duckdb.BinderException):
        return nowhere  # no raw history at all: nothing to point at
    finally:
        connection.unregister("violating_rows")
