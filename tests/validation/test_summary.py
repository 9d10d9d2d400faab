"""What a monitor is told: the sentence, whether to act, and the records that are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.validation.hand_made import run_rule
from validation.ledger import merge_findings
from validation.outcome import NOT_RUN, RuleOutcome
from validation.summary import RuleSummary, SiteCount, summarise

TABLE = "staging.typed_ex"
FIRST = date(2026, 3, 2)
FINE = {"record_key": "fine", "exoccur": "Y", "exoccur_delivered": "Y"}


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(tmp_path / "working.duckdb") as connection:
        yield connection


def unread(number: int, siteid: str = "S02") -> dict[str, Any]:
    return {
        "siteid": siteid,
        "usubjid": f"MRBS-{siteid}-{number:04d}",
        "record_key": f"{number:04d} | W8",
        "exoccur_delivered": "JA",
    }


def tell(connection: duckdb.DuckDBPyConnection, outcome: RuleOutcome, clock: date) -> RuleSummary:
    merge_findings(connection, [outcome], clock)
    (summary,) = summarise(connection, [outcome], clock)
    return summary


def test_new_is_red_known_is_amber_and_overdue_is_red_again(warehouse: duckdb.DuckDBPyConnection) -> None:
    outcome = run_rule("VAL02", TABLE, unread(1), FINE)
    first = tell(warehouse, outcome, FIRST)
    assert (first.severity, first.passed) == ("ERROR", False)
    assert first.sentence == "1 of 2 rows of ex at 1 site has a value that is not in its code list, 1 new tonight."

    known = tell(warehouse, outcome, FIRST + timedelta(days=14))
    assert known.severity == "WARN"
    assert known.sentence == "1 of 2 rows of ex at 1 site has a value that is not in its code list."

    overdue = tell(warehouse, outcome, FIRST + timedelta(days=15))
    assert overdue.severity == "ERROR"
    assert overdue.sentence.endswith("in its code list, 1 open for too long.")


def test_what_comes_back_is_new(warehouse: duckdb.DuckDBPyConnection) -> None:
    outcome = run_rule("VAL02", TABLE, unread(1), FINE)
    tell(warehouse, outcome, FIRST)
    tell(warehouse, run_rule("VAL02", TABLE, FINE), FIRST + timedelta(days=1))
    again = tell(warehouse, outcome, FIRST + timedelta(days=2))
    assert (again.new, again.severity) == (1, "ERROR")
    assert again.records[0].since == FIRST


def test_minor_is_never_red(warehouse: duckdb.DuckDBPyConnection) -> None:
    visit = {"svdt": FIRST, "protday": 64, "window_first_day": 49, "window_last_day": 63}
    summary = tell(warehouse, run_rule("VIS02", "checks.chk_visits", visit), FIRST)
    assert (summary.severity, summary.passed, summary.blocking) == ("WARN", False, False)


def test_counts_by_site_and_the_newest_records_first(warehouse: duckdb.DuckDBPyConnection) -> None:
    tell(warehouse, run_rule("VAL02", TABLE, unread(3)), FIRST)
    tell(warehouse, run_rule("VAL02", TABLE, unread(3), unread(2, "S01")), FIRST + timedelta(days=1))
    rows = [unread(3), unread(2, "S01"), unread(1, "S01")]
    summary = tell(warehouse, run_rule("VAL02", TABLE, *rows), FIRST + timedelta(days=2))
    assert summary.sites == (SiteCount("S01", 2, 1), SiteCount("S02", 1, 0))
    assert [record.subject for record in summary.records] == ["S01-0001", "S01-0002", "S02-0003"]
    assert summary.records[0].found.startswith("S01-0001, W8: Infusion given (exoccur) is delivered as 'JA'")


def test_what_is_overdue_comes_after_what_is_new_and_before_the_rest(warehouse: duckdb.DuckDBPyConnection) -> None:
    """The first finding's answer was due on day 14."""
    tell(warehouse, run_rule("VAL02", TABLE, unread(3)), FIRST)
    tell(warehouse, run_rule("VAL02", TABLE, unread(3), unread(2, "S01")), FIRST + timedelta(days=10))
    rows = [unread(3), unread(2, "S01"), unread(1, "S01")]
    summary = tell(warehouse, run_rule("VAL02", TABLE, *rows), FIRST + timedelta(days=15))
    assert [record.subject for record in summary.records] == ["S01-0001", "S02-0003", "S01-0002"]


def test_at_most_fifty_records_are_shown_and_all_are_counted(warehouse: duckdb.DuckDBPyConnection) -> None:
    summary = tell(warehouse, run_rule("VAL02", TABLE, *(unread(number) for number in range(60))), FIRST)
    assert (len(summary.records), summary.open, summary.failing_records) == (50, 60, 60)


def test_one_record_with_two_bad_fields_is_one_record(warehouse: duckdb.DuckDBPyConnection) -> None:
    summary = tell(warehouse, run_rule("VAL02", TABLE, {**unread(1), "exadj_delivered": "PAUSED"}), FIRST)
    assert summary.open == 2
    assert summary.sentence.startswith("1 of 1 rows")


def test_passed_and_not_run_are_told_apart(warehouse: duckdb.DuckDBPyConnection) -> None:
    outcome = run_rule("VAL02", TABLE, FINE)
    passed = tell(warehouse, outcome, FIRST)
    assert (passed.passed, passed.sentence) == (True, "All 1 rows of ex are as expected.")
    not_run = tell(warehouse, replace(outcome, outcome=NOT_RUN, reason=f"{TABLE} has no column exoccur."), FIRST)
    assert (not_run.passed, not_run.severity) == (False, "ERROR")
    assert not_run.sentence == "Not run: staging.typed_ex has no column exoccur."


def test_a_broken_invariant_is_red_and_blocks(warehouse: duckdb.DuckDBPyConnection) -> None:
    summary = tell(warehouse, run_rule("INV02", "analysis.adsv", {"protday": 0, "ady": 0}), FIRST)
    assert (summary.severity, summary.blocking, summary.passed) == ("ERROR", True, False)
    assert summary.records[0].found == "S02-0017, W8: adsv: study day 0 does not belong to protocol day 0."
