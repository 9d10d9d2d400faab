"""The page of a subject: in order, unknown said to be unknown, and subjects of whom little is known."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb
import pytest

from orchestration.review.pages import NotThereError, subject_page
from tests.orchestration.review.small_publication import add, add_finding, numbers, texts

SUBJECT = "MRBS-S01-0001"
DAY_0 = date(2026, 1, 5)


def treated(published: duckdb.DuckDBPyConnection) -> None:
    """Two infusions given, one missed, one to come; an unscheduled visit; weeks 2 to 8."""
    add(
        published, "analysis.adsl", siteid="S01", usubjid=SUBJECT, rficdt=date(2025, 12, 20), trtsdt=DAY_0,
        trtedt=date(2026, 1, 20), eosstt="ONGOING", saffl="Y", sitecutdt=date(2026, 3, 18), maturfl="N",
        icedt=date(2026, 2, 1), iceterm="STEROID INCREASE", respgrp="NO RESPONSE", respreas="STEROID INCREASE",
    )  # fmt: skip
    visits = (
        ("SCR", -1, None, date(2025, 12, 20), -16, None, "DONE", "Y"),
        ("D0", 0, 0, DAY_0, 0, 0, "DONE", "Y"),
        ("W2", 2, 14, date(2026, 1, 24), 19, 5, "DONE", "N"),
        ("W4", 4, 28, None, None, None, "MISSED", "N"),
        ("W8", 8, 56, None, None, None, "PENDING", "N"),
        ("UNS", 99, None, date(2026, 2, 10), 36, None, "DONE", "N"),
    )
    names = ("visit", "visitnum", "visitdy", "svdt", "protday", "daysoff", "status", "inwinfl")
    for visit in reversed(visits):
        add(published, "analysis.adsv", usubjid=SUBJECT, **dict(zip(names, visit, strict=True)))
    kg = {"weight": Decimal("58"), "weightdt": DAY_0, "plandose": Decimal("580")}
    flags = {"devfl": "N", "grossfl": "N", "latefl": "N"}
    infusions = (
        {"visit": "D0", "plannum": 1, "targetday": 0, "astdt": DAY_0, "protday": 0, "status": "GIVEN",
         "exdose": Decimal("580"), "devpct": Decimal("0"), **kg, **flags},
        {"visit": "W2", "plannum": 2, "targetday": 14, "astdt": date(2026, 1, 24), "protday": 19, "status": "GIVEN",
         "exdose": Decimal("5800"), "devpct": Decimal("900"), "intervl": 19, **kg,
         **(flags | {"devfl": "Y", "grossfl": "Y", "latefl": "Y"})},
        {"visit": "W4", "plannum": 3, "targetday": 28, "status": "MISSED", **kg, **flags},
        {"visit": "W8", "plannum": 4, "targetday": 56, "status": "PENDING", **flags},
    )  # fmt: skip
    for infusion in reversed(infusions):
        add(published, "analysis.adex", usubjid=SUBJECT, **infusion)
    weeks = (
        {"avisit": "Week 2", "avisitn": 2, "adt": date(2026, 1, 24), "sledai": 6, "bilnewa": 0, "bilnewb": 1,
         "bilnewsys": "RENAL", "pga": Decimal("1.5"), "sledfl": "Y", "bilfl": "Y", "pgafl": "N", "sri4": "N",
         "reason": "PGA"},
        # The SLEDAI-2K is incomplete: unknown, and so is the response.
        {"avisit": "Week 4", "avisitn": 4, "adt": date(2026, 2, 10), "sledai": None, "bilnewa": 0, "bilnewb": 0,
         "pga": Decimal("1.4999"), "bilfl": "Y", "pgafl": "Y", "sri4": None, "reason": "PENDING"},
        {"avisit": "Week 8", "avisitn": 8, "reason": "PENDING"},
    )  # fmt: skip
    for week in reversed(weeks):
        add(published, "analysis.adsri", usubjid=SUBJECT, sledaibl=12, pgabl=Decimal("1.2"), maturfl="N", **week)


def test_visits_and_infusions_stand_in_the_order_of_their_days(published: duckdb.DuckDBPyConnection) -> None:
    treated(published)
    page = subject_page(published, SUBJECT)
    assert texts(list(page.tables["1_visits"])) == [
        ("SCR", "2025-12-20", -16, "", "DONE"),
        ("D0", "2026-01-05", 0, "0", "DONE"),
        ("W2", "2026-01-24", 19, "+5", "DONE, outside its window"),
        ("W4", "", "", "", "MISSED"),  # planned for 2026-02-02
        ("UNS", "2026-02-10", 36, "", "DONE"),
        ("W8", "", "", "", "PENDING"),  # planned for 2026-03-02
    ]
    weight = "58 kg on 2026-01-05"
    assert texts(list(page.tables["2_infusions"])) == [
        ("D0", "2026-01-05", 0, "580 mg, planned 580 mg (0 %)", weight, "GIVEN"),
        ("W2", "2026-01-24", 19, "5,800 mg, planned 580 mg (+900 %)", weight,
         "GIVEN, GROSS DOSE ERROR, outside its window, 19 days after the last"),
        ("W4", "", "", "none, planned 580 mg", weight, "MISSED"),
        ("W8", "", "", "none, planned unknown", "unknown", "PENDING"),
    ]  # fmt: skip


def test_an_unknown_component_is_unknown_and_never_no(published: duckdb.DuckDBPyConnection) -> None:
    treated(published)
    assert texts(list(subject_page(published, SUBJECT).tables["3_components"])) == [
        ("Week 2", "2026-01-24", "Y: 12 to 6", "Y: 0 new A, 1 new B (RENAL)", "N: 1.2 to 1.5", "N: PGA"),
        ("Week 4", "2026-02-10", "unknown", "Y: 0 new A, 0 new B", "Y: 1.2 to 1.4999", "unknown: PENDING"),
        ("Week 8", "", "unknown", "unknown", "unknown", "unknown: PENDING"),
    ]


def test_findings_stand_by_date_and_a_gross_dose_error_first(published: duckdb.DuckDBPyConnection) -> None:
    treated(published)
    early, late = date(2026, 3, 2), date(2026, 3, 9)
    add_finding(published, 1, "VAL02", opened=late)
    add_finding(published, 2, "EFF03", opened=early, visit="W4")
    add_finding(published, 3, "VIS02", opened=early, visit="W2")
    add_finding(published, 4, "DOS02", opened=late, visit="W2")
    add_finding(published, 5, "DOS01", opened=late, status="RESOLVED", resolved_at=late)
    add_finding(published, 6, "DOS01", opened=early, status="ACCEPTED")
    add_finding(published, 7, "DOS01", usubjid="MRBS-S01-0002")
    page = subject_page(published, "S01-0001")
    assert numbers(page, "4_open_findings") == ["4", "3", "2", "1"]
    assert numbers(page, "5_settled_findings") == ["6", "5"]
    assert page.text == (
        "**MRBS-S01-0001: 4 findings open (1 CRITICAL, 2 MAJOR, 1 MINOR).**\n\n"
        "Load of 2026-03-20. Days are protocol days: the first infusion is day 0.\n\n"
        "- Day 0: 2026-01-05; last infusion given: 2026-01-20\n"
        "- Consent: 2025-12-20; study ONGOING\n"
        "- Data of the site up to 2026-03-18\n"
        "- First intercurrent event: STEROID INCREASE on 2026-02-01\n"
        "- Week 48: NO RESPONSE, reason STEROID INCREASE (not final: week 48 is not mature)\n"
        "- Settled: 1 resolved, 1 accepted"
    )
    assert page.counts == {"open": 4, "accepted": 1, "resolved": 1}


def test_a_held_subject_has_a_page_that_says_why_so_much_is_missing(published: duckdb.DuckDBPyConnection) -> None:
    add(published, "analysis.adsl", siteid="S01", usubjid=SUBJECT, saffl="Y", respgrp="HELD", eosstt="ONGOING")
    for visit, visitnum, svdt in (("W2", 2, date(2026, 1, 19)), ("D0", 0, None), ("W4", 4, None)):
        status = "DONE" if svdt else None
        row = {"visit": visit, "visitnum": visitnum, "svdt": svdt, "status": status, "inwinfl": "N"}
        add(published, "analysis.adsv", usubjid=SUBJECT, **row)
    add_finding(published, 1, "DOS00")
    page = subject_page(published, SUBJECT)
    assert "- **Held**: an infusion was given and day 0 is unknown" in page.text
    assert "- Consent: unknown; study ONGOING\n- Data of the site up to an unknown date\n- Settled" in page.text
    assert set(page.tables) == {"1_visits", "4_open_findings"}
    assert texts(list(page.tables["1_visits"])) == [
        ("W2", "2026-01-19", "", "", "DONE"),
        ("D0", "", "", "", "unknown"),  # whether it was due, nobody can tell
        ("W4", "", "", "", "unknown"),
    ]


def test_a_visit_label_that_anybody_may_have_typed_is_withheld(published: duckdb.DuckDBPyConnection) -> None:
    add(published, "analysis.adsl", siteid="S01", usubjid=SUBJECT, saffl="N", eosstt="ONGOING")
    for visit, visitnum in (("W8", 8), ("ET", 90), ("call to Mrs Miller", None), (None, None)):
        row = {"visit": visit, "visitnum": visitnum, "status": "DONE", "inwinfl": "N"}
        add(published, "analysis.adsv", usubjid=SUBJECT, **row)
    visits = {row["visit"] for row in subject_page(published, SUBJECT).tables["1_visits"]}
    assert visits == {"W8", "ET", "(text withheld)", "(blank)"}


def test_a_subject_never_infused_and_one_that_dm_does_not_have(published: duckdb.DuckDBPyConnection) -> None:
    add(published, "analysis.adsl", siteid="S01", usubjid=SUBJECT, saffl="N", eosstt="DISCONTINUED",
        eosdt=date(2026, 1, 2), dcsreas="WITHDRAWAL BY SUBJECT")  # fmt: skip
    page = subject_page(published, SUBJECT)
    assert page.text.startswith("**MRBS-S01-0001: nothing open.**")
    assert "- Never infused: no infusions, no components, no response" in page.text
    assert "study DISCONTINUED on 2026-01-02, WITHDRAWAL BY SUBJECT" in page.text

    add(published, "quality.quarantine", siteid="S01", usubjid="MRBS-S01-0009", form="ex", rule_id="VAL08")
    page = subject_page(published, "MRBS-S01-0009")
    assert "- Not in the analysis: no usable row of dm names this subject" in page.text
    assert "- 1 row is kept out of the analysis" in page.text
    assert page.tables == {}


def test_of_51_open_findings_50_are_shown(published: duckdb.DuckDBPyConnection) -> None:
    for number in range(51):
        add_finding(published, number, "VAL02")
    page = subject_page(published, SUBJECT)
    assert len(page.tables["4_open_findings"]) == 50
    assert "Of 51 open findings, 50 are shown" in page.text


def test_a_subject_that_there_is_not_names_close_ones(published: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(NotThereError, match=r"no subject 'S01-0001'\. There are: none yet"):
        subject_page(published, "S01-0001")
    add_finding(published, 1, "VAL02", usubjid="MRBS-S01-0010")
    with pytest.raises(NotThereError, match=r"no subject 'MRBS-S01-010'. Do you mean MRBS-S01-0010\?"):
        subject_page(published, "MRBS-S01-010")
    with pytest.raises(NotThereError, match=r"no subject 's01-0011'. Do you mean MRBS-S01-0010\?"):
        subject_page(published, "s01-0011")
