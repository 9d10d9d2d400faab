"""docs/ten-questions.md as a test sees it: its blocks by question and language, run as they stand there, and
answers in a form in which four languages can be compared.

What is expected of the answers belongs in test_ten_questions.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from numbers import Real
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl

PAGE = (Path(__file__).parents[2] / "docs" / "ten-questions.md").read_text(encoding="utf-8")
SECTIONS = re.split(r"^## ", PAGE, flags=re.MULTILINE)
LANGUAGES = ("sql", "python polars", "python pandas", "r")

Answer = list[dict[str, Any]]


def blocks(section: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", section, flags=re.DOTALL)


def opening(language: str) -> list[str]:
    (section,) = [section for section in SECTIONS if section.startswith("Opening")]
    return blocks(section, language)


def questions() -> dict[int, dict[str, str]]:
    """Of each question, its one block in each language."""
    found = {int(match[1]): section for section in SECTIONS if (match := re.match(r"(\d+)\. ", section))}
    answered: dict[int, dict[str, str]] = {}
    for number, section in found.items():
        each = {language: blocks(section, language) for language in LANGUAGES}
        assert {language: len(of) for language, of in each.items()} == dict.fromkeys(LANGUAGES, 1), number
        answered[number] = {language: of[0] for language, of in each.items()}
    return answered


@contextmanager
def opened(warehouse: Path) -> Iterator[dict[str, Any]]:
    """What the page's opening in Python leaves, for its other blocks to go on from; in the warehouse folder."""
    names: dict[str, Any] = {}
    (block,) = opening("python")
    exec(block, names)
    yield names
    connection = names["con"]
    assert isinstance(connection, duckdb.DuckDBPyConnection)
    connection.close()


def answer_in_sql(names: dict[str, Any], block: str) -> Answer:
    return rows_of(names["con"].sql(block).pl().iter_rows(named=True))


def answer_in_python(names: dict[str, Any], block: str) -> tuple[Answer, dict[str, Any]]:
    """The answer of a block, and every name it left."""
    names = dict(names)
    exec(block, names)
    frame = names["answer"]
    if isinstance(frame, pl.DataFrame):
        return rows_of(frame.iter_rows(named=True)), names
    assert isinstance(frame, pd.DataFrame)
    return rows_of(frame.astype(object).where(frame.notna(), None).to_dict("records")), names


def rows_of(rows: Iterable[dict[str, Any]]) -> Answer:
    return [{str(name): plain(value) for name, value in row.items()} for row in rows]


def plain(value: object) -> object:
    """A value without its language: a number, a date as ISO 8601, a text, or nothing."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    return float(value) if isinstance(value, Real | Decimal) else value


def difference(found: Answer, wanted: Answer) -> str:
    """The first value that is not the same, in words; empty where the answers are. The published rates and limits have
    six decimal places, to which a language that computes them anew doesn't round."""
    if len(found) != len(wanted):
        return f"{len(found)} rows instead of {len(wanted)}"
    for number, (row, wanted_row) in enumerate(zip(found, wanted, strict=True), start=1):
        if list(row) != list(wanted_row):
            return f"the columns are {', '.join(row)} instead of {', '.join(wanted_row)}"
        for name, value in row.items():
            if not _same(value, wanted_row[name]):
                return f"row {number}, {name}: {value} instead of {wanted_row[name]}"
    return ""


def _same(value: object, wanted: object) -> bool:
    if isinstance(value, float) and isinstance(wanted, float):
        return math.isclose(value, wanted, rel_tol=0, abs_tol=1e-6)
    return value == wanted
