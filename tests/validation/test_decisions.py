"""What people decide about findings, over several nights: accepted, changed, mended, expired, reopened, commented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import duckdb
import polars as pl
import pytest

from tests.validation.nights import FIRST, FOURTH, SECOND, THIRD, ledger, night, unread
from validation.decisions import ACCEPT, COMMENT, REOPEN, Decision
from validation.ledger import merge_findings, write_quality
from validation.outcome import NOT_RUN
from validation.quality import DECISIONS_COLUMNS
from validation.summary import summarise

LAST_DAY, DAY_AFTER = date(2026, 3, 10), date(2026, 3, 11)


def said(connection: duckdb.DuckDBPyConnection, kind: str, number: int = 1, **more: Any) -> Decision:
    """A decision about the finding on record a, whose value is JA."""
    ((finding_id,),) = connection.execute("select finding_id from ledger.findings where record_key = 'a'").fetchall()
    decision = Decision(
        decision_id=f"D-{number}",
        decided_at=datetime(2026, 3, 2, 9, number),
        decision=kind,
        finding_id=finding_id,
        rule_id="VAL02",
        siteid="S02",
        value="JA",
        decided_by="A. Meyer",
        reason="confirmed by the site",
        until=LAST_DAY if kind == ACCEPT else None,
        taken_from="command line",
    )
    return replace(decision, **more)


def effects(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return connection.execute("select effect, applied_on from ledger.decisions order by decided_at").fetchall()


def test_an_accepted_finding_leaves_the_open_counts(warehouse: duckdb.DuckDBPyConnection) -> None:
    merge_findings(warehouse, night(unread("a"), unread("b")), FIRST)
    outcomes = night(unread("a"), unread("b"))
    assert merge_findings(warehouse, outcomes, SECOND, [said(warehouse, ACCEPT)]) == 1
    assert ledger(warehouse, "status, decision_id") == [("ACCEPTED", "D-1"), ("OPEN", None)]
    (summary,) = summarise(warehouse, outcomes, SECOND)
    assert (summary.open, summary.accepted, summary.passed) == (1, 1, False)
    assert [site.open for site in summary.sites] == [1]
    assert summary.sentence.startswith("1 of 3 rows of ex at 1 site has ")
    assert summary.sentence.endswith(", 1 more accepted.")


def test_a_rule_whose_findings_are_all_accepted_says_so(warehouse: duckdb.DuckDBPyConnection) -> None:
    outcomes = night(unread("a"))
    merge_findings(warehouse, outcomes, FIRST)
    merge_findings(warehouse, outcomes, SECOND, [said(warehouse, ACCEPT)])
    (summary,) = summarise(warehouse, outcomes, SECOND)
    assert (summary.severity, summary.open, summary.overdue, summary.records) == ("WARN", 0, 0, ())
    assert summary.sentence == "1 of 2 rows of ex has a value that is not in its code list, all accepted."


def test_it_holds_through_its_last_day_and_is_open_the_day_after(warehouse: duckdb.DuckDBPyConnection) -> None:
    merge_findings(warehouse, night(unread("a")), FIRST)
    decisions = [said(warehouse, ACCEPT)]
    for day in (SECOND, LAST_DAY):
        merge_findings(warehouse, night(unread("a")), day, decisions)
        assert ledger(warehouse, "status, opened") == [("ACCEPTED", FIRST)]
    merge_findings(warehouse, night(unread("a")), DAY_AFTER, decisions)
    assert ledger(warehouse, "status, opened, decision_id") == [("OPEN", DAY_AFTER, None)]
    assert ledger(warehouse, "first_seen, reopened, days_open") == [(FIRST, 0, 9)], "the same finding, its age goes on"
    (summary,) = summarise(warehouse, night(unread("a")), DAY_AFTER)
    assert (summary.new, summary.severity) == (1, "ERROR")


def test_it_falls_when_the_value_changes_and_stays_fallen(warehouse: duckdb.DuckDBPyConnection) -> None:
    merge_findings(warehouse, night(unread("a")), FIRST)
    decisions = [said(warehouse, ACCEPT)]
    merge_findings(warehouse, night(unread("a")), SECOND, decisions)
    merge_findings(warehouse, night(unread("a", "NEIN")), THIRD, decisions)
    assert ledger(warehouse, "status, value, opened, decision_id") == [("OPEN", "NEIN", THIRD, None)]
    merge_findings(warehouse, night(unread("a")), FOURTH, decisions)
    assert ledger(warehouse, "status, value, opened") == [("OPEN", "JA", THIRD)]


def test_it_ends_when_the_data_are_mended(warehouse: duckdb.DuckDBPyConnection) -> None:
    merge_findings(warehouse, night(unread("a")), FIRST)
    decisions = [said(warehouse, ACCEPT)]
    merge_findings(warehouse, night(unread("a")), SECOND, decisions)
    merge_findings(warehouse, night(), THIRD, decisions)
    assert ledger(warehouse, "status, resolved_at, decision_id") == [("RESOLVED", THIRD, None)]
    merge_findings(warehouse, night(unread("a")), FOURTH, decisions)
    assert ledger(warehouse, "status, reopened, opened, decision_id") == [("OPEN", 1, FOURTH, None)]


def test_a_person_reopens_and_accepts_again(warehouse: duckdb.DuckDBPyConnection) -> None:
    decisions = []
    merge_findings(warehouse, night(unread("a")), FIRST)
    for number, (day, kind, status) in enumerate(
        [(SECOND, ACCEPT, "ACCEPTED"), (THIRD, REOPEN, "OPEN"), (FOURTH, ACCEPT, "ACCEPTED")], start=1
    ):
        decisions.append(said(warehouse, kind, number))
        merge_findings(warehouse, night(unread("a")), day, decisions)
        assert ledger(warehouse, "status") == [(status,)]
    assert ledger(warehouse, "opened") == [(THIRD,)]
    assert effects(warehouse) == [("ACCEPTED", SECOND), ("REOPENED", THIRD), ("ACCEPTED", FOURTH)]


def test_an_acceptance_is_renewed_before_it_expires(warehouse: duckdb.DuckDBPyConnection) -> None:
    merge_findings(warehouse, night(unread("a")), FIRST)
    decisions = [said(warehouse, ACCEPT)]
    merge_findings(warehouse, night(unread("a")), SECOND, decisions)
    decisions.append(said(warehouse, ACCEPT, 2, until=date(2026, 6, 30)))
    merge_findings(warehouse, night(unread("a")), DAY_AFTER, decisions)
    assert ledger(warehouse, "status, decision_id, opened") == [("ACCEPTED", "D-2", FIRST)]


@pytest.mark.parametrize("status", ["OPEN", "ACCEPTED", "RESOLVED"])
def test_a_comment_changes_no_status(status: str, warehouse: duckdb.DuckDBPyConnection) -> None:
    merge_findings(warehouse, night(unread("a")), FIRST)
    decisions = [said(warehouse, ACCEPT)] if status == "ACCEPTED" else []
    outcomes = night() if status == "RESOLVED" else night(unread("a"))
    merge_findings(warehouse, outcomes, SECOND, decisions)
    before = ledger(warehouse, "*")
    merge_findings(warehouse, outcomes, SECOND, [*decisions, said(warehouse, COMMENT, 2)])
    assert ledger(warehouse, "*") == before
    assert ledger(warehouse, "status") == [(status,)]
    assert effects(warehouse)[-1] == ("NOTED", SECOND)


WITHOUT_EFFECT = [
    ("VALUE CHANGED", ACCEPT, {}, [unread("a", "NEIN")], "OPEN"),
    ("EXPIRED", ACCEPT, {"until": FIRST}, [unread("a")], "OPEN"),
    ("RESOLVED", ACCEPT, {}, [], "RESOLVED"),
    ("NOT ACCEPTED", REOPEN, {}, [unread("a")], "OPEN"),
]


@pytest.mark.parametrize(("effect", "kind", "more", "found", "status"), WITHOUT_EFFECT)
def test_what_was_decided_about_something_else_has_no_effect(  # type: ignore[no-untyped-def]
    effect, kind, more, found, status, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """Between the decision and the load the value changed, the last day passed, the data were mended."""
    merge_findings(warehouse, night(unread("a")), FIRST)
    merge_findings(warehouse, night(*found), SECOND, [said(warehouse, kind, **more)])
    assert effects(warehouse) == [(effect, SECOND)]
    assert ledger(warehouse, "status, decision_id") == [(status, None)]


def test_decisions_between_two_loads_count_in_the_order_in_which_they_were_made(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    merge_findings(warehouse, night(unread("a")), FIRST)
    decisions = [said(warehouse, ACCEPT, 1), said(warehouse, REOPEN, 2)]
    merge_findings(warehouse, night(unread("a")), SECOND, decisions)
    assert effects(warehouse) == [("ACCEPTED", SECOND), ("REOPENED", SECOND)]
    assert ledger(warehouse, "status, opened") == [("OPEN", FIRST)], "it was never anything but open"


def test_merging_the_same_night_and_decisions_again_changes_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    decisions: list[Decision] = []

    def state() -> list[list[tuple[Any, ...]]]:
        tables = ("ledger.findings", "ledger.decisions", "ledger.rule_runs")
        return [warehouse.execute(f"from {table} order by all").fetchall() for table in tables]

    merge_findings(warehouse, night(unread("a")), FIRST)
    decisions.append(said(warehouse, ACCEPT))
    for day, value in ((SECOND, "JA"), (LAST_DAY, "JA"), (DAY_AFTER, "JA"), (date(2026, 3, 12), "NEIN")):
        merge_findings(warehouse, night(unread("a", value)), day, decisions)
        before = state()
        assert merge_findings(warehouse, night(unread("a", value)), day, decisions) == 0
        assert state() == before
    assert effects(warehouse) == [("ACCEPTED", SECOND)], "what came of a decision is never rewritten"


def test_an_acceptance_expires_though_its_rule_could_not_run(warehouse: duckdb.DuckDBPyConnection) -> None:
    merge_findings(warehouse, night(unread("a")), FIRST)
    decisions = [said(warehouse, ACCEPT)]
    not_run = [replace(night()[0], outcome=NOT_RUN, reason="staging.typed_ex can't be read.", rows_checked=0)]
    for day, status in ((SECOND, "ACCEPTED"), (DAY_AFTER, "OPEN")):
        merge_findings(warehouse, not_run, day, decisions)
        assert ledger(warehouse, "status") == [(status,)]


def test_a_decision_waits_for_a_finding_that_is_not_there_yet(warehouse: duckdb.DuckDBPyConnection) -> None:
    """As after the working file was lost, when the nights are loaded again one by one."""
    merge_findings(warehouse, night(unread("a")), FIRST)
    decisions = [said(warehouse, ACCEPT)]
    warehouse.execute("drop schema ledger cascade")
    merge_findings(warehouse, night(unread("b")), FIRST, decisions)
    assert effects(warehouse) == []
    merge_findings(warehouse, night(unread("a"), unread("b")), SECOND, decisions)
    assert ledger(warehouse, "record_key, status") == [("a", "ACCEPTED"), ("b", "OPEN")]
    assert effects(warehouse) == [("ACCEPTED", SECOND)]


def test_a_failed_merge_takes_no_decision_in(warehouse: duckdb.DuckDBPyConnection) -> None:
    merge_findings(warehouse, night(unread("a")), FIRST)
    (broken,) = night(unread("b"))
    broken = replace(broken, violations=broken.violations.with_columns(message=pl.lit(None, dtype=pl.String)))
    with pytest.raises(duckdb.ConstraintException):
        merge_findings(warehouse, [broken], SECOND, [said(warehouse, ACCEPT)])
    assert ledger(warehouse, "status") == [("OPEN",)]
    merge_findings(warehouse, night(unread("a")), SECOND, [said(warehouse, ACCEPT)])
    assert effects(warehouse) == [("ACCEPTED", SECOND)]


def test_an_answer_is_due_fourteen_days_after_the_finding_was_last_opened(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    due = "status, response_due, overdue"
    merge_findings(warehouse, night(unread("a")), date(2026, 3, 2))
    merge_findings(warehouse, night(unread("a")), date(2026, 3, 16))
    assert ledger(warehouse, due) == [("OPEN", date(2026, 3, 16), "N")], "on its day an answer is in time"
    merge_findings(warehouse, night(unread("a")), date(2026, 3, 17))
    assert ledger(warehouse, due) == [("OPEN", date(2026, 3, 16), "Y")]

    accepted = [said(warehouse, ACCEPT, until=date(2026, 3, 31))]
    merge_findings(warehouse, night(unread("a")), date(2026, 3, 18), accepted)
    assert ledger(warehouse, due) == [("ACCEPTED", date(2026, 3, 16), "N")], "nobody is asked meanwhile"
    merge_findings(warehouse, night(unread("a")), date(2026, 4, 1), accepted)
    assert ledger(warehouse, due) == [("OPEN", date(2026, 4, 15), "N")]

    merge_findings(warehouse, night(), date(2026, 4, 20), accepted)
    assert ledger(warehouse, due) == [("RESOLVED", date(2026, 4, 15), "N")]
    merge_findings(warehouse, night(unread("a")), date(2026, 5, 1), accepted)
    assert ledger(warehouse, due) == [("OPEN", date(2026, 5, 15), "N")]


def test_a_ledger_from_before_decisions_is_taken_on(warehouse: duckdb.DuckDBPyConnection) -> None:
    merge_findings(warehouse, night(unread("a")), FIRST)
    warehouse.execute("drop table ledger.decisions")
    for column in ("decision_id", "response_due", "overdue"):
        warehouse.execute(f"alter table ledger.findings drop column {column}")
    merge_findings(warehouse, night(unread("a"), unread("b")), SECOND)
    assert ledger(warehouse, "record_key, first_seen, response_due, overdue, decision_id") == [
        ("a", FIRST, date(2026, 3, 16), "N", None),
        ("b", SECOND, date(2026, 3, 17), "N", None),
    ]


def test_decisions_are_published_with_comments(warehouse: duckdb.DuckDBPyConnection) -> None:
    merge_findings(warehouse, night(unread("a")), FIRST)
    merge_findings(warehouse, night(unread("a")), SECOND, [said(warehouse, ACCEPT), said(warehouse, COMMENT, 2)])
    for _ in range(2):
        write_quality(warehouse)
    assert warehouse.execute(
        """
        select d.decision_id, decision, decided_by, reason, until, effect, applied_on, f.status
        from candidate.quality.decisions as d join candidate.quality.findings as f using (finding_id) order by all
        """
    ).fetchall() == [
        ("D-1", "ACCEPT", "A. Meyer", "confirmed by the site", LAST_DAY, "ACCEPTED", SECOND, "ACCEPTED"),
        ("D-2", "COMMENT", "A. Meyer", "confirmed by the site", None, "NOTED", SECOND, "ACCEPTED"),
    ]
    comments = warehouse.execute(
        "select count(*), count(comment) from duckdb_columns() "
        "where database_name = 'candidate' and table_name = 'decisions'"
    ).fetchone()
    assert comments == (len(DECISIONS_COLUMNS),) * 2
