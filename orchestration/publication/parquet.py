"""Each published table as a Parquet file, in key order: the same inputs give the same bytes.

The bytes are what "the same result" means in this project: their SHA-256 stand in the publication's manifest, and
the tests of reliability compare them. Rows that are asked for in an order are cut into the same groups by any number
of threads; a test holds DuckDB to it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import duckdb

from orchestration.publication.tables import PublishedTable


def write_parquet(database: Path, folder: Path, tables: list[PublishedTable]) -> dict[str, str]:
    """Write `folder`/<schema>/<table>.parquet for every table; returns the SHA-256 by 'schema.table'."""
    hashes: dict[str, str] = {}
    with duckdb.connect() as connection:
        connection.execute(f"attach '{database}' as published (read_only)")
        for table in tables:
            file = folder / table.schema / f"{table.name}.parquet"
            file.parent.mkdir(parents=True, exist_ok=True)
            order = ", ".join(table.key) or "all"
            connection.execute(
                f"copy (select * from published.{table.qualified_name} order by {order}) "
                f"to '{file}' (format parquet, compression zstd)"
            )
            hashes[table.qualified_name] = hashlib.sha256(file.read_bytes()).hexdigest()
    return hashes


def link_parquet(earlier: Path, folder: Path, sha256: dict[str, str]) -> dict[str, str]:
    """Put the files of an earlier publication, named by 'schema.table', into `folder` too; returns their SHA-256.

    A hard link where the file system has them: the same bytes under two names, and either can be deleted.
    """
    for name in sha256:
        schema, table = name.split(".")
        file = folder / schema / f"{table}.parquet"
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(earlier / schema / f"{table}.parquet", file)
        except OSError:
            shutil.copyfile(earlier / schema / f"{table}.parquet", file)
    return sha256
