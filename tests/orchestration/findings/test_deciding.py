"""Accept, reopen, comment: one finding or all of a rule at a site; what can't be decided is refused in a sentence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from orchestration.findings.deciding import About, decide
from orchestration.findings.decision_files import read_decisions
from orchestration.findings.standing import DecisionRefusedError
from orchestration.ingestion.lock import hold_lock
from tests.orchestration.findings.conftest import FIRST
from tests.orchestration.findings.reviewed_trial import ReviewedTrial, at
from validation.decisions import ACCEPT, COMMENT, REOPEN

SECOND = FIRST + timedelta(days=1)
UNTIL = date(2026, 6, 30)
FOUND = (at("S01", 1), at("S01", 2), at("S02", 1))
S01 = About(rule_id="val02", siteid="S01")


def test_one_finding_is_accepted_with_the_next_load(trial: ReviewedTrial) -> None:
    one, words = About(trial.finding_id("S01", 1)), "the site\n\x1bconfirmed"
    ((made, finding),) = decide(trial.settings, ACCEPT, one, by=" A. Meyer ", reason=words, until=UNTIL)
    assert (made.decided_by, made.reason, made.value, made.until) == ("A. Meyer", "the site confirmed", "JA", UNTIL)
    assert finding.message.startswith("S01-0001, W8: ")
    assert trial.statuses() == [("S01-0001", "OPEN"), ("S01-0002", "OPEN"), ("S02-0001", "OPEN")], "not before"
    trial.load(SECOND, *FOUND)
    assert trial.statuses() == [("S01-0001", "ACCEPTED"), ("S01-0002", "OPEN"), ("S02-0001", "OPEN")]
    assert trial.published("select decided_by, reason, until, taken_from, effect from quality.decisions") == [
        ("A. Meyer", "the site confirmed", UNTIL, "command line", "ACCEPTED")
    ]


def test_all_of_a_rule_at_a_site_are_those_there_are_now(trial: ReviewedTrial) -> None:
    assert len(decide(trial.settings, ACCEPT, S01, by="A. Meyer", reason="a local form", until=UNTIL)) == 2
    trial.load(SECOND, *FOUND, at("S01", 3))
    accepted = [("S01-0001", "ACCEPTED"), ("S01-0002", "ACCEPTED"), ("S01-0003", "OPEN"), ("S02-0001", "OPEN")]
    assert trial.statuses() == accepted
    assert len(decide(trial.settings, ACCEPT, S01, by="A. Meyer", reason="a local form", until=UNTIL)) == 1
    assert len(decide(trial.settings, COMMENT, S01, by="B. Roth", reason="asked on Monday")) == 3
    assert len(decide(trial.settings, REOPEN, S01, by="B. Roth", reason="not a local form")) == 3
    trial.load(SECOND, *FOUND, at("S01", 3))
    assert {status for _, status in trial.statuses()} == {"OPEN"}


def test_what_was_decided_before_the_next_load_counts_for_the_next_decision(trial: ReviewedTrial) -> None:
    one = About(trial.finding_id("S01", 1))
    with pytest.raises(DecisionRefusedError, match="is OPEN: only an accepted finding can be reopened"):
        decide(trial.settings, REOPEN, one, by="B. Roth", reason="no")
    decide(trial.settings, ACCEPT, one, by="A. Meyer", reason="yes", until=UNTIL)
    decide(trial.settings, REOPEN, one, by="B. Roth", reason="no")
    assert [decision.decision for decision in read_decisions(trial.settings)] == [ACCEPT, REOPEN]


def test_the_last_day_may_be_that_of_the_latest_load_and_no_earlier(trial: ReviewedTrial) -> None:
    one = About(trial.finding_id("S01", 1))
    with pytest.raises(DecisionRefusedError, match=r"until 2026-03-01 is before the latest load \(2026-03-02\)"):
        decide(trial.settings, ACCEPT, one, by="A. Meyer", reason="yes", until=FIRST - timedelta(days=1))
    decide(trial.settings, ACCEPT, one, by="A. Meyer", reason="yes", until=FIRST)


REFUSED = [
    (ACCEPT, About("VAL02-0"), {}, r"no finding VAL02-0; of VAL02 there are OPEN 3, and `mrbs findings --rule VAL02"),
    (ACCEPT, About("nonsense"), {}, r"no finding nonsense; `mrbs findings --status ALL` lists those there are"),
    (ACCEPT, About("INV02-0123456789abcdef"), {}, "INV02 is an invariant: .* nobody can accept it"),
    (ACCEPT, About(rule_id="INV02", siteid="S01"), {}, "INV02 is an invariant: .* nobody can accept it"),
    (
        ACCEPT,
        About(rule_id="VAL99", siteid="S01"),
        {},
        "no rule VAL99; rules with findings that are not resolved: VAL02",
    ),
    (
        ACCEPT,
        About(rule_id="VAL02", siteid="S9"),
        {},
        "no site S9; sites that delivered or have findings: S01, S02, S03",
    ),
    (ACCEPT, About(rule_id="VAL02", siteid="S03"), {}, "nothing to accept at S03: there it has none; .* S01 2, S02 1"),
    (REOPEN, S01, {"until": None}, "VAL02 has nothing to reopen at S01: there it has OPEN 2;"),
    (ACCEPT, About(rule_id="VAL02"), {}, "one finding by its id, or all of a rule at a site with --rule and --site"),
    (ACCEPT, About("x", "VAL02", "S01"), {}, "one finding by its id, or all of a rule at a site"),
    (ACCEPT, S01, {"by": " "}, "needs the name of who decides"),
    (ACCEPT, S01, {"reason": ""}, "needs a reason"),
    (ACCEPT, S01, {"until": None}, "needs the last day on which it holds"),
    (COMMENT, S01, {}, "only an acceptance has a last day"),
]


@pytest.mark.parametrize(("kind", "about", "more", "sentence"), REFUSED)
def test_what_can_not_be_decided(kind, about, more, sentence, trial: ReviewedTrial) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DecisionRefusedError, match=sentence):
        decide(trial.settings, kind, about, **{"by": "A. Meyer", "reason": "because", "until": UNTIL, **more})
    assert read_decisions(trial.settings) == []


def test_what_is_mended_needs_no_acceptance_but_takes_a_comment(trial: ReviewedTrial) -> None:
    trial.load(SECOND, at("S01", 2))
    mended = About(trial.finding_id("S01", 1))
    with pytest.raises(DecisionRefusedError, match="is RESOLVED: its data are mended, and it opens by itself"):
        decide(trial.settings, ACCEPT, mended, by="A. Meyer", reason="yes", until=UNTIL)
    assert decide(trial.settings, COMMENT, mended, by="A. Meyer", reason="the site has mended it")


def test_nothing_can_be_decided_before_the_first_publication(trial: ReviewedTrial) -> None:
    one = About(trial.finding_id("S01", 1))
    trial.settings.published_file.unlink()
    with pytest.raises(FileNotFoundError, match="nothing has been published there yet"):
        decide(trial.settings, ACCEPT, one, by="A. Meyer", reason="yes", until=UNTIL)


def test_deciding_waits_for_no_load(trial: ReviewedTrial) -> None:
    with hold_lock(trial.settings, "a load"):
        decide(trial.settings, ACCEPT, S01, by="A. Meyer", reason="yes", until=UNTIL)
    assert len(read_decisions(trial.settings)) == 2
