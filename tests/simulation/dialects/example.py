"""A small site to write: one that was simulated, and single tables made by hand."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from orchestration.ingestion.formats.tables import ReadAs, SourceTable, read_tables
from simulation import simulate
from simulation.dialects.dialect import Dialect, Forms, Night, Table
from tests.simulation.reading import SEEDS, read

NIGHT = Night("S01", date(2026, 6, 30))
READ_AS = ("format", "encoding", "delimiter", "skip_lines", "header_rows", "header")


def simulated(folder: Path, clean: bool = True, subjects: int = 12) -> dict[str, Table]:
    """The forms of a simulated site as its canonical CSV holds them."""
    trial = simulate(folder, sites=1, subjects=subjects, seed=7, clean=clean)
    forms = {}
    for file in sorted((trial.landing / "S01").glob("*/*.csv")):
        with file.open(encoding="utf-8", newline="") as text:
            header, *rows = list(csv.reader(text))
        forms[file.stem] = Table(header, rows)
    return forms


@cache
def types() -> dict[tuple[str, str], str]:
    """The contract's type of each column."""
    return {(row["form"], row["column_name"]): row["type"] for row in read(SEEDS / "form_columns.csv")}


def read_back(dialect: Dialect, forms: Forms) -> Iterator[tuple[str, SourceTable]]:
    """Every table of every file, as the readers see it, with the name of its file."""
    entry = dialect.entry()
    read_as = ReadAs(**{key: entry[key] for key in READ_AS if key in entry})
    for name, file in dialect.write(forms, NIGHT).items():
        yield from ((name, table) for table in read_tables(file.content, read_as))


def rows_of(table: SourceTable) -> list[tuple[str | None, ...]]:
    """The records without the number of their row."""
    return table.frame.drop("row").rows()


def same_value(form: str, column: str, expected: str, found: str | None) -> bool:
    """Numbers are the same when they are equal, everything else when every character is."""
    if expected and found and expected != found and types().get((form, column)) in ("integer", "decimal"):
        return Decimal(expected) == Decimal(found)
    return (found or "") == expected
