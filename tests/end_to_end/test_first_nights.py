"""The first nights of a study: subjects are in screening, nobody has been infused, most forms have never come."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.orchestration.ingestion.landing_folder import form_file, subjects
from tests.support.load import load_landing, published

pytestmark = pytest.mark.slow


def test_a_study_without_infusions_is_published(tmp_path: Path) -> None:
    delivery = tmp_path / "landing" / "S01" / "2026-06-01"
    delivery.mkdir(parents=True)
    (delivery / "dm.csv").write_bytes(form_file("dm", subjects(3, rficdtc="2026-05-20", brthyr="1980", age="46")))
    register = tmp_path / "sites.yml"
    register.write_text("study: MRBS\nsites:\n  S01: {name: Site 1}\n")
    load_landing(tmp_path / "landing", register, tmp_path / "warehouse", date(2026, 6, 1))
    with published(tmp_path / "warehouse" / "analysis.duckdb") as connection:
        assert connection.execute("select usubjid, respgrp from analysis.adsl order by all").fetchall() == [
            (f"MRBS-S01-000{number}", None) for number in (1, 2, 3)
        ]
        assert connection.execute("select count(*) from analysis.adsri").fetchall() == [(0,)]
        outcomes = connection.execute(
            "select distinct outcome from quality.rule_runs where rule_id = 'INV08'"
        ).fetchall()
        assert outcomes == [("PASSED",)]
