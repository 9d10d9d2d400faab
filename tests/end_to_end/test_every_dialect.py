"""How a site writes changes nothing: the same trial in every dialect gives the same analysis tables, byte for byte.

One trial has as many sites as there are dialects. It is loaded from canonical CSV, and twice with another dialect at
every site: the second time each dialect meets another site, with other habits (scale, units, times, manifests).
"""

from __future__ import annotations

from pathlib import Path

import pytest

import simulation
from simulation.dialects.catalogue import CANONICAL, DIALECTS
from tests.support.load import load_landing, parquet_hashes, published
from tests.support.shared import made_once

pytestmark = pytest.mark.slow

NAMES = list(DIALECTS)
STEP = 7  # no divisor of the habits' rhythms (3, 4, 6 and 12 sites)


def load_trial(folder: Path, dialects: list[str]) -> None:
    """Two nights of the trial, in one load. Where numbers are stored as such 2.0 is 2, so it is 2 everywhere here: a
    delivered record is named (srcid) by what it says to the letter."""
    trial = simulation.simulate(
        folder / "trial",
        sites=len(NAMES),
        subjects=3 * len(NAMES),
        seed=11,
        nights=2,
        clean=True,
        dialects=dialects,
        plain_numbers=True,
    )
    assert trial.dialects == (*dialects,) * (len(NAMES) // len(dialects))
    load_landing(trial.landing, trial.sites_file, folder / "warehouse", trial.nights[-1])


@pytest.fixture(scope="module")
def canonical_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "canonical-csv", lambda folder: load_trial(folder, [CANONICAL])) / "warehouse"


def test_the_canonical_trial_has_something_to_lose(canonical_warehouse: Path) -> None:
    with published(canonical_warehouse / "analysis.duckdb") as connection:
        sites = connection.execute("select count(distinct siteid) from analysis.adsl").fetchone()
        unscheduled = connection.execute("select count(*) from analysis.adsv where visit = 'UNS'").fetchone()
        findings = connection.execute("select count(*) from quality.findings").fetchone()
    assert sites == (len(NAMES),)
    assert unscheduled is not None
    assert unscheduled[0] > 0
    assert findings == (0,)


@pytest.mark.parametrize("turn", [0, STEP])
def test_every_dialect_gives_the_same_analysis_tables(canonical_warehouse: Path, tmp_path: Path, turn: int) -> None:
    load_trial(tmp_path, NAMES[turn:] + NAMES[:turn])
    with published(tmp_path / "warehouse" / "analysis.duckdb") as connection:
        findings = connection.execute("select rule_id, message from quality.findings").fetchall()
        refused = connection.execute(
            "select siteid, form, status, reason from quality.deliveries where status not in ('LOADED', 'UNCHANGED')"
        ).fetchall()
    assert refused == []
    assert findings == []
    hashes = parquet_hashes(tmp_path / "warehouse")
    assert len(hashes) == 13
    assert hashes == parquet_hashes(canonical_warehouse)
