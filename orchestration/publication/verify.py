"""Is the candidate whole? Asked of the closed file, through a connection of its own, before anyone can open it.

Whether its values are right is asked by the rules in validation; here it is only whether what was built is there.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.publication.tables import PublishedTable


class VerificationError(RuntimeError):
    """The candidate lacks a table, a column or a key; the last publication stays in place."""


def verify(
    database: Path, tables: list[PublishedTable], already_verified: frozenset[str] = frozenset()
) -> dict[str, int]:
    """Row counts by 'schema.table' of a closed database file. The keys of those `already_verified`, because they were
    taken over from a publication, are not looked at again.

    Raises:
        VerificationError: a table or column is missing, or a key is not unique; names every fault found.
    """
    faults: list[str] = []
    counts: dict[str, int] = {}
    with duckdb.connect() as connection:
        connection.execute(f"attach '{database}' as candidate (read_only)")
        for table in tables:
            found = _columns(connection, table)
            if not found:
                faults.append(f"{table.qualified_name} is missing")
                continue
            if table.columns and tuple(found) != table.columns:
                faults.append(f"{table.qualified_name} has columns {found}, its contract says {list(table.columns)}")
                continue
            counts[table.qualified_name] = _count(connection, table)
            if table.qualified_name in already_verified:
                continue
            if table.key and _repeated_keys(connection, table):
                faults.append(f"{table.qualified_name} has more than one row for a key ({', '.join(table.key)})")
    if faults:
        raise VerificationError(f"{database.name} was not published: " + "; ".join(faults))
    return counts


def _columns(connection: duckdb.DuckDBPyConnection, table: PublishedTable) -> list[str]:
    rows = connection.execute(
        """
        select column_name from duckdb_columns()
        where database_name = 'candidate' and schema_name = ? and table_name = ? order by column_index
        """,
        [table.schema, table.name],
    ).fetchall()
    return [row[0] for row in rows]


def _count(connection: duckdb.DuckDBPyConnection, table: PublishedTable) -> int:
    row = connection.execute(f"select count(*) from candidate.{table.qualified_name}").fetchone()
    return row[0] if row else 0


def _repeated_keys(connection: duckdb.DuckDBPyConnection, table: PublishedTable) -> bool:
    key = ", ".join(table.key)
    query = f"select 1 from candidate.{table.qualified_name} group by {key} having count(*) > 1 limit 1"
    return connection.execute(query).fetchone() is not None
