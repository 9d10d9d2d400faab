"""The folder of an SDTM export: closed to others, gone afterwards, and swept when its export was killed."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from orchestration.export.sdtm_folder import sdtm_folder, sweep_sdtm_folders
from orchestration.resources import Load

EXPORTING = """
import sys, time
from pathlib import Path
from orchestration.export.sdtm_folder import sdtm_folder
with sdtm_folder(Path(sys.argv[1])) as folder:
    (folder / "sdtm.duckdb").write_text("free text")
    print(folder, flush=True)
    time.sleep(600)
"""


def test_it_is_closed_to_others_and_goes_with_its_export(tmp_path: Path) -> None:
    with sdtm_folder(tmp_path) as folder:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        sweep_sdtm_folders(tmp_path)
        assert folder.is_dir()  # in use
    assert list(tmp_path.iterdir()) == []


def test_a_killed_export_is_swept_and_a_running_one_is_not(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", EXPORTING, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    folder = Path(process.stdout.readline().strip())
    sweep_sdtm_folders(tmp_path)
    assert (folder / "sdtm.duckdb").exists()
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert (folder / "sdtm.duckdb").exists()
    sweep_sdtm_folders(tmp_path)
    assert not folder.exists()


def test_a_load_sweeps_before_its_first_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = tmp_path / ".sdtm.killed"
    left.mkdir()
    monkeypatch.setenv("MRBS_WAREHOUSE_DIR", str(tmp_path))
    with dg.build_resources({"load": Load()}):
        assert not left.exists()
