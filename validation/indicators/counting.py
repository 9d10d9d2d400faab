"""The night's counts by indicator and site: from what dbt derived (working.intermediate) and from the ledger.

A night without news finds dbt's tables as the load left them that made the publication. How counts are compared
belongs in `validation.indicators.limits`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from validation.indicators.declared import MEDIAN, indicators
from validation.indicators.limits import Counted

if TYPE_CHECKING:
    import duckdb

# A site is compared from its first accepted delivery on.
SITES = "select distinct siteid from working.raw.in_force order by siteid"

# A finding about a delivery is about no record, and an accepted one about no mistake.
COUNTS = """
with findings as (
    select siteid, coalesce(usubjid, '') as usubjid, count(*) as findings
    from working.ledger.findings
    where siteid is not null and status <> 'ACCEPTED' and looked_at <> 'raw.delivery_problems'
    group by all
),
units as (
    select siteid, indicator, numerator, denominator
    from working.intermediate.int_indicator_units
    union all
    select siteid, 'FINDINGS', coalesce(findings.findings, 0), coalesce(records.records, 0)
    from working.intermediate.int_subject_records as records
    full join findings using (siteid, usubjid)
)
select
    indicator, siteid, count(*), sum(numerator), sum(denominator),
    sum(numerator * numerator), sum(numerator * denominator), sum(denominator * denominator)
from units
group by indicator, siteid
"""

# One number per subject, so that a subject with many findings or visits is still one.
DAYS = """
with days_open as (
    select siteid, usubjid, max(days_open) as days
    from working.ledger.findings
    where status = 'OPEN' and siteid is not null and usubjid is not null
    group by all
),
days as (
    select 'DAYS_OPEN' as indicator, siteid, days from days_open
    union all
    select 'ENTRY_LAG', siteid, lag_days from working.intermediate.int_entry_lags
)
select indicator, siteid, days, count(*) from days group by all
"""


def count_units(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Counted]]:
    """Per RATE and PROPORTION every site's counts; a site that has nothing to count among has zeros."""
    sites = _sites(connection)
    counts = {
        declared.indicator: dict.fromkeys(sites, Counted(units=0, numerator=0, denominator=0))
        for declared in indicators()
        if declared.kind != MEDIAN
    }
    for indicator, siteid, *numbers in connection.execute(COUNTS).fetchall():
        if siteid in counts[indicator]:
            counts[indicator][siteid] = Counted(*(int(number) for number in numbers))
    return counts


def count_days(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, dict[int, int]]]:
    """Per MEDIAN every site's days, as how many subjects have how many."""
    sites = _sites(connection)
    counts: dict[str, dict[str, dict[int, int]]] = {
        declared.indicator: {siteid: {} for siteid in sites} for declared in indicators() if declared.kind == MEDIAN
    }
    for indicator, siteid, days, subjects in connection.execute(DAYS).fetchall():
        if siteid in counts[indicator]:
            counts[indicator][siteid][days] = subjects
    return counts


def _sites(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [siteid for (siteid,) in connection.execute(SITES).fetchall()]
