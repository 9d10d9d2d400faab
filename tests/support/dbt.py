"""Running dbt in a test: a warehouse of its own, filled with the delivered rows that the test writes down.

What belongs here: raw tables out of small tables of text, and one dbt build over them. What does not: any expectation,
and any step of a load before dbt (files, readers, history); tests/support/load.py runs whole loads.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from orchestration.derivation.build import build
from orchestration.derivation.project import PROJECT_DIR

Row = Mapping[str, Any]
DELIVERED = "2026-11-20"
HISTORY = "extra varchar, opened date, closed date, opened_load varchar, closed_load varchar"
BOOKKEEPING = {
    "positions": (
        "form varchar, siteid varchar, row_id varchar, first_delivered date, first_file varchar, "
        "first_sha256 varchar, first_row integer, latest_delivered date, latest_file varchar, "
        "latest_sha256 varchar, latest_row integer"
    ),
    "deliveries": (
        "siteid varchar, delivered date, form varchar, file varchar, sha256 varchar, bytes bigint, rows integer, "
        "subjects integer, status varchar, rule_id varchar, reason varchar, sequence bigint, load_id varchar, "
        "recorded date"
    ),
    "notes": (
        "siteid varchar, delivered date, form varchar, file varchar, sha256 varchar, rule_id varchar, "
        "message varchar, sequence bigint"
    ),
    "in_force": (
        "siteid varchar, form varchar, delivered date, file varchar, sha256 varchar, rows integer, subjects integer"
    ),
    "loads": "load_id varchar, clock date, started_at timestamp, code_version varchar, status varchar",
}


@dataclass(frozen=True)
class BuiltWarehouse:
    """What a dbt build left: the working file and the candidate."""

    working_file: Path
    candidate_file: Path

    @contextmanager
    def connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Both files, read only: staging.typed_dm, candidate.quality.quarantine and so on."""
        with duckdb.connect() as connection:
            connection.execute(f"attach '{self.working_file}' as working (read_only)")
            connection.execute(f"attach '{self.candidate_file}' as candidate (read_only)")
            connection.execute("use working")
            yield connection

    def rows(self, query: str) -> list[dict[str, Any]]:
        """The answer to a query, one dict a row."""
        with self.connect() as connection:
            answer = connection.execute(query)
            names = [column[0] for column in answer.description]
            return [dict(zip(names, values, strict=True)) for values in answer.fetchall()]

    def table(self, name: str, key: str = "row_id") -> dict[str, dict[str, Any]]:
        """A whole table, its rows by the value of a key column."""
        return {row[key]: row for row in self.rows(f"from {name}")}


def form_columns() -> dict[str, list[str]]:
    """The columns of each form, in the order of the contract."""
    columns: dict[str, list[str]] = {}
    with (PROJECT_DIR / "seeds" / "form_columns.csv").open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            columns.setdefault(line["form"], []).append(line["column_name"])
    return columns


def build_warehouse(
    folder: Path,
    forms: Mapping[str, Sequence[Row]],
    select: Sequence[str],
    bookkeeping: Mapping[str, Sequence[Row]] | None = None,
) -> BuiltWarehouse:
    """A warehouse with these delivered rows, built by dbt as far as `select` says.

    A row that says nothing of it is delivered by site S01 on DELIVERED, and is called after its form and number
    (dm-1). Positions and what is in force follow from the rows; `bookkeeping` replaces such a table.
    """
    folder.mkdir(parents=True, exist_ok=True)
    warehouse = BuiltWarehouse(folder / "working.duckdb", folder / "candidate.duckdb")
    with duckdb.connect(warehouse.working_file) as connection:
        create_raw(connection, forms, bookkeeping)
    build(warehouse.working_file, warehouse.candidate_file, folder / "logs", select=list(select))
    return warehouse


def create_raw(
    connection: duckdb.DuckDBPyConnection,
    forms: Mapping[str, Sequence[Row]],
    bookkeeping: Mapping[str, Sequence[Row]] | None = None,
) -> None:
    """The schema raw in the connection's current catalog, as a load that took these rows would have left it."""
    delivered = {form: [_delivered(form, *row) for row in enumerate(forms.get(form, ()), 1)] for form in form_columns()}
    tables: dict[str, Sequence[Row]] = {
        "positions": [_position(form, *row) for form, rows in delivered.items() for row in enumerate(rows, 2)],
        "in_force": list(_in_force(delivered)),
        "loads": [{"load_id": "1", "clock": DELIVERED, "started_at": DELIVERED, "code_version": "test"}],
    }
    tables |= bookkeeping or {}
    connection.execute("create schema raw")
    for form, columns in form_columns().items():
        text = ", ".join(f"{column} varchar" for column in columns)
        _fill(connection, form, f"row_id varchar, siteid varchar, {text}, {HISTORY}", delivered[form])
    for table, columns_of_table in BOOKKEEPING.items():
        _fill(connection, table, columns_of_table, tables.get(table, ()))


def _delivered(form: str, number: int, row: Row) -> Row:
    return {"row_id": f"{form}-{number}", "siteid": "S01", "opened": DELIVERED, "opened_load": "1", **row}


def _position(form: str, line: int, row: Row) -> Row:
    where = {"delivered": DELIVERED, "file": f"{form}.csv", "sha256": f"sha of {form}", "row": line}
    both = {f"{which}_{name}": value for which in ("first", "latest") for name, value in where.items()}
    return {"form": form, "siteid": row["siteid"], "row_id": row["row_id"], **both}


def _in_force(delivered: Mapping[str, Sequence[Row]]) -> Iterator[Row]:
    for form, rows in delivered.items():
        current: dict[str, list[Row]] = {row["siteid"]: [] for row in rows}
        for row in rows:
            if row.get("closed_load") is None:
                current[row["siteid"]].append(row)
        for site, of_site in sorted(current.items()):
            yield {
                "siteid": site,
                "form": form,
                "delivered": DELIVERED,
                "file": f"{form}.csv",
                "sha256": f"sha of {form}",
                "rows": len(of_site),
                "subjects": len({row.get("subjid") for row in of_site}),
            }


def _fill(connection: duckdb.DuckDBPyConnection, table: str, columns: str, rows: Sequence[Row]) -> None:
    """As text in one statement, which DuckDB casts to the types of the table: a statement a row took a minute."""
    connection.execute(f"create table raw.{table} ({columns})")
    if rows:
        names = list(dict.fromkeys(name for row in rows for name in row))
        as_text = [[None if row.get(name) is None else str(row[name]) for name in names] for row in rows]
        connection.register("new_rows", pl.DataFrame(as_text, schema=dict.fromkeys(names, pl.String), orient="row"))
        connection.execute(f"insert into raw.{table} ({', '.join(names)}) select * from new_rows")
        connection.unregister("new_rows")
