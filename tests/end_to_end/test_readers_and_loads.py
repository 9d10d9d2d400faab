"""Readers and loads never wait for each other, and two loads never mix: each in a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Trial
from tests.support.load import environment, load_landing, published

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]

READER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
count = lambda: connection.execute("select count(*) from analysis.adqs").fetchone()[0]
print(count(), flush=True)
for line in sys.stdin:
    print(count(), flush=True)
"""


def start_load(trial: Trial, landing: Path, warehouse: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "orchestration.cli", "load", "--date", str(trial.nights[-1]), *options],
        env={**os.environ, **environment(landing, trial.sites_file, warehouse)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_a_reader_keeps_its_picture_and_blocks_no_load(
    clean_trial: Trial, clean_first_night: Path, tmp_path: Path
) -> None:
    first, last = clean_trial.nights
    landing = clean_trial.land(tmp_path / "landing", first)
    warehouse = tmp_path / "warehouse"
    shutil.copytree(clean_first_night, warehouse, symlinks=True)
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(warehouse / "mrbs.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdin is not None
    assert reader.stdout is not None
    seen_before = reader.stdout.readline()

    clean_trial.land(landing, last)
    load_landing(landing, clean_trial.sites_file, warehouse, last)
    reader.stdin.write("again\n")
    reader.stdin.flush()
    assert reader.stdout.readline() == seen_before
    with published(warehouse / "analysis.duckdb") as connection:
        now = connection.execute("select count(*) from analysis.adqs").fetchone()
    assert now is not None
    assert now[0] >= int(seen_before)
    reader.stdin.close()
    assert reader.wait(timeout=30) == 0


def test_loads_at_once_run_one_after_the_other_or_say_who_holds_the_warehouse(
    clean_trial: Trial, tmp_path: Path
) -> None:
    """Two first loads on a new folder, and one that may not wait."""
    landing = clean_trial.land(tmp_path / "landing", *clean_trial.nights)
    warehouse = tmp_path / "warehouse"
    loads = [start_load(clean_trial, landing, warehouse) for _ in range(2)]
    while not (warehouse / "working.duckdb").exists() and any(load.poll() is None for load in loads):
        time.sleep(0.1)
    hasty = start_load(clean_trial, landing, warehouse, "--wait", "0")
    refusal, _ = hasty.communicate(timeout=300)
    outputs = [load.communicate(timeout=300)[0] for load in loads]
    assert [load.returncode for load in loads] == [0, 0], "\n".join(outputs)
    (waited,) = (number for number, output in enumerate(outputs) if "waiting" in output)
    assert hasty.returncode == 1
    assert f"process {loads[1 - waited].pid}" in refusal
