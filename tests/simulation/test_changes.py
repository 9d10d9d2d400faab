"""Corrections, removals and late entry: each happens, and its truth matches what the nights show."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from simulation import simulate
from simulation.file_defects import FILE_DEFECTS
from simulation.rates import CHANGES_WITHOUT_DEFECT, RESULT_REMOVED
from simulation.visits import LATE_SHORTEST, LONGEST_LAG
from tests.simulation.conftest import NIGHTS, SEED, SITES, SUBJECTS, Written
from tests.simulation.reading import Table, keys

# A medication or an event that goes on is shown with its end later: that is no correction.
GO_ON = {"cm", "ae"}
DATES = {"sledai": "sledtc", "bilag": "bildtc", "pga": "pgadtc", "lb": "lbdtc"}


def record(form: str, row: dict[str, str]) -> tuple[str, ...]:
    """The key of a delivered row."""
    return (row["site"], *(row[column] for column in keys()[form]))


def matching(change: dict[str, str], value: str, rows: Table) -> Table:
    """The rows with the key of a change and a value in its field."""
    columns, parts = keys()[change["form"]], change["key"].split(" | ")
    return [
        row
        for row in rows
        if row["site"] == change["site"]
        and all(row[column] == part for column, part in zip(columns, parts, strict=False) if column != change["field"])
        and (not change["field"] or row[change["field"]] == value)
    ]


def before_and_after(dirty: Written, change: dict[str, str]) -> tuple[Table, Table]:
    """All rows of the form the night before a change, and on its night."""
    nights = [night.isoformat() for night in dirty.trial.nights]
    position = nights.index(change["night"])
    return dirty.form(change["form"], position - 1), dirty.form(change["form"], position)


def test_a_clean_trial_changes_nothing_and_enters_nothing_late(clean: Written) -> None:
    assert clean.truth("changes") == []
    assert clean.truth("late_entries") == []


def test_every_kind_of_change_happens(dirty: Written) -> None:
    kinds = Counter(row["kind"] for row in dirty.truth("changes"))
    assert set(kinds) >= {rate.name for rate in CHANGES_WITHOUT_DEFECT}


def test_each_change_is_in_the_deliveries(dirty: Written) -> None:
    for change in dirty.truth("changes"):
        before, after = before_and_after(dirty, change)
        assert matching(change, change["before"], before), change
        if change["kind"] == RESULT_REMOVED.name:
            assert not matching(change, "", after), change
        else:
            assert change["before"] != change["after"]
            assert matching(change, change["after"], after), change
            assert not matching(change, change["before"], after), change


@pytest.mark.parametrize("form", [form for form in keys() if form not in GO_ON])
def test_nothing_else_changes(dirty: Written, form: str) -> None:
    spoiled = {f"S{defect.place:02d}" for defect in FILE_DEFECTS if defect.form == form}
    nights = [
        Counter(tuple(row.values()) for row in dirty.form(form, night) if row["site"] not in spoiled)
        for night in range(NIGHTS)
    ]
    gone = nights[0] - nights[1]
    stated = [row for row in dirty.truth("changes") if row["form"] == form and row["site"] not in spoiled]
    assert sum(gone.values()) == len(stated)


@pytest.mark.parametrize("form", sorted(GO_ON))
def test_what_goes_on_keeps_its_record(dirty: Written, form: str) -> None:
    mended = {(row["site"], row["subject"]) for row in dirty.truth("changes") if row["form"] == form}
    before, after = ({record(form, row) for row in dirty.form(form, night)} for night in range(NIGHTS))
    assert {one for one in before - after if one[:2] not in mended} == set()


def rows_of(entry: dict[str, str], rows: Table) -> Table:
    """The rows of the form of a visit that was entered late."""
    column = DATES[entry["form"]]
    whose = (entry["site"], entry["subject"], entry["visit"], entry["visit_date"])
    return [row for row in rows if (row["site"], row["subjid"], row["visit"], row[column][:10]) == whose]


def test_late_entries_appear_on_the_day_they_were_entered(dirty: Written) -> None:
    spoiled = {(row["site"], row["subject"], row["form"]) for row in dirty.truth("defects")}
    entered = 0
    for entry in dirty.truth("late_entries"):
        days = (date.fromisoformat(entry["entered"]) - date.fromisoformat(entry["visit_date"])).days
        assert days == int(entry["days"]) >= LATE_SHORTEST > LONGEST_LAG
        if (entry["site"], entry["subject"], entry["form"]) in spoiled:
            continue
        for position, night in enumerate(dirty.trial.nights):
            rows = rows_of(entry, dirty.form(entry["form"], position))
            assert bool(rows) == (night.isoformat() >= entry["entered"]), entry
            entered += bool(rows)
    assert entered > 0


def test_the_day_before_a_late_entry_its_form_is_not_there(dirty: Written, tmp_path: Path) -> None:
    entry = next(row for row in dirty.truth("late_entries") if row["entered"] <= dirty.trial.nights[0].isoformat())
    day_before = date.fromisoformat(entry["entered"]) - timedelta(days=1)
    trial = simulate(tmp_path, sites=SITES, subjects=SUBJECTS, seed=SEED, last_delivery=day_before)
    before = Written(trial, tmp_path)
    assert rows_of(entry, before.form(entry["form"])) == []
    assert any(row["entered"] == entry["entered"] for row in before.truth("late_entries"))
    came = {(row["site"], row["subjid"], row["visit"]) for row in before.form("sv")}
    assert (entry["site"], entry["subject"], entry["visit"]) in came


def test_most_visits_are_entered_within_days(clean: Written) -> None:
    """Rows that are new on a night belong to visits of the last days before it."""
    columns = [*keys()["sledai"], "sledtc"]
    before = {(row["site"], *(row[column] for column in columns)) for row in clean.form("sledai", 0)}
    new = [row for row in clean.form("sledai", 1) if (row["site"], *(row[column] for column in columns)) not in before]
    lags = [(clean.trial.nights[1] - date.fromisoformat(row["sledtc"][:10])).days for row in new]
    assert lags
    assert max(lags) <= LONGEST_LAG
