"""The site indicators of a real trial: one row per site and indicator, a history by night, and a night without news."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration.loading import Outcome, run_load
from tests.end_to_end.conftest import Trial
from tests.support.load import environment_of, parquet_hashes, published
from validation.indicators.declared import indicators

pytestmark = pytest.mark.slow

RAW_COUNTS = {
    "MISSED_VISITS": """
        select siteid, count(*) filter (where status = 'MISSED'), count(*)
        from analysis.adsv where visitnum < 90 and status in ('DONE', 'MISSED') group by siteid
    """,
    "LATE_DELIVERIES": """
        select siteid, 0, count(distinct delivered) from quality.deliveries where status in ('LOADED', 'UNCHANGED')
        group by siteid
    """,
    "FINDINGS": """
        select siteid, any_value(made), sum(rows_delivered)
        from quality.row_accounting join (
            select siteid, count(*) as made from quality.findings where rule_id not like 'DEL%' group by siteid
        ) using (siteid)
        where layer = 'RAW' group by siteid
    """,
}


def load(trial: Trial, landing: Path, warehouse: Path, night: date, full: bool = False) -> bool:
    """One load that must publish; whether it took the last publication's tables over."""
    said: list[str] = []
    with environment_of(landing, trial.sites_file, warehouse):
        result = run_load(
            night,
            listener=lambda step, message: said.append(message),
            instance=dg.DagsterInstance.ephemeral(),
            full=full,
        )
    assert result.outcome is Outcome.PUBLISHED, result.messages
    return any("nothing has changed" in message for message in said)


def rows(warehouse: Path, query: str) -> list[tuple[Any, ...]]:
    with published(warehouse / "mrbs.duckdb") as connection:
        return connection.execute(query).fetchall()


def test_sites_beside_each_other_over_nights(messy_trial: Trial, messy_warehouse: Path, tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse"
    shutil.copytree(messy_warehouse, warehouse, symlinks=True)
    landing = messy_trial.land(tmp_path / "landing", *messy_trial.nights)
    sites = [siteid for (siteid,) in rows(warehouse, "select distinct siteid from analysis.adsl order by all")]

    # Every night, every site, every indicator; tonight is the last night of the history.
    nights = "select loaddt, count(*) from quality.site_indicators_history group by all order by all"
    assert rows(warehouse, nights) == [(night, len(sites) * len(indicators())) for night in messy_trial.nights]
    columns = "siteid, indicator, numerator, denominator, value, lower, upper, flag, side, flagged_since, newfl"
    tonight = rows(warehouse, f"select {columns} from quality.site_indicators order by all")
    last = messy_trial.nights[-1]
    assert tonight == rows(
        warehouse, f"select {columns} from quality.site_indicators_history where loaddt = date '{last}' order by all"
    )
    # What can be counted in the published tables is counted alike.
    for indicator, query in RAW_COUNTS.items():
        found = {row[0]: row[2:4] for row in tonight if row[1] == indicator}
        for siteid, numerator, denominator in rows(warehouse, query):
            assert found[siteid][1] == denominator, (indicator, siteid)
            assert indicator == "LATE_DELIVERIES" or found[siteid][0] == numerator, (indicator, siteid)

    # A night without news has its own rows, and they are what a full load makes; once per date.
    later = last + timedelta(days=1)
    assert load(messy_trial, landing, warehouse, later)
    taken_over = parquet_hashes(warehouse, "quality")
    assert [night for night, _ in rows(warehouse, nights)] == [*messy_trial.nights, later]
    assert not load(messy_trial, landing, warehouse, later, full=True)
    assert parquet_hashes(warehouse, "quality") == taken_over
