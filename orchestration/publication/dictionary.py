"""metadata.dictionary: one row per published table and column, with label, type, unit, origin and derivation.

The words come from the dbt YAML, and for tables that Python writes from their declaration or, where there is none, from
the comments they carry; the types come from the candidate itself, so the dictionary can't promise a type that isn't
there.
"""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from orchestration.publication.tables import described_tables

DICTIONARY_COLUMNS = {
    "table_schema": "Schema of the published table",
    "table_name": "Published table",
    "position": "Position of the column in its table; 0 for the table itself",
    "column_name": "Column; empty for the table itself",
    "label": "Short label, at most 40 characters",
    "data_type": "Type of the column as stored",
    "unit": "Unit of the values, where there is one",
    "origin": "Where the values come from: Collected, Derived, Assigned or Protocol",
    "derivation": "How the values come about, in a sentence",
    "description": "What the table or column means",
    "known_at": "When a value is known, of a column that a model may use: BASELINE, WEEK 4, ..., DATA CUT",
}

COLUMN_TYPES = {name: pl.Int32 if name == "position" else pl.String for name in DICTIONARY_COLUMNS}


def write_dictionary(connection: duckdb.DuckDBPyConnection, manifest: dict[str, Any] | None = None) -> int:
    """Write metadata.dictionary into the attached `candidate` and return its number of rows."""
    connection.execute("create schema if not exists candidate.metadata")
    connection.execute(
        """
        create or replace table candidate.metadata.dictionary (
            table_schema varchar not null, table_name varchar not null, position integer not null,
            column_name varchar, label varchar, data_type varchar, unit varchar,
            origin varchar, derivation varchar, description varchar, known_at varchar
        )
        """
    )
    _comment(connection)
    rows = _rows(connection, described_tables(manifest))
    # As a frame: a statement with a parameter per cell takes most of a second, one per row two.
    connection.register("dictionary_rows", pl.DataFrame(rows, schema=COLUMN_TYPES, orient="row"))
    connection.execute("insert into candidate.metadata.dictionary select * from dictionary_rows")
    connection.unregister("dictionary_rows")
    return len(rows)


def _comment(connection: duckdb.DuckDBPyConnection) -> None:
    table = "candidate.metadata.dictionary"
    connection.execute(f"comment on table {table} is 'One row per published table and column: label, type, meaning'")
    for column, description in DICTIONARY_COLUMNS.items():
        connection.execute(f"comment on column {table}.{column} is '{description}'")


def _rows(connection: duckdb.DuckDBPyConnection, models: dict[str, dict[str, Any]]) -> list[tuple[Any, ...]]:
    tables = connection.execute(
        "select schema_name, table_name, comment from duckdb_tables() where database_name = 'candidate' order by all"
    ).fetchall()
    columns = connection.execute(
        """
        select schema_name, table_name, column_index, column_name, data_type, comment
        from duckdb_columns() where database_name = 'candidate' order by all
        """
    ).fetchall()
    rows: list[tuple[Any, ...]] = []
    for schema, table, comment in tables:
        meta = models.get(f"{schema}.{table}", {}).get("config", {}).get("meta", {})
        rows.append((schema, table, 0, None, meta.get("label"), None, None, None, None, comment, None))
    for schema, table, position, column, data_type, comment in columns:
        node_column = models.get(f"{schema}.{table}", {}).get("columns", {}).get(column, {})
        meta = node_column.get("config", {}).get("meta") or node_column.get("meta") or {}
        words = (meta.get("label"), data_type, meta.get("unit"), meta.get("origin"), meta.get("derivation"))
        rows.append((schema, table, position, column, *words, comment, meta.get("known_at")))
    return sorted(rows, key=lambda row: (row[0], row[1], row[2]))
