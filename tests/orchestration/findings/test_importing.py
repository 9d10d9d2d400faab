"""Decisions from a CSV: judged whole before anything is taken, and a second time the same file adds nothing."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from orchestration.findings.decision_files import FOLDER, read_decisions
from orchestration.findings.importing import import_decisions
from orchestration.findings.standing import DecisionRefusedError
from tests.orchestration.findings.conftest import FIRST
from tests.orchestration.findings.reviewed_trial import ReviewedTrial, at

HEADER = "finding_id,decision,by,reason,until"


def answers(trial: ReviewedTrial, *rows: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    """A file of these rows, {a}, {b} and {c} in them being the ids of the three findings there are."""
    ids = {"a": trial.finding_id("S01", 1), "b": trial.finding_id("S01", 2), "c": trial.finding_id("S02", 1)}
    file = trial.settings.warehouse_dir.parent / "answers.csv"
    file.write_text("\n".join([header, *(row.format(**ids) for row in rows)]) + "\n", encoding=encoding)
    return file


GOOD = ("{a},accept,Dr Weiß,confirmed,2026-06-30", '{b},Comment,Dr Weiß,"asked, twice",', "{c},,,,")


def test_what_a_site_sends_back_is_taken_in_with_the_next_load(trial: ReviewedTrial) -> None:
    imported = import_decisions(trial.settings, answers(trial, *GOOD))
    assert (len(imported.added), imported.known, imported.unanswered) == (2, 0, 1)
    trial.load(FIRST + timedelta(days=1), at("S01", 1), at("S01", 2), at("S02", 1))
    assert trial.statuses() == [("S01-0001", "ACCEPTED"), ("S01-0002", "OPEN"), ("S02-0001", "OPEN")]
    query = "select decision, decided_by, reason, until, taken_from, effect from quality.decisions order by decision"
    assert trial.published(query) == [
        ("ACCEPT", "Dr Weiß", "confirmed", date(2026, 6, 30), "answers.csv row 2", "ACCEPTED"),
        ("COMMENT", "Dr Weiß", "asked, twice", None, "answers.csv row 3", "NOTED"),
    ]


@pytest.mark.parametrize("meanwhile", ["nothing", "a load", "a load that found it mended", "it came back, changed"])
def test_the_same_file_again_adds_nothing(meanwhile: str, trial: ReviewedTrial) -> None:
    file = answers(trial, *GOOD)
    import_decisions(trial.settings, file)
    if meanwhile != "nothing":
        trial.load(date(2026, 3, 3), at("S01", 1), at("S01", 2), at("S02", 1))
    if meanwhile in ("a load that found it mended", "it came back, changed"):
        trial.load(date(2026, 3, 4), at("S01", 2))
    if meanwhile == "it came back, changed":
        trial.load(date(2026, 3, 5), at("S01", 1, "NEIN"), at("S01", 2))
    before = read_decisions(trial.settings), sorted((trial.settings.decisions_dir / FOLDER).iterdir())
    imported = import_decisions(trial.settings, file)
    assert (imported.added, imported.known, imported.unanswered) == ([], 2, 1)
    assert (read_decisions(trial.settings), sorted((trial.settings.decisions_dir / FOLDER).iterdir())) == before


def test_a_file_that_grew_adds_what_is_new_in_it(trial: ReviewedTrial) -> None:
    import_decisions(trial.settings, answers(trial, *GOOD))
    grown = answers(trial, *GOOD[:2], "{c},accept,Dr Weiß,confirmed,2026-06-30", GOOD[0])
    imported = import_decisions(trial.settings, grown)
    assert ([decision.siteid for decision in imported.added], imported.known) == (["S02"], 3)


WRONG = [
    ("{a},agree,Dr Weiß,confirmed,2026-06-30", "decision is 'agree'; it can be accept, reopen or comment"),
    ("{a},,Dr Weiß,confirmed,2026-06-30", "decision is ''; it can be accept, reopen or comment"),
    (",accept,Dr Weiß,confirmed,2026-06-30", "finding_id is empty"),
    ("VAL02-0,accept,Dr Weiß,confirmed,2026-06-30", "there is no finding VAL02-0; of VAL02 there are OPEN 3"),
    ("{a},accept,,confirmed,2026-06-30", "needs the name of who decides"),
    ("{a},accept,Dr Weiß,,2026-06-30", "needs a reason"),
    ("{a},accept,Dr Weiß,confirmed,", "needs the last day on which it holds"),
    ("{a},accept,Dr Weiß,confirmed,30.06.2026", "until is '30.06.2026'; it must be a date like 2026-11-21"),
    ("{a},accept,Dr Weiß,confirmed,2026-02-30", "until is '2026-02-30'; it must be a date like 2026-11-21"),
    ("{a},accept,Dr Weiß,confirmed,2026-03-01", "until 2026-03-01 is before the latest load (2026-03-02)"),
    ("{a},comment,Dr Weiß,confirmed,2026-06-30", "only an acceptance has a last day"),
    ("{a},reopen,Dr Weiß,confirmed,", "is OPEN: only an accepted finding can be reopened"),
]


@pytest.mark.parametrize(("row", "sentence"), WRONG)
def test_a_wrong_row_is_named_and_nothing_is_taken(row: str, sentence: str, trial: ReviewedTrial) -> None:
    with pytest.raises(DecisionRefusedError) as refused:
        import_decisions(trial.settings, answers(trial, "{b},comment,Dr Weiß,asked,", "", row))
    first, wrong = str(refused.value).splitlines()
    assert first.endswith("answers.csv: nothing was taken, because")
    assert wrong.startswith("  row 4: ")
    assert sentence in wrong
    assert read_decisions(trial.settings) == []


def test_every_wrong_row_is_named(trial: ReviewedTrial) -> None:
    with pytest.raises(DecisionRefusedError) as refused:
        import_decisions(trial.settings, answers(trial, *(row for row, _ in WRONG), GOOD[1]))
    assert [line.split(":")[0].strip() for line in str(refused.value).splitlines()[1:]] == [
        f"row {number}" for number in range(2, len(WRONG) + 2)
    ]


def test_two_rows_that_decide_otherwise_about_one_finding_are_refused(trial: ReviewedTrial) -> None:
    rows = ("{a},accept,Dr Weiß,confirmed,2026-06-30", "{a},accept,Dr Weiß,confirmed,2026-07-31")
    with pytest.raises(DecisionRefusedError, match=r"row 3: row 2 decides about VAL02-\w+ too"):
        import_decisions(trial.settings, answers(trial, *rows))


def test_what_is_accepted_is_the_value_that_was_looked_at(trial: ReviewedTrial) -> None:
    header = f"{HEADER},value,message"
    accepted = "{a},accept,Dr Weiß,confirmed,2026-06-30,'JA,S01-0001"
    withheld = "{b},accept,Dr Weiß,confirmed,2026-06-30,(text withheld),S01-0002"
    trial.load(FIRST + timedelta(days=1), at("S01", 1, "NEIN"), at("S01", 2), at("S02", 1))
    with pytest.raises(DecisionRefusedError, match=r"row 2: the value of VAL02-\w+ is now 'NEIN', and the file says"):
        import_decisions(trial.settings, answers(trial, accepted, header=header))
    trial.load(FIRST + timedelta(days=1), at("S01", 1), at("S01", 2), at("S02", 1))
    assert len(import_decisions(trial.settings, answers(trial, accepted, withheld, header=header)).added) == 2


@pytest.mark.parametrize(
    ("header", "row", "encoding"),
    [
        (HEADER, "{a},accept,Dr Weiß,confirmed,2026-06-30", "utf-8-sig"),
        ("Finding_ID; Decision;by;reason;until", "{a};accept;Dr Weiß;yes, confirmed;2026-06-30", "utf-8"),
        (f"until,siteid,{HEADER.removesuffix(',until')},,", "2026-06-30,S01,{a},accept,Dr Weiß,confirmed,,,,", "utf-8"),
    ],
)
def test_as_spreadsheets_write_it(header: str, row: str, encoding: str, trial: ReviewedTrial) -> None:
    (decision,) = import_decisions(trial.settings, answers(trial, row, header=header, encoding=encoding)).added
    assert (decision.decided_by, decision.until) == ("Dr Weiß", date(2026, 6, 30))


UNREADABLE = [
    ("", "is empty; its first row must name finding_id, decision, by, reason, until"),
    ("finding_id,by,until\n", "has no column decision, reason; its first row names"),
    (f"{HEADER},reason\n", "names reason more than once"),
    (f"{HEADER}\n", "no row has a decision"),
    (f"{HEADER}\n\nVAL02-0,,,,\n", "no row has a decision"),
    (f"{HEADER}\nx,comment,me,well, yes, and no,,\n", "these rows have more cells than the header: 2"),
    (f'{HEADER}\nx,comment,me,"well\n', "is no CSV in UTF-8"),
    (f"{HEADER}\nx,comment,me,Weiß,\n".encode("latin-1"), "is no CSV in UTF-8"),
]


@pytest.mark.parametrize(("content", "sentence"), UNREADABLE)
def test_a_file_that_can_not_be_read(content: str | bytes, sentence: str, trial: ReviewedTrial, tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(DecisionRefusedError, match=r"answers\.csv") as refused:
        import_decisions(trial.settings, file)
    assert sentence in str(refused.value)
    assert read_decisions(trial.settings) == []
