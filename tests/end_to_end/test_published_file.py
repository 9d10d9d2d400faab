"""What people open: readable by old clients, read-only, documented, the last N kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration.publication.tables import published_tables
from tests.end_to_end.conftest import Trial
from tests.support.load import load_landing, published

pytestmark = pytest.mark.slow

OLDEST_CLIENT = Path(__file__).parents[2] / ".venv" / "oldest-duckdb-client"


def test_the_oldest_client_reads_it(clean_warehouse: Path) -> None:
    if not (OLDEST_CLIENT / "duckdb").exists():
        pytest.skip("DuckDB 1.2 is not installed (make test installs it where it can be had)")
    question = "select count(*) from analysis.adsri where sri4 = 'Y'"
    script = (
        "import sys, duckdb; c = duckdb.connect(sys.argv[1], read_only=True); "
        "print(duckdb.__version__, c.execute(sys.argv[2]).fetchone()[0])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script, str(clean_warehouse / "mrbs.duckdb"), question],
        env={**os.environ, "PYTHONPATH": str(OLDEST_CLIENT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    with published(clean_warehouse / "analysis.duckdb") as connection:
        assert answer == ["1.2.0", str(connection.execute(question).fetchall()[0][0])]


def test_every_table_and_column_has_its_comment(clean_warehouse: Path) -> None:
    with published(clean_warehouse / "analysis.duckdb") as connection:
        bare_tables = connection.execute("select table_name from duckdb_tables() where comment is null").fetchall()
        bare_columns = connection.execute(
            "select table_name, column_name from duckdb_columns() where comment is null and database_name = 'mrbs'"
        ).fetchall()
    assert bare_tables == []
    assert bare_columns == []


def test_no_floating_point_is_published_in_the_analysis_tables(clean_warehouse: Path) -> None:
    with published(clean_warehouse / "analysis.duckdb") as connection:
        floats = connection.execute(
            "select table_name, column_name from duckdb_columns() "
            "where schema_name = 'analysis' and data_type in ('DOUBLE', 'FLOAT') and database_name = 'mrbs'"
        ).fetchall()
    assert floats == []


@pytest.mark.parametrize("name", ["analysis.duckdb", "mrbs.duckdb"])
def test_the_natural_query_works(name: str, clean_warehouse: Path) -> None:
    with duckdb.connect(str(clean_warehouse / name), read_only=True) as connection:
        assert connection.execute("select count(*) > 0 from analysis.adsri").fetchone() == (True,)


def test_parquet_holds_what_the_database_holds(clean_warehouse: Path) -> None:
    with published(clean_warehouse / "analysis.duckdb") as connection:
        for table in published_tables():
            file = clean_warehouse / "parquet" / table.schema / f"{table.name}.parquet"
            difference = connection.execute(
                f"(select * from {table.qualified_name} except all select * from '{file}') union all "
                f"(select * from '{file}' except all select * from {table.qualified_name})"
            ).fetchall()
            assert difference == [], table.qualified_name


def test_the_last_publications_are_kept(
    clean_trial: Trial, clean_warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two nights and two more loads."""
    monkeypatch.setenv("MRBS_KEEP_PUBLICATIONS", "2")
    landing = clean_trial.land(tmp_path / "landing", *clean_trial.nights)
    warehouse = tmp_path / "warehouse"
    shutil.copytree(clean_warehouse, warehouse, symlinks=True)
    before = sorted((warehouse / "publications").iterdir())
    assert len(before) == 2
    for _ in range(2):
        load_landing(landing, clean_trial.sites_file, warehouse, clean_trial.nights[-1])
    kept = sorted((warehouse / "publications").iterdir())
    assert len(kept) == 2
    assert not set(kept) & set(before)
    assert (warehouse / "analysis.duckdb").samefile(kept[-1] / "mrbs.duckdb")
    assert (warehouse / "parquet").samefile(kept[-1] / "parquet")
