"""A few golden cases and one hostile site, loaded once; each test that changes something copies the warehouse."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from orchestration.ingestion.settings import Settings
from tests.golden.reading import Case, read_cases
from tests.golden.trial import LOAD_DATE, build_trial
from tests.support.load import environment, load_landing
from tests.support.shared import made_once

# A tie in a window (W01), incomplete records (W04), a new B and two (B04), an event on the day of the assessment and
# the day after (E02), two prohibited drugs (M17), a missing component (C04), a visit to come (C10), nobody infused
# (E20), day 0 unknown (H01).
CASES = ("W01", "W04", "B04", "E02", "M17", "C04", "C10", "E20", "H01")
HOSTILE = "<script>alert('x')</script> | [red]**all is well**"


@dataclass(frozen=True)
class Traced:
    """A warehouse, what its sites delivered, and the settings under which it is read."""

    folder: Path

    @property
    def settings(self) -> Settings:
        return Settings.from_environment(self.environment)

    @property
    def environment(self) -> dict[str, str]:
        return environment(self.folder / "landing", self.folder / "sites.yml", self.folder / "warehouse")

    def delivered(self, siteid: str, form: str) -> Path:
        """The file of a form in the only delivery of a site."""
        (delivery,) = (self.folder / "landing" / siteid).iterdir()
        return delivery / f"{form}.csv"

    def copy(self, folder: Path) -> Traced:
        """A warehouse of the test's own."""
        shutil.copytree(self.folder, folder, symlinks=True, ignore=shutil.ignore_patterns("whole"))
        return Traced(folder)


def hostile_case(cases: dict[str, Case]) -> Case:
    """M17's subject of two prohibited drugs, one of them called by something that a page could take for markup."""
    case = cases["M17"]
    subject = case.subjects[1]
    medication = [{**subject.rows["cm"][0], "cmtrt": HOSTILE}]
    return replace(case, siteid="Z01", subjects=(replace(subject, rows={**subject.rows, "cm": medication}),))


@pytest.fixture(scope="session")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Traced:
    """Not to be written to."""

    def make(folder: Path) -> None:
        cases = {case.siteid: case for case in read_cases()}
        landing, register = build_trial([*(cases[name] for name in CASES), hostile_case(cases)], folder)
        load_landing(landing, register, folder / "warehouse", LOAD_DATE)

    return Traced(made_once(tmp_path_factory, "traced", make))
