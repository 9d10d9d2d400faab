"""mrbs export as a person runs it: what it prints, and an exit code for everything, not everything, and nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.export.described import analysis_tables
from tests.orchestration.export.small_warehouse import LOAD_ID, publish_small, subject
from tests.support.command_line import mrbs

pytestmark = pytest.mark.slow


def test_everything_was_written(small_warehouse: Path, tmp_path: Path) -> None:
    done = mrbs("export", str(tmp_path), MRBS_WAREHOUSE_DIR=str(small_warehouse))
    assert done.returncode == 0, done.stderr
    assert "adex, 2 rows" in done.stdout
    files = 4 * len(analysis_tables()) + 1  # each table in four formats, and define.xml
    assert f"Exported {files} files of the publication {LOAD_ID}" in done.stdout
    again = mrbs("export", str(tmp_path), MRBS_WAREHOUSE_DIR=str(small_warehouse))
    assert again.returncode == 1
    assert "this publication has been exported there" in again.stderr
    assert "Traceback" not in again.stderr


def test_a_format_that_could_not_carry_every_table(tmp_path: Path) -> None:
    warehouse = publish_small(tmp_path / "warehouse", {"adsl": [subject(1), subject(2, race="Métis")]})
    settings = {"MRBS_WAREHOUSE_DIR": str(warehouse)}
    done = mrbs("export", str(tmp_path / "out"), "--formats", "xpt,csv", "--tables", "adsl, ADSRI", **settings)
    assert done.returncode == 3
    assert "Exported 4 files" in done.stdout  # adsri twice, adsl as CSV, and the list of what was refused
    assert "xpt can't carry adsl" in done.stderr
    assert "adsl.race: not ASCII, or a line break or another control character (row 2)\n" in done.stderr
    spelled = mrbs("export", str(tmp_path / "ascii"), "--formats", "xpt", "--ascii", **settings)
    assert spelled.returncode == 0, spelled.stderr
    assert "Written in ASCII: 1 of the texts" in spelled.stdout


def test_nothing_was_written(small_warehouse: Path, tmp_path: Path) -> None:
    done = mrbs("export", str(tmp_path), "--formats", "sas", MRBS_WAREHOUSE_DIR=str(small_warehouse))
    assert done.returncode == 1
    assert done.stderr.startswith("There is no format sas; there are parquet, csv, xpt, json, define.")
    done = mrbs("export", str(tmp_path), "--model", "send", MRBS_WAREHOUSE_DIR=str(small_warehouse))
    assert done.returncode == 1
    assert done.stderr.startswith("There is no model send; there are adam, sdtm.")
