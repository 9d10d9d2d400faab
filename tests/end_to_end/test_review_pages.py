"""The review pages of a real night: every figure on them counted a second way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.review.pages import Page, clean_subjects, landing_page, site_page, sites, subject_page
from orchestration.summary import open_published
from tests.end_to_end.conftest import Trial

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
    assert str(first["rule"]).startswith("DOS02"), "the night has a gross dose error"

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
    findings = rows(published, "from quality.findings where status = 'OPEN' and severity in ('CRITICAL', 'MAJOR')")
    asked = {row["usubjid"] for row in findings}
    assert {row["subject"] for row in page.tables.get("2_complete_not_clean", ())} == complete & asked
    assert {row["subject"] for row in page.tables.get("3_clean", ())} == complete - asked
    assert (page.counts["complete"], page.counts["clean"]) == (len(complete), len(complete - asked))
    (treated,) = rows(published, "select count(*) as n from analysis.adsl where saffl = 'Y'")
    assert page.counts["treated"] == treated["n"]
    of_sites = [row for row in page.tables["1_by_site"] if row["site"] != "all"]
    for name in ("treated", "complete", "clean", "not clean", "held"):
        assert sum(int(row[name]) for row in of_sites) == page.tables["1_by_site"][-1][name]
