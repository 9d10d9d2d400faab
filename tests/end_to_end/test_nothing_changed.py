"""A night on which no site delivered anything new: the tables are taken over, and are what a full load would make."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.ingestion import decisions
from orchestration.ingestion.settings import Settings
from orchestration.loading import Outcome, run_load
from tests.end_to_end.conftest import Trial
from tests.support.killed_load import kill_a_load
from tests.support.load import environment, environment_of, parquet_hashes

pytestmark = pytest.mark.slow
SCHEMAS = ("analysis", "quality", "metadata")


class Warehouse:
    """A warehouse of its own, loaded with the first night of the trial with defects."""

    def __init__(self, trial: Trial, folder: Path) -> None:
        self.trial = trial
        self.landing = trial.land(folder / "landing", trial.nights[0])
        self.folder = folder / "warehouse"
        self.load(trial.nights[0])

    def load(self, on: date, full: bool = False) -> bool:
        """One load that must publish; whether it took the tables of the last publication over."""
        return any("nothing has changed" in message for message in self.what_a_load_says(on, full))

    def what_a_load_says(self, on: date, full: bool = False) -> list[str]:
        said: list[str] = []
        with environment_of(self.landing, self.trial.sites_file, self.folder):
            result = run_load(
                on,
                listener=lambda step, message: said.append(message),
                instance=dg.DagsterInstance.ephemeral(),
                full=full,
            )
        assert result.outcome is Outcome.PUBLISHED, result.messages
        return said

    def everything(self) -> dict[str, dict[str, str]]:
        return {schema: parquet_hashes(self.folder, schema) for schema in SCHEMAS}

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.folder / "mrbs.duckdb"), read_only=True) as connection:
            return connection.execute(query).fetchall()

    @property
    def environment(self) -> dict[str, str]:
        return environment(self.landing, self.trial.sites_file, self.folder)

    @property
    def settings(self) -> Settings:
        return Settings.from_environment(self.environment)


@pytest.fixture(scope="module")
def warehouse(messy_trial: Trial, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return Warehouse(messy_trial, tmp_path_factory.mktemp("nothing-changed"))


def test_the_next_night_is_what_a_full_load_makes(warehouse: Warehouse) -> None:
    later = warehouse.trial.nights[0] + timedelta(days=20)
    before = warehouse.everything()
    assert warehouse.load(later)
    taken_over = warehouse.everything()
    rules_and_findings = warehouse.rows("from quality.rules order by all")

    # The night is another one, and what is not resolved is older by twenty days.
    assert taken_over["analysis"] == before["analysis"]
    assert warehouse.rows("select clockdt from metadata.run") == [(later,)]
    assert warehouse.rows("select distinct last_seen, days_open from quality.findings where status = 'OPEN'") == [
        (later, 20)
    ]
    assert taken_over["quality"]["findings"] != before["quality"]["findings"]

    assert not warehouse.load(later, full=True)
    assert warehouse.everything() == taken_over
    assert warehouse.rows("from quality.rules order by all") == rules_and_findings


def test_many_such_nights_do_not_make_the_file_grow(warehouse: Warehouse) -> None:
    night = warehouse.trial.nights[0] + timedelta(days=30)
    sizes = []
    for _ in range(3):
        assert warehouse.load(night)
        sizes.append((warehouse.folder / "current" / "mrbs.duckdb").resolve().stat().st_size)
    assert sizes[-1] <= sizes[1]


def test_what_changed_is_derived_again(warehouse: Warehouse) -> None:
    night = warehouse.trial.nights[0] + timedelta(days=40)

    # A publication that is not whole any more.
    current = (warehouse.folder / "current").resolve()
    (current / "manifest.json").rename(current / "manifest.gone")
    assert not warehouse.load(night)

    # A decision of a person.
    site = min(warehouse.landing.iterdir()).name
    decisions.withdraw(warehouse.settings, site, warehouse.trial.nights[0], "vs", "A. Meyer", "the wrong study")
    said = warehouse.what_a_load_says(night)
    assert f"the largest tables keep the rows of all sites but {site}" in said
    derived = warehouse.everything()
    assert not warehouse.load(night, full=True)
    assert warehouse.everything() == derived

    # A new delivery of one site: what was read and derived of it, beside what is kept of the others, is what making
    # everything gives, also after a load was killed in the middle of it; and the night after that there is nothing new.
    warehouse.trial.land(warehouse.landing, warehouse.trial.nights[1], sites=1)
    kill_a_load("^derive: 50 models", night, warehouse.environment)
    said = warehouse.what_a_load_says(night)
    assert f"the largest tables keep the rows of all sites but {site}" in said
    derived = warehouse.everything()
    assert warehouse.load(night)
    assert warehouse.everything() == derived
    assert not warehouse.load(night, full=True)
    assert warehouse.everything() == derived

    # A row lost from raw: looked for, and not published.
    with duckdb.connect(str(warehouse.folder / "working.duckdb")) as connection:
        connection.execute(
            "delete from raw.vs where row_id = (select min(row_id) from raw.vs where closed_load is null)"
        )
    with environment_of(warehouse.landing, warehouse.trial.sites_file, warehouse.folder):
        held = run_load(night, instance=dg.DagsterInstance.ephemeral())
    assert held.outcome is Outcome.HELD_BACK
