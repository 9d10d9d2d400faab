"""The page of one site: its news, what is open, what it delivered, where it stands out, what is kept out."""

from __future__ import annotations

from shlex import quote

import duckdb

from orchestration.review.pages.counting import count_findings
from orchestration.review.pages.deliveries import delivery_line, held_files, held_line, last_deliveries, late_sites
from orchestration.review.pages.finding_rows import (
    ACCEPTED,
    NEW_TONIGHT,
    OF_SITE,
    OPEN,
    RESOLVED_TONIGHT,
    findings,
    query_of,
    quoted,
)
from orchestration.review.pages.indicators import indicator_row, stands_out
from orchestration.review.pages.page import Page, Row, with_rows
from orchestration.review.pages.published import latest_load, not_there, read, sites
from orchestration.review.pages.wording import literal, number_of

QUARANTINED = """
select kept_out.form, concat_ws(' ', kept_out.rule_id, rules.title) as rule, count(*) as rows
from quality.quarantine as kept_out
left join quality.rules as rules on kept_out.rule_id = rules.rule_id
where kept_out.siteid = $site
group by all
order by all
"""


def site_page(connection: duckdb.DuckDBPyConnection, siteid: str) -> Page:
    """What is to be asked of this site, and what has been settled.

    Raises:
        NotThereError: no such site has delivered or has findings.
    """
    if siteid not in (there := sites(connection)):
        raise not_there("site", siteid, there)
    given = {"site": siteid}
    counts = count_findings(connection, siteid)
    late, held = late_sites(connection, siteid).get(siteid), held_files(connection, siteid)
    new, opened = (findings(connection, f"{kind} and {OF_SITE}", given) for kind in (NEW_TONIGHT, OPEN))
    resolved, accepted = (findings(connection, f"{kind} and {OF_SITE}", given) for kind in (RESOLVED_TONIGHT, ACCEPTED))
    flagged = stands_out(connection, siteid)
    quarantined = read(connection, QUARANTINED, given)
    rows_kept_out = sum(row["rows"] for row in quarantined)
    late_said = {"OPEN": "; it is late", "ACCEPTED": "; it is late, which has been accepted", None: ""}[late]
    tonight, here = f"date '{latest_load(connection)}'", f"siteid = {quoted(siteid)}"
    of_site = f"mrbs findings --site {quote(siteid)} --limit"
    lines = [
        delivery_line(last_deliveries(connection, siteid).get(siteid)),
        *held_line(held),
        f"Stands out from all other sites in {number_of(len(flagged), 'indicator')}" if flagged else "",
        f"{number_of(rows_kept_out, 'row is', 'rows are')} kept out of the analysis" if rows_kept_out else "",
        *new.cut("new tonight", query_of(f"status = 'OPEN' and opened = {tonight} and {here}")),
        *opened.cut("open", f"{of_site} {opened.total}"),
        *resolved.cut("resolved tonight", query_of(f"status = 'RESOLVED' and resolved_at = {tonight} and {here}")),
        *accepted.cut("accepted", f"{of_site} {accepted.total} --status ACCEPTED"),
    ]
    text = [
        f"**{literal(siteid)}: {counts.news()}{late_said}.**",
        f"Load of {latest_load(connection)}. {counts.standing}",
        "\n".join(f"- {line}" for line in lines if line),
    ]
    tables: dict[str, list[Row]] = {
        "1_new_tonight": new.rows,
        "2_open": opened.rows,
        "3_resolved_tonight": resolved.rows,
        "4_accepted": accepted.rows,
        "5_stands_out": [indicator_row(indicator) for indicator in flagged],
        "6_rows_kept_out": [{"form": row["form"], "rule": row["rule"], "rows": row["rows"]} for row in quarantined],
    }
    plotted = {"rows_kept_out": rows_kept_out, "indicators_standing_out": len(flagged), "files_held": len(held)}
    return Page("\n\n".join(text), with_rows(tables), counts.plotted | plotted)
