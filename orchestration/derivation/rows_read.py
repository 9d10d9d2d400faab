"""Which code read the rows that staging keeps from load to load (docs/adr/0011).

How a row reads hangs on the row, the seeds and the code, so a load reads the rows that are new; after a change of the
code every row is read again. Which rows are new is a question of SQL (macros/delivered.sql); here is only who read
them.
"""

from __future__ import annotations

import duckdb

from orchestration.derivation.unchanged import code_with_libraries


def read_by_this_code(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether all rows that staging keeps were read by the code that runs now."""
    try:
        row = connection.execute("select code from working.derivation.rows_read_by").fetchone()
    except duckdb.CatalogException:
        return False
    return row is not None and row[0] == code_with_libraries()


def forget_reader(connection: duckdb.DuckDBPyConnection) -> None:
    """Called before rows are read again: killed in between, some would be of the old code and some of the new."""
    connection.execute("drop table if exists working.derivation.rows_read_by")


def remember_reader(connection: duckdb.DuckDBPyConnection) -> None:
    """Called once every row has been read by the code that runs now."""
    connection.execute("create schema if not exists working.derivation")
    connection.execute(
        "create or replace table working.derivation.rows_read_by as select ? as code", [code_with_libraries()]
    )
