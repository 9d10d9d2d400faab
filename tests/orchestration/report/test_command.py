"""mrbs report as a person runs it: where the file is, the same bytes from another process, and nothing to report on."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.report import write_report
from tests.orchestration.report.small_publication import LOAD_ID
from tests.support.command_line import mrbs

pytestmark = pytest.mark.slow


def test_a_report_is_written(nine: Path, tmp_path: Path) -> None:
    done = mrbs("report", "--out", str(tmp_path / "by_command.html"), MRBS_WAREHOUSE_DIR=str(nine))
    assert done.returncode == 0, done.stderr
    assert f"Reported 13 figures of the publication {LOAD_ID}" in done.stdout
    assert f"{tmp_path}/by_command.html (" in done.stdout
    # The renderer counts over its whole process, and this one may have drawn before.
    for name in ("here.html", "again.html"):
        write_report(nine, tmp_path / name)
        assert (tmp_path / "by_command.html").read_bytes() == (tmp_path / name).read_bytes()


def test_nobody_is_there_yet(nobody: Path, tmp_path: Path) -> None:
    done = mrbs("report", "--out", str(tmp_path / "report.html"), MRBS_WAREHOUSE_DIR=str(nobody))
    assert done.returncode == 0, done.stderr
    assert "Of 13 there is nothing to draw yet" in done.stdout


def test_nothing_is_published(tmp_path: Path) -> None:
    done = mrbs("report", MRBS_WAREHOUSE_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "nothing has been published there yet" in done.stderr
    assert "Traceback" not in done.stderr
