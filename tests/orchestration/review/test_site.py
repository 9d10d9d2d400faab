"""The page of one site: only what is its own, also when that is nothing, and a site that there isn't."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb
import pytest

from orchestration.review.pages import NotThereError, site_page
from tests.orchestration.review.small_publication import TONIGHT, add, add_decision, add_finding, numbers, texts


def test_a_site_sees_its_own_findings_worst_first(published: duckdb.DuckDBPyConnection) -> None:
    add_finding(published, 1, "VIS02", opened=TONIGHT)
    add_finding(published, 2, "VAL02", opened=date(2026, 3, 2), overdue="Y")
    add_finding(published, 3, "DOS02", opened=date(2026, 3, 18))
    add_finding(published, 4, "VAL02", opened=TONIGHT, siteid="S02")
    add_finding(published, 5, "DOS01", status="RESOLVED", resolved_at=TONIGHT)
    add_finding(published, 6, "DOS01", status="ACCEPTED", decision_id="D-1")
    add_finding(published, 7, "DOS01", status="ACCEPTED", decision_id="D-1", siteid="S02")
    add_decision(published, "D-1")
    page = site_page(published, "S01")
    assert page.text.startswith("**S01: 1 finding is new tonight; 1 is overdue.**")
    assert {table: numbers(page, table) for table in page.tables} == {
        "1_new_tonight": ["1"],
        "2_open": ["3", "2", "1"],
        "3_resolved_tonight": ["5"],
        "4_accepted": ["6"],
    }
    assert (page.counts["open"], page.counts["open_critical"], page.counts["accepted"]) == (3, 1, 1)
    assert "- It has delivered nothing yet." in page.text


def test_its_deliveries_indicators_and_rows_kept_out(published: duckdb.DuckDBPyConnection) -> None:
    for form, status in (("ae", "REFUSED"), ("dm", "LOADED"), ("ex", "UNCHANGED"), ("lb", "HELD")):
        add(published, "quality.deliveries", siteid="S01", delivered=TONIGHT, form=form, file=form, status=status)
    add_finding(published, 1, "DEL07", usubjid=None, form="lb")
    add_finding(published, 2, "DEL08", usubjid=None)
    for form, rule_id in (("ex", "VAL07"), ("ex", "VAL07"), ("cm", "VAL08")):
        add(published, "quality.quarantine", siteid="S01", usubjid="MRBS-S01-0001", form=form, rule_id=rule_id)
    add(published, "quality.quarantine", siteid="S02", form="ex", rule_id="VAL07")
    low = {"title": "Adverse events", "unit": "per subject-month", "side": "LOW", "value": Decimal("0.01")}
    low |= {"others_value": Decimal("0.256"), "lower": Decimal("0.05"), "flagged_since": TONIGHT, "newfl": "Y"}
    high = {"title": "Missed visits", "unit": "percent", "side": "HIGH", "value": Decimal("9.5")}
    high |= {"others_value": Decimal(2), "upper": Decimal("7.25"), "flagged_since": date(2026, 3, 1), "newfl": "N"}
    for indicator, values in (("MISSED_VISITS", high), ("ADVERSE_EVENTS", low)):
        add(published, "quality.site_indicators", siteid="S01", indicator=indicator, flag="Y", **values)
    page = site_page(published, "S01")
    assert page.text.startswith("**S01: Nothing is new tonight; nothing is overdue; it is late.**")
    assert page.text.split("\n\n")[2].split("\n") == [
        "- Last delivery: 2026-03-20, 4 files, of which not taken: ae refused, lb held.",
        "- 1 file is held until a person releases or withdraws it: S01 lb of 2026-03-20 "
        "(`mrbs delivery list --status HELD`)",
        "- Stands out from all other sites in 2 indicators",
        "- 3 rows are kept out of the analysis",
    ]
    assert texts(list(page.tables["5_stands_out"])) == [
        ("Adverse events", "0.01 per subject-month", "0.26", "to 0.05", "2026-03-20, new tonight"),
        ("Missed visits", "9.5 percent", "2", "from 7.25 on", "2026-03-01"),
    ]
    assert texts(list(page.tables["6_rows_kept_out"])) == [
        ("cm", "VAL08 Subject not in dm", 1),
        ("ex", "VAL07 Duplicate key", 2),
    ]
    assert page.counts["rows_kept_out"] == 3


def test_of_a_delivery_refused_whole_the_last_one_taken_is_named(published: duckdb.DuckDBPyConnection) -> None:
    for delivered, status in ((TONIGHT, "REFUSED"), (date(2026, 3, 19), "LOADED"), (date(2026, 3, 18), "LOADED")):
        add(published, "quality.deliveries", siteid="S01", delivered=delivered, form="dm", file="dm", status=status)
    text = site_page(published, "S01").text
    assert "not taken: dm refused; last one of which something was taken: 2026-03-19." in text


def test_what_is_no_file_of_a_form_is_named_as_it_came(published: duckdb.DuckDBPyConnection) -> None:
    """A delivery refused whole has no form; what lay beside the deliveries has no date either."""
    add(published, "quality.deliveries", siteid="S01", delivered=TONIGHT, file="notes.txt", status="REFUSED")
    add(published, "quality.deliveries", siteid="S01", delivered=TONIGHT, status="REFUSED")
    add(published, "quality.deliveries", siteid="S02", file="misc", status="REFUSED")
    assert "not taken: `notes.txt refused`, the delivery refused;" in site_page(published, "S01").text
    assert "- It has delivered nothing yet." in site_page(published, "S02").text


def test_a_site_with_nothing_open(published: duckdb.DuckDBPyConnection) -> None:
    add(published, "quality.deliveries", siteid="S01", delivered=TONIGHT, form="dm", file="dm", status="LOADED")
    add_finding(published, 1, "VAL02", siteid="S02")
    page = site_page(published, "S01")
    assert page.tables == {}
    assert page.text == (
        "**S01: Nothing is new tonight; nothing is overdue.**\n\n"
        "Load of 2026-03-20. Nothing is open. Settled: 0 resolved tonight, 0 accepted.\n\n"
        "- Last delivery: 2026-03-20, 1 file, all taken."
    )


def test_of_51_open_findings_50_are_shown(published: duckdb.DuckDBPyConnection) -> None:
    for number in range(51):
        add_finding(published, number, "VAL02")
    page = site_page(published, "S01")
    assert len(page.tables["2_open"]) == 50
    assert "- Of 51 open, 50 are shown; all: `mrbs findings --site S01 --limit 51`" in page.text


def test_a_site_that_there_is_not_names_close_ones(published: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(NotThereError, match=r"There is no site 'S01'\. There are: none yet\."):
        site_page(published, "S01")
    for siteid in ("S01", "S11", "BERLIN"):
        add_finding(published, 1, "DEL09", siteid=siteid, usubjid=None)
    with pytest.raises(NotThereError, match=r"There is no site 's01'\. Do you mean S01 or S11\?"):
        site_page(published, "s01")
    with pytest.raises(NotThereError, match="There are: BERLIN, S01, S11"):
        site_page(published, "x")
