"""Two small trials, simulated once for all tests of this folder."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from simulation import SimulatedTrial, simulate
from tests.simulation.reading import Table, read

SITES, SUBJECTS, SEED, NIGHTS = 12, 180, 1, 2


@dataclass(frozen=True)
class Written:
    """A simulated trial and its files."""

    trial: SimulatedTrial
    out: Path

    def form(self, form: str, night: int = -1) -> Table:
        """All sites' rows of a form in one night's deliveries, the site beside each row."""
        return delivered(self.trial.landing, self.trial.nights[night].isoformat(), form)

    def truth(self, table: str) -> Table:
        """One table of the truth."""
        return read(self.trial.truth / f"{table}.csv")


@cache
def delivered(landing: Path, night: str, form: str) -> Table:
    """The rows of a form in all deliveries of a night; the tests only look at them."""
    files = sorted(landing.glob(f"*/{night}/{form}.csv"))
    return [{**row, "site": file.parent.parent.name} for file in files for row in read(file)]


def written(out: Path, clean: bool) -> Written:
    """Simulate into a folder."""
    return Written(simulate(out, sites=SITES, subjects=SUBJECTS, seed=SEED, nights=NIGHTS, clean=clean), out)


@pytest.fixture(scope="session")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A trial with defects."""
    return written(tmp_path_factory.mktemp("dirty"), clean=False)


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A trial without any."""
    return written(tmp_path_factory.mktemp("clean"), clean=True)
