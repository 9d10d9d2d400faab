"""The golden trial as one database file, derived by the SQL as it stands, and a quick comparison with what is expected.

What belongs here: from the cases to raw rows to tables, and all expectations at once: each table is fetched once, not
once for each of the hundreds of subjects. What does not: how a row is compared (tests/golden/comparison.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from orchestration.ingestion import land
from orchestration.ingestion.settings import Settings
from tests.golden.comparison import PUBLISHED_TABLES, Published, row_differences
from tests.golden.reading import Case, Row, Subject
from tests.golden.trial import LOAD_DATE, build_trial
from tests.support import compiled
from tests.support.compiled import CompiledModel

CATALOG = "working"
# A rate over all sites would be one over all cases, so no case can expect one.
NO_CASE_EXPECTS = ("srisum",)


@dataclass(frozen=True)
class GoldenTrial:
    """A database that holds raw rows, seeds and everything derived, and the models that derived it.

    All of it stands in one catalog: DuckDB takes back a transaction only where it wrote into a single one, and taking
    back is how a mutation is undone (running.py).
    """

    file: Path
    models: tuple[CompiledModel, ...]
    cases: tuple[Case, ...]


def build_golden_trial(folder: Path, cases: Iterable[Case]) -> GoldenTrial:
    """Land the cases' deliveries and derive everything from them, without Dagster and without a dbt build."""
    cases = tuple(cases)
    landing, register = build_trial(cases, folder)
    settings = Settings(landing, folder / "warehouse", register, settle_seconds=0)
    land(settings, clock=LOAD_DATE, load_id="golden")
    trial = GoldenTrial(settings.working_file, models_of_one_catalog(), cases)
    seeds = compiled.seed_file()
    with duckdb.connect() as connection:
        connection.execute(f"attach '{trial.file}' as {CATALOG}")
        connection.execute(f"attach '{seeds}' as seeds (read_only)")
        connection.execute(f"use {CATALOG}")
        for schema in sorted({model.schema for model in trial.models} | {"protocol"}):
            connection.execute(f"create schema if not exists {schema}")
        tables = connection.execute("select table_name from duckdb_tables() where database_name = 'seeds'").fetchall()
        for (table,) in tables:
            connection.execute(f"create table protocol.{table} as from seeds.protocol.{table}")
        compiled.run(connection, trial.models)
    return trial


def models_of_one_catalog() -> tuple[CompiledModel, ...]:
    """The models as compiled, but none of them in the catalog of the published tables."""
    models = [model for model in compiled.models_to_derive() if model.name not in NO_CASE_EXPECTS]
    other = {f'"{model.catalog}".' for model in models if model.catalog != CATALOG}
    return tuple(_in_one_catalog(model, other) for model in models)


def _in_one_catalog(model: CompiledModel, other_catalogs: Iterable[str]) -> CompiledModel:
    query = model.query
    for catalog in other_catalogs:
        query = query.replace(catalog, f'"{CATALOG}".')
    return replace(model, catalog=CATALOG, query=query)


class Expectations:
    """What all golden cases expect, by published table and subject."""

    def __init__(self, cases: Iterable[Case]) -> None:
        self._expected: dict[str, list[tuple[Case, Subject, list[Row] | str]]] = defaultdict(list)
        self._columns: dict[str, list[str]] = {}
        for case in cases:
            for subject in case.subjects:
                for table, rows in subject.expect.items():
                    self._expected[table].append((case, subject, rows))
        for table, expected in self._expected.items():
            named = {column for _, _, rows in expected if not isinstance(rows, str) for row in rows for column in row}
            self._columns[table] = sorted(named | set(PUBLISHED_TABLES[table]["key"]))

    def not_met(self, connection: duckdb.DuckDBPyConnection, tables: Sequence[str] | None = None) -> dict[str, str]:
        """By subject: the first thing that is not as expected, over these tables or all of them."""
        found: dict[str, str] = {}
        for table, expected in self._expected.items():
            if tables is not None and table not in tables:
                continue
            published = self._fetch(connection, table)
            for case, subject, rows in expected:
                differences = _differences(table, rows, published.get(case.usubjid(subject), []), case)
                if differences:
                    found.setdefault(f"{case.siteid} {subject.label}".strip(), differences[0])
        return found

    def _fetch(self, connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, list[Published]]:
        columns = self._columns[table]
        listed = ", ".join(["usubjid", *columns])
        published: dict[str, list[Published]] = defaultdict(list)
        for usubjid, *values in connection.execute(f"select {listed} from {CATALOG}.analysis.{table}").fetchall():
            published[usubjid].append(dict(zip(columns, values, strict=True)))
        return published


def _differences(table: str, expected: list[Row] | str, published: list[Published], case: Case) -> list[str]:
    if isinstance(expected, str):
        return [f"{table}: expected no row, got {len(published)}"] if published else []
    return [line for row in expected for line in row_differences(table, row, published, case)]
