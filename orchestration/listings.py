"""Listings on a terminal: findings and deliveries, filtered, worst or newest first.

Read from the published database, so that listing never waits for a load. Files for sites to take in are another
thing and don't belong here.
"""

from __future__ import annotations

from pathlib import Path

from rich.console import RenderableType

from orchestration.summary import open_published
from orchestration.terminal import table

FINDINGS = """
select
    severity, rule_id, siteid, usubjid, visit, message, first_seen, status, count(*) over () as total
from quality.findings
where ($site is null or siteid = $site) and ($rule is null or rule_id = $rule)
    and ($severity is null or severity = $severity) and ($status = 'ALL' or status = $status)
order by
    case severity when 'CRITICAL' then 1 when 'MAJOR' then 2 when 'MINOR' then 3 else 0 end,
    first_seen desc, rule_id, siteid, usubjid, visit, finding_id
limit $limit
"""

DELIVERIES = """
select delivered, siteid, form, file, status, rows, reason, count(*) over () as total
from quality.deliveries
where ($site is null or siteid = $site) and ($status is null or status = $status)
order by delivered desc, siteid, form nulls first, file
limit $limit
"""


def list_findings(
    database: Path, site: str | None, rule: str | None, severity: str | None, status: str, limit: int
) -> list[RenderableType]:
    """A table of findings and a line that says how many there are in all."""
    given = {
        "site": site,
        "rule": rule and rule.upper(),
        "severity": severity and severity.upper(),
        "status": status.upper(),
        "limit": limit,
    }
    with open_published(database) as connection:
        rows = connection.execute(FINDINGS, given).fetchall()
    total = rows[0][-1] if rows else 0
    columns = ["severity", "rule", "site", "subject", "visit", "finding", "since", "status"]
    return [table("Findings", columns, [row[:-1] for row in rows]), f"{len(rows):,} of {total:,} findings"]


def list_deliveries(database: Path, site: str | None, status: str | None, limit: int) -> list[RenderableType]:
    """A table of delivered files and a line that says how many there are in all."""
    given = {"site": site, "status": status and status.upper(), "limit": limit}
    with open_published(database) as connection:
        rows = connection.execute(DELIVERIES, given).fetchall()
    total = rows[0][-1] if rows else 0
    columns = ["delivered", "site", "form", "file", "status", "rows", "reason"]
    return [table("Deliveries", columns, [row[:-1] for row in rows]), f"{len(rows):,} of {total:,} files"]
