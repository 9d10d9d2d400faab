"""How many findings there are of each kind, for the trial and by site, and the sentence that is read first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields

import duckdb

from orchestration.review.pages.published import read
from orchestration.review.pages.wording import by_severity, number_of

COUNTS = """
with finding as (
    select
        severity, siteid, rule_id, status = 'OPEN' as is_open, overdue = 'Y' as is_overdue,
        status = 'OPEN' and opened = clockdt as is_new, status = 'ACCEPTED' as is_accepted,
        status = 'RESOLVED' and resolved_at = clockdt as is_resolved
    from quality.findings
    cross join metadata.run
)

select
    {siteid}
    count(*) filter (where is_open) as open,
    count(*) filter (where is_open and severity = 'CRITICAL') as open_critical,
    count(*) filter (where is_open and severity = 'MAJOR') as open_major,
    count(*) filter (where is_open and severity = 'MINOR') as open_minor,
    count(*) filter (where is_open and rule_id = 'DOS02') as gross_dose_errors,
    count(*) filter (where is_new) as new_tonight,
    count(*) filter (where is_new and severity = 'CRITICAL') as new_critical,
    count(*) filter (where is_new and rule_id = 'DOS02') as new_gross,
    count(distinct siteid) filter (where is_new) as sites_with_new,
    count(*) filter (where is_overdue) as overdue,
    count(*) filter (where is_resolved) as resolved_tonight,
    count(*) filter (where is_accepted) as accepted
from finding
{group_by}
"""


@dataclass(frozen=True)
class Counts:
    """Findings of the trial or of one site, counted tonight."""

    open: int
    open_critical: int
    open_major: int
    open_minor: int
    gross_dose_errors: int
    new_tonight: int
    new_critical: int
    new_gross: int
    sites_with_new: int
    overdue: int
    resolved_tonight: int
    accepted: int

    @property
    def plotted(self) -> dict[str, int]:
        """What Dagster plots over the nights."""
        names = ("open", "open_critical", "open_major", "open_minor", "new_tonight", "overdue")
        return {name: getattr(self, name) for name in (*names, "resolved_tonight", "accepted")}

    def news(self, where: str = "") -> str:
        """'3 findings are new tonight at 2 sites, 1 of them CRITICAL, 1 a gross dose error; 5 are overdue'."""
        gross = f", {'' if self.new_tonight == 1 else f'{self.new_gross} '}a gross dose error" if self.new_gross else ""
        if not self.new_tonight:
            new = "Nothing is new tonight"
        elif self.new_tonight == 1:
            new = f"1 {'CRITICAL ' if self.new_critical else ''}finding is new tonight{where}"
        else:
            new = (
                f"{self.new_tonight:,} findings are new tonight{where}, {self.new_critical or 'none'} of them CRITICAL"
            )
        overdue = f"{self.overdue:,} {'is' if self.overdue == 1 else 'are'}" if self.overdue else "nothing is"
        return f"{new}{gross}; {overdue} overdue"

    @property
    def standing(self) -> str:
        """'Open: 47 (13 CRITICAL, 24 MAJOR, 10 MINOR). Settled: 2 resolved tonight, 3 accepted.'"""
        severities = by_severity(self.open_critical, self.open_major, self.open_minor)
        opened = f"Open: {self.open:,} ({severities})" if self.open else "Nothing is open"
        gross = number_of(self.gross_dose_errors, "gross dose error")
        among = f", {gross} among them" if self.gross_dose_errors else ""
        return f"{opened}{among}. Settled: {self.resolved_tonight:,} resolved tonight, {self.accepted:,} accepted."


def count_findings(connection: duckdb.DuckDBPyConnection) -> Counts:
    """Of the whole trial."""
    (row,) = read(connection, COUNTS.format(siteid="", group_by=""))
    return Counts(**row)


def count_by_site(connection: duckdb.DuckDBPyConnection) -> defaultdict[str, Counts]:
    """Of every site, in one query; a site that never had a finding has none."""
    nothing = Counts(*[0] * len(fields(Counts)))
    by_site: defaultdict[str, Counts] = defaultdict(lambda: nothing)
    for row in read(connection, COUNTS.format(siteid="siteid,", group_by="where siteid is not null group by siteid")):
        siteid = row.pop("siteid")
        by_site[siteid] = Counts(**row)
    return by_site
