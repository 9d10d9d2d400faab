"""What `mrbs query` makes of an answer: a table on the terminal, or CSV, Markdown or Parquet to take away.

CSV and Markdown go to a file, or alone to standard output, so that they can be piped. CSV and Parquet are written by
DuckDB itself: dates and decimals stay what they are.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.terminal import table

if TYPE_CHECKING:
    import duckdb
    from rich.console import Console

FORMATS = ("table", "csv", "parquet", "markdown")
NUMERIC = re.compile(r"(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DECIMAL\(\d+,\s?\d+\)|FLOAT|DOUBLE)$")
# What would end a cell or a line, or begin markup, in a table of Markdown (GFM).
MARKUP = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_{}[]<>|~#&"})


def print_table(console: Console, answer: duckdb.DuckDBPyRelation) -> None:
    """The rows as a table, and how many there are."""
    rows = answer.fetchall()
    console.print(table("", answer.columns, rows, fold_all=True))
    console.print(f"{len(rows):,} rows")


def write_answer(answer: duckdb.DuckDBPyRelation, wanted: str, out: Path | None) -> None:
    """Write the rows in this format, to a file or to standard output.

    Raises:
        ValueError: no such format, or one that can't be written there.
    """
    if wanted not in FORMATS:
        raise ValueError(f"there is no format {wanted!r}; there are {', '.join(FORMATS)}")
    if wanted == "table":
        raise ValueError("a table is for the terminal; --out takes --format csv, parquet or markdown")
    if wanted == "parquet" and out is None:
        raise ValueError("Parquet is no text: say with --out which file to write")
    write: Callable[[Path], object] = {
        "csv": lambda path: answer.write_csv(str(path), header=True),
        "parquet": lambda path: answer.write_parquet(str(path)),
        "markdown": lambda path: path.write_text(markdown(answer), encoding="utf-8"),
    }[wanted]
    if out is not None:
        _replace(out, write)
        return
    with tempfile.TemporaryDirectory() as folder:
        _replace(Path(folder) / "answer", write)
        sys.stdout.write((Path(folder) / "answer").read_text(encoding="utf-8"))


def markdown(answer: duckdb.DuckDBPyRelation) -> str:
    """A table in Markdown (GFM), numbers right-aligned; a value is one line of plain text, whatever it is."""
    rule = ["---:" if NUMERIC.match(str(data_type)) else "---" for data_type in answer.types]
    rows = [[_plain(cell) for cell in row] for row in answer.fetchall()]
    lines = [[_plain(name) for name in answer.columns], rule, *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _plain(value: object) -> str:
    if value is None:
        return ""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in str(value)).split())
    return line.translate(MARKUP)


def _replace(out: Path, write: Callable[[Path], object]) -> None:
    """Written beside and renamed: a file that is there is whole."""
    partial = out.with_name(f".{out.name}.partial")
    try:
        write(partial)
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
