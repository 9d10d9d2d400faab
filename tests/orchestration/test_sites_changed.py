"""Which sites have news: told by what each has delivered, and only from the publication that people read.

Expectations follow from the deliveries written down here. That keeping the other sites' rows gives the tables that
making everything would give is shown over whole loads (tests/end_to_end/test_nothing_changed.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.derivation.sites_changed import (
    changed_sites,
    database_to_start_from,
    keep_only_rows_that_hold,
    look_at_sites,
    remember_sites,
)
from orchestration.ingestion.forms import form_names
from orchestration.ingestion.schema import create_raw_schema
from orchestration.ingestion.settings import SEEDS_DIR, Settings

FORMS = form_names(SEEDS_DIR)
SITES = ("S01", "S02", "S03", "S04", "S05", "S06")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A warehouse in which load-1 has published."""
    settings = Settings(tmp_path / "landing", tmp_path / "warehouse", tmp_path / "sites.yml")
    publication = settings.warehouse_dir / "publications" / "load-1"
    publication.mkdir(parents=True)
    duckdb.connect(publication / "mrbs.duckdb").close()
    (settings.warehouse_dir / "current").symlink_to(publication)
    return settings


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A working file with one subject and one delivery a site, as load-1 left it."""
    with duckdb.connect(tmp_path / "working.duckdb") as connection:
        create_raw_schema(connection, SEEDS_DIR)
        for site in SITES:
            deliver(connection, site, "row-1")
        look_at_sites(connection, FORMS)
        remember_sites(connection, "load-1")
        yield connection


def deliver(connection: duckdb.DuckDBPyConnection, site: str, row_id: str) -> None:
    connection.execute("insert into raw.dm by name select ? as row_id, ? as siteid", [f"{site}-{row_id}", site])


def found(settings: Settings, connection: duckdb.DuckDBPyConnection) -> list[str] | None:
    """The sites whose rows are made anew, or None where everything is."""
    look_at_sites(connection, FORMS)
    return changed_sites(connection) if database_to_start_from(settings, connection) else None


def test_nothing_is_news(settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    assert found(settings, connection) == []


@pytest.mark.parametrize(
    ("news", "sites"),
    [
        ("insert into raw.sv by name select 'x' as row_id, 'S02' as siteid", ["S02"]),
        ("update raw.dm set closed_load = 'load-2' where siteid = 'S02'", ["S02"]),
        ("update raw.dm set siteid = 'S03' where siteid = 'S02'", ["S02", "S03"]),
        ("insert into raw.dm by name select 'x' as row_id, 'S99' as siteid", ["S99"]),
        ("insert into raw.deliveries by name select 'S02' as siteid, 'UNCHANGED' as status", ["S02"]),
        ("insert into raw.in_force by name select 'S02' as siteid, 'dm' as form", ["S02"]),
        ("insert into raw.notes by name select 'S02' as siteid, 'a column is new' as message", ["S02"]),
    ],
    ids=["a row", "a row less", "rows that moved", "a site", "a delivery", "a file in force", "a note"],
)
def test_what_is_news(settings: Settings, connection: duckdb.DuckDBPyConnection, news: str, sites: list[str]) -> None:
    connection.execute(news)
    assert found(settings, connection) == sites


def test_a_third_of_the_sites_may_have_news_and_no_more(
    settings: Settings, connection: duckdb.DuckDBPyConnection
) -> None:
    deliver(connection, "S01", "row-2")
    deliver(connection, "S05", "row-2")
    assert found(settings, connection) == ["S01", "S05"]
    deliver(connection, "S06", "row-2")
    assert found(settings, connection) is None


def test_only_the_publication_that_people_read_is_started_from(
    settings: Settings, connection: duckdb.DuckDBPyConnection
) -> None:
    # A load that was killed, or held back, before it published.
    remember_sites(connection, "load-2")
    assert found(settings, connection) is None


def test_after_a_change_of_the_code_everything_is_made_anew(
    settings: Settings, connection: duckdb.DuckDBPyConnection
) -> None:
    connection.execute("update derivation.sites set code = 'another'")
    assert found(settings, connection) is None


def test_a_publication_that_is_gone_is_not_started_from(
    settings: Settings, connection: duckdb.DuckDBPyConnection
) -> None:
    (settings.warehouse_dir / "publications" / "load-1" / "mrbs.duckdb").unlink()
    assert found(settings, connection) is None


def test_the_first_load_makes_everything(settings: Settings, tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "working.duckdb") as connection:
        create_raw_schema(connection, SEEDS_DIR)
        assert found(settings, connection) is None


def test_of_a_copy_only_the_tables_that_keep_rows_stay(tmp_path: Path) -> None:
    def model(table: str, materialized: str) -> dict[str, object]:
        return {
            "resource_type": "model",
            "database": "candidate",
            "schema": "analysis",
            "alias": table,
            "name": table,
            "config": {"materialized": materialized},
        }

    with duckdb.connect() as connection:
        connection.execute(f"attach '{tmp_path / 'candidate.duckdb'}' as candidate")
        connection.execute("create schema candidate.analysis; create schema candidate.quality")
        for table in ("analysis.adqs", "analysis.adsl", "quality.findings"):
            connection.execute(f"create table candidate.{table} as select 1 as one")
        manifest = {"nodes": {"a": model("adqs", "incremental"), "b": model("adsl", "table")}}
        keep_only_rows_that_hold(connection, manifest)
        tables = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'candidate'"
        ).fetchall()
    assert tables == [("adqs",)]
