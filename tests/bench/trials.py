"""Simulated trials for the bench, and landing folders in which their nights arrive one after the other.

The trial is clean: DuckDB is to read the same files with an explicit dialect, and would stop at the first broken one.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import simulation
from tests.support.load import environment


@dataclass(frozen=True)
class Size:
    """A trial so many times the real one."""

    times: int
    sites: int
    subjects: int


SIZES = {1: Size(1, 12, 180), 10: Size(10, 60, 1_800), 100: Size(100, 200, 18_000)}


@dataclass(frozen=True)
class BenchTrial:
    """A simulated trial of two nights, and the warehouse it is loaded into."""

    folder: Path
    size: Size

    @property
    def first_night(self) -> date:
        return simulation.LAST_DELIVERY - timedelta(days=1)

    @property
    def second_night(self) -> date:
        return simulation.LAST_DELIVERY

    @property
    def landing(self) -> Path:
        return self.folder / "landing"

    @property
    def environment(self) -> dict[str, str]:
        return environment(self.landing, self.folder / "simulated" / "sites.yml", self.folder / "warehouse")

    def land(self, night: date, sites: int | None = None) -> None:
        """The deliveries of a night arrive, of all sites or of the first so many."""
        deliveries = sorted((self.folder / "simulated" / "landing").glob(f"*/{night}"))
        for delivery in deliveries[:sites]:
            arrived = self.landing / delivery.parent.name / delivery.name
            arrived.mkdir(parents=True)
            for file in delivery.iterdir():
                os.link(file, arrived / file.name)

    def bytes_of(self, night: date) -> int:
        return sum(file.stat().st_size for file in self.landing.glob(f"*/{night}/*.csv"))


def simulated_trial(folder: Path, size: Size) -> BenchTrial:
    """The trial of this size; one that stands in the folder already is used again."""
    if not (folder / "simulated" / "sites.yml").exists():
        simulation.simulate(
            folder / "simulated", sites=size.sites, subjects=size.subjects, seed=1, nights=2, clean=True
        )
    return BenchTrial(folder, size)
