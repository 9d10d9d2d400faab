"""Killed anywhere and run again, a landing ends where it would have ended."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from datetime import date
from typing import Any

import pytest

from orchestration.ingestion import land
from orchestration.ingestion.archive import Archive
from orchestration.ingestion.decisions import withdraw
from tests.orchestration.ingestion.landing_folder import CLOCK, LandingFolder, assessments, subjects

# Where it strikes: before this call of this function.
POINTS = {
    "before anything is written": ("bookkeeping", "start_load", 1),
    "inside the decision's transaction": ("bookkeeping", "write_in_force", 1),
    "before the first file is archived": ("archive", "Archive.store", 1),
    "between two sites": ("archive", "Archive.store", 4),
    "before the arrivals are indexed": ("archive", "Archive.record", 1),
    "inside the first night's transaction": ("history", "merge", 2),
    "between two nights": ("archive", "Archive.record", 2),
    "after the last night": ("landing", "report_oddities", 1),
}


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[LandingFolder, dict[str, Any]]:
    """A warehouse that has loaded two nights; then a withdrawal and two more nights. What raw holds once they were
    loaded undisturbed, and, in folders named by the points, what a killed load left behind."""
    trial = LandingFolder(tmp_path_factory.mktemp("killed"))
    trial.deliver("S01", "2026-06-01", dm=subjects(5), pga=assessments(5))
    trial.deliver("S02", "2026-06-01", dm=subjects(3), pga=assessments(5))
    trial.deliver("S02", "2026-06-02", dm=subjects(4))
    trial.load()
    withdraw(trial.settings, "S02", date(2026, 6, 2), "dm", "Dr Meier", "wrong")
    trial.deliver("S01", "2026-06-03", dm=subjects(1), pga=assessments(7))
    trial.deliver("S02", "2026-06-03", dm=subjects(6), pga=b"broken")
    trial.deliver("S01", "2026-06-04", dm=subjects(6), pga=assessments(8))
    trial.deliver("S09", "2026-06-04", dm=subjects(6))
    for point in POINTS:
        shutil.copytree(trial.settings.warehouse_dir, trial.folder / point)
    strikes = [":".join(map(str, (trial.folder / point, *where))) for point, where in POINTS.items()]
    command = [sys.executable, "-m", "tests.orchestration.ingestion.killed_landing", str(trial.folder), *strikes]
    ended = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
    assert ended == [str(int(signal.SIGKILL))] * len(POINTS)
    trial.load()
    return trial, trial.everything()


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_killed_and_run_again(point: str, killed: tuple[LandingFolder, dict[str, Any]]) -> None:
    trial, undisturbed = killed
    again = LandingFolder(trial.folder, warehouse=trial.folder / point)
    land(again.settings, CLOCK, "again")
    assert again.everything() == undisturbed
    assert again.query("select load_id, status from raw.loads where load_id in ('killed', 'again') order by 1") in (
        [("again", "STARTED")], [("again", "STARTED"), ("killed", "FAILED")],
    )  # fmt: skip
    archive = Archive(again.settings.archive_dir)
    indexed = {arrival.sha256 for arrival in archive.arrivals()}
    assert {sha256 for (sha256,) in again.query("select sha256 from raw.seen_files")} <= indexed
    assert all(archive.read(sha256) for sha256 in indexed)
