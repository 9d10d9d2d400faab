"""mrbs findings listing over a trial with defects: every open finding once, in both files, and no free text."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import duckdb
import openpyxl
import pytest

from orchestration.site_listings.withheld import WITHHELD, shown
from tests.end_to_end.conftest import Trial
from tests.end_to_end.test_command_line import ROOT, mrbs
from tests.support.load import environment, published
from validation import rule_by_id

pytestmark = pytest.mark.slow

FREE_TEXT = {"dm": ["race"], "mh": ["mhterm"], "sv": ["svreasnd"], "ex": ["exreasoc"], "cm": ["cmtrt", "cmindc"],
             "ae": ["aeterm"]}  # fmt: skip


@pytest.fixture(scope="module")
def folder(messy_trial: Trial, messy_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("listing")
    settings = environment(messy_warehouse.parent / "landing", messy_trial.sites_file, messy_warehouse)
    written = mrbs("findings", "listing", "--to", str(folder), **settings)
    assert written.returncode == 0, written.stderr
    assert sorted(written.stdout.split()) == sorted(str(path) for path in folder.iterdir())
    return folder


def rows_of(csv_file: Path) -> list[dict[str, str]]:
    with csv_file.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def test_every_open_finding_stands_once_in_its_sites_csv_and_workbook(folder: Path, messy_warehouse: Path) -> None:
    with published(messy_warehouse / "analysis.duckdb") as connection:
        open_findings = connection.execute(
            "select siteid, finding_id, severity from quality.findings where status = 'OPEN' order by all"
        ).fetchall()
    in_csv = [
        (path.name.split("-")[0], row["finding_id"], row["severity"])
        for path in folder.glob("*.csv")
        for row in rows_of(path)
    ]
    in_workbook = [
        (path.name.split("-")[0], row[0], sheet.title)
        for path in folder.glob("*.xlsx")
        for sheet in openpyxl.load_workbook(path, read_only=True)
        for row in sheet.iter_rows(min_row=2, values_only=True)
    ]
    assert len(open_findings) > 15
    assert sorted(in_csv) == open_findings
    assert sorted(in_workbook) == open_findings


def test_every_sentence_is_its_rules_and_most_are_whole(folder: Path) -> None:
    rows = [row for path in folder.glob("*.csv") for row in rows_of(path)]
    for row in rows:
        assert f"{rule_by_id()[row['rule']].title}; {row['file']}" not in row["finding"], "no message was recognised"
    withheld = [row["finding"] for row in rows if WITHHELD in row["finding"]]
    assert len(withheld) < len(rows) / 2, withheld


def test_nothing_a_person_typed_stands_in_a_listing(folder: Path, messy_warehouse: Path) -> None:
    with duckdb.connect(str(messy_warehouse / "working.duckdb"), read_only=True) as connection:
        typed = {
            text
            for form, columns in FREE_TEXT.items()
            for column in columns
            for (text,) in connection.execute(f"select distinct {column} from raw.{form}").fetchall()
            if text and shown(text) == WITHHELD
        }
    listed = "".join(path.read_text(encoding="utf-8-sig") for path in folder.glob("*.csv"))
    assert [text for text in typed if text in listed] == []


def test_an_unknown_site_is_one_sentence(messy_trial: Trial, messy_warehouse: Path, tmp_path: Path) -> None:
    settings = environment(tmp_path, messy_trial.sites_file, messy_warehouse)
    refused = mrbs("findings", "listing", "--site", "S99", "--to", str(tmp_path / "listing"), **settings)
    assert refused.returncode == 1
    assert "There is no site S99; there are S01" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_list_of_findings_is_where_it_was() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", "findings", "--help"], cwd=ROOT, capture_output=True, text=True
    )
    assert "--severity" in told.stdout
    assert "listing" in told.stdout
