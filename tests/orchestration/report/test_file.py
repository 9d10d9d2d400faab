"""The report's file: where it goes, how long it is kept, and when it need not be made again."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.report import report_holds_for, write_report
from tests.orchestration.report.nine_subjects import NINE
from tests.orchestration.report.small_publication import LOAD_ID, always, publish_report_tables

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


def test_it_holds_until_an_analysis_table_changes(tmp_path: Path) -> None:
    warehouse = publish_report_tables(tmp_path, always(subjects=0))
    assert report_holds_for(warehouse) is None
    first = write_report(warehouse)
    publish_report_tables(tmp_path, {**always(subjects=0), "quality.findings": NINE["quality.findings"]}, NEXT)
    assert report_holds_for(warehouse) == first.file
    publish_report_tables(tmp_path, {**always(), "analysis.adsl": NINE["analysis.adsl"]}, "20260703T020000-2c3d4e5f")
    assert report_holds_for(warehouse) is None


def test_another_version_of_the_code_makes_it_again(tmp_path: Path) -> None:
    warehouse = publish_report_tables(tmp_path, always(subjects=0))
    write_report(warehouse)
    other = always(subjects=0)
    other["metadata.run"][0]["code_version"] = "0.2.0"
    publish_report_tables(tmp_path, other, NEXT)
    assert report_holds_for(warehouse) is None
