"""What the machine does to a landing: a file that may not be read, one that is still being written, a full disk.

The real thing each time: a process without the right to override permissions, a second process that writes, a small
file system that is full. Skipped, with the reason, where the test may not make it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.ingestion.archive import Archive
from tests.orchestration.ingestion.landing_folder import LandingFolder, assessments, subjects

ROOT = Path(__file__).parents[3]
LANDING = [sys.executable, "-m", "tests.orchestration.ingestion.one_landing"]


def without_override(command: list[str]) -> list[str]:
    """The command in a process that permissions bind, also if root runs the tests."""
    if os.geteuid() != 0:
        return command
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root reads everything, and there is no setpriv to take that right away")
    return [setpriv, "--bounding-set=-dac_override,-dac_read_search", *command]


@pytest.mark.slow
@pytest.mark.parametrize("what", ["dm.csv", "2026-06-02", "S01"])
def test_what_may_not_be_read_is_a_finding(what: str, trial: LandingFolder) -> None:
    folder = trial.deliver("S01", "2026-06-01", dm=subjects(2), pga=assessments(2))
    trial.load()
    folder = trial.deliver("S01", "2026-06-02", dm=subjects(3), pga=assessments(3))
    trial.deliver("S02", "2026-06-02", dm=subjects(4))
    place = {"dm.csv": folder / "dm.csv", "2026-06-02": folder, "S01": folder.parent}[what]
    mode = place.stat().st_mode
    place.chmod(0)
    try:
        subprocess.run(
            without_override([*LANDING, str(trial.folder), "bound"]), check=True, cwd=ROOT, capture_output=True
        )
    finally:
        place.chmod(mode)
    assert trial.statuses("S02") == [("2026-06-02", "dm", "LOADED", None)]
    assert len(trial.current()) == 2, "the last good state stays in force"
    said = trial.query("select message from raw.notes where message ilike '%permission denied%'")
    assert len(said) == 1
    if what == "dm.csv":
        assert said == [("S01, 2026-06-02: dm.csv: it can't be read: Permission denied.",)]
        assert ("2026-06-02", "pga", "LOADED", None) in trial.statuses()
        assert trial.problems() == [("DEL01", "S01", "dm")]
    trial.load()
    assert (len(trial.current()), len(trial.current("pga", "visit"))) == (3, 3)
    assert trial.problems() == []


WRITER = r"""
import sys, time
from pathlib import Path

rows, pause = int(sys.argv[2]), float(sys.argv[3])
with Path(sys.argv[1]).open("ab", buffering=0) as file:
    print("begun", flush=True)
    for number in range(rows):
        for piece in (b"%05d" % number, b",,,,", b"F,,,\n"):  # a row is never written in one go
            file.write(piece)
            time.sleep(pause)
"""


@pytest.fixture
def growing(trial: LandingFolder) -> Iterator[tuple[LandingFolder, subprocess.Popen[bytes]]]:
    """A delivery whose dm.csv another process is writing, one of another form, and another site."""
    folder = trial.deliver("S01", "2026-06-01", dm=[], pga=assessments(2))
    trial.deliver("S02", "2026-06-01", dm=subjects(4))
    for path in (trial.settings.landing_dir / "S02" / "2026-06-01").iterdir():
        os.utime(path, (time.time() - 60,) * 2)
    command = [sys.executable, "-c", WRITER, str(folder / "dm.csv"), "400", "0.002"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"begun\n"
        yield trial, writer
        writer.kill()


@pytest.mark.slow
def test_a_file_still_being_written_waits(growing: tuple[LandingFolder, subprocess.Popen[bytes]]) -> None:
    trial, writer = growing
    trial.settle_seconds = 2
    trial.load()
    assert writer.poll() is None, "it was still writing"
    assert trial.statuses() == [("2026-06-01", "-", "SETTLING", None)]
    assert trial.statuses("S02") == [("2026-06-01", "dm", "LOADED", None)]
    assert writer.wait(60) == 0
    time.sleep(2.1)
    trial.load()
    assert len(trial.current()) == 400
    assert trial.problems() == []


@pytest.mark.slow
def test_without_a_time_to_rest_no_half_row_is_taken_either(
    growing: tuple[LandingFolder, subprocess.Popen[bytes]],
) -> None:
    """A load may come between any two writes: it waits, refuses, or takes whole rows."""
    trial, writer = growing
    loads = 0
    while writer.poll() is None:
        trial.load()
        loads += 1
        ids = [subjid for (subjid, _) in trial.current()]
        assert ids == [f"{number:05}" for number in range(len(ids))]
        assert {sex for _, sex in trial.current()} <= {"F"}
    assert loads > 1
    trial.load()
    assert len(trial.current()) == 400
    assert trial.statuses("S02") == [("2026-06-01", "dm", "LOADED", None)]
    assert {rule for rule, _, _ in trial.problems()} <= {"DEL11"}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, 4 MB."""
    disk = tmp_path / "warehouse"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)], capture_output=True, text=True)
    if made.returncode != 0:
        pytest.skip(f"no small file system can be made: {made.stderr.strip()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def resize(disk: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)


def two_nights(trial: LandingFolder) -> None:
    """The second is of files that hardly shrink: 1.5 MB of names that are all different."""
    trial.deliver("S01", "2026-06-01", dm=subjects(5), pga=assessments(5))
    trial.deliver("S02", "2026-06-01", dm=subjects(3))
    trial.deliver("S01", "2026-06-02", dm=subjects(6), pga=assessments(20_000))
    trial.deliver("S02", "2026-06-02", dm=subjects(20_000))


@pytest.mark.slow
def test_a_full_disk_stops_the_load_and_costs_nothing(tmp_path: Path, small_disk: Path) -> None:
    """The disk is full a little later each time: in the archive, the working file, the index. Then there is room."""
    undisturbed = LandingFolder(tmp_path / "undisturbed")
    undisturbed.folder.mkdir()
    two_nights(undisturbed)
    undisturbed.load()
    trial = LandingFolder(tmp_path)
    two_nights(trial)
    failures: list[str] = []
    for kilobytes in range(600, 40_000, 400):
        resize(small_disk, f"{kilobytes}k")
        try:
            trial.load()
        except (OSError, duckdb.Error) as error:
            failures.append(str(error))
        else:
            break
        archive = Archive(trial.settings.archive_dir)
        kept = [path for path in archive.folder.rglob("*") if path.is_file() and path.name != "arrivals.jsonl"]
        assert all(archive.read(path.name) for path in kept), "a file in the archive is whole or absent"
    assert any("Make room on its disk and load again" in failure for failure in failures), failures
    assert trial.everything() == undisturbed.everything()
    assert {arrival.sha256 for arrival in archive.arrivals()} == {
        arrival.sha256 for arrival in Archive(undisturbed.settings.archive_dir).arrivals()
    }
