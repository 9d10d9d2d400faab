"""Running the real load in a test: this process, a Dagster instance of its own, the folders the test names.

The instance lives in memory, because a test's load is looked at by nobody; what depends on an instance on disk (kills,
the daemon, the command line) is tested in processes of its own.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import dagster as dg
import duckdb
from dagster._core.definitions.asset_checks.asset_check_evaluation import AssetCheckEvaluation

import orchestration
from orchestration.loading import LoadResult, Outcome, run_load


def environment(landing: Path, sites_file: Path, warehouse: Path, settle_seconds: int = 0) -> dict[str, str]:
    """The environment under which `mrbs` works on these folders."""
    return {
        "MRBS_LANDING_DIR": str(landing),
        "MRBS_SITES_FILE": str(sites_file),
        "MRBS_WAREHOUSE_DIR": str(warehouse),
        "MRBS_SETTLE_SECONDS": str(settle_seconds),
        "DAGSTER_HOME": str(warehouse / "dagster"),
    }


@contextmanager
def environment_of(landing: Path, sites_file: Path, warehouse: Path) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(environment(landing, sites_file, warehouse))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def try_load(
    landing: Path,
    sites_file: Path,
    warehouse: Path,
    load_date: date,
    instance: dg.DagsterInstance | None = None,
    *,
    full: bool = False,
    said: list[str] | None = None,
) -> LoadResult:
    """One load, whatever its outcome; what it reports is added to `said`."""
    said = [] if said is None else said
    with environment_of(landing, sites_file, warehouse):
        return run_load(
            load_date,
            lock_wait_seconds=60,
            listener=lambda step, message: said.append(message),
            instance=instance or dg.DagsterInstance.ephemeral(),
            full=full,
        )


def load_landing(
    landing: Path, sites_file: Path, warehouse: Path, load_date: date, full: bool = False, said: list[str] | None = None
) -> Path:
    """One load that must publish; returns the path of analysis.duckdb."""
    result = try_load(landing, sites_file, warehouse, load_date, full=full, said=said)
    assert result.outcome is Outcome.PUBLISHED, "\n".join(result.messages)
    return warehouse / "analysis.duckdb"


def instance_on_disk(folder: Path) -> dg.DagsterInstance:
    """A Dagster instance in this folder, with the configuration that every warehouse gets: Dagster's own temporary one
    opens a file for each event, and a night took twice as long."""
    folder.mkdir(exist_ok=True)
    shutil.copy(Path(orchestration.__file__).with_name("dagster.yaml"), folder)
    before = os.environ.get("DAGSTER_HOME")
    os.environ["DAGSTER_HOME"] = str(folder)
    try:
        return dg.DagsterInstance.from_config(str(folder))
    finally:
        os.environ.pop("DAGSTER_HOME")
        if before is not None:
            os.environ["DAGSTER_HOME"] = before


def check_evaluations(dagster: Path) -> list[AssetCheckEvaluation]:
    """What the latest load of an instance on disk told Dagster of its checks."""
    with instance_on_disk(dagster) as instance:
        (run,) = instance.get_runs(limit=1)
        entries = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
        return [entry.get_dagster_event().asset_check_evaluation_data for entry in entries]


@contextmanager
def published(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published tables as analysis.adsl, quality.findings and so on."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{database}' as mrbs (read_only)")
        connection.execute("use mrbs")
        yield connection


def parquet_hashes(warehouse: Path, schema: str = "analysis") -> dict[str, str]:
    """SHA-256 of each published Parquet file of a schema, by table: what 'the same result' means."""
    import hashlib

    folder = warehouse / "parquet" / schema
    return {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.parquet"))}
