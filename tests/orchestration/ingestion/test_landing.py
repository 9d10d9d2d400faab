"""A whole landing: each rule about deliveries finds its defect, is silent without it, and stops nobody else."""

from __future__ import annotations

import json
import os
import shutil
from datetime import date

import pytest

from orchestration.ingestion import land
from orchestration.ingestion.archive import Archive
from orchestration.ingestion.deliveries import LandingMissingError
from orchestration.ingestion.forms import form_names
from orchestration.ingestion.register import RegisterError
from tests.orchestration.ingestion.landing_folder import LandingFolder, assessments, form_file, subjects


def test_a_delivery_becomes_raw_history(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-06-01", dm=[{"subjid": "0001", "sex": " F", "race": "  "}], pga=assessments(3))
    summary = trial.load()
    assert trial.told == ["S01 2026-06-01: 2 files, 4 rows"]
    assert summary.sentence() == "1 deliveries: 2 loaded; 4 rows loaded"
    assert trial.current(columns="subjid, sex, race, extra, opened") == [("0001", " F", None, None, date(2026, 6, 1))]
    assert trial.query("select delivered, file, rows, subjects from raw.in_force where form = 'pga'") == [
        (date(2026, 6, 1), "pga.csv", 3, 1)
    ]
    assert trial.query("select first_row, latest_row from raw.positions where form = 'pga' order by 1") == [
        (2, 2), (3, 3), (4, 4),
    ]  # fmt: skip
    assert trial.problems() == []


def test_loading_again_writes_nothing_but_its_load(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-06-01", dm=subjects(3), pga=b"broken")
    (trial.settings.landing_dir / "S01" / "notes").mkdir()
    (trial.settings.landing_dir / "S01" / "2026-06-01" / "readme.txt").write_text("hello")
    (trial.settings.landing_dir / "S01" / "2026-06-01" / "ae.csv").mkdir()
    (trial.settings.landing_dir / "S01" / "2026-05-01").mkdir()
    trial.deliver("S09", "2026-06-01", dm=subjects(1))
    trial.deliver("S02", "2027-06-01", dm=subjects(1))
    trial.load()
    before = trial.everything(), trial.query("select * from raw.seen_files order by all")
    archived = sorted(path.name for path in trial.settings.archive_dir.rglob("*"))
    index = (trial.settings.archive_dir / "arrivals.jsonl").read_bytes()
    assert trial.load().sentence() == "nothing new in the landing folder"
    assert (trial.everything(), trial.query("select * from raw.seen_files order by all")) == before
    assert sorted(path.name for path in trial.settings.archive_dir.rglob("*")) == archived
    assert (trial.settings.archive_dir / "arrivals.jsonl").read_bytes() == index
    assert len(trial.query("from raw.loads")) == 2


def test_an_outage_skips_no_delivery(trial: LandingFolder) -> None:
    for day, count in (("2026-06-01", 10), ("2026-06-03", 12), ("2026-06-02", 11)):
        trial.deliver("S01", day, dm=subjects(count))
    trial.load()
    assert trial.told == [f"S01 2026-06-0{day}: 1 files, {9 + day} rows" for day in (1, 2, 3)]
    assert trial.query("select opened, count(*) from raw.dm group by 1 order by 1") == [
        (date(2026, 6, 1), 10), (date(2026, 6, 2), 1), (date(2026, 6, 3), 1),
    ]  # fmt: skip


def test_every_file_is_archived_byte_for_byte(trial: LandingFolder) -> None:
    folder = trial.deliver("S01", "2026-06-01", dm=subjects(2), ae=b"\x00broken", pga=b"")
    (folder / "letter.pdf").write_bytes(b"%PDF")
    trial.deliver("S09", "2026-06-01", dm=subjects(5))
    trial.load()
    shutil.rmtree(trial.settings.working_file.parent / "decisions", ignore_errors=True)
    archive = Archive(trial.settings.archive_dir)
    arrivals = {(arrival.siteid, arrival.file): archive.read(arrival.sha256) for arrival in archive.arrivals()}
    assert arrivals == {
        ("S01", "dm.csv"): form_file("dm", subjects(2)),
        ("S01", "ae.csv"): b"\x00broken",
        ("S01", "pga.csv"): b"",
        ("S01", "letter.pdf"): b"%PDF",
        ("S09", "dm.csv"): form_file("dm", subjects(5)),
    }


# One of each rule; every other way in which a file can be broken is a case of test_reader.
BROKEN = {
    "DEL01 unbalanced quotes": (form_file("dm", subjects(3)).replace(b"0002", b'"0002'), "DEL01"),
    "DEL01 cut in the middle of a row": (form_file("dm", subjects(3))[:-9], "DEL01"),
    "DEL02 nothing in it": (b"", "DEL02"),
    "DEL03 a column missing": (form_file("dm", []).replace(b",race", b""), "DEL03"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_file_is_refused_whole_and_stops_nobody(broken: str, trial: LandingFolder) -> None:
    data, rule_id = BROKEN[broken]
    trial.deliver("S01", "2026-06-01", dm=subjects(2), pga=assessments(2))
    trial.load()
    trial.deliver("S01", "2026-06-02", dm=data, pga=assessments(3))
    trial.deliver("S02", "2026-06-02", dm=subjects(4))
    trial.load()
    assert ("2026-06-02", "dm", "REFUSED", rule_id) in trial.statuses()
    assert trial.problems() == [(rule_id, "S01", "dm")]
    assert len(trial.current()) == 2, "the last good state stays in force"
    in_force = "select delivered from raw.in_force where form = 'dm' and siteid = 'S01'"
    assert trial.query(in_force) == [(date(2026, 6, 1),)]
    assert len(trial.current("pga", "visit")) == 3
    assert len(trial.current(siteid="S02")) == 4
    trial.deliver("S01", "2026-06-03", dm=subjects(3))
    trial.load()
    assert trial.problems() == [], "the next accepted delivery resolves it"


def test_del01_a_value_cut_short_at_the_very_end(trial: LandingFolder) -> None:
    """The last row has all its values, but the scale was 0-100: only the missing line break tells."""
    whole = form_file("pga", [*assessments(3), {"subjid": "0009", "visit": "W8", "pgares": "80", "pgascale": "0-100"}])
    trial.deliver("S01", "2026-06-01", pga=whole[:-2], dm=subjects(2))
    trial.load()
    assert ("2026-06-01", "pga", "REFUSED", "DEL01") in trial.statuses()
    # A program that never writes the last line break is another matter, and so is a line known from before.
    trial.deliver("S01", "2026-06-02", pga=whole[:-1], dm=form_file("dm", subjects(2))[:-1])
    trial.deliver("S02", "2026-06-01", pga=whole, dm=subjects(2))
    trial.deliver("S02", "2026-06-02", pga=whole[:-1], dm=subjects(2))
    trial.load()
    assert trial.problems() == []
    assert ("2026-06-02", "pga", "LOADED", None) in trial.statuses("S02")


def test_del04_an_unknown_column_is_kept_and_stays_a_finding_while_it_counts(trial: LandingFolder) -> None:
    rows = [{"subjid": "0001", "note": 'say "x"', "b": ""}, {"subjid": "0002"}]
    trial.deliver("S01", "2026-06-01", dm=form_file("dm", rows, ("note", "b")))
    trial.load()
    assert trial.current(columns="subjid, extra") == [("0001", json.dumps({"note": 'say "x"'})), ("0002", None)]
    trial.deliver("S01", "2026-06-02", dm=form_file("dm", rows, ("note", "b")))
    trial.load()
    assert trial.statuses()[-1] == ("2026-06-02", "dm", "UNCHANGED", None)
    assert trial.problems() == [("DEL04", "S01", "dm")], "unchanged, so still there"
    trial.deliver("S01", "2026-06-03", dm=form_file("dm", [rows[1], {"subjid": "0003"}]))
    trial.load()
    assert trial.problems() == []


def test_del06_older_than_the_latest_loaded(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-06-02", dm=subjects(2))
    trial.load()
    trial.deliver("S01", "2026-06-01", dm=subjects(9), pga=assessments(2))
    trial.deliver("S02", "2026-06-01", dm=subjects(3))
    trial.load()
    assert trial.statuses()[:2] == [
        ("2026-06-01", "dm", "REFUSED", "DEL06"), ("2026-06-01", "pga", "REFUSED", "DEL06"),
    ]  # fmt: skip
    assert len(trial.current()) == 2
    assert trial.problems() == [("DEL06", "S01", "dm"), ("DEL06", "S01", "pga")]
    assert trial.statuses("S02") == [("2026-06-01", "dm", "LOADED", None)]


@pytest.mark.parametrize(
    ("before", "after", "held"),
    [(100, 90, False), (100, 89, True), (9, 8, True), (3, 0, True), (0, 0, False)],
)
def test_del07_losing_more_than_a_tenth_of_the_rows(before: int, after: int, held: bool, trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-06-01", dm=subjects(before))
    trial.deliver("S01", "2026-06-02", dm=form_file("dm", subjects(after)) + b"\n")
    trial.load()
    assert trial.statuses()[-1] == ("2026-06-02", "dm", *(("HELD", "DEL07") if held else ("LOADED", None)))
    assert len(trial.current()) == (before if held else after)
    assert trial.problems() == ([("DEL07", "S01", "dm")] if held else [])


def test_del07_counts_subjects_too_and_compares_with_the_last_accepted_state(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-06-01", pga=[{"subjid": f"{n:04}", "visit": "W4"} for n in range(10)])
    one_subject = [{"subjid": "0001", "visit": f"W{n}"} for n in range(20)]
    trial.deliver("S01", "2026-06-02", pga=one_subject)
    trial.deliver("S01", "2026-06-03", pga=one_subject[:-1])
    trial.load()
    assert [status for _, _, status, _ in trial.statuses()] == ["LOADED", "HELD", "HELD"]
    reason = trial.query("select reason from raw.deliveries where status = 'HELD' order by delivered")[0][0]
    assert reason.startswith("it lost 9 of 10 subjects against pga.csv of 2026-06-01, more than 10 %")


def test_del08_a_late_site(trial: LandingFolder) -> None:
    trial.register = trial.register.replace("{name: Site 1}", "{name: Site 1, every_days: 2}")
    trial.deliver("S01", "2026-06-01", dm=subjects(1))
    trial.load(date(2026, 6, 3))
    assert trial.problems() == []
    trial.load(date(2026, 6, 4))
    trial.load(date(2026, 6, 5))
    assert trial.problems() == [("DEL08", "S01", None)]
    assert trial.query("select message from raw.notes where rule_id = 'DEL08'") == [
        ("S01: no delivery has been accepted since 2026-06-01, although one is expected every 2 days.",)
    ]
    trial.deliver("S01", "2026-06-05", dm=subjects(1))
    trial.load(date(2026, 6, 5))
    assert trial.problems() == []


def test_del09_an_unknown_site_waits_for_the_register(trial: LandingFolder) -> None:
    trial.deliver("S03", "2026-06-01", dm=subjects(1))
    trial.deliver("S03", "2026-06-02", dm=subjects(2))
    trial.load()
    assert trial.statuses("S03") == [("2026-06-01", "-", "REFUSED", "DEL09"), ("2026-06-02", "-", "REFUSED", "DEL09")]
    assert trial.problems() == [("DEL09", "S03", None)]
    trial.register += "  S03: {name: Site 3}\n"
    trial.load()
    assert trial.statuses("S03") == [("2026-06-01", "dm", "LOADED", None), ("2026-06-02", "dm", "LOADED", None)]
    assert trial.problems() == []


def test_a_mistake_in_a_sites_entry_costs_nobody_else_the_night(trial: LandingFolder) -> None:
    plain = trial.register
    trial.register = plain.replace("{name: Site 1}", '{name: Site 1, delimter: ";"}')
    trial.deliver("S01", "2026-06-01", dm=subjects(1))
    trial.deliver("S02", "2026-06-01", dm=subjects(1))
    trial.load()
    assert trial.statuses() == [("2026-06-01", "-", "REFUSED", "DEL01")]
    assert trial.problems() == [("DEL01", "S01", None)]
    ((reason,),) = trial.query("select reason from raw.deliveries where siteid = 'S01'")
    assert reason.startswith("the register's entry of S01 can't be used: line 3: S01: delimter: no such key; allowed")
    assert trial.statuses("S02") == [("2026-06-01", "dm", "LOADED", None)]
    trial.load()
    assert len(trial.statuses()) == 1, "said once, not every night"
    trial.register = plain
    trial.load()
    assert trial.statuses() == [("2026-06-01", "dm", "LOADED", None)]
    assert trial.problems() == []


def test_del10_a_missing_form_keeps_its_state_and_is_reported(trial: LandingFolder) -> None:
    everything = {form: form_file(form, []) for form in form_names()}
    trial.deliver("S01", "2026-06-01", **(everything | {"dm": form_file("dm", subjects(2))}))
    trial.load()
    assert trial.query("from raw.notes") == []
    trial.deliver("S01", "2026-06-02", **{form: data for form, data in everything.items() if form != "dm"})
    trial.load()
    assert trial.query("select rule_id, form, message from raw.notes") == [
        ("DEL10", "dm", "S01, 2026-06-02: the delivery has no file for dm; the state of 2026-06-01 stays in force.")
    ]
    assert len(trial.current()) == 2


def test_del10_an_empty_folder_blocks_nobody(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-06-01")
    trial.deliver("S01", "2026-06-02", dm=subjects(2))
    trial.load()
    assert trial.statuses() == [("2026-06-01", "-", "REFUSED", "DEL10"), ("2026-06-02", "dm", "LOADED", None)]


def test_del11_other_bytes_under_the_latest_date_are_taken_and_reported(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-06-01", dm=subjects(2))
    trial.deliver("S01", "2026-06-02", dm=subjects(3))
    trial.load()
    trial.deliver("S01", "2026-06-02", dm=subjects(3, sex="M"))
    trial.deliver("S01", "2026-06-01", dm=subjects(2, sex="M"))
    trial.load()
    assert trial.statuses() == [
        ("2026-06-01", "dm", "LOADED", None),
        ("2026-06-01", "dm", "REFUSED", "DEL06"),
        ("2026-06-02", "dm", "LOADED", None),
        ("2026-06-02", "dm", "LOADED", None),
    ]
    assert {sex for _, sex in trial.current()} == {"M"}
    assert trial.problems() == [("DEL11", "S01", "dm")]
    trial.deliver("S01", "2026-06-02", dm=subjects(3))
    trial.load()
    assert {sex for _, sex in trial.current()} == {"F"}, "back to the first bytes, which count again"
    trial.deliver("S01", "2026-06-03", dm=subjects(3))
    trial.load()
    assert trial.problems() == []


def test_bytes_that_change_in_place_are_noticed_even_with_size_and_time_as_before(trial: LandingFolder) -> None:
    path = trial.deliver("S01", "2026-06-01", dm=subjects(2)) / "dm.csv"
    trial.load()
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    path.write_bytes(form_file("dm", subjects(2, sex="M")))
    os.utime(path, ns=times)
    trial.load()
    assert {sex for _, sex in trial.current()} == {"M"}


def test_del12_a_delivery_from_the_future_is_taken_when_its_day_comes(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-06-02", dm=subjects(2))
    trial.load(date(2026, 6, 1))
    assert trial.statuses() == [("2026-06-02", "dm", "REFUSED", "DEL12")]
    assert trial.problems() == [("DEL12", "S01", "dm")]
    trial.load(date(2026, 6, 2))
    assert trial.statuses() == [("2026-06-02", "dm", "LOADED", None)]
    assert trial.problems() == []


def test_what_is_no_delivery_is_told_and_harms_nobody(trial: LandingFolder) -> None:
    folder = trial.deliver("S01", "2026-06-01", dm=subjects(1))
    (folder / "readme.txt").write_text("hello")
    (folder / ".DS_Store").write_bytes(b"\x00")
    (folder / os.fsdecode(b"w\xffrd\n.csv")).write_bytes(b"x")
    (folder.parent / "old exports").mkdir()
    (folder.parent / "2026-13-01").mkdir()
    (folder.parent / "list.csv").write_text("x")
    (folder.parent.parent / "stray.txt").write_text("x")
    trial.load()
    assert sorted(trial.query("select file, status from raw.deliveries where form is null")) == [
        ("2026-13-01", "REFUSED"), ("list.csv", "REFUSED"), ("old exports", "REFUSED"),
    ]  # fmt: skip
    assert len(trial.query("from raw.notes where rule_id is null")) == 5
    assert len(trial.current()) == 1
    assert trial.problems() == []


def test_links_are_never_followed(trial: LandingFolder) -> None:
    elsewhere = trial.folder / "elsewhere" / "2026-06-01"
    elsewhere.mkdir(parents=True)
    (elsewhere / "dm.csv").write_bytes(form_file("dm", subjects(9)))
    folder = trial.deliver("S01", "2026-06-01", pga=assessments(1))
    (folder / "dm.csv").symlink_to(elsewhere / "dm.csv")
    (folder.parent / "2026-06-02").symlink_to(elsewhere)
    (trial.settings.landing_dir / "S02").symlink_to(elsewhere.parent)
    trial.load()
    assert trial.query("select count(*) from raw.dm") == [(0,)]
    assert ("2026-06-01", "dm", "REFUSED", "DEL01") in trial.statuses()
    assert ("2026-06-01", "pga", "LOADED", None) in trial.statuses()


@pytest.mark.parametrize("obstacle", ["folder", "pipe", "twin"])
def test_an_obstacle_in_a_files_place_is_refused_and_later_forgotten(obstacle: str, trial: LandingFolder) -> None:
    folder = trial.deliver("S01", "2026-06-01", pga=assessments(1))
    place = folder / "dm.csv"
    if obstacle == "folder":
        place.mkdir()
    elif obstacle == "pipe":
        os.mkfifo(place)
    else:
        place.write_bytes(form_file("dm", subjects(1)))
        (folder / "DM.CSV").write_bytes(form_file("dm", subjects(2)))
    trial.load()
    assert ("2026-06-01", "dm", "REFUSED", "DEL01") in trial.statuses()
    assert ("2026-06-01", "pga", "LOADED", None) in trial.statuses()
    if obstacle == "folder":
        place.rmdir()
    elif obstacle == "pipe":
        place.unlink()
    else:
        (folder / "DM.CSV").unlink()
    trial.deliver("S01", "2026-06-01", dm=subjects(3))
    trial.load()
    assert ("2026-06-01", "dm", "LOADED", None) in trial.statuses()
    assert trial.problems() == []


def test_without_a_landing_folder_or_register_a_load_fails_loudly(trial: LandingFolder) -> None:
    trial.load()
    trial.settings.landing_dir.rmdir()
    with pytest.raises(LandingMissingError, match="can't be listed"):
        land(trial.settings, date(2026, 6, 1), "L9")
    trial.register = "study: MRBS\nsite: {S01: {name: x}}\n"
    with pytest.raises(RegisterError, match="line 2: site: no such key; allowed are study, sites"):
        trial.load()


def test_what_can_not_be_archived_is_not_recorded_and_fails_the_load(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-06-01", dm=subjects(1))
    trial.settings.warehouse_dir.mkdir()
    trial.settings.archive_dir.write_text("not a folder")
    with pytest.raises(OSError, match="archive"):
        trial.load()
    assert trial.query("from raw.deliveries") == []
    assert trial.query("from raw.seen_files") == []
    trial.settings.archive_dir.unlink()
    trial.load()
    assert len(trial.current()) == 1


def test_a_good_file_that_comes_back_after_a_broken_one_settles_the_matter(trial: LandingFolder) -> None:
    for content in (subjects(2), b"broken", subjects(2)):
        trial.deliver("S01", "2026-06-01", dm=content)
        trial.load()
    assert trial.problems() == [("DEL11", "S01", "dm")]
    assert len(trial.current()) == 2


def test_a_site_that_leaves_the_register_keeps_what_was_taken(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-06-01", dm=subjects(2))
    trial.load()
    trial.register = "study: MRBS\nsites: {S02: {name: Site 2}}\n"
    trial.load()
    assert trial.statuses() == [("2026-06-01", "dm", "LOADED", None)]
    trial.deliver("S01", "2026-06-02", dm=subjects(3))
    trial.load()
    assert trial.statuses()[1:] == [("2026-06-02", "-", "REFUSED", "DEL09")]
    assert len(trial.current()) == 2
