"""The same inputs give the same bytes: another day, process or order, night by night or at once."""

from __future__ import annotations

import csv
import random
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from tests.end_to_end.conftest import Trial
from tests.support.load import environment, load_landing, parquet_hashes, published

pytestmark = pytest.mark.slow


def raw_content(warehouse: Path) -> list[tuple[object, ...]]:
    import duckdb

    with duckdb.connect(str(warehouse / "working.duckdb"), read_only=True) as connection:
        return [
            row
            for form in ("dm", "ex", "sledai", "cm")
            for row in connection.execute(f"select * from raw.{form} order by all").fetchall()
        ]


def test_loading_twice_changes_nothing(messy_trial: Trial, messy_warehouse: Path, tmp_path: Path) -> None:
    landing = messy_trial.land(tmp_path / "landing", *messy_trial.nights)
    again = tmp_path / "warehouse"
    shutil.copytree(messy_warehouse, again, symlinks=True)
    load_landing(landing, messy_trial.sites_file, again, messy_trial.nights[-1])
    assert state_of(again) == state_of(messy_warehouse)


def state_of(warehouse: Path) -> tuple[object, ...]:
    with published(warehouse / "analysis.duckdb") as connection:
        findings = connection.execute("select * from quality.findings order by all").fetchall()
    return parquet_hashes(warehouse), raw_content(warehouse), findings


def test_night_by_night_ends_where_the_last_night_alone_ends(
    clean_trial: Trial, clean_warehouse: Path, tmp_path: Path
) -> None:
    last = clean_trial.nights[-1]
    landing = clean_trial.land(tmp_path / "landing", last)
    load_landing(landing, clean_trial.sites_file, tmp_path / "warehouse", last)
    assert parquet_hashes(tmp_path / "warehouse") == parquet_hashes(clean_warehouse)


def test_another_order_of_rows_and_sites_another_process_and_another_day_change_nothing(
    clean_trial: Trial, clean_warehouse: Path, tmp_path: Path
) -> None:
    """Everything that must not matter is otherwise in one load, and it gives the same bytes."""
    last = clean_trial.nights[-1]
    landing = clean_trial.land(tmp_path / "landing", last)
    shuffled = random.Random(5)
    for file in landing.glob("*/*/*.csv"):
        if file.name == "manifest.csv":
            file.unlink()  # its hashes are of the files in their old order
            continue
        with file.open(newline="", encoding="utf-8") as handle:
            header, *rows = list(csv.reader(handle))
        shuffled.shuffle(rows)
        with file.open("w", newline="", encoding="utf-8") as handle:
            csv.writer(handle).writerows([header, *rows])
    register = yaml.safe_load(clean_trial.sites_file.read_text())
    register["sites"] = dict(reversed(register["sites"].items()))
    (tmp_path / "sites.yml").write_text(yaml.safe_dump(register, sort_keys=False))

    warehouse = tmp_path / "warehouse"
    finished = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", "load", "--date", str(last + timedelta(days=9))],
        env={"PATH": "", "PYTHONHASHSEED": "7", **environment(landing, tmp_path / "sites.yml", warehouse)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert parquet_hashes(warehouse) == parquet_hashes(clean_warehouse)


def test_a_warehouse_can_be_moved(clean_warehouse: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    shutil.copytree(clean_warehouse, moved, symlinks=True)
    with published(moved / "mrbs.duckdb") as connection:
        assert connection.execute("select count(*) > 0 from analysis.adsl").fetchone() == (True,)
    assert parquet_hashes(moved) == parquet_hashes(clean_warehouse)
