"""Columns that are new, renamed, gone or hold something else: held out of use, told with before and after, and taken
into use with the load after somebody approved it; the rest of the delivery loads."""

from __future__ import annotations

import pytest

from orchestration.ingestion.columns import approve, approved, column_changes
from orchestration.ingestion.decisions import DecisionRefusedError
from orchestration.ingestion.forms import column_names
from tests.orchestration.ingestion.landing_folder import LandingFolder, assessments, csv_bytes, form_file, subjects

WHO = {"by": "A. Meyer", "reason": "new version of their system"}
DM = column_names("dm")


@pytest.fixture
def trial(trial: LandingFolder) -> LandingFolder:
    """Three subjects of S01 are loaded, and some of their assessments."""
    trial.deliver("S01", "2026-06-01", dm=subjects(3, race="WHITE"), pga=assessments(20))
    trial.load()
    return trial


def renamed(old: str, new: str) -> bytes:
    """The same subjects, one column called otherwise."""
    return form_file("dm", subjects(3, race="WHITE")).replace(old.encode(), new.encode(), 1)


def messages(trial: LandingFolder) -> list[str]:
    return [change.message for change in column_changes(trial.settings)]


def test_a_renamed_column_is_held_out_until_it_is_approved(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-06-02", dm=renamed("race", "ethnicity"), pga=assessments(21))
    trial.load()
    assert trial.statuses()[-2:] == [("2026-06-02", "dm", "REFUSED", "DEL03"), ("2026-06-02", "pga", "LOADED", None)]
    assert messages(trial) == [
        "S01, 2026-06-02: dm.csv: required column missing: race; dm.csv of 2026-06-01 had it. New in this file: "
        "ethnicity. `mrbs columns` shows it, and takes what is approved into use."
    ]
    approve(trial.settings, "use", "S01", "dm", "Ethnicity", "race", **WHO)
    assert trial.current("dm", "subjid, race") == [(f"000{n}", "WHITE") for n in (1, 2, 3)]
    trial.load()
    assert trial.statuses()[-2:] == [("2026-06-02", "dm", "LOADED", None), ("2026-06-02", "pga", "LOADED", None)]
    assert trial.problems() == []
    trial.deliver("S01", "2026-06-03", dm=renamed("race", "ethnicity").replace(b"WHITE", b"ASIAN"))
    trial.load()
    assert trial.current("dm", "subjid, race") == [(f"000{n}", "ASIAN") for n in (1, 2, 3)]
    assert trial.problems() == []
    trial.deliver("S01", "2026-06-04", dm=subjects(3, race="WHITE"))
    trial.load()
    assert trial.current("dm", "subjid, race") == [(f"000{n}", "WHITE") for n in (1, 2, 3)], "the old name still does"


def test_a_column_that_is_gone_is_missing_once_that_is_approved(trial: LandingFolder) -> None:
    without = csv_bytes([name for name in DM if name != "race"], subjects(3))
    trial.deliver("S01", "2026-06-02", dm=without)
    trial.load()
    assert trial.statuses()[-1] == ("2026-06-02", "dm", "REFUSED", "DEL03")
    assert trial.current("dm", "race")[0] == ("WHITE",)
    approve(trial.settings, "absent", "S01", "dm", "race", **WHO)
    trial.load()
    assert trial.statuses()[-1] == ("2026-06-02", "dm", "LOADED", None)
    assert trial.current("dm", "race") == [(None,)] * 3


def test_a_new_column_is_kept_and_not_used_and_no_news_once_approved(trial: LandingFolder) -> None:
    more = [{**row, "shoe": "42", "hat": "57"} for row in subjects(3, race="WHITE")]
    trial.deliver("S01", "2026-06-02", dm=csv_bytes((*DM, "shoe", "hat"), more))
    trial.load()
    assert trial.statuses()[-1] == ("2026-06-02", "dm", "LOADED", None)
    assert messages(trial) == [
        "S01, 2026-06-02: dm.csv: the contract does not know its column(s) shoe, hat; they are kept and not used "
        "(shoe, hat: not in dm.csv of 2026-06-01)."
    ]
    approve(trial.settings, "known", "S01", "dm", "shoe", **WHO)
    trial.load()
    assert trial.problems() == [("DEL04", "S01", "dm")], "one of two is still news"
    approve(trial.settings, "known", "S01", "dm", "hat", **WHO)
    trial.load()
    assert trial.problems() == []
    trial.deliver("S01", "2026-06-03", dm=csv_bytes((*DM, "shoe", "hat", "belt"), more))
    trial.load()
    assert messages(trial) == [
        "S01, 2026-06-03: dm.csv: the contract does not know its column(s) belt; they are kept and not used "
        "(belt: not in dm.csv of 2026-06-02)."
    ]


def recoded(count: int, **values: str) -> list[dict[str, str]]:
    return [{**row, **values} for row in assessments(count)]


def test_a_column_that_holds_something_else_holds_its_form(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-06-02", pga=recoded(20, pgascale="1"), dm=subjects(3, race="ASIAN"))
    trial.load()
    assert trial.statuses()[-2:] == [("2026-06-02", "dm", "LOADED", None), ("2026-06-02", "pga", "HELD", "DEL13")]
    assert messages(trial) == [
        "S01, 2026-06-02: pga.csv: most values can't be read as what they were: pgascale (1); in pga.csv of 2026-06-01 "
        "it was otherwise. That state stays in force until a person approves this one (`mrbs columns` shows it, and "
        "takes what is approved into use)."
    ]
    assert trial.current("pga", "distinct pgascale") == [("0-3",)]
    approve(trial.settings, "retyped", "S01", "pga", "pgascale", **WHO)
    trial.load()
    assert trial.current("pga", "distinct pgascale") == [("1",)]
    assert trial.problems() == []
    trial.deliver("S01", "2026-06-03", pga=recoded(21, pgascale="1"))
    trial.load()
    assert trial.problems() == []


@pytest.mark.parametrize(
    ("unreadable", "of", "held"),
    [(10, 20, False), (11, 20, True), (9, 9, False), (10, 10, True)],
    ids=["just half", "more than half", "too few to tell", "just enough"],
)
def test_drift_at_its_edge(trial: LandingFolder, unreadable: int, of: int, held: bool) -> None:
    """More than half of at least ten filled values."""
    rows = [
        {**row, "pgares": "n.d." if number < unreadable else "1.2" if number < of else ""}
        for number, row in enumerate(assessments(20))
    ]
    trial.deliver("S01", "2026-06-02", pga=rows)
    trial.load()
    assert trial.statuses()[-1][2:] == (("HELD", "DEL13") if held else ("LOADED", None))


@pytest.mark.parametrize(
    ("filled_before", "filled_now", "held"),
    [(9, 0, False), (10, 0, True), (10, 1, False)],
    ids=["too few to miss", "just enough", "one is left"],
)
def test_a_column_that_is_emptied_at_its_edge(
    trial: LandingFolder, filled_before: int, filled_now: int, held: bool
) -> None:
    """All values of a column are gone that held at least ten."""
    for night, filled in (("2026-06-02", filled_before), ("2026-06-03", filled_now)):
        rows = [{**row, "pgares": "1.2" if number < filled else ""} for number, row in enumerate(assessments(20))]
        trial.deliver("S02", night, pga=rows)
        trial.load()
    assert trial.statuses("S02")[-1][2:] == (("HELD", "DEL13") if held else ("LOADED", None))
    if held:
        assert "every value is gone from pgares; in pga.csv of 2026-06-02 it was otherwise" in messages(trial)[0]
        approve(trial.settings, "retyped", "S02", "pga", "pgares", **WHO)
        trial.load()
        assert trial.statuses("S02")[-1][2:] == ("LOADED", None)


def test_what_never_could_be_read_is_no_drift(trial: LandingFolder) -> None:
    """A first delivery that can't be read is told by the rules about values; the next one like it is no change."""
    for night, count in (("2026-06-01", 20), ("2026-06-02", 21)):
        trial.deliver("S02", night, pga=recoded(count, pgascale="1"))
        trial.load()
    assert [status for _, _, status, _ in trial.statuses("S02")] == ["LOADED", "LOADED"]


def test_what_can_not_be_approved_is_refused_in_a_sentence(trial: LandingFolder) -> None:
    settings = trial.settings
    with pytest.raises(DecisionRefusedError, match="S01, dm: no column waits for an approval; open are none"):
        approve(settings, "known", "S01", "dm", "shoe", **WHO)
    trial.deliver("S01", "2026-06-02", dm=renamed("race", "ethnicity"))
    trial.load()
    refusals = {
        "needs the name": lambda: approve(settings, "use", "S01", "dm", "ethnicity", "race", by=" ", reason="x"),
        "'demog' is no form": lambda: approve(settings, "use", "S01", "demog", "ethnicity", "race", **WHO),
        "'rce' is no column of dm": lambda: approve(settings, "use", "S01", "dm", "ethnicity", "rce", **WHO),
        "sex is a column of dm itself": lambda: approve(settings, "use", "S01", "dm", "sex", "race", **WHO),
        "nothing is said about a column sex": lambda: approve(settings, "absent", "S01", "dm", "sex", **WHO),
        "can't be approved so": lambda: approve(settings, "retyped", "S01", "dm", "race", **WHO),
        "open are S01 dm": lambda: approve(settings, "known", "S01", "ae", "x", **WHO),
    }
    for words, act in refusals.items():
        with pytest.raises(DecisionRefusedError, match=words):
            act()
    assert approved(settings) == []


def test_the_last_approval_of_a_column_holds(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-06-02", dm=renamed("race", "ethnicity"))
    trial.load()
    approve(trial.settings, "use", "S01", "dm", "ethnicity", "sex", **WHO)
    trial.load()
    assert trial.statuses()[-1] == ("2026-06-02", "dm", "REFUSED", "DEL03")
    approve(trial.settings, "use", "S01", "dm", "ethnicity", "race", **WHO)
    trial.load()
    assert trial.current("dm", "sex, race") == [("F", "WHITE")] * 3
    assert [made.ours for made in approved(trial.settings)] == ["race", "sex"]
