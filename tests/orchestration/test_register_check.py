"""`mrbs register check --quick`: what a load would answer, found out without changing anything.

What is in force is published here by three statements over raw, as the models of the same names do; the whole thing,
with a real publication, runs in tests/end_to_end/test_register_check.py.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.dry_run.answers import FormAnswer
from orchestration.dry_run.check import Checked, check_delivery
from orchestration.dry_run.delivery import NothingToCheckError
from orchestration.ingestion.column_log import record_approval
from orchestration.ingestion.lock import hold_lock
from tests.orchestration.ingestion.landing_folder import LandingFolder, assessments, subjects

TODAY = date(2026, 11, 30)
GERMAN = """
study: MRBS
sites:
  S01:
    name: Charité
    encoding: cp1252
    delimiter: ";"
    decimal: ","
    date_format: "%d.%m.%Y"
    forms:
      vs:
        file: Vitalwerte.csv
        columns: {Patient: subjid, Visite: visit, Datum: vsdtc, Größe: vstestcd, Wert: vsorres, Einheit: vsorresu}
        values: {vstestcd: {Gewicht: WEIGHT}}
"""


def german_file(rows: int) -> bytes:
    lines = ["Patient;Visite;Datum;Größe;Wert;Einheit"]
    lines += [f"{row:04};D0;{row + 1:02}.11.2026;Gewicht;{60 + row},5;kg" for row in range(rows)]
    return ("\r\n".join(lines) + "\r\n").encode("cp1252")


@pytest.fixture
def trial(tmp_path: Path) -> LandingFolder:
    trial = LandingFolder(tmp_path)
    trial.settings.landing_dir.mkdir()
    return trial


def publish(trial: LandingFolder) -> None:
    """What a publication says of deliveries."""
    working = trial.settings.working_file
    trial.settings.published_file.unlink(missing_ok=True)
    with duckdb.connect(str(trial.settings.published_file)) as connection:
        connection.execute(f"attach '{working}' as working (read_only)")
        connection.execute("create schema quality; create schema metadata")
        connection.execute("create table quality.deliveries as from working.raw.deliveries")
        connection.execute("create table metadata.inputs as from working.raw.in_force")
        connection.execute("create table quality.findings (finding_id varchar, siteid varchar, status varchar)")


def check(trial: LandingFolder, siteid: str = "S01", **options: object) -> Checked:
    trial.settings.sites_file.write_text(trial.register)
    return check_delivery(trial.settings, siteid, TODAY, lambda step, message: None, quick=True, **options)  # type: ignore[arg-type]


def answer(checked: Checked, form: str) -> FormAnswer:
    (found,) = (one for one in checked.answers.forms if one.form == form)
    return found


def test_a_german_csv_that_fits_its_entry(trial: LandingFolder) -> None:
    trial.register = GERMAN
    folder = trial.settings.landing_dir / "S01" / "2026-11-21"
    folder.mkdir(parents=True)
    (folder / "Vitalwerte.csv").write_bytes(german_file(12))
    (folder / "Liesmich.txt").write_text("Guten Tag")
    checked = check(trial)
    assert answer(checked, "vs") == FormAnswer("vs", "Vitalwerte.csv", "LOADED", 12, 12)
    assert checked.all_taken
    assert checked.answers.unreadable == ()
    assert checked.answers.left_alone == (
        "Liesmich.txt: its name is no form's; it is archived and otherwise left alone.",
    )
    dm = answer(checked, "dm")
    assert (dm.status, dm.rule_id) == ("missing", "DEL10")
    assert "has no file for dm" in str(dm.reason)


def test_a_wrong_date_format_shows_although_the_file_is_taken(trial: LandingFolder) -> None:
    trial.register = GERMAN.replace("%d.%m.%Y", "%m/%d/%Y")
    folder = trial.deliver("S01", "2026-11-21")
    (folder / "Vitalwerte.csv").write_bytes(german_file(12))
    checked = check(trial)
    assert answer(checked, "vs").status == "LOADED"
    assert checked.answers.unreadable == (
        "Vitalwerte.csv: most values of vsdtc can't be read as what the form says: 01.11.2026, 02.11.2026, 03.11.2026",
    )


def test_a_wrong_column_map_is_refused_and_names_both_columns(trial: LandingFolder) -> None:
    trial.register = GERMAN.replace("Datum: vsdtc", "Messdatum: vsdtc")
    folder = trial.deliver("S01", "2026-11-21")
    (folder / "Vitalwerte.csv").write_bytes(german_file(12))
    checked = check(trial)
    refused = answer(checked, "vs")
    assert (refused.status, refused.rule_id) == ("REFUSED", "DEL03")
    assert "vsdtc (theirs: Messdatum)" in str(refused.reason)
    assert not checked.all_taken


def test_a_mistake_in_an_entry_stops_the_check_of_its_own_site_only(trial: LandingFolder) -> None:
    trial.register = "study: MRBS\nsites:\n  S01: {name: Site 1}\n  S02: {name: Site 2, delimter: ';'}\n"
    trial.deliver("S01", "2026-11-21", dm=subjects(3))
    trial.deliver("S02", "2026-11-21", dm=subjects(3))
    assert answer(check(trial), "dm").status == "LOADED"
    with pytest.raises(NothingToCheckError, match=r"line 4: S02: delimter: no such key; allowed are name, every_days"):
        check(trial, "S02")


def test_a_delivery_that_shrank_is_held_as_a_load_would(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-11-20", dm=subjects(40), pga=assessments(40))
    trial.load()
    publish(trial)
    trial.deliver("S01", "2026-11-21", dm=subjects(20), pga=assessments(40))
    checked = check(trial)
    held = answer(checked, "dm")
    assert (held.status, held.rule_id, held.rows) == ("HELD", "DEL07", 20)
    assert "lost 20 of 40 rows and 20 of 40 subjects against dm.csv of 2026-11-20" in str(held.reason)
    assert answer(checked, "pga").status == "UNCHANGED"
    trial.load()
    (real,) = trial.query("select reason from raw.deliveries where status = 'HELD'")
    assert held.reason == real[0]


def test_a_delivery_that_was_loaded_is_judged_as_on_its_night(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-11-20", dm=subjects(40))
    trial.load()
    trial.deliver("S01", "2026-11-21", dm=subjects(41))
    trial.load()
    publish(trial)
    checked = check(trial)
    assert answer(checked, "dm") == FormAnswer("dm", "dm.csv", "LOADED", 41, 41)
    assert checked.remarks == ("It has been loaded, at least in part: it is judged against what counted before it.",)


def test_a_delivery_older_than_what_counts_would_be_refused(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-11-21", dm=subjects(40))
    trial.load()
    publish(trial)
    trial.deliver("S01", "2026-11-20", dm=subjects(40))
    checked = check(trial, delivered=date(2026, 11, 20))
    (whole,) = (one for one in checked.answers.forms if one.status == "REFUSED" and one.form is not None)
    assert whole.rule_id == "DEL06"
    assert not checked.all_taken


def test_what_counts_cannot_be_read_as_the_register_now_says(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-11-20", dm=subjects(40))
    trial.load()
    publish(trial)
    trial.register = "study: MRBS\nsites:\n  S01: {name: Site 1, forms: {dm: {columns: {PatNr: subjid}}}}\n"
    folder = trial.deliver("S01", "2026-11-21", dm=subjects(20))
    (folder / "dm.csv").write_bytes((folder / "dm.csv").read_bytes().replace(b"subjid", b"PatNr"))
    checked = check(trial)
    assert answer(checked, "dm").status == "LOADED"
    (remark,) = checked.remarks
    assert remark.startswith("What counts for dm (dm.csv of 2026-11-20) can't be read as the register now says")
    assert "subjid (theirs: PatNr)" in remark


def test_a_file_that_the_register_renames_is_still_compared(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-11-20", dm=subjects(40))
    trial.load()
    publish(trial)
    trial.register = "study: MRBS\nsites:\n  S01: {name: Site 1, forms: {dm: {file: 'demog*.csv'}}}\n"
    trial.deliver("S01", "2026-11-21", demographics=b"")
    folder = trial.deliver("S01", "2026-11-21", dm=subjects(20))
    (folder / "dm.csv").rename(folder / "demographics.csv")
    assert answer(check(trial), "dm").rule_id == "DEL07"


def test_a_lost_archive_file_does_not_stop_the_check(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-11-20", dm=subjects(40))
    trial.load()
    publish(trial)
    for path in trial.settings.archive_dir.glob("*/*"):
        path.unlink()
    trial.deliver("S01", "2026-11-21", dm=subjects(20))
    checked = check(trial)
    assert answer(checked, "dm").status == "LOADED"
    assert any("is not compared with: the archive can't give back" in remark for remark in checked.remarks)


def test_what_was_approved_holds_here_too(trial: LandingFolder) -> None:
    content = b"subjid,dscat,dsdecod,dsdtc,Note\n0001,STUDY,COMPLETED,2026-01-01,x\n"
    trial.deliver("S01", "2026-11-21", ds=content)
    assert ["column(s) note;" in sentence for sentence in check(trial).answers.unknown_columns] == [True]
    record_approval(trial.settings, "known", "S01", "ds", "note", "", "A. Meyer", "the site's own remarks")
    assert check(trial).answers.unknown_columns == ()


def test_a_manifest_is_checked(trial: LandingFolder) -> None:
    folder = trial.deliver("S01", "2026-11-21", dm=subjects(3))
    trial.manifest(folder, dm=(4, "0" * 64))
    checked = check(trial)
    assert {one.rule_id for one in checked.answers.forms} == {"DEL05"}
    assert not checked.all_taken


def test_a_folder_elsewhere_of_a_site_that_never_delivered(trial: LandingFolder, tmp_path: Path) -> None:
    elsewhere = tmp_path / "first export"
    elsewhere.mkdir()
    (elsewhere / "dm.csv").write_bytes((trial.deliver("S02", "2026-11-21", dm=subjects(3)) / "dm.csv").read_bytes())
    trial.settings.landing_dir.rename(tmp_path / "no landing folder")
    checked = check(trial, folder=elsewhere)
    assert checked.delivery.delivered == TODAY
    assert answer(checked, "dm") == FormAnswer("dm", "dm.csv", "LOADED", 3, 3)


@pytest.mark.parametrize(
    ("siteid", "options", "message"),
    [
        ("S09", {}, "S09 is not in the site register .*; its sites are S01, S02"),
        ("S02", {}, "S02 holds no delivery .*--folder"),
        ("S01", {"delivered": date(2026, 1, 1)}, "no delivery of 2026-01-01 in .*; latest: 2026-11-21"),
        ("S01", {"folder": Path("/no/such/folder")}, "/no/such/folder is no folder"),
    ],
)
def test_what_cannot_be_checked_says_what_is_there(
    trial: LandingFolder, siteid: str, options: dict[str, object], message: str
) -> None:
    trial.deliver("S01", "2026-11-21", dm=subjects(3))
    with pytest.raises(NothingToCheckError, match=message):
        check(trial, siteid, **options)


def test_what_lies_strangely_in_a_folder_is_refused_as_in_a_load(trial: LandingFolder) -> None:
    folder = trial.deliver("S01", "2026-11-21", dm=subjects(3))
    (folder / "vs.csv").symlink_to(folder / "dm.csv")
    (folder / "ae.csv").mkdir()
    refused = {one.form: one.reason for one in check(trial).answers.forms if one.status == "REFUSED"}
    assert refused == {
        "vs": "it is a link, not a file; links are not followed",
        "ae": "it is a folder, not a file",
    }


def test_nothing_is_changed_and_nobody_waited_for(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-11-20", dm=subjects(40))
    trial.load()
    publish(trial)
    trial.deliver("S01", "2026-11-21", dm=subjects(20))
    trial.settings.sites_file.write_text(trial.register)
    with hold_lock(trial.settings, "a running load"):
        before = everything_in(trial.folder)
        check(trial)
        trial_after = everything_in(trial.folder)
    # The test itself writes the register, with the same bytes.
    assert {**trial_after, "sites.yml": before["sites.yml"]} == before


def everything_in(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Size, time of change and bytes of every file."""
    return {
        str(path.relative_to(folder)): (path.lstat().st_mtime_ns, path.lstat().st_ctime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    } | {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, 0, b"") for path in folder.rglob("*") if path.is_dir()
    }
