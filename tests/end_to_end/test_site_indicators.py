"""The site indicators of a real trial: one row per site and indicator, and a history by night.

A night without news stands with the other tables that such a night writes (test_nothing_changed.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import Trial
from tests.support.load import published
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


def rows(warehouse: Path, query: str) -> list[tuple[Any, ...]]:
    with published(warehouse / "mrbs.duckdb") as connection:
        return connection.execute(query).fetchall()


def test_sites_beside_each_other_over_nights(messy_trial: Trial, messy_warehouse: Path) -> None:
    sites = [siteid for (siteid,) in rows(messy_warehouse, "select distinct siteid from analysis.adsl order by all")]

    # Every night, every site, every indicator; tonight is the last night of the history.
    nights = "select loaddt, count(*) from quality.site_indicators_history group by all order by all"
    assert rows(messy_warehouse, nights) == [(night, len(sites) * len(indicators())) for night in messy_trial.nights]
    columns = "siteid, indicator, numerator, denominator, value, lower, upper, flag, side, flagged_since, newfl"
    tonight = rows(messy_warehouse, f"select {columns} from quality.site_indicators order by all")
    last = messy_trial.nights[-1]
    assert tonight == rows(
        messy_warehouse,
        f"select {columns} from quality.site_indicators_history where loaddt = date '{last}' order by all",
    )
    # What can be counted in the published tables is counted alike.
    for indicator, query in RAW_COUNTS.items():
        found = {row[0]: row[2:4] for row in tonight if row[1] == indicator}
        for siteid, numerator, denominator in rows(messy_warehouse, query):
            assert found[siteid][1] == denominator, (indicator, siteid)
            assert indicator == "LATE_DELIVERIES" or found[siteid][0] == numerator, (indicator, siteid)
