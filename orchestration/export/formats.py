"""The formats of an export, in the order in which they are written: names, suffixes, and the function of each.

A format is added here and in docs/exports.md, which a test compares. How it looks belongs in a module of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.export.dataset_json import write_dataset_json
from orchestration.export.described import ExportTable
from orchestration.export.flat_files import write_csv, write_parquet
from orchestration.export.refusal import Replacement
from orchestration.export.source import Source
from orchestration.export.xpt import write_xpt


@dataclass(frozen=True)
class Request:
    """What was asked for beyond tables and formats."""

    ascii_only: bool = False
    with_define: bool = False


@dataclass(frozen=True)
class TableFormat:
    """A format with a file for every table. `write` writes one, and raises CannotCarryError where it can't."""

    suffix: str
    write: Callable[[Source, ExportTable, Path, Request], Sequence[Replacement]]


def _parquet(source: Source, table: ExportTable, file: Path, _: Request) -> Sequence[Replacement]:
    write_parquet(source, table, file)
    return ()


def _csv(source: Source, table: ExportTable, file: Path, _: Request) -> Sequence[Replacement]:
    write_csv(source, table, file)
    return ()


def _xpt(source: Source, table: ExportTable, file: Path, request: Request) -> Sequence[Replacement]:
    return write_xpt(source, table, file, ascii_only=request.ascii_only)


def _json(source: Source, table: ExportTable, file: Path, request: Request) -> Sequence[Replacement]:
    write_dataset_json(source, table, file, with_define=request.with_define)
    return ()


TABLE_FORMATS = {
    "parquet": TableFormat("parquet", _parquet),
    "csv": TableFormat("csv", _csv),
    "xpt": TableFormat("xpt", _xpt),
    "json": TableFormat("json", _json),
}
DEFINE = "define"
FORMATS = (*TABLE_FORMATS, DEFINE)
DESCRIBED_FIRST = ("xpt", "json", "parquet", "csv")
"""define.xml names one file of a table: that of the first of these formats it was written in."""
