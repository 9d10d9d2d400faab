"""Compares what a case expects with what was published, and says in words where they differ.

What belongs here: reading a subject's rows and comparing values as exact text. What does not: what is expected.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import duckdb

from tests.golden.reading import FOLDER, Case, Row, Subject, load_yaml

Published = dict[str, Any]
PUBLISHED_TABLES: dict[str, dict[str, list[str]]] = load_yaml(FOLDER / "published_tables.yml")


def connect(published_file: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(f"attach '{published_file}' as mrbs (read_only)")
    return connection


def rows_of(connection: duckdb.DuckDBPyConnection, table: str, usubjid: str) -> list[Published]:
    if table not in PUBLISHED_TABLES:
        raise ValueError(f"no published table {table}")
    found = connection.execute(f"select * from mrbs.analysis.{table} where usubjid = ?", [usubjid])
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, values, strict=True)) for values in found.fetchall()]


def differences(connection: duckdb.DuckDBPyConnection, case: Case, subject: Subject) -> Iterator[str]:
    """A line for each expected value that was not published."""
    for table, expected_rows in subject.expect.items():
        published = rows_of(connection, table, case.usubjid(subject))
        if expected_rows == "none":
            if published:
                yield f"{table}: expected no row, got {len(published)}"
            continue
        for expected in expected_rows:
            if isinstance(expected, dict):
                yield from row_differences(table, expected, published, case)


def row_differences(table: str, expected: Row, published: list[Published], case: Case) -> Iterator[str]:
    key = [column for column in PUBLISHED_TABLES[table]["key"] if column in expected]
    where = ", ".join([table, *(f"{column} {expected[column]}" for column in key)])
    found = [row for row in published if all(agrees(case.dated(expected[column]), row[column]) for column in key)]
    if len(found) != 1:
        yield f"{where}: expected one row, got {len(found)} (of {len(published)} of the subject)"
        return
    for column, value in expected.items():
        if not agrees(case.dated(value), found[0][column]):
            yield f"{where}: {column} expected {value}, got {as_text(found[0][column])}"


def agrees(expected: str, value: Any) -> bool:
    """Numbers are compared as exact numbers, everything else as text."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        try:
            return Decimal(expected) == Decimal(value)
        except InvalidOperation:
            return False
    return expected == as_text(value)


def as_text(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
