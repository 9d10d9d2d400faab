"""The ledger over several nights: a finding opens, stays, resolves and reopens, and keeps its id throughout."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import duckdb
import polars as pl
import pytest

from tests.validation.hand_made import run_rule
from tests.validation.nights import FIRST, FOURTH, SECOND, TABLE, THIRD, ledger, night, unread
from validation import rules
from validation.ledger import merge_findings, write_quality
from validation.outcome import NOT_RUN
from validation.quality import FINDINGS_COLUMNS, RULE_RUNS_COLUMNS, RULES_COLUMNS


def everything(connection: duckdb.DuckDBPyConnection) -> list[list[tuple[Any, ...]]]:
    tables = ("ledger.findings", "ledger.rule_runs")
    return [connection.execute(f"select * from {table} order by all").fetchall() for table in tables]


LIFE = "status, first_seen, last_seen, resolved_at, reopened, days_open"


def test_a_finding_opens_stays_resolves_and_reopens_under_one_id(warehouse: duckdb.DuckDBPyConnection) -> None:
    merge_findings(warehouse, night(unread("a")), FIRST)
    ids = ledger(warehouse, "finding_id")
    assert ledger(warehouse, LIFE) == [("OPEN", FIRST, FIRST, None, 0, 0)]

    merge_findings(warehouse, night(unread("a")), SECOND)
    assert ledger(warehouse, LIFE) == [("OPEN", FIRST, SECOND, None, 0, 1)]

    merge_findings(warehouse, night(), THIRD)
    assert ledger(warehouse, LIFE) == [("RESOLVED", FIRST, SECOND, THIRD, 0, 2)]
    merge_findings(warehouse, night(), FOURTH)
    assert ledger(warehouse, LIFE) == [("RESOLVED", FIRST, SECOND, THIRD, 0, 2)]

    merge_findings(warehouse, night(unread("a", "NEIN")), FOURTH)
    assert ledger(warehouse, LIFE) == [("OPEN", FIRST, FOURTH, None, 1, 4)]
    assert ledger(warehouse, "value, opened") == [("NEIN", FOURTH)]
    assert ledger(warehouse, "finding_id") == ids


def test_merging_the_same_night_again_changes_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    merge_findings(warehouse, night(unread("a"), unread("b")), FIRST)
    for outcomes in (night(unread("a")), night(unread("a"), unread("c"))):
        merge_findings(warehouse, outcomes, SECOND)
        before = everything(warehouse)
        merge_findings(warehouse, outcomes, SECOND)
        assert everything(warehouse) == before


def test_a_rule_that_was_not_run_resolves_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    merge_findings(warehouse, night(unread("a")), FIRST)
    not_run = replace(night()[0], outcome=NOT_RUN, reason="staging.typed_ex can't be read.", rows_checked=0)
    merge_findings(warehouse, [not_run], SECOND)
    assert ledger(warehouse, LIFE) == [("OPEN", FIRST, FIRST, None, 0, 1)]
    runs = warehouse.execute(
        "select clock, outcome, violations, reason from ledger.rule_runs order by clock"
    ).fetchall()
    assert runs == [(FIRST, "FAILED", 1, None), (SECOND, NOT_RUN, 0, "staging.typed_ex can't be read.")]


def test_a_rule_that_ran_on_another_table_resolves_nothing_here(warehouse: duckdb.DuckDBPyConnection) -> None:
    merge_findings(warehouse, night(unread("a")), FIRST)
    merge_findings(warehouse, [run_rule("VAL02", "staging.typed_sv", {"svoccur": "Y"})], SECOND)
    assert ledger(warehouse, "status") == [("OPEN",)]


def test_records_and_fields_are_told_apart_and_order_changes_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = [unread("a", exadj_delivered="PAUSED"), unread("b")]
    merge_findings(warehouse, night(*rows), FIRST)
    ids = ledger(warehouse, "finding_id, record_key, field")
    assert [row[1:] for row in ids] == [("a", "exadj"), ("a", "exoccur"), ("b", "exoccur")]
    merge_findings(warehouse, night(*reversed(rows)), FIRST)
    assert ledger(warehouse, "finding_id, record_key, field") == ids
    assert len({row[0] for row in ids}) == 3


def test_a_failed_merge_leaves_the_ledger_as_it_was(warehouse: duckdb.DuckDBPyConnection) -> None:
    merge_findings(warehouse, night(unread("a")), FIRST)
    before = everything(warehouse)
    broken = night(unread("b"))
    broken = [replace(broken[0], violations=broken[0].violations.with_columns(message=pl.lit(None, dtype=pl.String)))]
    with pytest.raises(duckdb.ConstraintException):
        merge_findings(warehouse, broken, SECOND)
    assert everything(warehouse) == before
    merge_findings(warehouse, night(unread("a")), SECOND)


def test_invariants_are_kept_as_outcomes_not_as_findings(warehouse: duckdb.DuckDBPyConnection) -> None:
    outcome = run_rule("INV02", "analysis.adsv", {"protday": 0, "ady": 0})
    assert outcome.blocks
    merge_findings(warehouse, [outcome], FIRST)
    assert ledger(warehouse, "finding_id") == []
    runs = warehouse.execute("select rule_id, looked_at, outcome, violations from ledger.rule_runs").fetchall()
    assert runs == [("INV02", "analysis.adsv", "FAILED", 1)]


def test_findings_and_rules_are_published_with_comments(warehouse: duckdb.DuckDBPyConnection) -> None:
    merge_findings(warehouse, night(unread("b"), unread("a")), FIRST)
    for _ in range(2):
        write_quality(warehouse)
    published = warehouse.execute("select * from candidate.quality.findings")
    assert [column[0] for column in published.description] == [name for name, _, _ in FINDINGS_COLUMNS]
    ids = [row[0] for row in published.fetchall()]
    assert ids == sorted(ids)
    assert len(ids) == 2

    counted = warehouse.execute("select rule_id, passed, failed, not_run from candidate.quality.rules").fetchall()
    assert [row[0] for row in counted] == sorted(rule.rule_id for rule in rules())
    tables = {rule.rule_id: len(rule.tables) for rule in rules()}
    assert all(passed + failed + not_run == tables[rule_id] for rule_id, passed, failed, not_run in counted)
    assert ("VAL02", 0, 1, tables["VAL02"] - 1) in counted, "what nobody looked at was not run"

    comments = warehouse.execute(
        "select count(*), count(comment) from duckdb_columns() "
        "where database_name = 'candidate' and table_name in ('findings', 'rules', 'rule_runs')"
    ).fetchone()
    assert comments == (len(FINDINGS_COLUMNS) + len(RULES_COLUMNS) + len(RULE_RUNS_COLUMNS),) * 2


def published_run(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[Any, ...] | None:
    return connection.execute(
        "select outcome, records_looked_at, records_failed, reason from candidate.quality.rule_runs "
        "where rule_id = 'VAL02' and looked_at = ?",
        [table],
    ).fetchone()


def test_the_index_of_rules_and_tables_is_published_whole_with_its_records(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """Three rows looked at, of which one record is wrong in two fields."""
    two_fields = unread("a", exadj_delivered="PAUSED")
    (ran,) = night(two_fields, unread("b"))
    lacking = replace(ran, table="staging.typed_cm", outcome=NOT_RUN, rows_checked=0, violations=ran.violations.clear(),
                      reason="staging.typed_cm has no column cmclas.")  # fmt: skip
    merge_findings(warehouse, [ran, lacking], FIRST)
    write_quality(warehouse)
    index = warehouse.execute("select rule_id, looked_at from candidate.quality.rule_runs").fetchall()
    assert index == sorted((rule.rule_id, table) for rule in rules() for table in rule.tables)
    assert published_run(warehouse, TABLE) == ("FAILED", 3, 2, None)
    assert published_run(warehouse, "staging.typed_cm") == ("NOT_RUN", 0, 0, "staging.typed_cm has no column cmclas.")
    assert published_run(warehouse, "staging.typed_dm") == ("NOT_RUN", 0, 0, "It was not run in the latest load.")
    counted = warehouse.execute(
        "select records_looked_at, records_failed from candidate.quality.rules where rule_id = 'VAL02'"
    ).fetchone()
    assert counted == (3, 2)
