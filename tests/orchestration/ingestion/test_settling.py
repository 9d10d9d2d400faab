"""When a delivery is whole: it has rested, or its manifest says so."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tests.orchestration.ingestion.landing_folder import LandingFolder, assessments, form_file, subjects


def rest(folder: Path, seconds: int) -> None:
    """Let a delivery look as if nothing had changed in it for so long."""
    for path in folder.iterdir():
        os.utime(path, (time.time() - seconds,) * 2)


def test_without_a_manifest_a_delivery_rests_before_it_is_taken_and_later_ones_wait(trial: LandingFolder) -> None:
    trial.settle_seconds = 300
    first = trial.deliver("S01", "2026-06-01", dm=subjects(1))
    second = trial.deliver("S01", "2026-06-02", dm=subjects(2))
    other = trial.deliver("S02", "2026-06-01", dm=subjects(3))
    rest(second, 301)
    rest(other, 301)
    assert trial.load().settling == 2
    assert trial.statuses() == [("2026-06-01", "-", "SETTLING", None), ("2026-06-02", "-", "SETTLING", None)]
    assert trial.statuses("S02") == [("2026-06-01", "dm", "LOADED", None)]
    before = trial.everything()
    trial.load()
    assert trial.everything() == before
    rest(first, 301)
    trial.load()
    assert trial.statuses() == [("2026-06-01", "dm", "LOADED", None), ("2026-06-02", "dm", "LOADED", None)]
    assert trial.problems() == []


def test_a_half_sent_file_of_a_transfer_program_keeps_a_delivery_waiting(trial: LandingFolder) -> None:
    trial.settle_seconds = 300
    folder = trial.deliver("S01", "2026-06-01", dm=subjects(1))
    rest(folder, 301)
    (folder / ".pga.csv.part").write_bytes(b"sub")
    trial.load()
    assert trial.statuses() == [("2026-06-01", "-", "SETTLING", None)]


def test_a_sites_clock_that_is_ahead_does_not_make_its_delivery_wait_for_ever(trial: LandingFolder) -> None:
    trial.settle_seconds = 1
    folder = trial.deliver("S01", "2026-06-01", dm=subjects(1))
    rest(folder, -86_400)
    trial.load()
    assert trial.statuses() == [("2026-06-01", "-", "SETTLING", None)]
    time.sleep(1.1)
    trial.load()
    assert trial.statuses() == [("2026-06-01", "dm", "LOADED", None)]


def test_an_old_delivery_that_is_touched_holds_up_nobody(trial: LandingFolder) -> None:
    trial.settle_seconds = 300
    rest(trial.deliver("S01", "2026-06-02", dm=subjects(1)), 301)
    trial.load()
    trial.deliver("S01", "2026-06-01", dm=subjects(1))
    rest(trial.deliver("S01", "2026-06-03", dm=subjects(2)), 301)
    trial.load()
    assert trial.statuses()[-1] == ("2026-06-03", "dm", "LOADED", None)


def test_a_manifest_that_matches_needs_no_rest(trial: LandingFolder) -> None:
    trial.settle_seconds = 300
    rows = [{"subjid": "0001", "race": "two\nlines"}]  # one record on two lines
    trial.manifest(trial.deliver("S01", "2026-06-01", dm=rows, pga=assessments(3)))
    trial.load()
    assert [status for _, _, status, _ in trial.statuses()] == ["LOADED", "LOADED"]
    assert trial.problems() == []


def test_del05_a_manifest_that_does_not_match_refuses_all_of_the_delivery(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-06-01", dm=subjects(1), pga=assessments(1))
    trial.load()
    folder = trial.deliver("S01", "2026-06-02", dm=subjects(2), pga=assessments(2))
    trial.manifest(folder, dm=(3, "no such hash"))
    trial.settle_seconds = 300
    trial.load()
    assert trial.statuses()[-1] == ("2026-06-02", "-", "SETTLING", None), "it may still be on its way"
    rest(folder, 301)
    trial.deliver("S02", "2026-06-02", dm=subjects(1))
    rest(trial.settings.landing_dir / "S02" / "2026-06-02", 301)
    trial.load()
    assert trial.statuses()[2:] == [
        ("2026-06-02", "-", "REFUSED", "DEL05"), ("2026-06-02", "dm", "REFUSED", "DEL05"),
        ("2026-06-02", "pga", "REFUSED", "DEL05"),
    ]  # fmt: skip
    assert len(trial.current()) == 1
    assert trial.statuses("S02") == [("2026-06-02", "dm", "LOADED", None)]
    assert trial.problems() == [("DEL05", "S01", None), ("DEL05", "S01", "dm"), ("DEL05", "S01", "pga")]
    trial.manifest(folder)
    trial.load()
    assert trial.statuses()[2:] == [("2026-06-02", "dm", "LOADED", None), ("2026-06-02", "pga", "LOADED", None)]
    assert trial.problems() == []


def reasons(trial: LandingFolder) -> str:
    return str(trial.query("select reason from raw.deliveries where form is null"))


def test_del05_every_way_in_which_a_delivery_can_differ(trial: LandingFolder) -> None:
    folder = trial.deliver("S01", "2026-06-01", dm=subjects(2))
    sent = form_file("dm", subjects(2))
    trial.manifest(folder)
    trial.deliver("S01", "2026-06-01", pga=assessments(1))
    trial.load()
    assert "pga.csv is not in the manifest" in reasons(trial)
    (folder / "pga.csv").unlink()
    trial.deliver("S01", "2026-06-01", dm=subjects(3))
    trial.load()
    assert "dm.csv has other bytes than the manifest says" in reasons(trial)
    (folder / "dm.csv").unlink()
    trial.load()
    assert "dm.csv is in the manifest and not in the delivery" in reasons(trial)
    (folder / "dm.csv").write_bytes(sent)
    import hashlib

    trial.manifest(folder, dm=(3, hashlib.sha256(sent).hexdigest()))
    trial.load()
    assert "dm.csv has 2 rows where the manifest says 3" in reasons(trial)
    (folder / "manifest.csv").write_text("file,sha256\n")
    trial.load()
    assert "the manifest can't be read: its columns must be file, rows, sha256" in reasons(trial)
    trial.manifest(folder)
    trial.load()
    assert ("2026-06-01", "dm", "LOADED", None) in trial.statuses()
    assert trial.current() == [("0001", "F"), ("0002", "F")]
    assert reasons(trial) == "[]"


def test_a_broken_file_that_is_what_the_manifest_says_stops_only_itself(trial: LandingFolder) -> None:
    folder = trial.deliver("S01", "2026-06-01", dm=b"subjid\n0001\n", pga=assessments(2))
    trial.manifest(folder)
    trial.load()
    assert trial.statuses() == [("2026-06-01", "dm", "REFUSED", "DEL03"), ("2026-06-01", "pga", "LOADED", None)]
