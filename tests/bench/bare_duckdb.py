"""The least that could be done: DuckDB reads the night's files with their dialect given, and runs the compiled SQL.

No archive, no history, no checks, no second derivation, no publication, no Dagster and no dbt. Run as
`python -m tests.bench.bare_duckdb LANDING NIGHT FOLDER`; prints, as JSON, how many seconds reading took, and both.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import duckdb

from tests.support.compiled import compiled_models, run, seed_file
from tests.support.dbt import BOOKKEEPING, HISTORY, form_columns


def read_files(connection: duckdb.DuckDBPyConnection, landing: Path, night: str) -> None:
    """The schema raw, as one load of these files would have left it."""
    connection.execute("create schema raw")
    for table, columns in BOOKKEEPING.items():
        connection.execute(f"create table raw.{table} ({columns})")
    for form, names in form_columns().items():
        text = ", ".join(f"{name} varchar" for name in names)
        connection.execute(f"create table raw.{form} (row_id varchar, siteid varchar, {text}, {HISTORY})")
        files = sorted(str(file) for file in landing.glob(f"*/{night}/{form}.csv"))
        types = "{" + ", ".join(f"'{name}': 'varchar'" for name in names) + "}"
        connection.execute(
            f"""
            create temp table arrived as
            select *, split_part(filename, '/', -3) as siteid, row_number() over () as line
            from read_csv($files, columns = {types}, auto_detect = false, header = true, delim = ',', quote = '"',
                escape = '"', nullstr = '', filename = true)
            """,
            {"files": files},
        )
        connection.execute(
            f"""
            insert into raw.{form} by name
            select '{form}-' || line as row_id, siteid, {", ".join(names)}, date '{night}' as opened, '1' as opened_load
            from arrived
            """
        )
        connection.execute(
            f"""
            insert into raw.positions
            select
                '{form}', siteid, '{form}-' || line,
                '{night}', filename, 'sha', line,
                '{night}', filename, 'sha', line
            from arrived
            """
        )
        connection.execute(
            f"""
            insert into raw.in_force
            select siteid, '{form}', '{night}', any_value(filename), 'sha', count(*), count(distinct subjid)
            from arrived group by siteid
            """
        )
        connection.execute("drop table arrived")
    connection.execute(f"insert into raw.loads values ('1', date '{night}', now()::timestamp, 'bench', 'STARTED')")


def main(landing: Path, night: str, folder: Path) -> None:
    folder.mkdir(parents=True)
    models, seeds = compiled_models(), seed_file()
    with duckdb.connect(str(folder / "working.duckdb")) as connection:
        connection.execute(f"attach '{folder / 'candidate.duckdb'}' as candidate")
        connection.execute(f"attach '{seeds}' as seeds (read_only)")
        started = time.monotonic()
        read_files(connection, landing, night)
        read = time.monotonic()
        for catalog, schema in sorted({(model.catalog, model.schema) for model in models}):
            connection.execute(f"create schema {catalog}.{schema}")
        connection.execute("create schema protocol")
        for (table,) in connection.execute(
            "select table_name from duckdb_tables() where database_name = 'seeds'"
        ).fetchall():
            connection.execute(f"create table protocol.{table} as from seeds.protocol.{table}")
        run(connection, models)
    print(json.dumps({"read": read - started, "read_and_derived": time.monotonic() - started}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
