"""Small simulated trials, made once, and warehouses loaded from them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

import simulation
from orchestration.loading import Outcome
from tests.support.load import instance_on_disk, try_load
from tests.support.shared import made_once


@dataclass(frozen=True)
class Trial:
    """A simulated trial of several nights: `landing(night)` holds the deliveries up to that night."""

    folder: Path
    nights: tuple[date, ...]

    @property
    def sites_file(self) -> Path:
        return self.folder / "sites.yml"

    def land(self, landing: Path, *nights: date, sites: slice = slice(None)) -> Path:
        """Copy the deliveries of these nights into a landing folder; of all sites, or of some in their order."""
        for night in nights:
            for delivery in sorted((self.folder / "landing").glob(f"*/{night}"))[sites]:
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


def load_the_night(trial: Trial, folder: Path, night: date) -> None:
    """One load of `folder`/landing, with the deliveries of this night added, into `folder`/warehouse; Dagster's
    instance, in which the load is recorded, stays in `folder`/dagster."""
    trial.land(folder / "landing", night)
    instance = instance_on_disk(folder / "dagster")
    result = try_load(folder / "landing", trial.sites_file, folder / "warehouse", night, instance)
    assert result.outcome is Outcome.PUBLISHED, "\n".join(result.messages)


def after_the_first_night(factory: pytest.TempPathFactory, trial: Trial, name: str) -> Path:
    return made_once(factory, f"{name}-night", lambda folder: load_the_night(trial, folder, trial.nights[0]))


def after_every_night(factory: pytest.TempPathFactory, trial: Trial, name: str) -> Path:
    """One load per night."""
    first = after_the_first_night(factory, trial, name)

    def go_on(folder: Path) -> None:
        shutil.copytree(first, folder, symlinks=True, dirs_exist_ok=True, ignore=shutil.ignore_patterns("whole"))
        for night in trial.nights[1:]:
            load_the_night(trial, folder, night)

    return made_once(factory, f"{name}-nights", go_on)


@pytest.fixture(scope="session")
def clean_first_night(clean_trial: Trial, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clean trial after its first night. Not to be written to."""
    return after_the_first_night(tmp_path_factory, clean_trial, "clean") / "warehouse"


@pytest.fixture(scope="session")
def messy_first_night(messy_trial: Trial, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trial with defects after its first night. Not to be written to."""
    return after_the_first_night(tmp_path_factory, messy_trial, "messy") / "warehouse"


@pytest.fixture(scope="session")
def clean_warehouse(clean_trial: Trial, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clean trial, loaded night by night. Not to be written to."""
    return after_every_night(tmp_path_factory, clean_trial, "clean") / "warehouse"


@pytest.fixture(scope="session")
def messy_warehouse(messy_trial: Trial, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trial with defects, loaded night by night. Not to be written to."""
    return after_every_night(tmp_path_factory, messy_trial, "messy") / "warehouse"
