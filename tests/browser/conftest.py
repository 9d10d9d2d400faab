"""A real browser on a real `dagster dev` over a warehouse with two nights, and a place for pictures.

Needs Chromium of the system; without one, tests that look at a page are skipped and say so. MRBS_PICTURES names a
folder in which the pages that docs/ shows are kept as pictures.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.end_to_end.conftest import Trial, clean_trial, messy_trial, messy_warehouse  # noqa: F401 (fixtures)
from tests.support.dagster_dev import DagsterDev, dagster_dev
from tests.support.load import environment, published

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
WIDTH, HEIGHT = 1500, 1100


@dataclass(frozen=True)
class Warehouse:
    """A warehouse with the Dagster that shows it, and the deliveries and register it was loaded from."""

    folder: Path
    trial: Trial
    dagster: DagsterDev

    @property
    def settings(self) -> dict[str, str]:
        return environment(self.folder / "landing", self.trial.sites_file, self.folder / "warehouse")

    def ask(self, query: str, **given: object) -> list[tuple[Any, ...]]:
        """The rows of a query on what is published."""
        with published(self.folder / "warehouse" / "analysis.duckdb") as connection:
            return connection.execute(query, given or None).fetchall()


@pytest.fixture(scope="package")
def warehouse(
    messy_trial: Trial,  # noqa: F811
    messy_warehouse: Path,  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Warehouse]:
    """A copy of the trial with defects after its two nights, with the Dagster instance in which they are recorded."""
    folder = tmp_path_factory.mktemp("browser")
    shutil.copytree(messy_warehouse, folder / "warehouse", symlinks=True)
    shutil.copytree(messy_warehouse.parent / "landing", folder / "landing")
    # The loads were recorded beside the warehouse; the load itself has prepared a DAGSTER_HOME in it.
    shutil.copytree(messy_warehouse.parent / "dagster", folder / "warehouse" / "dagster", dirs_exist_ok=True)
    settings = environment(folder / "landing", messy_trial.sites_file, folder / "warehouse")
    with dagster_dev(settings, folder / "dagster.log") as dagster:
        yield Warehouse(folder, messy_trial, dagster)


@dataclass(frozen=True)
class Browser:
    """A window on Dagster's pages."""

    page: Page
    url: str

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.url}{path}")
        return self.page

    def picture(self, name: str) -> None:
        """Keep what is seen, when somebody wants pictures."""
        if folder := os.environ.get("MRBS_PICTURES"):
            self.page.wait_for_timeout(1500)  # what fades in is there
            self.page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.fixture
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine; on Debian and Ubuntu: apt-get install chromium")
    warehouse: Warehouse = request.getfixturevalue("warehouse")
    with sync_playwright() as playwright:
        # Chromium refuses to run as root with its sandbox; the pages are our own.
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        # Dagster's pages fill themselves step by step, and the machine may be busy.
        page.set_default_timeout(60_000)
        expect.set_options(timeout=30_000)
        yield Browser(page, warehouse.dagster.url)
        chromium.close()
