"""A night on which no site delivered anything new: the tables are taken over, and are what a full load would make."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.derivation.unchanged import inputs_fingerprint, publication_to_take_over
from orchestration.ingestion import decisions
from orchestration.ingestion.settings import Settings
from orchestration.loading import Outcome, run_load
from tests.end_to_end.conftest import Trial
from tests.support.killed_load import kill_a_load
from tests.support.load import environment, environment_of, parquet_hashes
from validation.indicators.declared import indicators

pytestmark = pytest.mark.slow
SCHEMAS = ("analysis", "quality", "metadata")


class Warehouse:
    """A warehouse of its own, loaded with the first night of the trial with defects."""

    def __init__(self, trial: Trial, first_night: Path, folder: Path) -> None:
        self.trial = trial
        self.landing = trial.land(folder / "landing", trial.nights[0])
        self.folder = folder / "warehouse"
        shutil.copytree(first_night, self.folder, symlinks=True)

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
def warehouse(messy_trial: Trial, messy_first_night: Path, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return Warehouse(messy_trial, messy_first_night, tmp_path_factory.mktemp("nothing-changed"))


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
    # Site indicators have a night of their own, with every site and indicator.
    of_a_night = len(list(warehouse.landing.iterdir())) * len(indicators())
    nights = "select loaddt, count(*) from quality.site_indicators_history group by all order by all"
    assert warehouse.rows(nights) == [(night, of_a_night) for night in (warehouse.trial.nights[0], later)]

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


def test_a_publication_that_is_not_whole_is_not_taken_over(warehouse: Warehouse) -> None:
    """That the tables are made again then is what any other change shows (below)."""
    current = (warehouse.folder / "current").resolve()
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse.settings.working_file}' as working (read_only)")

        def is_taken_over(inputs: str) -> bool:
            return publication_to_take_over(warehouse.settings, connection, inputs) is not None

        inputs = inputs_fingerprint(connection)
        assert is_taken_over(inputs)
        assert not is_taken_over("other inputs")
        for file in (current / "manifest.json", current / "mrbs.duckdb"):
            gone = file.rename(file.with_suffix(".gone"))
            assert not is_taken_over(inputs)
            gone.rename(file)


def test_what_changed_is_derived_again(warehouse: Warehouse) -> None:
    """One change after the other, each beside what is kept of the other sites; at last everything is made once more."""
    night = warehouse.trial.nights[0] + timedelta(days=40)
    first, second = sorted(site.name for site in warehouse.landing.iterdir())[:2]

    # A decision of a person.
    decisions.withdraw(warehouse.settings, first, warehouse.trial.nights[0], "vs", "A. Meyer", "the wrong study")
    said = warehouse.what_a_load_says(night)
    assert f"the largest tables keep the rows of all sites but {first}" in said

    # A new delivery of another site, whose load is killed in the middle: what was read and derived of it, and what was
    # derived of the first site before and is kept now, is what making everything gives.
    warehouse.trial.land(warehouse.landing, warehouse.trial.nights[1], sites=slice(1, 2))
    kill_a_load("^derive: 50 models", night, warehouse.environment)
    said = warehouse.what_a_load_says(night)
    assert f"the largest tables keep the rows of all sites but {second}" in said
    derived = warehouse.everything()
    # And the night after that there is nothing new.
    assert warehouse.load(night)
    assert warehouse.everything() == derived
    assert not warehouse.load(night, full=True)
    assert warehouse.everything() == derived
