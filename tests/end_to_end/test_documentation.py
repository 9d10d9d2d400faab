"""The examples in the docs run, and each published table has one."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "docs" / "reading-the-tables.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)


@pytest.mark.parametrize("query", blocks("sql"))
def test_sql_examples_run(query: str, messy_warehouse: Path) -> None:
    with duckdb.connect(str(messy_warehouse / "mrbs.duckdb"), read_only=True) as connection:
        connection.execute(query).fetchall()


def test_python_examples_run(messy_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(messy_warehouse)
    names: dict[str, object] = {}
    for block in blocks("python"):
        exec(block, names)
    connection = names["con"]
    assert isinstance(connection, duckdb.DuckDBPyConnection)
    connection.close()


def test_every_analysis_table_has_an_example(messy_warehouse: Path) -> None:
    page = PAGE.read_text()
    with duckdb.connect(str(messy_warehouse / "mrbs.duckdb"), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where schema_name = 'analysis'"
        ).fetchall()
    assert [table for (table,) in tables if f"from {table}" not in page] == []
