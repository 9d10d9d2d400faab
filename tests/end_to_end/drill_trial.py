"""The trial of the defect drill: every kind of defect at once, each on a record or in a file of its own.

Records are spoiled by the simulator, which writes down what it planted. What is wrong with a delivery as a whole, or
between two of them, happens here, at sites of their own whose data are clean: so that nothing planted in a record is
hidden because its file was refused. No assertions here, and nothing is looked up in the findings.
"""

from __future__ import annotations

import csv
import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import simulation
from simulation.defects import KINDS
from tests.support.load import load_landing

SITES, SUBJECTS, SEED = 12, 180, 1  # enough for every kind of the simulator
OF_COLUMNS_AND_ROWS = {"DEL03", "DEL04", "DEL07"}  # planted by the simulator (simulation/file_defects.py)
FORM = "pga"  # the form in which a delivery goes wrong; which one does not matter
Row = dict[str, str]


@dataclass(frozen=True)
class Planted:
    """One defect: where it stands, and the rule that has to find it. Without a subject it is one of a file."""

    kind: str
    rule: str
    siteid: str
    subjid: str
    form: str
    key: str
    field: str
    value: str

    @property
    def usubjid(self) -> str | None:
        """Whom the finding names: a row given to somebody who does not exist is found under that id."""
        subjid = self.value if self.field == "subjid" else self.subjid
        return f"MRBS-{self.siteid}-{subjid}" if subjid else None


@dataclass(frozen=True)
class Drill:
    """What was delivered and loaded; `planted` holds what still stands in the last deliveries."""

    folder: Path

    @property
    def landing(self) -> Path:
        return self.folder / "landing"

    @property
    def database(self) -> Path:
        return self.folder / "warehouse" / "analysis.duckdb"

    def planted(self) -> list[Planted]:
        return [Planted(**row) for row in read(self.folder / "planted.csv")]

    def row(self, siteid: str, file: str, number: int) -> Row:
        """A row of the site's last delivery of that file by its number in a spreadsheet: the header is row 1."""
        return read(max((self.landing / siteid).glob(f"2026-06-*/{file}")))[number - 2]


def make_drill(folder: Path) -> None:
    """Two nights, and a load after each: what changes between deliveries needs one before."""
    trial = simulation.simulate(folder / "spoiled", sites=SITES, subjects=SUBJECTS, seed=SEED, nights=2)
    sites = list(BETWEEN_DELIVERIES)
    simulation.simulate(folder / "sound", sites=len(sites), subjects=2 * len(sites), seed=SEED, nights=2, clean=True)
    register = trial.sites_file.read_text(encoding="utf-8")
    register += "".join(
        f"  {siteid_of(rule)}: {{name: {rule}{', every_days: 1' if rule == 'DEL08' else ''}}}\n"
        for rule in sites
        if rule != "DEL09"
    )
    (folder / "sites.yml").write_text(register, encoding="utf-8")
    first, last = trial.nights
    for night in trial.nights:
        deliver(folder / "spoiled" / "landing", folder / "landing", night)
        for number, rule in enumerate(sites, 1):
            delivery = folder / "sound" / "landing" / f"S{number:02}" / str(night)
            site = folder / "landing" / siteid_of(rule)
            shutil.copytree(delivery, site / str(night), ignore=shutil.ignore_patterns("manifest.csv"))
            if night == last:
                BETWEEN_DELIVERIES[rule](site, first, last)
        # The day after the last delivery, a site that should deliver every day is late.
        clock = night if night == first else last + timedelta(days=1)
        load_landing(folder / "landing", folder / "sites.yml", folder / "warehouse", clock)
    write_planted(folder, last)


def deliver(deliveries: Path, landing: Path, night: date) -> None:
    for delivery in sorted(deliveries.glob(f"*/{night}")):
        shutil.copytree(delivery, landing / delivery.parent.name / delivery.name)


def write_planted(folder: Path, last: date) -> None:
    """What the simulator wrote down of the last night, and what was done to whole deliveries."""
    of_records = [
        Planted(
            truth["kind"], truth["rule"], truth["site"], truth["subject"], truth["form"], truth["key"],
            truth["field"], truth["value"],
        )
        for truth in read(folder / "spoiled" / "truth" / "defects.csv")
        if truth["last_delivered"] == str(last)
    ]  # fmt: skip
    whole = {"DEL08", "DEL09"}  # about the site, not a file of it
    of_deliveries = [
        Planted(
            "delivery", rule, siteid_of(rule), "", "" if rule in whole else FORM,
            "" if rule in whole else f"{FORM}.csv", "", "",
        )
        for rule in BETWEEN_DELIVERIES
    ]  # fmt: skip
    with (folder / "planted.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(Planted.__dataclass_fields__))
        writer.writeheader()
        writer.writerows(vars(planted) for planted in (*of_records, *of_deliveries))


def siteid_of(rule: str) -> str:
    """The site at which a delivery goes wrong: S21 for DEL01, and so on."""
    return f"S{20 + int(rule[3:])}"


def read(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def unreadable(site: Path, first: date, last: date) -> None:
    file = site / str(last) / f"{FORM}.csv"
    file.write_bytes(file.read_bytes().removesuffix(b"\n") + b"\x96\n")  # a dash of Windows-1252


def empty(site: Path, first: date, last: date) -> None:
    (site / str(last) / f"{FORM}.csv").write_bytes(b"")


def other_than_its_manifest(site: Path, first: date, last: date) -> None:
    """It tells of one row more in one file."""
    lines = ["file,rows,sha256"]
    for file in sorted((site / str(last)).glob("*.csv")):
        rows = len(read(file)) + (file.stem == FORM)
        lines.append(f"{file.name},{rows},{hashlib.sha256(file.read_bytes()).hexdigest()}")
    (site / str(last) / "manifest.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")


def older_than_the_last(site: Path, first: date, last: date) -> None:
    """Alone: a delivery that is accepted afterwards would settle it."""
    shutil.rmtree(site / str(last))
    older = site / "2026-06-01"
    older.mkdir()
    shutil.copyfile(site / str(first) / f"{FORM}.csv", older / f"{FORM}.csv")


def silent(site: Path, first: date, last: date) -> None:
    shutil.rmtree(site / str(last))


def as_it_is(site: Path, first: date, last: date) -> None:
    """Nobody knows the site: that is all."""


def without_a_form(site: Path, first: date, last: date) -> None:
    (site / str(last) / f"{FORM}.csv").unlink()


def changed_afterwards(site: Path, first: date, last: date) -> None:
    shutil.rmtree(site / str(last))
    file = site / str(first) / f"{FORM}.csv"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))


def of_the_future(site: Path, first: date, last: date) -> None:
    future = site / "2027-01-01"
    future.mkdir()
    shutil.copyfile(site / str(last) / f"{FORM}.csv", future / f"{FORM}.csv")


def filled_otherwise(site: Path, first: date, last: date) -> None:
    """Every date of assessment is a number of days, as spreadsheets keep it."""
    file = site / str(last) / f"{FORM}.csv"
    rows = read(file)
    for row in rows:
        day = row["pgadtc"][:10]
        row["pgadtc"] = str((date.fromisoformat(day) - date(1899, 12, 30)).days) if day else ""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


# What happens to the second delivery of the rule's site.
BETWEEN_DELIVERIES: dict[str, Callable[[Path, date, date], None]] = {
    "DEL01": unreadable,
    "DEL02": empty,
    "DEL05": other_than_its_manifest,
    "DEL06": older_than_the_last,
    "DEL08": silent,
    "DEL09": as_it_is,
    "DEL10": without_a_form,
    "DEL11": changed_afterwards,
    "DEL12": of_the_future,
    "DEL13": filled_otherwise,
}
RULES_PROVOKED = {kind.rule for kind in KINDS} | OF_COLUMNS_AND_ROWS | set(BETWEEN_DELIVERIES)
