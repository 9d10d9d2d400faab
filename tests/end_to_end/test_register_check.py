"""`mrbs register check` as a person runs it: the whole load in a temporary warehouse, and nothing changed by it."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Trial
from tests.support.command_line import mrbs
from tests.support.load import environment

pytestmark = pytest.mark.slow


def everything_in(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Time of change and bytes of every file and folder."""
    return {
        str(path.relative_to(folder)): (path.lstat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in folder.rglob("*")
    }


def test_the_whole_thing(clean_trial: Trial, clean_first_night: Path, tmp_path: Path) -> None:
    """Of the second delivery, dm lost half of its subjects; in vs, one date is written as the site is used to, and one
    visit is blank."""
    clean_trial.land(tmp_path / "landing", *clean_trial.nights)
    shutil.copytree(clean_first_night, tmp_path / "warehouse", symlinks=True)
    shutil.copy(clean_trial.sites_file, tmp_path / "sites.yml")
    delivery = tmp_path / "landing" / "S01" / str(clean_trial.nights[1])
    for manifest in delivery.glob("manifest.csv"):
        manifest.unlink()
    lines = (delivery / "dm.csv").read_text().splitlines(keepends=True)
    subjects = len(lines) - 1
    (delivery / "dm.csv").write_text("".join(lines[: 1 + subjects // 2]))
    with (delivery / "vs.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    rows[2]["vsdtc"] = "31.12.2025"
    rows[4]["visit"] = ""
    with (delivery / "vs.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    settings = environment(tmp_path / "landing", tmp_path / "sites.yml", tmp_path / "warehouse")

    before = everything_in(tmp_path)
    checked = mrbs("register", "check", "S01", **settings)
    assert everything_in(tmp_path) == before
    assert checked.returncode == 3, checked.stdout + checked.stderr
    shown = checked.stdout
    assert "what counts for 14 forms of S01 comes back from the archive" in shown
    (dm,) = (line for line in shown.splitlines() if line.startswith("│ dm "))
    assert "HELD" in dm
    assert "DEL07" in dm
    assert f"it lost {subjects - subjects // 2} of {subjects} rows" in shown
    # The header is row 1, so the third record is row 4. A date that can't be read is a finding; a row without its visit
    # is kept out.
    (unreadable,) = (line for line in shown.splitlines() if "│ VAL04 " in line)
    assert "'31.12.2025', which is not a date, or not a possible one; vs.csv row 4." in unreadable
    (kept_out,) = (line for line in shown.splitlines() if "vs.csv, row 6:" in line)
    assert "│ vs   │ VAL01 │    1 │" in kept_out
    assert "visit is blank" in kept_out
    assert "Rows kept out: 1;" in shown
    assert "Something would be refused or held." in shown
    assert "Nothing was changed." in shown


def test_the_register_itself(clean_trial: Trial, tmp_path: Path) -> None:
    settings = environment(tmp_path / "landing", clean_trial.sites_file, tmp_path / "warehouse")
    right = mrbs("register", "check", **settings)
    assert right.returncode == 0, right.stderr
    assert "can be used: 4 sites" in right.stdout
    mistaken = tmp_path / "sites.yml"
    mistaken.write_text("study: MRBS\nsites:\n  S01: {name: Site 1, decimal: ';'}\n  S02:\n    frmat: csv\n")
    wrong = mrbs("register", "check", **{**settings, "MRBS_SITES_FILE": str(mistaken)})
    assert wrong.returncode == 1
    assert "line 3: S01: decimal" in wrong.stderr
    assert "line 5: S02: frmat: no such key" in wrong.stderr
    nobody = mrbs("register", "check", "S09", **settings)
    assert nobody.returncode == 1
    assert "S09 is not in the site register" in nobody.stderr
    assert not (tmp_path / "warehouse").exists()
