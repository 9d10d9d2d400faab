"""The publication that is exported: its tables as they stand in its file, in key order, however many loads come after.

What belongs here: finding the current publication, holding its file open, and refusing one that the dbt YAML at hand
does not describe. What does not: anything about a format.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.export.described import ExportTable
from orchestration.publication.publish import CURRENT, FILE, MANIFEST
from orchestration.summary import open_published


@dataclass(frozen=True)
class Source:
    """One publication, open for reading. `made_at` is when its load began: every date in an export's files is this one,
    so that the same publication gives the same bytes."""

    load_id: str
    folder: Path
    made_at: datetime
    code_version: str
    connection: duckdb.DuckDBPyConnection

    def query(self, table: ExportTable, columns: str = "*") -> str:
        return f"select {columns} from {table.schema}.{table.name} order by {', '.join(table.key)}"

    def row_count(self, table: ExportTable) -> int:
        row = self.connection.execute(f"select count(*) from {table.schema}.{table.name}").fetchone()
        return int(row[0]) if row else 0

    def text_lengths(self, table: ExportTable) -> dict[str, int]:
        """The characters of the longest value of each text column; 1 where there is none, as no format has a width
        of 0."""
        texts = [column.name for column in table.columns if column.kind == "text"]
        longest = ", ".join(f"greatest(coalesce(max(length({name})), 1), 1)" for name in texts)
        row = self.connection.execute(f"select {longest} from {table.schema}.{table.name}").fetchone()
        assert row is not None
        return dict(zip(texts, row, strict=True))

    def published_parquet(self, table: ExportTable) -> Path:
        """The table's Parquet file as it was published.

        Raises:
            RuntimeError: its bytes are not those that the publication's manifest names.
        """
        file = self.folder / "parquet" / "analysis" / f"{table.name}.parquet"
        said = json.loads((self.folder / MANIFEST).read_text())["tables"][f"analysis.{table.name}"]["sha256"]
        if sha256_of(file) != said:
            raise RuntimeError(f"{file} is not what was published: its SHA-256 is not that of {MANIFEST}.")
        return file


def sha256_of(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@contextmanager
def open_current(warehouse: Path, tables: list[ExportTable]) -> Iterator[Source]:
    """The publication that is current now, also when a load publishes another one meanwhile.

    Raises:
        FileNotFoundError: nothing has been published yet.
        RuntimeError: it holds other columns than the dbt YAML describes.
    """
    folder = (warehouse / CURRENT).resolve()
    with open_published(folder / FILE if folder.is_dir() else warehouse / FILE) as connection:
        for table in tables:
            _require_described_columns(connection, table)
        load_id = folder.name
        yield Source(
            load_id=load_id,
            folder=folder,
            made_at=datetime.strptime(load_id.partition("-")[0], "%Y%m%dT%H%M%S"),
            code_version=_code_version(connection),
            connection=connection,
        )


def _require_described_columns(connection: duckdb.DuckDBPyConnection, table: ExportTable) -> None:
    found: list[tuple[Any, ...]] = connection.execute(
        """
        select column_name, lower(data_type) from duckdb_columns()
        where database_name = 'mrbs' and schema_name = ? and table_name = ? order by column_index
        """,
        [table.schema, table.name],
    ).fetchall()
    described = [(column.name, column.data_type.lower().replace(" ", "")) for column in table.columns]
    if found != described:
        different = sorted({name for name, _ in set(found) ^ set(described)}) or ["their order"]
        raise RuntimeError(
            f"analysis.{table.name} was published with other columns than this version of MRBS describes "
            f"({', '.join(different)}). Load once with this version, then export."
        )


def _code_version(connection: duckdb.DuckDBPyConnection) -> str:
    row = connection.execute("select code_version from metadata.run").fetchone()
    return str(row[0]) if row and row[0] else "unknown"
