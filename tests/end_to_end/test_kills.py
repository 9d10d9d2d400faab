"""Killed with SIGKILL at every stage and run again, a load ends where an undisturbed one ends."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Trial
from tests.support.killed_load import kill_a_load
from tests.support.load import environment, load_landing, parquet_hashes, published

pytestmark = pytest.mark.slow

# What the load reports when it comes to the stage; the kill strikes at that moment.
STAGES = {
    "before anything": "^start: ",
    "in the middle of landing": "^land: S02",
    "before the derivation": "^derive: deriving",
    "in the middle of the derivation": "^derive: 30 models",
    "at the checks": "^check: ",
    "after the second derivation": "^check: .*derived a second time",
    "between checks and ledger": "^check: .*ledger",
    "before the verification": "^publish: verifying",
    "while Parquet is written": "^publish: writing",
    "before the replacement": "^publish: replacing",
}
# Where files or tables change hands: each is killed alone.
CHANGES_HANDS = ("in the middle of the derivation", "between checks and ledger", "before the replacement")


# The same on a night without news.
STAGES_WITHOUT_NEWS = {
    "after the tables were taken over": "^check: the rules found the same",
    "while Parquet is linked": "^publish: writing",
    "published, while the monitors' pages are written": "^review: writing",
}


def state_of(warehouse: Path) -> dict[str, object]:
    """Everything published that must not depend on how the night went."""
    with published(warehouse / "analysis.duckdb") as connection:
        return {
            "analysis": parquet_hashes(warehouse),
            "findings": connection.execute("select * from quality.findings order by all").fetchall(),
            "quarantine": connection.execute("select * from quality.quarantine order by all").fetchall(),
            "deliveries": connection.execute(
                "select siteid, delivered, form, sha256, rows, status, reason from quality.deliveries order by all"
            ).fetchall(),
            "provenance": connection.execute("select * from metadata.provenance order by all").fetchall(),
        }


@pytest.mark.parametrize("stage", [*CHANGES_HANDS, "all others"])
def test_killed_and_run_again(
    stage: str, messy_trial: Trial, messy_first_night: Path, messy_warehouse: Path, tmp_path: Path
) -> None:
    """Killed where something changes hands; and killed at every other stage, load after load, before one may end."""
    last = messy_trial.nights[-1]
    landing = messy_trial.land(tmp_path / "landing", *messy_trial.nights)
    warehouse = tmp_path / "warehouse"
    shutil.copytree(messy_first_night, warehouse, symlinks=True)
    before = parquet_hashes(warehouse)
    settings = environment(landing, messy_trial.sites_file, warehouse)

    for killed in [stage] if stage in STAGES else [other for other in STAGES if other not in CHANGES_HANDS]:
        kill_a_load(STAGES[killed], last, settings)
        assert parquet_hashes(warehouse) == before, "a killed load replaced what people read"

    load_landing(landing, messy_trial.sites_file, warehouse, last)
    assert state_of(warehouse) == state_of(messy_warehouse)


@pytest.fixture(scope="module")
def night_without_news(messy_trial: Trial, messy_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse after an undisturbed night on which nobody delivered anything."""
    folder = tmp_path_factory.mktemp("without-news")
    landing = messy_trial.land(folder / "landing", *messy_trial.nights)
    shutil.copytree(messy_warehouse, folder / "warehouse", symlinks=True)
    load_landing(landing, messy_trial.sites_file, folder / "warehouse", messy_trial.nights[-1] + timedelta(days=1))
    return folder / "warehouse"


def test_killed_on_a_night_without_news(
    messy_trial: Trial, messy_warehouse: Path, night_without_news: Path, tmp_path: Path
) -> None:
    night = messy_trial.nights[-1] + timedelta(days=1)
    landing = messy_trial.land(tmp_path / "landing", *messy_trial.nights)
    warehouse = tmp_path / "warehouse"
    shutil.copytree(messy_warehouse, warehouse, symlinks=True)
    for pattern in STAGES_WITHOUT_NEWS.values():
        kill_a_load(pattern, night, environment(landing, messy_trial.sites_file, warehouse))
    load_landing(landing, messy_trial.sites_file, warehouse, night)
    assert state_of(warehouse) == state_of(night_without_news)
