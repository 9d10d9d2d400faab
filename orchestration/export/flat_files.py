"""A table as Parquet, byte for byte as published, and as CSV: UTF-8, a header, a missing value is nothing at all.

Both carry every value exactly. Formats that know labels have modules of their own.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from orchestration.export.described import ExportTable
from orchestration.export.source import Source


def write_parquet(source: Source, table: ExportTable, file: Path) -> None:
    if table.published:
        shutil.copyfile(source.published_parquet(table), file)
    else:
        source.connection.execute(f"copy ({source.query(table)}) to '{file}' (format parquet, compression zstd)")


def write_csv(source: Source, table: ExportTable, file: Path) -> None:
    """Quoted where a comma, a quote or a line break asks for it; an empty text is "", so that it isn't missing."""
    source.connection.execute(f"copy ({source.query(table)}) to '{file}' (format csv, header true)")
