"""Loads that the Dagster daemon starts: one at a time; a killed or a cancelled one never blocks the next.

No load keeps a reviewer's job waiting. After a publication the daemon has its report made.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from orchestration.automation.jobs import NIGHTLY_LOAD
from orchestration.ingestion.lock import hold_lock
from orchestration.ingestion.settings import Settings
from orchestration.loading import prepare_dagster_home
from tests.end_to_end.conftest import Trial
from tests.support.dagster_dev import DagsterDev, dagster_dev
from tests.support.load import environment, environment_of, parquet_hashes

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def warehouse(clean_trial: Trial, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("daemon")
    clean_trial.land(folder / "landing", clean_trial.nights[-1])
    with environment_of(folder / "landing", clean_trial.sites_file, folder / "warehouse"):
        prepare_dagster_home(Settings.from_environment())
    return folder / "warehouse"


@pytest.fixture(scope="module")
def dagster(clean_trial: Trial, warehouse: Path) -> Iterator[DagsterDev]:
    settings = environment(warehouse.parent / "landing", clean_trial.sites_file, warehouse)
    with dagster_dev(settings, warehouse.parent / "dagster.log") as running:
        yield running


def process_of(warehouse: Path, run_id: str) -> int:
    """The process that runs the load, once it holds the warehouse."""
    deadline = time.monotonic() + 120
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DAGSTER_HOME", str(warehouse / "dagster"))
        instance = dg.DagsterInstance.get()
    with instance:
        while time.monotonic() < deadline:
            for entry in instance.all_logs(run_id, of_type=dg.DagsterEventType.STEP_START):
                if entry.dagster_event is not None and entry.dagster_event.pid is not None:
                    return entry.dagster_event.pid
            time.sleep(0.2)
    raise AssertionError(f"run {run_id} started no step")


def test_a_killed_load_does_not_block_the_next(dagster: DagsterDev, warehouse: Path, clean_trial: Trial) -> None:
    night = str(clean_trial.nights[-1])
    killed = dagster.launch(NIGHTLY_LOAD, night)
    os.kill(process_of(warehouse, killed), signal.SIGKILL)
    next_one = dagster.launch(NIGHTLY_LOAD, night)
    assert dagster.wait_for(next_one, "SUCCESS", "FAILURE") == "SUCCESS"
    assert dagster.status(killed) == "FAILURE"
    assert parquet_hashes(warehouse)


def test_a_load_waits_for_a_load_and_a_reviewer_for_none(
    dagster: DagsterDev, warehouse: Path, clean_trial: Trial
) -> None:
    """The first load is held up by a lock for as long as the test looks; the reviewer's job is run, and refused."""
    night = str(clean_trial.nights[-1])
    asked = {"finding": "DOS01-0", "by": "A. Meyer", "reason": "the log says so", "until": "2099-12-31"}
    with environment_of(warehouse.parent / "landing", clean_trial.sites_file, warehouse):
        settings = Settings.from_environment()
    with hold_lock(settings, owner="a test", wait_seconds=60, report=lambda message: None):
        first = dagster.launch(NIGHTLY_LOAD, night)
        dagster.wait_for(first, "STARTED")
        second = dagster.launch(NIGHTLY_LOAD, night)
        decision = dagster.launch_with("review", "accept_findings", {"ops": {"accept": {"config": asked}}})
        assert dagster.wait_for(decision, "SUCCESS", "FAILURE") == "FAILURE"
        assert (dagster.status(first), dagster.status(second)) == ("STARTED", "QUEUED")
    assert [dagster.wait_for(run, "SUCCESS", "FAILURE") for run in (first, second)] == ["SUCCESS", "SUCCESS"]


def test_a_cancelled_load_does_not_block_the_next(dagster: DagsterDev, warehouse: Path, clean_trial: Trial) -> None:
    from tests.support.dagster_dev import TERMINATE

    night = str(clean_trial.nights[-1])
    cancelled = dagster.launch(NIGHTLY_LOAD, night)
    process_of(warehouse, cancelled)
    dagster.ask(TERMINATE, run=cancelled)
    next_one = dagster.launch(NIGHTLY_LOAD, night)
    assert dagster.wait_for(next_one, "SUCCESS", "FAILURE") == "SUCCESS"
    assert dagster.status(cancelled) == "CANCELED"


def test_a_publication_gets_its_report(dagster: DagsterDev, warehouse: Path, clean_trial: Trial) -> None:
    """The sensor is on from the first start, and nobody asks for the job."""
    load = dagster.launch(NIGHTLY_LOAD, str(clean_trial.nights[-1]))
    assert dagster.wait_for(load, "SUCCESS", "FAILURE") == "SUCCESS"
    kept = {folder.name for folder in (warehouse / "publications").iterdir()}
    deadline = time.monotonic() + 240
    while not (reports := list((warehouse / "reports").glob("*.html"))):
        assert time.monotonic() < deadline, "no report came"
        time.sleep(1)
    # Those of nights without news show the same tables, so there may be fewer reports than publications.
    assert {report.stem for report in reports} <= kept
    assert all(report.read_text(encoding="utf-8").endswith("</html>\n") for report in reports)
