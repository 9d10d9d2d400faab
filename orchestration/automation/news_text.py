"""What is said of a load to people outside the warehouse: counts by site and rule, never a subject or a value.

A message leaves the house (a chat, a mail server), so it holds no more than that; the findings themselves stand on the
landing page, to which MRBS_UI_URL makes it lead. To whom it goes belongs in `channels`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.checks.run_tags import CHECKS, PUBLISHED_LOAD
from orchestration.summary import open_published

LINES = 20
NIGHT = "select clockdt from metadata.run"
COUNTS = """
select
    count(*) filter (where opened = clockdt),
    count(distinct siteid) filter (where opened = clockdt),
    count(*) filter (where opened = clockdt and severity = 'CRITICAL'),
    count(*) filter (where overdue = 'Y'),
    count(*)
from quality.findings cross join metadata.run
where status = 'OPEN'
"""
NEW = """
select rules.severity, rule_id, rules.title, siteid, count(*) as findings
from quality.findings
inner join quality.rules using (rule_id)
cross join metadata.run
where status = 'OPEN' and opened = clockdt
group by rules.severity, rule_id, rules.title, siteid
order by array_position(['CRITICAL', 'MAJOR', 'MINOR'], rules.severity), count(*) desc, rule_id, siteid
"""


@dataclass(frozen=True)
class News:
    """A message: a line that says it all, and the lines below it."""

    subject: str
    text: str


def news_of_load(database: Path) -> News:
    """What is new in the publication, by rule and site, worst first."""
    with open_published(database) as connection:
        ((night,),) = connection.execute(NIGHT).fetchall()
        ((new, sites, critical, overdue, open_ones),) = connection.execute(COUNTS).fetchall()
        lines = [
            f"{severity} {rule_id} {title}: {count:,} at {siteid or 'no site'}"
            for severity, rule_id, title, siteid, count in _new(connection)
        ]
    at = f" at {sites} site{'s' if sites != 1 else ''}" if new else ""
    worst = f", {critical:,} of them CRITICAL" if critical else ""
    subject = f"MRBS {night}: {new:,} new finding{'s' if new != 1 else ''}{at}{worst}"
    more = [f"and {len(lines) - LINES} more lines"] if len(lines) > LINES else []
    standing = f"{open_ones:,} open in all, {overdue:,} of them overdue."
    return News(subject, "\n".join([*lines[:LINES], *more, standing, *_link("assets/review/landing_page")]))


def news_of_failure(run_id: str, status: str, tags: Mapping[str, str]) -> News:
    """A load that failed: before it published, or after, when the monitors' pages could not be made."""
    checks = tags.get(CHECKS, "")
    why = f"; checks: {checks}" if checks else ""
    if PUBLISHED_LOAD in tags:
        what = f"It published, but the monitors' pages could not be made and are those of the load before{why}"
    else:
        what = f"The last good publication stays{why}"
    return News(
        f"MRBS: load {run_id[:8]} ended as {status}",
        "\n".join([f"{what}. Tell the data engineers.", *_link(f"runs/{run_id}")]),
    )


def _new(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str, str | None, int]]:
    return connection.execute(NEW).fetchall()


def _link(page: str) -> list[str]:
    address = os.environ.get("MRBS_UI_URL", "").rstrip("/")
    return [f"{address}/{page}"] if address else []
