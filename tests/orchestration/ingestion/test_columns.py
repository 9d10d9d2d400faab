"""Columns that are new, renamed, gone or hold something else: held out of use, told with before and after, and taken
into use with the load after somebody approved it; the rest of the delivery loads."""

from __future__ import annotations

import re

import duckdb
import pytest

from orchestration.ingestion.columns import approve, approved, column_changes, take_as_it_comes
from orchestration.ingestion.decisions import DecisionRefusedError
from orchestration.ingestion.drift import PATTERNS, unreadable_columns
from orchestration.ingestion.forms import column_names
from orchestration.ingestion.reader import read_csv
from tests.orchestration.ingestion.landing_folder import LandingFolder, assessments, csv_bytes, form_file, subjects

WHO = {"by": "A. Meyer", "reason": "new version of their system"}
DM = column_names("dm")
FULL = "(19|20)\\d{{2}}-\\d{{2}}-\\d{{2}}(T([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d)?)?"
# Transcribed from dbt_project/macros/typing.sql.
STAGING = {
    "integer": "regexp_full_match({text}, '[+-]?0*\\d{{1,6}}(\\.0+)?')",
    "decimal": "regexp_full_match({text}, '[+-]?0*\\d{{1,9}}(\\.\\d{{1,6}}0*)?')",
    "datetime": f"regexp_full_match({{text}}, '{FULL}')",
    "partial_date": f"regexp_full_match({{text}}, '(19|20)\\d{{{{2}}}}(-\\d{{{{2}}}})?|{FULL}')",
}
DAYS = ["2026", "2026-11", "2026-11-21", "2026-11-21T09:30", "2026-11-21 09:30", "2026-11-21T09:30:05", "1826-11-21"]
DRIFTING = {
    "age": ("integer", ["34", "34.0", "34.5", "-3", "1234567", "3e1", ".5"]),
    "pgares": ("decimal", ["1.5", ".5", "1.", "1e3", "+1.1234567", "1.1234560", "12345678901", "1,5"]),
    "pgadtc": ("datetime", [*DAYS, "2026-11-21T24:00", "2026-11-21T09:30+01:00"]),
    "aestdtc": ("partial_date", [*DAYS, "2026-1"]),
}


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
    assert trial.problems() == []
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
    take_as_it_comes(trial.settings, "S01", "pga", **WHO)
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
        take_as_it_comes(trial.settings, "S02", "pga", **WHO)
        trial.load()
        assert trial.statuses("S02")[-1][2] == "LOADED"


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
        "no delivery of it is held": lambda: take_as_it_comes(settings, "S01", "dm", **WHO),
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


def test_a_column_that_comes_back_beside_the_one_approved_for_it_is_refused(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-06-02", dm=renamed("race", "ethnicity"))
    trial.load()
    approve(trial.settings, "use", "S01", "dm", "ethnicity", "race", **WHO)
    trial.load()
    both = [{**row, "ethnicity": "HISPANIC"} for row in subjects(3, race="ASIAN")]
    trial.deliver("S01", "2026-06-03", dm=csv_bytes((*DM, "ethnicity"), both))
    trial.load()
    assert trial.statuses()[-1] == ("2026-06-03", "dm", "REFUSED", "DEL03")
    assert "race is back, and ethnicity was approved to stand for race: both are there" in messages(trial)[0]
    approve(trial.settings, "known", "S01", "dm", "ethnicity", **WHO)
    trial.load()
    assert trial.current("dm", "distinct race") == [("ASIAN",)]


def test_what_was_taken_as_it_came_is_not_taken_for_ever(trial: LandingFolder) -> None:
    """The bytes were released: when the column is put right and emptied later, that is told again."""
    nights = {"2026-06-02": {"pgascale": "1"}, "2026-06-03": {"pgascale": "0-3"}, "2026-06-04": {"pgascale": ""}}
    for night, values in nights.items():
        trial.deliver("S01", night, pga=recoded(20, **values))
        trial.load()
        if values == {"pgascale": "1"}:
            take_as_it_comes(trial.settings, "S01", "pga", **WHO)
            trial.load()
    assert [status for *_, status, _ in trial.statuses()[-3:]] == ["LOADED", "LOADED", "HELD"]


def test_who_releases_a_form_is_told_everything_that_holds_it(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-06-02", pga=recoded(15, pgascale=""))
    trial.load()
    ((reason,),) = trial.query("select reason from raw.deliveries where status = 'HELD'")
    assert "it lost 5 of 20 rows" in reason
    assert "every value is gone from pgascale" in reason


@pytest.mark.parametrize("column", DRIFTING)
def test_what_staging_can_read_is_what_drift_calls_readable(column: str) -> None:
    """Both ways of reading, on the same texts: the pattern of `drift` and the macros of staging."""
    kind, texts = DRIFTING[column]
    with duckdb.connect() as connection:
        for text in texts:
            (as_staging,) = connection.execute(f"select {STAGING[kind].format(text='$1')}", [text]).fetchone() or ()
            assert bool(re.fullmatch(PATTERNS[kind], text)) == bool(as_staging), text


def test_drift_in_a_file_of_a_period_is_seen(trial: LandingFolder) -> None:
    """Six rows a visit, of which the first is as ever: no step through the file may see only those."""
    rows = [{"subjid": "1", "visit": f"W{n // 6}", "vstestcd": "WEIGHT" if n % 6 == 0 else "?"} for n in range(300)]
    frame = read_csv(form_file("vs", rows), column_names("vs")).frame
    assert unreadable_columns(frame, "vs") == ("visit", "vstestcd")
