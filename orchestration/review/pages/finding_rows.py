"""Findings as rows of a table, the same three columns on every page, worst and newest first.

A gross dose error comes before everything else. `finding` is the sentence that can be sent to the site as it is;
`standing` says how bad it is and how it stands tonight.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from shlex import quote
from typing import Any

import duckdb

from orchestration.findings.deciding import one_line
from orchestration.review.pages.page import ROWS_SHOWN, Row
from orchestration.review.pages.published import read
from orchestration.review.pages.wording import code, number_of

GROSS_FIRST = "finding.rule_id = 'DOS02' desc"
WORST_FIRST = f"""
    {GROSS_FIRST}, array_position(['CRITICAL', 'MAJOR', 'MINOR'], finding.severity), finding.opened desc,
    finding.rule_id, finding.siteid, finding.usubjid, finding.visit, finding.form, finding.finding_id
"""
# What findings a list can be about.
OPEN = "finding.status = 'OPEN'"
NEW_TONIGHT = "finding.status = 'OPEN' and finding.opened = run.clockdt"
OVERDUE = "finding.overdue = 'Y'"
RESOLVED_TONIGHT = "finding.status = 'RESOLVED' and finding.resolved_at = run.clockdt"
ACCEPTED = "finding.status = 'ACCEPTED'"

HAVE_A_MEANING = frozenset('"$`\\!')  # for a shell, between double quotes

FINDINGS = """
select
    finding.*, run.clockdt as tonight, decisions.decided_by, decisions.until, count(*) over () as total
from quality.findings as finding
cross join metadata.run as run
left join quality.decisions as decisions on finding.decision_id = decisions.decision_id
where {condition}
order by {order}
limit {limit}
"""
# The same for every site at once: a page per site costs one query for all of them, not one for each.
FINDINGS_BY_SITE = """
select
    finding.*, run.clockdt as tonight, decisions.decided_by, decisions.until,
    count(*) over (partition by finding.siteid) as total
from quality.findings as finding
cross join metadata.run as run
left join quality.decisions as decisions on finding.decision_id = decisions.decision_id
where {condition} and finding.siteid is not null
qualify row_number() over (partition by finding.siteid order by {order}) <= {limit}
order by finding.siteid, {order}
"""


@dataclass(frozen=True)
class FindingRows:
    """The rows shown, and how many findings there are in all."""

    rows: list[Row]
    total: int

    def cut(self, what: str, how: str) -> list[str]:
        """A line that says how to get the rest, where there is one."""
        if self.total <= ROWS_SHOWN:
            return []
        return [f"Of {self.total:,} {what}, {len(self.rows)} are shown; all: {code(one_line(how))}"]


def findings(
    connection: duckdb.DuckDBPyConnection,
    condition: str,
    given: Mapping[str, object] | None = None,
    order: str = WORST_FIRST,
) -> FindingRows:
    """The findings that meet the condition, at most as many as a table shows."""
    found = read(connection, FINDINGS.format(condition=condition, order=order, limit=ROWS_SHOWN), given)
    return FindingRows([finding_row(finding) for finding in found], found[0]["total"] if found else 0)


def findings_by_site(connection: duckdb.DuckDBPyConnection, condition: str) -> defaultdict[str, FindingRows]:
    """The findings of each site that meet the condition, at most as many of each as a table shows."""
    query = FINDINGS_BY_SITE.format(condition=condition, order=WORST_FIRST, limit=ROWS_SHOWN)
    by_site: defaultdict[str, FindingRows] = defaultdict(lambda: FindingRows([], 0))
    for siteid, found in groupby(read(connection, query), key=itemgetter("siteid")):
        rows = list(found)
        by_site[siteid] = FindingRows([finding_row(row) for row in rows], rows[0]["total"])
    return by_site


def query_of(condition: str) -> str:
    """The command that lists all findings that meet a condition on the published table."""
    query = f"from quality.findings where {condition}"
    return "mrbs query " + (quote(query) if HAVE_A_MEANING & set(query) else f'"{query}"')


def quoted(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def finding_row(finding: Mapping[str, Any]) -> Row:
    """One finding. Dagster has room for three columns beside each other; the id begins with the rule's."""
    return {
        "finding": finding["message"],
        "standing": f"{finding['severity']}: {_standing(finding)}",
        "id": finding["finding_id"],
    }


def _standing(finding: Mapping[str, Any]) -> str:
    tonight: date = finding["tonight"]
    since = f"first seen {finding['first_seen']}"
    if finding["status"] == "RESOLVED":
        return f"resolved {finding['resolved_at']}, {since}"
    if finding["status"] == "ACCEPTED":
        return f"accepted by {finding['decided_by'] or 'nobody known'} until {finding['until'] or 'an unknown day'}"
    if finding["overdue"] == "Y":
        late = number_of((tonight - finding["response_due"]).days, "day")
        return f"overdue by {late}, {since}"
    due = f"answer due {finding['response_due']}"
    if finding["opened"] < tonight:
        return f"{due}, {since}"
    return f"new tonight, {due}" if finding["first_seen"] == tonight else f"open again tonight, {due}, {since}"
