"""Small simulated trials, made once, and warehouses loaded from them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

import simulation
from orchestration.loading import Outcome
from tests.support.load import try_load
from tests.support.shared import made_once


@dataclass(frozen=True)
class Trial:
    """A simulated trial of several nights: `landing(night)` holds the deliveries up to that night."""

    folder: Path
    nights: tuple[date, ...]

    @property
    def sites_file(self) -> Path:
        return self.folder / "sites.yml"

    def land(self, landing: Path, *nights: date, sites: int | None = None) -> Path:
        """Copy the deliveries of these nights into a landing folder; of the first so many sites, or of all."""
        for night in nights:
            for delivery in sorted((self.folder / "landing").glob(f"*/{night}"))[:sites]:
                shutil.copytree(delivery, landing / delivery.parent.name / delivery.name)
        return landing


def simulate_trial(factory: pytest.TempPathFactory, name: str, *, clean: bool) -> Trial:
    folder = made_once(
        factory, name, lambda folder: simulation.simulate(folder, sites=4, subjects=36, seed=11, nights=2, clean=clean)
    )
    nights = sorted({date.fromisoformat(path.name) for path in (folder / "landing").glob("*/*/")})
    return Trial(folder, tuple(nights))


@pytest.fixture(scope="session")
def clean_trial(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    return simulate_trial(tmp_path_factory, "clean", clean=True)


@pytest.fixture(scope="session")
def messy_trial(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    return simulate_trial(tmp_path_factory, "messy", clean=False)


def load_night_by_night(trial: Trial, folder: Path) -> None:
    """One load per night, of the deliveries in `folder`/landing into `folder`/warehouse; Dagster's instance, in which
    the loads are recorded, stays in `folder`/dagster."""
    (folder / "dagster").mkdir()
    for night in trial.nights:
        trial.land(folder / "landing", night)
        instance = dg.DagsterInstance.local_temp(str(folder / "dagster"))
        result = try_load(folder / "landing", trial.sites_file, folder / "warehouse", night, instance)
        assert result.outcome is Outcome.PUBLISHED, "\n".join(result.messages)


@pytest.fixture(scope="session")
def clean_warehouse(clean_trial: Trial, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clean trial, loaded night by night. Not to be written to."""
    folder = made_once(tmp_path_factory, "clean-nights", lambda folder: load_night_by_night(clean_trial, folder))
    return folder / "warehouse"


@pytest.fixture(scope="session")
def messy_warehouse(messy_trial: Trial, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trial with defects, loaded night by night. Not to be written to."""
    folder = made_once(tmp_path_factory, "messy-nights", lambda folder: load_night_by_night(messy_trial, folder))
    return folder / "warehouse"
