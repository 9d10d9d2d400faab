"""The derivation without dbt: the SQL that dbt compiles, run statement by statement in memory.

A dbt build of the whole project takes as long as a hundred runs of this. It is what random trials (tests/properties),
changed SQL (tests/mutants) and the bench run. What belongs here: compiling, and running in the order of the graph. What
does not: raw rows (tests/support/dbt.py) and any expectation.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from orchestration.derivation.build import _free_files, _parsed_manifest, build
from orchestration.derivation.project import AT_EXPORT, PROJECT_DIR, prepare_project
from tests.support.dbt import BuiltWarehouse, Row, create_raw

# What nobody derives from, by schema or folder: leaving it out saves a fifth of the time of a small trial.
NOT_DERIVED_FROM = ("checks", "quality", "metadata", "indicators")


@dataclass(frozen=True)
class CompiledModel:
    """One model as DuckDB sees it: where it is written and the query that fills it."""

    name: str
    catalog: str
    schema: str
    table: str
    is_view: bool
    query: str
    reads: frozenset[str]  # names of the models it reads
    source_file: Path

    @property
    def relation(self) -> str:
        return f'"{self.catalog}"."{self.schema}"."{self.table}"'

    @property
    def statement(self) -> str:
        return f"create or replace {'view' if self.is_view else 'table'} {self.relation} as {self.query}"


@cache
def compiled_models() -> tuple[CompiledModel, ...]:
    """Every model that a load builds, in an order in which each can be built."""
    from dbt.cli.main import dbtRunner

    prepare_project()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MRBS_WORKING_FILE"] = f"{folder}/working.duckdb"
        os.environ["MRBS_CANDIDATE_FILE"] = f"{folder}/candidate.duckdb"
        arguments = ["--quiet", "compile", "--no-write-json", "--exclude", f"tag:{AT_EXPORT}"]
        folders = ["--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR)]
        written = ["--target-path", f"{folder}/target", "--log-path", f"{folder}/logs"]
        outcome = dbtRunner(manifest=_parsed_manifest()).invoke([*arguments, *folders, *written])
        _free_files()
    if not outcome.success:
        raise RuntimeError(f"dbt can't compile the project: {outcome.exception}")
    nodes = [result.node for result in outcome.result.results if result.node.resource_type == "model"]
    return tuple(_in_build_order({model.name: model for model in map(_model, nodes)}))


def _model(node: Any) -> CompiledModel:
    return CompiledModel(
        name=node.name,
        catalog=node.database,
        schema=node.schema,
        table=node.alias,
        is_view=node.config.materialized == "view",
        query=node.compiled_code,
        reads=frozenset(unique_id.split(".")[-1] for unique_id in node.depends_on.nodes if unique_id[:6] == "model."),
        source_file=PROJECT_DIR / node.original_file_path,
    )


def _in_build_order(models: Mapping[str, CompiledModel]) -> Iterator[CompiledModel]:
    from graphlib import TopologicalSorter

    for name in TopologicalSorter({name: model.reads for name, model in sorted(models.items())}).static_order():
        yield models[name]


@cache
def seed_file() -> Path:
    """A database whose schema protocol holds the seeds, with the types that dbt gives them."""
    folder = Path(tempfile.mkdtemp(prefix="mrbs-seeds-"))
    build(folder / "working.duckdb", folder / "candidate.duckdb", folder / "logs", select=["resource_type:seed"])
    return folder / "working.duckdb"


def models_to_derive(leave_out: Sequence[str] = NOT_DERIVED_FROM) -> list[CompiledModel]:
    """The models of staging, intermediate and analysis, in build order."""
    return [model for model in compiled_models() if not {model.schema, model.source_file.parent.name} & set(leave_out)]


@cache
def models_read_for(*tables: str) -> tuple[CompiledModel, ...]:
    """These published tables, and what they are derived from, in an order in which each can be built."""
    wanted = set(tables)
    kept: list[CompiledModel] = []
    for model in reversed(models_to_derive()):
        if model.name in wanted:
            wanted |= model.reads
            kept.append(model)
    return tuple(reversed(kept))


def from_model_on(models: Iterable[CompiledModel], changed: str) -> list[CompiledModel]:
    """The model called `changed` and everything that reads it, directly or not, in build order."""
    affected = {changed}
    kept = []
    for model in models:
        if model.name in affected or model.reads & affected:
            affected.add(model.name)
            kept.append(model)
    return kept


def with_query(models: Iterable[CompiledModel], name: str, original: str, changed: str) -> list[CompiledModel]:
    """The models, one of them with a piece of its query replaced; the piece must stand there exactly once."""
    result = []
    for model in models:
        if model.name != name:
            result.append(model)
        elif model.query.count(original) == 1:
            result.append(replace(model, query=model.query.replace(original, changed)))
        else:
            raise ValueError(f"{name} holds {model.query.count(original)} times: {original}")
    return result


@contextmanager
def empty_warehouse(working: str = ":memory:", candidate: str = ":memory:") -> Iterator[duckdb.DuckDBPyConnection]:
    """Catalogs `working` (current, with the seeds in protocol) and `candidate`, in memory or in new files."""
    seeds = seed_file()
    with duckdb.connect() as connection:
        connection.execute(f"attach '{seeds}' as seeds (read_only)")
        for catalog, file in (("working", working), ("candidate", candidate)):
            connection.execute(f"attach '{file}' as {catalog}")
        connection.execute("use working")
        for catalog, schema in sorted({(model.catalog, model.schema) for model in compiled_models()}):
            connection.execute(f"create schema {catalog}.{schema}")
        connection.execute("create schema protocol")
        tables = connection.execute("select table_name from duckdb_tables() where database_name = 'seeds'").fetchall()
        for (table,) in tables:
            connection.execute(f"create table protocol.{table} as from seeds.protocol.{table}")
        yield connection


def run(connection: duckdb.DuckDBPyConnection, models: Iterable[CompiledModel]) -> None:
    """Build the models one after the other."""
    for model in models:
        connection.execute(model.statement)


@contextmanager
def derived(
    forms: Mapping[str, Sequence[Row]],
    bookkeeping: Mapping[str, Sequence[Row]] | None = None,
    models: Sequence[CompiledModel] | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in memory with these delivered rows, everything derived: `candidate.analysis.adsri` and so on."""
    with empty_warehouse() as connection:
        create_raw(connection, forms, bookkeeping)
        run(connection, models_to_derive() if models is None else models)
        yield connection


def write_warehouse(
    folder: Path, forms: Mapping[str, Sequence[Row]], bookkeeping: Mapping[str, Sequence[Row]] | None = None
) -> BuiltWarehouse:
    """The same in files, every model of the project: what tests/support/dbt.py builds with dbt, in a fifth of the time.

    Not for tests of what dbt itself adds: contracts, comments, rows kept from build to build.
    """
    warehouse = BuiltWarehouse(folder / "working.duckdb", folder / "candidate.duckdb")
    with empty_warehouse(str(warehouse.working_file), str(warehouse.candidate_file)) as connection:
        create_raw(connection, forms, bookkeeping)
        run(connection, compiled_models())
    return warehouse
