"""What the run list shows of a load's checks: nothing that needs somebody looks like a success."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration.checks.run_tags import CHECKS, NEW_FINDINGS, OVERDUE_FINDINGS, run_tags
from tests.validation.hand_made import run_rule
from validation.ledger import merge_findings
from validation.outcome import NOT_RUN, RuleOutcome
from validation.summary import summarise

NIGHT = date(2026, 3, 2)
PASSED = run_rule("VAL02", "staging.typed_ex", {"exoccur": "Y", "exoccur_delivered": "Y"})
FAILED = run_rule("VAL03", "staging.typed_ex", {"exdose_delivered": "much"}, {"exdose_delivered": "little"})
LOST = replace(PASSED, table="staging.typed_dm", outcome=NOT_RUN, reason="staging.typed_dm has no column sex.")
BROKEN = run_rule("INV02", "analysis.adsv", {"ady": 0, "protday": 0})


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(tmp_path / "working.duckdb") as connection:
        yield connection


def tags_after(connection: duckdb.DuckDBPyConnection, night: date, *outcomes: RuleOutcome) -> dict[str, str]:
    merge_findings(connection, outcomes, night)
    return run_tags(summarise(connection, outcomes, night))


def test_nothing_is_wrong(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert tags_after(warehouse, NIGHT, PASSED) == {CHECKS: "all passed", NEW_FINDINGS: "0", OVERDUE_FINDINGS: "0"}


def test_new_then_known_then_overdue(warehouse: duckdb.DuckDBPyConnection) -> None:
    """An answer is due 14 days after the finding was opened: on that day it is in time, the day after it is not."""
    due = NIGHT + timedelta(days=14)
    nights = [tags_after(warehouse, night, PASSED, FAILED) for night in (NIGHT, due, due + timedelta(days=1))]
    assert [tags[CHECKS] for tags in nights] == ["1 red", "1 known", "1 red"]
    assert [(tags[NEW_FINDINGS], tags[OVERDUE_FINDINGS]) for tags in nights] == [("1", "0"), ("0", "0"), ("0", "1")]


def test_what_was_not_run_is_told_apart(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert tags_after(warehouse, NIGHT, PASSED, FAILED, LOST)[CHECKS] == "1 red, 1 not run"


def test_what_holds_the_publication_back_comes_first(warehouse: duckdb.DuckDBPyConnection) -> None:
    tags = tags_after(warehouse, NIGHT, FAILED, BROKEN)
    assert tags[CHECKS] == "held back by INV02, 1 red"
    assert tags[NEW_FINDINGS] == "1"  # an invariant is about no site's data
