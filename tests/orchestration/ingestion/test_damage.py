"""Files as they really arrive: damaged, hostile or in the wrong place. Each is a clear finding and a refused file.

Through a whole landing: the other forms and the other site load, the last good state stays in force, the bytes are
archived, nothing outside the landing folder is opened, and the next whole delivery settles the matter. Damage that
formats other than CSV may hold is tested at their readers (formats/test_workbooks, test_odm, test_sas, ...).
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from orchestration.ingestion.archive import Archive
from tests.orchestration.ingestion.landing_folder import LandingFolder, assessments, csv_bytes, form_file, subjects

WHOLE = form_file("dm", subjects(4))
HEADER, ROWS = WHOLE.split(b"\n", 1)
_heard: list[list[str]] = []


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("open", "os.scandir", "os.listdir") and _heard and isinstance(arguments[0], str | bytes | os.PathLike):
        for opened in _heard:
            opened.append(os.fsdecode(arguments[0]))


@contextmanager
def opened_paths() -> Iterator[list[str]]:
    """Every file and folder that Python opens meanwhile. A hook can't be taken off again, so it is one for all."""
    if not hasattr(sys, "_mrbs_hears"):
        sys.addaudithook(_hear)
        sys._mrbs_hears = True  # type: ignore[attr-defined]
    opened: list[str] = []
    _heard.append(opened)
    try:
        yield opened
    finally:
        _heard.remove(opened)


def zip_bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("dm.csv", b"0" * 50_000_000)
    return target.getvalue()


def entity_bomb() -> bytes:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE ODM [<!ENTITY e0 "ha">{entities}]>\n<ODM>&e9;</ODM>\n'.encode()


class Damage(NamedTuple):
    data: bytes
    rule_id: str
    message: str


DAMAGED = {
    "cut in the middle of a character": Damage(HEADER + b"\n0001,\xe5\x8f", "DEL01", "line 2 is not UTF-8"),
    "in the encoding of Excel": Damage(WHOLE.replace(b"0001", b"\xc4001"), "DEL01", "line 2 is not UTF-8 (byte 0xc4)"),
    "in UTF-16": Damage(WHOLE.decode().encode("utf-16"), "DEL01", "line 1 holds a NUL byte: this is no UTF-8"),
    "NUL bytes where a disk failed": Damage(WHOLE[:-8] + bytes(8), "DEL01", "line 5 holds a NUL byte"),
    "semicolons in one row": Damage(HEADER + b"\n" + ROWS.replace(b",", b";", 7), "DEL01", "row 2 has 1 values where"),
    "semicolons in the rows": Damage(HEADER + b"\n" + ROWS.replace(b",", b";"), "DEL01", "row 2 has 1 values where"),
    "semicolons throughout": Damage(WHOLE.replace(b",", b";"), "DEL03", "the header is not separated by commas"),
    "a quote that swallows the rest": Damage(WHOLE.replace(b"0002,", b'0002,"'), "DEL01", "quotes are not balanced"),
    "quotes within quotes": Damage(WHOLE.replace(b"0002", b'"00"0"2"'), "DEL01", "the quotes are not balanced"),
    "a header twice": Damage(WHOLE.replace(b",sex,", b",sex,SEX,"), "DEL01", "names a column more than once: sex"),
    "a cell of 10 MB": Damage(
        WHOLE.replace(b"0002", b"x" * 10_000_000), "DEL01", "has 10,000,000 bytes; 1,000,000 are allowed"
    ),
    "20,000 columns": Damage(
        HEADER + b"".join(b",c%d" % n for n in range(20_000)) + b"\n", "DEL01", "more than the 16,384 a file may have"
    ),
    "a million commas": Damage(HEADER + b"\n" + b"," * 1_000_000, "DEL01", "row 2 has 1000001 values"),
    "half a row after a million lines": Damage(HEADER + b"\n" * 1_000_000 + b"0001,", "DEL01", "row 1000001 has 2"),
    "a zip bomb": Damage(zip_bomb(), "DEL01", "line 1 holds a NUL byte"),
    "an entity bomb": Damage(entity_bomb(), "DEL03", "required columns missing: subjid"),
    "only a byte order mark": Damage(b"\xef\xbb\xbf", "DEL02", "not even a header"),
    "only blanks": Damage(b" \r\n\t\n", "DEL02", "not even a header"),
}  # fmt: skip


def site_of(case: str, cases: Mapping[str, object], first: int) -> str:
    """Each case is a site of one trial, so that one night holds them all."""
    return f"S{first + list(cases).index(case):02}"


def register_of(sites: Iterable[str]) -> str:
    return "study: MRBS\nsites:\n" + "".join(f"  {site}: {{name: {site}}}\n" for site in sites)


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> LandingFolder:
    """A whole night, then one in which each site but S99 delivers a damaged dm beside a whole pga."""
    trial = LandingFolder(tmp_path_factory.mktemp("damaged"))
    sites = [site_of(case, DAMAGED, 10) for case in DAMAGED]
    trial.register = register_of([*sites, "S99"])
    for site in [*sites, "S99"]:
        trial.deliver(site, "2026-06-01", dm=subjects(2), pga=assessments(2))
    trial.load()
    for site, damage in zip(sites, DAMAGED.values(), strict=True):
        trial.deliver(site, "2026-06-02", dm=damage.data, pga=assessments(3))
    trial.deliver("S99", "2026-06-02", dm=subjects(4))
    trial.load()
    return trial


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_file_is_refused_and_nothing_is_lost(damage: str, damaged: LandingFolder) -> None:
    data, rule_id, message = DAMAGED[damage]
    site = site_of(damage, DAMAGED, 10)
    assert [row for row in damaged.statuses(site) if row[0] == "2026-06-02"] == [
        ("2026-06-02", "dm", "REFUSED", rule_id), ("2026-06-02", "pga", "LOADED", None),
    ]  # fmt: skip
    ((reason, sha256),) = damaged.query(
        f"select reason, sha256 from raw.deliveries where status = 'REFUSED' and siteid = '{site}'"
    )
    assert message in reason
    assert len(reason) < 500
    assert [problem for problem in damaged.problems() if problem[1] == site] == [(rule_id, site, "dm")]
    assert Archive(damaged.settings.archive_dir).read(sha256) == data
    assert len(damaged.current(siteid=site)) == 2, "the last good state stays in force"
    assert len(damaged.current("pga", "visit", site)) == 3
    assert len(damaged.current(siteid="S99")) == 4


def test_the_next_whole_deliveries_settle_it(damaged: LandingFolder, tmp_path: Path) -> None:
    trial = LandingFolder(tmp_path, register=damaged.register)
    shutil.copytree(damaged.settings.warehouse_dir, trial.settings.warehouse_dir)
    for case in DAMAGED:
        trial.deliver(site_of(case, DAMAGED, 10), "2026-06-03", dm=subjects(4), pga=assessments(3))
    trial.load()
    assert trial.problems() == []
    assert trial.query("select count(*) from raw.dm where closed_load is null") == [(4 * len(DAMAGED) + 4,)]


@pytest.mark.parametrize(
    "ends", [b"\r\n", b"\r", b"\n\n", b"\r\n\r\n"], ids=["Windows", "old Mac", "blank lines", "blank lines of Windows"]
)
def test_line_ends_are_no_damage(ends: bytes, trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-06-01", dm=WHOLE.replace(b"\n", ends))
    trial.load()
    assert trial.statuses() == [("2026-06-01", "dm", "LOADED", None)]
    assert trial.current() == [(f"{number:04}", "F") for number in range(1, 5)]


def manifest_naming(name: str) -> Callable[[Path, Path], None]:
    """Put a manifest there that names this file too, with its true hash."""

    def put(folder: Path, elsewhere: Path) -> None:
        digest = hashlib.sha256((elsewhere / "dm.csv").read_bytes()).hexdigest()
        lines = [
            {"file": path.name, "rows": "2", "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
            for path in folder.iterdir()
        ]
        lines.append({"file": name.replace("ELSEWHERE", str(elsewhere)), "rows": "9", "sha256": digest})
        (folder / "manifest.csv").write_bytes(csv_bytes(("file", "rows", "sha256"), lines))

    return put


def link(target: str) -> Callable[[Path, Path], None]:
    """Put a link in the place of dm.csv."""

    def put(folder: Path, elsewhere: Path) -> None:
        (folder / "dm.csv").unlink()
        (folder / "dm.csv").symlink_to(target.replace("ELSEWHERE", str(elsewhere)))

    return put


def folder_in_its_place(folder: Path, elsewhere: Path) -> None:
    (folder / "dm.csv").unlink()
    (folder / "dm.csv").mkdir()
    (folder / "dm.csv" / "dm.csv").write_bytes(WHOLE)


# What is put there, the rule, what is said, and whether the other forms of the delivery are refused with it.
MISPLACED = {
    "a link out": (link("ELSEWHERE/dm.csv"), "DEL01", "it is a link, not a file; links are not followed", False),
    "a link by ..": (link("../../../elsewhere/dm.csv"), "DEL01", "links are not followed", False),
    "a link to another site": (link("../../S02/2026-06-01/dm.csv"), "DEL01", "links are not followed", False),
    "a link to nothing": (link("ELSEWHERE/nothing"), "DEL01", "links are not followed", False),
    "a link to a device": (link("/dev/zero"), "DEL01", "links are not followed", False),
    "a folder": (folder_in_its_place, "DEL01", "it is a folder, not a file", False),
    "a manifest with ..": (
        manifest_naming("../../../elsewhere/dm.csv"), "DEL05", "is in the manifest and not in the delivery", True,
    ),
    "a manifest with another site's file": (
        manifest_naming("../../S02/2026-06-01/dm.csv"), "DEL05", "is in the manifest and not in the delivery", True,
    ),
    "a manifest with an absolute path": (
        manifest_naming("ELSEWHERE/dm.csv"), "DEL05", "/dm.csv is in the manifest and not in the delivery", True,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def misplaced(tmp_path_factory: pytest.TempPathFactory) -> tuple[LandingFolder, list[str]]:
    """A night in which each site but S02 points out of its folder in one way; and all that was opened meanwhile."""
    trial = LandingFolder(tmp_path_factory.mktemp("misplaced"))
    elsewhere = trial.folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "dm.csv").write_bytes(form_file("dm", subjects(9)))
    sites = [site_of(case, MISPLACED, 10) for case in MISPLACED]
    trial.register = register_of([*sites, "S02"])
    trial.deliver("S02", "2026-06-01", dm=subjects(4))
    for site, case in zip(sites, MISPLACED.values(), strict=True):
        put = case[0]
        put(trial.deliver(site, "2026-06-01", dm=subjects(2), pga=assessments(2)), elsewhere)
    with opened_paths() as opened:
        trial.load()
    return trial, opened


@pytest.mark.parametrize("case", MISPLACED)
def test_what_points_elsewhere_is_refused(case: str, misplaced: tuple[LandingFolder, list[str]]) -> None:
    _, rule_id, message, is_whole = MISPLACED[case]
    trial, _ = misplaced
    site = site_of(case, MISPLACED, 10)
    found = trial.statuses(site)
    assert ("2026-06-01", "dm", "REFUSED", rule_id) in found
    assert ("2026-06-01", "pga", *(("REFUSED", rule_id) if is_whole else ("LOADED", None))) in found
    reasons = trial.query(f"select reason from raw.deliveries where siteid = '{site}' and rule_id is not null")
    assert all(message in reason for (reason,) in reasons)
    assert trial.statuses("S02") == [("2026-06-01", "dm", "LOADED", None)]


def test_nothing_outside_the_landing_folder_is_opened(misplaced: tuple[LandingFolder, list[str]]) -> None:
    trial, opened = misplaced
    assert any(path.endswith("S02/2026-06-01/dm.csv") for path in opened), "what is opened is heard"
    assert not [path for path in opened if "elsewhere" in path or path.startswith("/dev/z") or ".." in path]
    archived = {path.stat().st_size for path in trial.settings.archive_dir.rglob("*") if path.is_file()}
    assert (trial.folder / "elsewhere" / "dm.csv").stat().st_size not in archived
