"""Listings on a terminal: findings and deliveries, filtered, worst or newest first.

Findings are read from what is published, deliveries by `ingestion.decisions`, decisions about findings from where they
are kept; none waits for a load. Files for sites
to take in are another thing and don't belong here.
"""

from __future__ import annotations

from pathlib import Path

from rich.console import RenderableType

from orchestration.findings.decision_files import read_decisions
from orchestration.findings.standing import standing
from orchestration.ingestion import decisions
from orchestration.ingestion.settings import Settings
from orchestration.summary import open_published
from orchestration.terminal import table

FINDINGS = """
select
    severity, finding_id, first_seen, case when status = 'OPEN' then response_due end as due,
    case when overdue = 'Y' then 'OVERDUE' else status end as standing, message, count(*) over () as total
from quality.findings
where ($site is null or siteid = $site) and ($rule is null or rule_id = $rule)
    and ($severity is null or severity = $severity) and ($status = 'ALL' or status = $status)
    and (overdue = 'Y' or not $overdue)
order by
    rule_id = 'DOS02' desc,  -- a gross dose error comes first in every list
    case severity when 'CRITICAL' then 1 when 'MAJOR' then 2 when 'MINOR' then 3 else 0 end,
    first_seen desc, rule_id, siteid, usubjid, visit, finding_id
limit $limit
"""


def list_findings(
    database: Path, site: str | None, rule: str | None, severity: str | None, status: str, overdue: bool, limit: int
) -> list[RenderableType]:
    """A table of findings and a line that says how many there are in all."""
    given = {
        "site": site,
        "rule": rule and rule.upper(),
        "severity": severity and severity.upper(),
        "status": status.upper(),
        "overdue": overdue,
        "limit": limit,
    }
    with open_published(database) as connection:
        rows = connection.execute(FINDINGS, given).fetchall()
    total = rows[0][-1] if rows else 0
    # The sentence itself names site, subject, visit, file and row.
    columns = ["severity", "finding", "since", "answer due", "status", "what"]
    return [table("Findings", columns, [row[:-1] for row in rows]), f"{len(rows):,} of {total:,} findings"]


def list_finding_decisions(
    settings: Settings, site: str | None, rule: str | None, finding: str | None, limit: int
) -> list[RenderableType]:
    """A table of decisions about findings, with what came of them, and a line that counts them."""
    wanted = {"siteid": site, "rule_id": rule and rule.upper(), "finding_id": finding}
    with standing(settings) as now:
        effects = now.effects
    made = [
        decision
        for decision in read_decisions(settings)
        if all(value is None or getattr(decision, name) == value for name, value in wanted.items())
    ]
    rows = [
        (
            f"{decision.decided_at:%Y-%m-%d %H:%M}",
            decision.decided_by,
            decision.decision,
            decision.finding_id,
            decision.siteid,
            decision.until,
            effects.get(decision.decision_id, "with the next load"),
            decision.reason,
        )
        for decision in reversed(made[-limit:])
    ]
    columns = ["when (UTC)", "by", "decision", "finding", "site", "until", "effect", "reason"]
    return [table("Decisions about findings", columns, rows), f"{len(rows):,} of {len(made):,} decisions"]


def list_deliveries(settings: Settings, site: str | None, status: str | None, limit: int) -> list[RenderableType]:
    """A table of delivered files, with decisions that the next load will apply, and a line that counts them."""
    files = decisions.list_deliveries(settings, site, status and status.upper())
    rows = [
        (file.delivered, file.siteid, file.form, file.file, _status(file), file.rows, file.reason)
        for file in files[:limit]
    ]
    columns = ["delivered", "site", "form", "file", "status", "rows", "reason"]
    return [table("Deliveries", columns, rows), f"{len(rows):,} of {len(files):,} files"]


def _status(file: decisions.DeliveredFile) -> str:
    return f"{file.status}, {file.decided} from the next load on" if file.decided else file.status
