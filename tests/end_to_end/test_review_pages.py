"""The review pages of a real night: every figure on them counted a second way."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.findings.deciding import About, decide
from orchestration.findings.standing import standing
from orchestration.ingestion.settings import Settings
from orchestration.review.pages import Page, clean_subjects, landing_page, site_page, sites, subject_page
from orchestration.summary import open_published
from tests.end_to_end.conftest import Trial
from tests.support.load import load_landing

pytestmark = pytest.mark.slow


@pytest.fixture
def published(messy_warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_published(messy_warehouse / "mrbs.duckdb") as connection:
        yield connection


def rows(published: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    return published.sql(query).pl().to_dicts()


def ids(page: Page, table: str) -> set[object]:
    return {row["id"] for row in page.tables.get(table, ())}


def new(findings: list[dict[str, Any]], night: date) -> set[str]:
    """Of two nights nothing has come back yet: what is new was seen for the first time."""
    return {row["finding_id"] for row in findings if row["status"] == "OPEN" and row["first_seen"] == night}


def test_the_landing_page_and_the_sites(published: duckdb.DuckDBPyConnection, messy_trial: Trial) -> None:
    findings, page = rows(published, "from quality.findings"), landing_page(published)
    opened = [row for row in findings if row["status"] == "OPEN"]
    night = messy_trial.nights[-1]
    assert 0 < len(new(findings, night)) < len(opened) <= 50, "a night with news, and lists that are not cut"
    assert ids(page, "1_new_tonight") == new(findings, night)
    assert page.counts["open"] == len(opened)
    severities = Counter(row["severity"] for row in opened)
    assert {name: page.counts[f"open_{name.lower()}"] for name in severities} == severities
    first = page.tables["1_new_tonight"][0]
    assert str(first["id"]).startswith("DOS02-"), "the night has a gross dose error"

    by_rule = {str(row["rule"]).split(" ")[0]: row for row in page.tables["4_open_by_rule"]}
    assert {rule_id: row["open"] for rule_id, row in by_rule.items()} == Counter(row["rule_id"] for row in opened)
    for rule_id, row in by_rule.items():
        at = Counter(finding["siteid"] for finding in opened if finding["rule_id"] == rule_id)
        assert sorted(str(row["sites"]).split(", ")) == sorted(f"{site} {count}" for site, count in at.items())

    delivered = sorted({folder.parent.name for folder in (messy_trial.folder / "landing").glob("*/*")})
    assert sites(published) == delivered
    assert [row["site"] for row in page.tables["3_sites"]] == delivered
    flagged = Counter(row["siteid"] for row in rows(published, "from quality.site_indicators where flag = 'Y'"))
    for row in page.tables["3_sites"]:
        siteid = row["site"]
        of_site = [finding for finding in opened if finding["siteid"] == siteid]
        one = site_page(published, str(siteid))
        assert row["last delivery"] == str(night)
        assert ids(one, "2_open") == {finding["finding_id"] for finding in of_site}
        assert ids(one, "1_new_tonight") == new(of_site, night)
        assert (row["new tonight"], one.counts["open"]) == (one.counts["new_tonight"], len(of_site))
        assert one.counts["indicators_standing_out"] == flagged[siteid]
        (kept_out,) = rows(
            published,
            "select coalesce(sum(rows_quarantined), 0)::int as rows from quality.row_accounting "
            f"where layer = 'STAGING' and siteid = '{siteid}'",
        )
        assert one.counts["rows_kept_out"] == kept_out["rows"]


def test_every_subject_has_a_page(published: duckdb.DuckDBPyConnection) -> None:
    findings = rows(published, "from quality.findings where status = 'OPEN' and usubjid is not null")
    doses = {row["usubjid"]: row for row in rows(published, "from analysis.adexsum")}
    held = 0
    for subject in rows(published, "from analysis.adsl"):
        usubjid = subject["usubjid"]
        page = subject_page(published, usubjid)
        assert ids(page, "4_open_findings") == {row["finding_id"] for row in findings if row["usubjid"] == usubjid}
        tables = {name: f"analysis.{table}" for name, table in (("1_visits", "adsv"), ("3_components", "adsri"))}
        for name, table in tables.items():
            (counted,) = rows(published, f"select count(*) as rows from {table} where usubjid = '{usubjid}'")
            assert len(page.tables.get(name, ())) == counted["rows"]
        given = [row for row in page.tables.get("2_infusions", ()) if str(row["status"]).startswith("GIVEN")]
        assert len(given) == (doses[usubjid]["ngiven"] if usubjid in doses else 0)
        dates = [row["date"] for row in page.tables["1_visits"] if row["date"]]
        assert dates == sorted(map(str, dates))
        said = Counter(str(row["SRI-4"]).split(":")[0] for row in page.tables.get("3_components", ()))
        results = rows(published, f"select sri4 from analysis.adsri where usubjid = '{usubjid}'")
        assert said == Counter(row["sri4"] or "unknown" for row in results)
        held += "**Held**" in page.text
        assert ("**Held**" in page.text) == (subject["respgrp"] == "HELD")
    assert held, "the trial has a subject without day 0"


def test_the_clean_subjects(published: duckdb.DuckDBPyConnection) -> None:
    """Complete by the calendar: the window of week 48 ends on day 350, and a week for entries has passed since."""
    page = clean_subjects(published)
    complete = {
        row["usubjid"]
        for row in rows(published, "from analysis.adsl where trtsdt is not null")
        if row["trtsdt"] + timedelta(days=350 + 7) < row["sitecutdt"]
    }
    findings = rows(published, "from quality.findings where status = 'OPEN'")
    asked = {row["usubjid"] for row in findings}
    assert {row["subject"] for row in page.tables.get("2_complete_not_clean", ())} == complete & asked
    assert {row["subject"] for row in page.tables.get("3_clean", ())} == complete - asked
    assert (page.counts["complete"], page.counts["clean"]) == (len(complete), len(complete - asked))
    (treated,) = rows(published, "select count(*) as n from analysis.adsl where saffl = 'Y'")
    assert page.counts["treated"] == treated["n"]
    of_sites = [row for row in page.tables["1_by_site"] if row["site"] != "all"]
    for name in ("treated", "complete", "clean", "only MINOR", "not clean", "held"):
        assert sum(int(row[name]) for row in of_sites) == page.tables["1_by_site"][-1][name]


def test_a_night_with_a_late_site_a_held_file_and_a_decision(
    messy_trial: Trial, messy_warehouse: Path, tmp_path: Path
) -> None:
    """Fifteen days later: S01's lb has lost half its rows, S02 has dropped the unknown column, S04 is silent, a person
    has accepted the gross dose error, and whatever was open before and still is, is overdue (14 days to answer)."""
    first, last = messy_trial.nights
    tonight = last + timedelta(days=15)
    landing = messy_trial.land(tmp_path / "landing", first, last)
    for site in ("S01", "S02", "S03"):
        shutil.copytree(landing / site / str(last), landing / site / str(tonight))
    shutil.copy(landing / "S02" / str(first) / "mh.csv", landing / "S02" / str(tonight) / "mh.csv")
    results = landing / "S01" / str(tonight) / "lb.csv"
    lines = results.read_text().splitlines(keepends=True)
    results.write_text("".join(lines[: len(lines) // 2]))
    register = tmp_path / "sites.yml"
    register.write_text(messy_trial.sites_file.read_text().replace("{name: Site 4}", "{name: Site 4, every_days: 14}"))
    settings = Settings(landing, tmp_path / "warehouse", register)
    shutil.copytree(messy_warehouse, settings.warehouse_dir, symlinks=True)

    with open_published(settings.published_file) as connection:
        before = {row["finding_id"]: row for row in rows(connection, "from quality.findings")}
    (gross,) = [finding_id for finding_id in before if finding_id.startswith("DOS02")]
    decide(
        settings, "ACCEPT", About(gross, None, None), by="A. Meyer", reason="seen", until=tonight + timedelta(days=9)
    )
    with open_published(settings.published_file) as connection, standing(settings) as now:
        (waiting,) = landing_page(connection, now).tables["7_waiting_for_the_next_load"]
        assert (waiting["id"], waiting["standing"]) == (gross, "will be accepted with the next load")

    load_landing(landing, register, settings.warehouse_dir, tonight)
    with open_published(settings.published_file) as connection, standing(settings) as now:
        page = landing_page(connection, now)
        opened = rows(connection, "from quality.findings where status = 'OPEN'")
        of_s01 = site_page(connection, "S01")
    assert "; S04 is late.**" in page.text
    assert f"1 file is held until a person releases or withdraws it: S01 lb of {tonight} (" in page.text
    assert f"- Last delivery: {tonight}, 14 files, of which not taken: lb held." in of_s01.text
    ids_open = {row["finding_id"] for row in opened}
    still = ids_open & before.keys()
    assert page.counts["overdue"] == len(still) > 0
    assert ids(page, "2_overdue") <= still
    assert page.counts["new_tonight"] == len(ids_open - before.keys()) > 0
    assert ids(page, "5_resolved_tonight") == before.keys() - ids_open - {gross}
    assert {str(finding_id)[:5] for finding_id in ids(page, "5_resolved_tonight")} >= {"DEL04"}
    assert [(row["id"], row["standing"]) for row in page.tables["6_accepted"]] == [
        (gross, f"MAJOR: accepted by A. Meyer until {tonight + timedelta(days=9)}")
    ]
    assert "7_waiting_for_the_next_load" not in page.tables
