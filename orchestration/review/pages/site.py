"""The page of one site: its news, what is open, what it delivered, where it stands out, what is kept out."""

from __future__ import annotations

from collections import defaultdict
from shlex import quote
from typing import Any

import duckdb

from orchestration.review.pages.counting import count_by_site
from orchestration.review.pages.deliveries import delivery_line, held_files, held_line, last_deliveries, late_sites
from orchestration.review.pages.finding_rows import (
    ACCEPTED,
    NEW_TONIGHT,
    OPEN,
    RESOLVED_TONIGHT,
    findings_by_site,
    query_of,
    quoted,
)
from orchestration.review.pages.indicators import indicator_row, stands_out
from orchestration.review.pages.page import Page, Row, with_rows
from orchestration.review.pages.published import latest_load, not_there, read, sites
from orchestration.review.pages.wording import literal, number_of

QUARANTINED = """
select kept_out.siteid, kept_out.form, concat_ws(' ', kept_out.rule_id, rules.title) as rule, count(*) as rows
from quality.quarantine as kept_out
left join quality.rules as rules on kept_out.rule_id = rules.rule_id
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
    return SitePages(connection).page(siteid)


class SitePages:
    """The pages of all sites, from one reading of the published tables: after a load every site gets its page."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.tonight = latest_load(connection)
        self.counts = count_by_site(connection)
        self.late = late_sites(connection)
        self.held = _by_site(held_files(connection))
        self.delivered = last_deliveries(connection)
        self.flagged = _by_site(stands_out(connection))
        self.quarantined = _by_site(read(connection, QUARANTINED))
        self.new, self.open = findings_by_site(connection, NEW_TONIGHT), findings_by_site(connection, OPEN)
        self.resolved = findings_by_site(connection, RESOLVED_TONIGHT)
        self.accepted = findings_by_site(connection, ACCEPTED)

    def page(self, siteid: str) -> Page:
        """The page of one site."""
        counts, late, held = self.counts[siteid], self.late.get(siteid), self.held[siteid]
        new, opened = self.new[siteid], self.open[siteid]
        resolved, accepted = self.resolved[siteid], self.accepted[siteid]
        flagged, quarantined = self.flagged[siteid], self.quarantined[siteid]
        rows_kept_out = sum(row["rows"] for row in quarantined)
        late_said = {"OPEN": "; it is late", "ACCEPTED": "; it is late, which has been accepted", None: ""}[late]
        tonight, here = f"date '{self.tonight}'", f"siteid = {quoted(siteid)}"
        of_site = f"mrbs findings --site {quote(siteid)} --limit"
        lines = [
            delivery_line(self.delivered.get(siteid)),
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
            f"Load of {self.tonight}. {counts.standing}",
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


def _by_site(rows: list[dict[str, Any]]) -> defaultdict[str, list[dict[str, Any]]]:
    """Rows by their site, in their order."""
    by_site: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_site[row["siteid"]].append(row)
    return by_site
