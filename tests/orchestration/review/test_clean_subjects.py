"""The clean-subject tracker over a few subjects: who is complete, who of them is clean, and what keeps the others."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from orchestration.review.pages import clean_subjects
from tests.orchestration.review.small_publication import add, add_finding, texts


def add_subject(
    published: duckdb.DuckDBPyConnection, subjid: str, respgrp: str | None, sri4: str | None, maturfl: str = "Y"
) -> str:
    """A treated subject and its rows of week 44 and week 48; without rows when it is held."""
    siteid = subjid.partition("-")[0]
    usubjid = f"MRBS-{subjid}"
    saffl = "N" if respgrp is None else "Y"
    add(published, "analysis.adsl", siteid=siteid, usubjid=usubjid, saffl=saffl, respgrp=respgrp)
    if respgrp not in (None, "HELD"):
        add(published, "analysis.adsri", usubjid=usubjid, avisit="Week 44", avisitn=44, sri4="Y", maturfl="Y")
        add(published, "analysis.adsri", usubjid=usubjid, avisit="Week 48", avisitn=48, sri4=sri4, maturfl=maturfl)
    return usubjid


@pytest.fixture
def trial(published: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Two sites; what each subject is stands beside it."""
    minor = add_subject(published, "S01-0001", "RESPONSE", "Y")
    accepted = add_subject(published, "S01-0002", "NO RESPONSE", "N")
    major = add_subject(published, "S01-0003", "RESPONSE", "Y")
    gross = add_subject(published, "S02-0001", "NO RESPONSE", "N")
    critical = add_subject(published, "S02-0002", "RESPONSE", "Y")
    early = add_subject(published, "S02-0003", "NO RESPONSE", "N", maturfl="N")  # an event decided it before week 48
    pending = add_subject(published, "S02-0004", "PENDING", None, maturfl="N")
    add_subject(published, "S02-0005", "HELD", None)
    add_subject(published, "S02-0006", None, None)  # never infused
    add_finding(published, 1, "VIS02", usubjid=minor)  # MINOR
    add_finding(published, 2, "VAL02", usubjid=minor, status="RESOLVED", resolved_at=date(2026, 3, 1))
    add_finding(published, 3, "VAL02", usubjid=accepted, status="ACCEPTED")
    add_finding(published, 4, "EFF03", usubjid=major, opened=date(2026, 3, 10))
    add_finding(published, 5, "EFF03", usubjid=major, opened=date(2026, 3, 4))
    add_finding(published, 6, "VIS02", usubjid=major)
    add_finding(published, 7, "DOS02", usubjid=gross)
    add_finding(published, 8, "VAL02", usubjid=critical)
    add_finding(published, 9, "DOS01", usubjid=critical)
    add_finding(published, 10, "VAL02", usubjid=early)
    add_finding(published, 11, "VAL02", usubjid=pending)
    add_finding(published, 12, "DEL01", usubjid=None)
    return published


def test_who_is_complete_and_who_is_clean(trial: duckdb.DuckDBPyConnection) -> None:
    page = clean_subjects(trial)
    assert page.text.startswith(
        "**5 of 8 treated subjects are complete through week 48, 1 of them clean, 1 with nothing but MINOR open.**"
    )
    assert texts(list(page.tables["1_by_site"])) == [
        ("S01", 3, 3, 1, 1, 1, 0),
        ("S02", 5, 2, 0, 0, 2, 1),
        ("all", 8, 5, 1, 1, 3, 1),
    ]
    assert texts(list(page.tables["3_clean"])) == [("MRBS-S01-0002", "NO RESPONSE")]
    counts = {"treated": 8, "complete": 5, "clean": 1, "complete_only_minor": 1, "complete_not_clean": 4, "held": 1}
    assert page.counts == counts


def test_what_keeps_the_others_gross_dose_errors_first(trial: duckdb.DuckDBPyConnection) -> None:
    page = clean_subjects(trial)
    assert texts(list(page.tables["2_complete_not_clean"])) == [
        ("MRBS-S02-0001", "NO RESPONSE", "1 MAJOR", "DOS02", "2026-04-02"),
        ("MRBS-S02-0002", "RESPONSE", "1 CRITICAL, 1 MAJOR", "VAL02, DOS01", "2026-04-02"),
        ("MRBS-S01-0003", "RESPONSE", "2 MAJOR, 1 MINOR", "2 x EFF03, VIS02", "2026-03-18"),
        ("MRBS-S01-0001", "RESPONSE", "1 MINOR", "VIS02", "2026-04-02"),
    ]
    assert "- 1 subject is held: day 0 is unknown" in page.text
    assert "- Open findings that name no subject (a file, a row without its key), counted for nobody: 1" in page.text


def test_before_anyone_was_treated(published: duckdb.DuckDBPyConnection) -> None:
    page = clean_subjects(published)
    assert page.tables == {}
    assert page.text.startswith("**0 of 0 treated subjects are complete through week 48, 0 of them clean, 0 with")


def test_of_51_clean_subjects_50_are_shown_and_all_are_counted(published: duckdb.DuckDBPyConnection) -> None:
    for number in range(51):
        add_subject(published, f"S01-{number:04d}", "RESPONSE", "Y")
    page = clean_subjects(published)
    assert len(page.tables["3_clean"]) == 50
    assert page.counts["clean"] == 51
    assert "Of 51 subjects clean, 50 are shown" in page.text
