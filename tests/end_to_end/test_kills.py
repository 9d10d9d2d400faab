"""Killed with SIGKILL at every stage and run again, a load ends where an undisturbed one ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Trial
from tests.support.load import environment, load_landing, parquet_hashes, published

pytestmark = pytest.mark.slow

# What the load reports when it comes to the stage; the kill strikes at that moment.
STAGES = {
    "before anything": "^start: ",
    "in the middle of landing": "^land: S02",
    "after the last site has landed": "^land: S04",
    "before the derivation": "^derive: deriving",
    "in the middle of the derivation": "^derive: 30 models",
    "at the checks": "^check: ",
    "between checks and ledger": "^check: .*ledger",
    "before the verification": "^publish: verifying",
    "while Parquet is written": "^publish: writing",
    "before the replacement": "^publish: replacing",
}


def state_of(warehouse: Path) -> dict[str, object]:
    """Everything published that must not depend on how the night went."""
    with published(warehouse / "analysis.duckdb") as connection:
        return {
            "analysis": parquet_hashes(warehouse),
            "findings": connection.execute("select * from quality.findings order by all").fetchall(),
            "quarantine": connection.execute("select * from quality.quarantine order by all").fetchall(),
            "deliveries": connection.execute(
                "select siteid, delivered, form, file, sha256, rows, status, reason from quality.deliveries order by all"
            ).fetchall(),
            "provenance": connection.execute("select * from metadata.provenance order by all").fetchall(),
        }


@pytest.mark.parametrize("stage", STAGES)
def test_killed_and_run_again(stage: str, messy_trial: Trial, messy_warehouse: Path, tmp_path: Path) -> None:
    first, last = messy_trial.nights
    landing = messy_trial.land(tmp_path / "landing", first)
    warehouse = tmp_path / "warehouse"
    load_landing(landing, messy_trial.sites_file, warehouse, first)
    before = parquet_hashes(warehouse)

    messy_trial.land(landing, last)
    killed = subprocess.run(
        [sys.executable, "-m", "tests.support.killed_load", STAGES[stage], str(last)],
        env={**os.environ, **environment(landing, messy_trial.sites_file, warehouse)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert killed.returncode == -signal.SIGKILL, f"the stage was never reached: {killed.stdout}{killed.stderr}"
    assert parquet_hashes(warehouse) == before, "a killed load replaced what people read"

    load_landing(landing, messy_trial.sites_file, warehouse, last)
    assert state_of(warehouse) == state_of(messy_warehouse)
