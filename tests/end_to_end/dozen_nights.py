"""The trial of the dozen nights: three sites, clean and over, so that nothing is wrong but what is done to it.

What belongs here: delivering with some cells changed, loading, and asking what is published. What does not: the story
and what must come of it (test_dozen_nights.py).
"""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import simulation
from orchestration.ingestion.settings import Settings
from tests.support.load import environment, load_landing, published

FIRST_DELIVERY = date(2028, 7, 1)
LATE_SITE = "S03"
EVERY_DAYS = 2


@dataclass(frozen=True)
class Cell:
    """One cell of a site's form, by the number of its row as a spreadsheet shows it."""

    siteid: str
    form: str
    row: int
    column: str


@dataclass
class DozenNights:
    """The landing folder and the warehouse of the story. Each site's data are as first delivered, but for `changed`."""

    folder: Path
    changed: dict[Cell, str] = field(default_factory=dict)
    cut: dict[tuple[str, str], int] = field(default_factory=dict)
    """Of a site's form: how many rows are delivered of it."""

    def __post_init__(self) -> None:
        simulation.simulate(
            self.folder / "sound", sites=3, subjects=6, seed=5, clean=True, last_delivery=FIRST_DELIVERY
        )
        self.sites_file = self.folder / "sites.yml"
        register = (self.folder / "sound" / "sites.yml").read_text(encoding="utf-8")
        known = f"{LATE_SITE}: {{name: Site 3"
        assert known in register
        register = register.replace(known, f"{known}, every_days: {EVERY_DAYS}")
        self.sites_file.write_text(register, encoding="utf-8")

    @property
    def settings(self) -> Settings:
        return Settings.from_environment(environment(*self.places))

    @property
    def places(self) -> tuple[Path, Path, Path]:
        return self.folder / "landing", self.sites_file, self.folder / "warehouse"

    def deliver(self, siteid: str, night: date) -> None:
        """All of the site's forms under this date."""
        sound = self.folder / "sound" / "landing" / siteid / str(FIRST_DELIVERY)
        delivery = self.folder / "landing" / siteid / str(night)
        shutil.copytree(sound, delivery)
        for form in {cell.form for cell in self.changed} | {form for _, form in self.cut}:
            with (delivery / f"{form}.csv").open(encoding="utf-8", newline="") as lines:
                rows = list(csv.reader(lines))
            for cell, value in self.changed.items():
                if (cell.siteid, cell.form) == (siteid, form):
                    rows[cell.row - 1][rows[0].index(cell.column)] = value
            with (delivery / f"{form}.csv").open("w", encoding="utf-8", newline="") as lines:
                kept = self.cut.get((siteid, form), len(rows) - 1)
                csv.writer(lines, lineterminator="\n").writerows(rows[: 1 + kept])

    def load(self, night: date) -> bool:
        """One load that must publish; whether it took the tables of the last publication over."""
        said: list[str] = []
        load_landing(*self.places, night, said=said)
        return any("nothing has changed" in message for message in said)

    def published(self, query: str) -> list[tuple[Any, ...]]:
        with published(self.folder / "warehouse" / "analysis.duckdb") as connection:
            return connection.execute(query).fetchall()
