"""The landing page: what is new tonight, overdue, open by site and rule, settled, and which sites are late.

Its first sentence is for whoever reads only one. What belongs to one site or one subject stands on that page.
"""

from __future__ import annotations

import duckdb

from orchestration.findings.standing import Standing
from orchestration.review.pages.counting import Counts, count_by_site, count_findings
from orchestration.review.pages.deliveries import held_files, held_line, last_deliveries, last_taken, late_sites
from orchestration.review.pages.finding_rows import (
    ACCEPTED,
    NEW_TONIGHT,
    OVERDUE,
    RESOLVED_TONIGHT,
    FindingRows,
    findings,
    query_of,
)
from orchestration.review.pages.indicators import short, stands_out
from orchestration.review.pages.page import ROWS_SHOWN, Page, Row, with_rows
from orchestration.review.pages.published import latest_load, read, sites
from orchestration.review.pages.waiting import waiting_line, waiting_rows
from orchestration.review.pages.wording import by_severity, listed, literal, number_of

OPEN_BY_RULE = """
with by_site as (
    select
        rule_id, coalesce(siteid, 'no site') as siteid, any_value(severity) as severity, count(*) as open,
        count(*) filter (where overdue = 'Y') as overdue
    from quality.findings
    where status = 'OPEN'
    group by rule_id, coalesce(siteid, 'no site')
)

select
    any_value(finding.severity) as severity, finding.rule_id, any_value(rules.title) as title,
    cast(sum(finding.open) as bigint) as open, cast(sum(finding.overdue) as bigint) as overdue,
    list(finding.siteid || ' ' || finding.open order by finding.open desc, finding.siteid) as sites
from by_site as finding
left join quality.rules as rules on finding.rule_id = rules.rule_id
group by finding.rule_id
order by
    finding.rule_id = 'DOS02' desc, array_position(['CRITICAL', 'MAJOR', 'MINOR'], any_value(finding.severity)),
    sum(finding.open) desc, finding.rule_id
"""
ALL_RULES = "`mrbs query \"select rule_id, count(*) from quality.findings where status = 'OPEN' group by all\"`"
NOT_RUN = "select rule_id from quality.rules where not_run > 0 order by rule_id"


def landing_page(connection: duckdb.DuckDBPyConnection, standing: Standing | None = None) -> Page:
    """The page a monitor opens first; with `standing` also the decisions that wait for the next load."""
    counts = count_findings(connection)
    late, held = late_sites(connection), held_files(connection)
    late_open = [site for site, status in late.items() if status == "OPEN"]
    not_run = [row["rule_id"] for row in read(connection, NOT_RUN)]
    new, overdue = findings(connection, NEW_TONIGHT), findings(connection, OVERDUE)
    resolved, accepted = findings(connection, RESOLVED_TONIGHT), findings(connection, ACCEPTED)
    by_rule = _open_by_rule(connection)
    waiting = waiting_rows(standing) if standing else []
    lines = [
        *(literal(said) for said in (standing.damaged if standing else [])),
        *held_line(held),
        *_indicator_line(connection),
        *([f"Not run tonight, so neither passed nor failed: {listed(not_run)}"] if not_run else []),
        *waiting_line(waiting),
        *_how_to_get_all(connection, new, overdue, resolved, accepted, len(by_rule)),
    ]
    text = [
        f"**{counts.news(' at ' + number_of(counts.sites_with_new, 'site'))}; {_late(late_open)}.**",
        f"Load of {latest_load(connection)}. {counts.standing}",
        "\n".join(f"- {line}" for line in lines),
    ]
    tables = {
        "1_new_tonight": new.rows,
        "2_overdue": overdue.rows,
        "3_sites": _sites(connection, late),
        "4_open_by_rule": by_rule[:ROWS_SHOWN],
        "5_resolved_tonight": resolved.rows,
        "6_accepted": accepted.rows,
        "7_waiting_for_the_next_load": waiting[:ROWS_SHOWN],
    }
    plotted = {"sites_late": len(late_open), "files_held": len(held), "rules_not_run": len(not_run)}
    return Page("\n\n".join(filter(None, text)), with_rows(tables), counts.plotted | plotted)


def _late(late: list[str]) -> str:
    if not late:
        return "no site is late"
    return f"{listed(map(literal, late))} {'is' if len(late) == 1 else 'are'} late"


def _indicator_line(connection: duckdb.DuckDBPyConnection) -> list[str]:
    by_site: dict[str, list[str]] = {}
    for flagged in stands_out(connection):
        by_site.setdefault(flagged["siteid"], []).append(short(flagged))
    sites_said = "; ".join(f"{literal(site)}: {', '.join(said)}" for site, said in sorted(by_site.items()))
    return [f"Stand out from all other sites: {sites_said}"] if by_site else []


def _how_to_get_all(
    connection: duckdb.DuckDBPyConnection,
    new: FindingRows,
    overdue: FindingRows,
    resolved: FindingRows,
    accepted: FindingRows,
    rules: int,
) -> list[str]:
    more_rules = rules > ROWS_SHOWN
    tonight = f"date '{latest_load(connection)}'"
    return [
        *new.cut("new tonight", query_of(f"status = 'OPEN' and opened = {tonight}")),
        *overdue.cut("overdue", f"mrbs findings --overdue --limit {overdue.total}"),
        *resolved.cut("resolved tonight", query_of(f"status = 'RESOLVED' and resolved_at = {tonight}")),
        *accepted.cut("accepted", f"mrbs findings --status ACCEPTED --limit {accepted.total}"),
        *([f"Of {rules} rules with open findings, {ROWS_SHOWN} are shown; all: {ALL_RULES}"] if more_rules else []),
    ]


def _sites(connection: duckdb.DuckDBPyConnection, late: dict[str, str]) -> list[Row]:
    """Every site, also one with nothing open; none is left out, however many there are."""
    delivered, counts = last_deliveries(connection), count_by_site(connection)
    return [_site(site, counts[site], delivered.get(site), late.get(site)) for site in sites(connection)]


def _site(site: str, counts: Counts, delivered: dict[str, object] | None, late: str | None) -> Row:
    last = last_taken(delivered)
    said = {"OPEN": ", late", "ACCEPTED": ", late (accepted)", None: ""}[late]
    return {
        "site": site,
        "last delivery": f"{last}{said}",
        "open": by_severity(counts.open_critical, counts.open_major, counts.open_minor) or "nothing",
        "new tonight": counts.new_tonight,
        "overdue": counts.overdue,
    }


def _open_by_rule(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    return [
        {
            "rule": " ".join(filter(None, (row["rule_id"], row["title"]))),
            "severity": row["severity"],
            "open": row["open"],
            "overdue": row["overdue"],
            "sites": listed(row["sites"]),
        }
        for row in read(connection, OPEN_BY_RULE)
    ]
