"""The report's file: where it goes, how long it is kept, and when it need not be made again."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration import report as report_package
from orchestration.report import report_holds_for, write_report
from orchestration.report.published import READ_BESIDE
from tests.orchestration.report.nine_subjects import NINE
from tests.orchestration.report.small_publication import LOAD_ID, TODAY, always, publish_report_tables

NEXT = "20260702T020000-1b2c3d4e"


def test_it_stands_in_the_warehouse_under_its_publication(tmp_path: Path) -> None:
    warehouse = publish_report_tables(tmp_path, always(subjects=0))
    said: list[str] = []
    written = write_report(warehouse, report=said.append)
    assert written.file == warehouse / "reports" / f"{LOAD_ID}.html"
    assert written.bytes == written.file.stat().st_size
    assert [path.name for path in written.file.parent.iterdir()] == [written.file.name]
    assert said[-1] == "figure 13 of 13: Sites beside each other"


def test_nothing_is_published(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nothing has been published there yet"):
        write_report(tmp_path)
    assert not (tmp_path / "reports").exists()


def test_an_older_publication_without_the_tables_is_told_apart(tmp_path: Path) -> None:
    warehouse = publish_report_tables(tmp_path, always(subjects=0))
    file = (warehouse / "mrbs.duckdb").resolve()
    file.chmod(0o644)
    with duckdb.connect(str(file)) as connection:
        connection.execute("drop table analysis.resptab")
    with pytest.raises(RuntimeError, match=r"analysis\.resptab was published with other columns"):
        write_report(warehouse)


def test_a_report_leaves_with_its_publication(tmp_path: Path) -> None:
    warehouse = publish_report_tables(tmp_path, always(subjects=0))
    gone = warehouse / "reports" / "20250101T020000-99999999.html"
    gone.parent.mkdir()
    gone.write_text("its publication is no longer kept")
    first = write_report(warehouse)
    assert not gone.exists()
    publish_report_tables(tmp_path, always(subjects=0), NEXT)
    second = write_report(warehouse)
    assert first.file.exists()  # both publications are still there
    assert second.file.name == f"{NEXT}.html"


def test_it_holds_for_the_same_tables(tmp_path: Path) -> None:
    warehouse = publish_report_tables(tmp_path, always(subjects=0))
    assert report_holds_for(warehouse) is None
    first = write_report(warehouse)
    publish_report_tables(tmp_path, always(subjects=0), NEXT)
    assert report_holds_for(warehouse) == first.file


@pytest.mark.parametrize(
    "table",
    ["analysis.adsl", "quality.findings", "quality.quarantine", "quality.deliveries", "quality.site_indicators"],
)
def test_another_table_makes_it_again(tmp_path: Path, table: str) -> None:
    warehouse = publish_report_tables(tmp_path, always(subjects=0))
    write_report(warehouse)
    publish_report_tables(tmp_path, {**always(subjects=0), table: NINE[table]}, NEXT)
    assert report_holds_for(warehouse) is None


@pytest.mark.parametrize(("column", "value"), [("code_version", "0.2.0"), ("clockdt", TODAY + timedelta(days=1))])
def test_other_code_or_another_day_makes_it_again(tmp_path: Path, column: str, value: object) -> None:
    warehouse = publish_report_tables(tmp_path, always(subjects=0))
    write_report(warehouse)
    other = always(subjects=0)
    other["metadata.run"][0][column] = value
    publish_report_tables(tmp_path, other, NEXT)
    assert report_holds_for(warehouse) is None


def test_every_table_that_a_figure_reads_is_looked_at() -> None:
    """As the queries name them: one that is missing in READ_BESIDE could change without a new report."""
    code = "".join(path.read_text(encoding="utf-8") for path in Path(report_package.__file__).parent.rglob("*.py"))
    assert set(re.findall(r"\b(?:from|join) ((?:quality|metadata)\.\w+)", code)) == READ_BESIDE


def test_what_a_killed_report_left_goes_with_the_next(tmp_path: Path) -> None:
    warehouse = publish_report_tables(tmp_path, always(subjects=0))
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    reports = warehouse / "reports"
    reports.mkdir()
    left, under_way = (reports / f".{NEXT}.html.{process}.partial" for process in (ended.pid, os.getppid()))
    left.write_text("half a page")
    under_way.write_text("half a page, and more to come")
    write_report(warehouse)
    assert not left.exists()
    assert under_way.exists()
