"""The landing page over publications of a few findings: what it says first, what it lists, and in which order."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import pytest

from orchestration.review.pages import landing_page, sites
from tests.orchestration.review.small_publication import TONIGHT, add, add_decision, add_finding, numbers, texts

RESOLVED = {"status": "RESOLVED", "overdue": "N"}


def a_night(published: duckdb.DuckDBPyConnection) -> None:
    """Three sites: S01 and S02 with findings of every kind, S03 late."""
    before = TONIGHT - timedelta(days=1)
    add_finding(published, 1, "VAL02", opened=date(2026, 3, 18))
    add_finding(published, 2, "VAL03", opened=TONIGHT)
    add_finding(published, 3, "VIS02", opened=TONIGHT, first_seen=date(2026, 3, 1), reopened=1)
    add_finding(published, 4, "DOS02", opened=TONIGHT, siteid="S02", usubjid="MRBS-S02-0017")
    add_finding(published, 5, "EFF03", opened=date(2026, 3, 5), overdue="Y")  # due on the 19th
    add_finding(published, 6, "EFF03", opened=date(2026, 3, 6), siteid="S02")  # due tonight
    add_finding(published, 7, "DOS01", siteid="S02", status="ACCEPTED", decision_id="D-1")
    add_finding(published, 8, "DOS01", siteid="S02", **RESOLVED, resolved_at=TONIGHT)
    add_finding(published, 9, "DOS01", siteid="S02", **RESOLVED, resolved_at=before)
    add_finding(published, 10, "DEL08", siteid="S03", usubjid=None)
    add_decision(published, "D-1")
    for siteid, delivered in (("S01", TONIGHT), ("S02", TONIGHT), ("S02", before), ("S03", date(2026, 3, 2))):
        add(published, "quality.deliveries", siteid=siteid, delivered=delivered, form="ex", file="ex", status="LOADED")


def test_the_first_sentence_says_what_is_new_overdue_and_late(published: duckdb.DuckDBPyConnection) -> None:
    a_night(published)
    first, second, *_ = landing_page(published).text.split("\n\n")
    news = "3 findings are new tonight at 2 sites, 1 of them CRITICAL, 1 a gross dose error"
    assert first == f"**{news}; 1 is overdue; S03 is late.**"
    assert second == (
        "Load of 2026-03-20. Open: 7 (2 CRITICAL, 4 MAJOR, 1 MINOR), 1 gross dose error among them. "
        "Settled: 1 resolved tonight, 1 accepted."
    )


def test_gross_dose_errors_come_first_then_the_worst_then_the_newest(published: duckdb.DuckDBPyConnection) -> None:
    a_night(published)
    page = landing_page(published)
    # 4 is the gross error; 2 is CRITICAL; 3 is MINOR, and new because it came back tonight.
    assert numbers(page, "1_new_tonight") == ["4", "2", "3"]
    assert numbers(page, "2_overdue") == ["5"], "an answer due tonight is in time"
    assert numbers(page, "5_resolved_tonight") == ["8"]
    assert numbers(page, "6_accepted") == ["7"]
    assert texts(list(page.tables["1_new_tonight"]))[2] == (
        "S01-0001: finding 3.",
        "MINOR: open again tonight, answer due 2026-04-03, first seen 2026-03-01",
        "VIS02-3",
    )
    standing = {name: rows[0]["standing"] for name, rows in page.tables.items() if "standing" in rows[0]}
    assert standing == {
        "1_new_tonight": "MAJOR: new tonight, answer due 2026-04-03",
        "2_overdue": "MAJOR: overdue by 1 day, first seen 2026-03-05",
        "5_resolved_tonight": "MAJOR: resolved 2026-03-20, first seen 2026-03-19",
        "6_accepted": "MAJOR: accepted by A. Meyer until 2026-12-31",
    }
    assert "typed by a person" not in str(page), "reasons stay out"


def test_sites_and_rules_have_their_counts(published: duckdb.DuckDBPyConnection) -> None:
    a_night(published)
    page = landing_page(published)
    assert sites(published) == ["S01", "S02", "S03"]
    assert texts(list(page.tables["3_sites"])) == [
        ("S01", "2026-03-20", "2 CRITICAL, 1 MAJOR, 1 MINOR", 2, 1),
        ("S02", "2026-03-20", "2 MAJOR", 1, 0),
        ("S03", "2026-03-02, late", "1 MAJOR", 0, 0),
    ]
    assert [
        (str(row["rule"])[:5], row["open"], row["overdue"], row["sites"]) for row in page.tables["4_open_by_rule"]
    ] == [
        ("DOS02", 1, 0, "S02 1"),
        ("VAL02", 1, 0, "S01 1"),
        ("VAL03", 1, 0, "S01 1"),
        ("EFF03", 2, 1, "S01 1, S02 1"),
        ("DEL08", 1, 0, "S03 1"),
        ("VIS02", 1, 0, "S01 1"),
    ]
    assert page.counts == {
        "open": 7, "open_critical": 2, "open_major": 4, "open_minor": 1, "new_tonight": 3, "overdue": 1,
        "resolved_tonight": 1, "accepted": 1, "sites_late": 1, "files_held": 0, "rules_not_run": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rule_ids", "expected"),
    [
        (["VAL02"], "1 CRITICAL finding is new tonight at 1 site;"),
        (["DOS02"], "1 finding is new tonight at 1 site, a gross dose error;"),
        (["VIS02"], "1 finding is new tonight at 1 site;"),
        (["VIS02", "EFF03"], "2 findings are new tonight at 1 site, none of them CRITICAL;"),
    ],
)
def test_few_news_are_said_as_a_person_would(
    rule_ids: list[str], expected: str, published: duckdb.DuckDBPyConnection
) -> None:
    for number, rule_id in enumerate(rule_ids):
        add_finding(published, number, rule_id, opened=TONIGHT)
    assert landing_page(published).text.startswith(f"**{expected}")


def test_a_night_with_nothing_to_do_says_so(published: duckdb.DuckDBPyConnection) -> None:
    add(published, "quality.deliveries", siteid="S01", delivered=TONIGHT, form="ex", file="ex", status="UNCHANGED")
    add_finding(published, 1, "DEL08", siteid="S01", usubjid=None, status="ACCEPTED", decision_id="D-1")
    add_decision(published, "D-1")
    page = landing_page(published)
    assert page.text.startswith("**Nothing is new tonight; nothing is overdue; no site is late.**")
    assert "Nothing is open. Settled: 0 resolved tonight, 1 accepted." in page.text
    assert set(page.tables) == {"3_sites", "6_accepted"}, "no table is empty"
    assert texts(list(page.tables["3_sites"])) == [("S01", "2026-03-20, late (accepted)", "nothing", 0, 0)]
    assert page.counts["sites_late"] == 0


def test_a_delivery_that_was_not_taken_is_not_the_last_one(published: duckdb.DuckDBPyConnection) -> None:
    for siteid, delivered, status in (
        ("S01", TONIGHT, "LOADED"),
        ("S01", date(2062, 3, 20), "REFUSED"),  # a wrong year
        ("S02", TONIGHT, "REFUSED"),
    ):
        row = {"siteid": siteid, "delivered": delivered, "form": "ex", "file": "ex.csv", "status": status}
        add(published, "quality.deliveries", **row)
    sites_table = landing_page(published).tables["3_sites"]
    assert [row["last delivery"] for row in sites_table] == ["2026-03-20, later one not taken", "none taken"]


def test_before_anything_was_delivered_there_is_a_page(published: duckdb.DuckDBPyConnection) -> None:
    page = landing_page(published)
    assert page.tables == {}
    assert "nothing is overdue" in page.text


def test_of_51_findings_50_are_shown_and_the_page_says_how_to_get_all(published: duckdb.DuckDBPyConnection) -> None:
    for number in range(51):
        add_finding(published, number, "VAL02", opened=TONIGHT)
        add_finding(published, 100 + number, "VAL03", opened=date(2026, 3, 1), overdue="Y")
    page = landing_page(published)
    assert [len(page.tables[name]) for name in ("1_new_tonight", "2_overdue")] == [50, 50]
    assert page.counts["new_tonight"] == page.counts["overdue"] == 51
    assert "Of 51 overdue, 50 are shown; all: `mrbs findings --overdue --limit 51`" in page.text
    query = "from quality.findings where status = 'OPEN' and opened = date '2026-03-20'"
    assert f'Of 51 new tonight, 50 are shown; all: `mrbs query "{query}"`' in page.text
    assert len(published.execute(query).fetchall()) == 51


def test_of_50_findings_nothing_is_left_out(published: duckdb.DuckDBPyConnection) -> None:
    for number in range(50):
        add_finding(published, number, "VAL02", opened=TONIGHT)
    page = landing_page(published)
    assert len(page.tables["1_new_tonight"]) == 50
    assert "are shown" not in page.text


def test_held_files_indicators_and_rules_not_run_are_named(published: duckdb.DuckDBPyConnection) -> None:
    held = {"siteid": "S02", "file": "lb.csv", "status": "HELD"}
    add(published, "quality.deliveries", **held, form="lb", delivered=date(2026, 3, 19))
    add(published, "quality.deliveries", **held, form="ae", delivered=date(2026, 3, 1))  # made good since
    add_finding(published, 1, "DEL07", siteid="S02", usubjid=None, form="lb")
    add_finding(published, 2, "DEL07", siteid="S02", usubjid=None, form="ae", status="RESOLVED", resolved_at=TONIGHT)
    indicator = {"title": "Entry lag", "side": "HIGH", "flagged_since": TONIGHT, "newfl": "Y"}
    add(published, "quality.site_indicators", siteid="S02", indicator="ENTRY_LAG", flag="Y", **indicator)
    add(published, "quality.site_indicators", siteid="S01", indicator="ENTRY_LAG", flag="N", title="Entry lag")
    published.execute("update quality.rules set not_run = 1 where rule_id in ('VAL02', 'DOS01')")
    page = landing_page(published)
    lines = page.text.split("\n\n")[2].split("\n")
    assert lines == [
        "- 1 file is held until a person releases or withdraws it: S02 lb of 2026-03-19 "
        "(`mrbs delivery list --status HELD`)",
        "- Stand out from all other sites: S02: Entry lag (high, new tonight)",
        "- Not run tonight, so neither passed nor failed: DOS01, VAL02",
    ]
    assert (page.counts["files_held"], page.counts["rules_not_run"]) == (1, 2)
