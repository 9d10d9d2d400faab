"""The landing page from night to night, over a real ledger: what comes back, falls due, is accepted, and waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rich.console import Console

from orchestration.findings.deciding import About, decide
from orchestration.findings.standing import standing
from orchestration.review.pages import Page, landing_page
from orchestration.summary import open_published, print_summary
from tests.orchestration.findings.reviewed_trial import ReviewedTrial, at
from tests.orchestration.review.small_publication import add_missing_tables, texts

FIRST = date(2026, 3, 2)
PERSON = {"by": "B. Roth", "reason": "typed by a person"}


class TrialWithPages(ReviewedTrial):
    """A reviewed trial whose publications have, beside the ledger, the other tables that pages read: empty ones."""

    def load(self, clock: date, *found: dict[str, Any]) -> None:
        super().load(clock, *found)
        with self.writable() as connection:
            connection.execute("drop table quality.deliveries")
            add_missing_tables(connection)

    @contextmanager
    def writable(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with duckdb.connect() as connection:
            connection.execute(f"attach '{self.settings.published_file}' as mrbs")
            connection.execute("use mrbs")
            yield connection

    def page(self, decided: bool = False) -> Page:
        with open_published(self.settings.published_file) as connection:
            if not decided:
                return landing_page(connection)
            with standing(self.settings) as now:
                return landing_page(connection, now)


@pytest.fixture
def trial(tmp_path: Path) -> TrialWithPages:
    """After the first night: two findings at S01."""
    trial = TrialWithPages(tmp_path)
    trial.load(FIRST, at("S01", 1), at("S01", 2))
    return trial


def counts(page: Page) -> tuple[int, ...]:
    return tuple(page.counts[name] for name in ("open", "new_tonight", "overdue", "resolved_tonight", "accepted"))


def night(number: int) -> date:
    return FIRST + timedelta(days=number - 1)


def test_what_came_back_tonight_is_new_tonight(trial: TrialWithPages) -> None:
    assert counts(trial.page()) == (2, 2, 0, 0, 0)
    trial.load(night(2), at("S01", 1))
    assert counts(trial.page()) == (1, 0, 0, 1, 0)
    trial.load(night(3), at("S01", 1), at("S01", 2))
    page = trial.page()
    assert counts(page) == (2, 1, 0, 0, 0)
    ((_, said, finding_id),) = texts(list(page.tables["1_new_tonight"]))
    assert said == "CRITICAL: open again tonight, answer due 2026-03-18, first seen 2026-03-02"
    assert finding_id == trial.finding_id("S01", 2)
    # The summary after a load counts the same.
    with trial.writable() as connection:
        columns = "estimator varchar, avisit varchar, nresp int, n int, rate float, cilow float, cihigh float"
        connection.execute(f"create table analysis.srisum ({columns}, nimmature int)")
        connection.execute("alter table quality.deliveries add column rows int")
    with Console(width=120, record=True) as console:
        print_summary(console, trial.settings.published_file)
    (line,) = [line for line in console.export_text().splitlines() if "CRITICAL" in line]
    assert [int(word) for word in line.split() if word.isdigit()] == [2, 1, 0, 0, 0]


def test_an_answer_is_overdue_the_day_after_it_was_due(trial: TrialWithPages) -> None:
    both = (at("S01", 1), at("S01", 2))
    trial.load(night(15), *both)
    assert counts(trial.page()) == (2, 0, 0, 0, 0), "due on this day"
    trial.load(night(16), *both)
    page = trial.page()
    assert counts(page) == (2, 0, 2, 0, 0)
    assert [row["standing"] for row in page.tables["2_overdue"]] == [
        "CRITICAL: overdue by 1 day, first seen 2026-03-02"
    ] * 2


def test_a_decision_waits_then_counts_then_ends(trial: TrialWithPages) -> None:
    both = (at("S01", 1), at("S01", 2))
    finding = trial.finding_id("S01", 1)
    decide(trial.settings, "ACCEPT", About(finding, None, None), until=night(3), **PERSON)
    decide(trial.settings, "COMMENT", About(trial.finding_id("S01", 2), None, None), until=None, **PERSON)
    assert counts(trial.page()) == counts(trial.page(decided=True)) == (2, 2, 0, 0, 0), "no load has taken it in"
    assert "7_waiting_for_the_next_load" not in trial.page().tables
    page = trial.page(decided=True)
    assert [(row["decision"], row["standing"], row["by"]) for row in page.tables["7_waiting_for_the_next_load"]] == [
        ("COMMENT", "will be open with the next load", "B. Roth"),
        ("ACCEPT until 2026-03-04", "will be accepted with the next load", "B. Roth"),
    ]
    assert page.tables["7_waiting_for_the_next_load"][1]["id"] == finding
    assert "- 2 decisions wait for the next load; see the last table, or `mrbs findings decisions`" in page.text
    assert "typed by a person" not in str(page)

    trial.load(night(2), *both)
    page = trial.page(decided=True)
    assert counts(page) == (1, 0, 0, 0, 1)
    assert [row["standing"] for row in page.tables["6_accepted"]] == ["CRITICAL: accepted by B. Roth until 2026-03-04"]
    assert "7_waiting_for_the_next_load" not in page.tables

    trial.load(night(4), *both)  # the acceptance held through the third
    page = trial.page()
    assert counts(page) == (2, 1, 0, 0, 0)
    assert [row["id"] for row in page.tables["1_new_tonight"]] == [finding]
