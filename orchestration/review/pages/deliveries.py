"""What the sites delivered, as a page tells it: the last delivery, who is late, which files are held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from orchestration.review.pages.published import read
from orchestration.review.pages.wording import listed, literal, number_of

# Of a site that has delivered: a delivery is a folder; of its files some may have been refused or held.
LAST_DELIVERIES = """
with latest as (
    select siteid, max(delivered) as delivered
    from quality.deliveries
    group by siteid
)

select
    siteid,
    delivered,
    (
        select max(accepted.delivered)
        from quality.deliveries as accepted
        where accepted.siteid = latest.siteid and accepted.status in ('LOADED', 'UNCHANGED')
    ) as accepted,
    count(file.file) as files,
    list(coalesce(file.form, file.file, 'the delivery') || ' ' || lower(file.status) order by file.form, file.file)
        filter (where file.status not in ('LOADED', 'UNCHANGED')) as not_taken
from latest
inner join quality.deliveries as file using (siteid, delivered)
group by siteid, delivered
order by siteid
"""

# DEL08 and DEL07 know what is late and what is held: a file that was held once may have been made good by a later one.
LATE = """
select siteid, status
from quality.findings
where rule_id = 'DEL08' and status <> 'RESOLVED'
order by siteid
"""
HELD = """
select file.siteid, file.form, max(file.delivered) as delivered
from quality.deliveries as file
inner join quality.findings as finding
    on file.siteid = finding.siteid and file.form = finding.form
    and finding.rule_id = 'DEL07' and finding.status <> 'RESOLVED'
where file.status = 'HELD'
group by file.siteid, file.form
order by file.siteid, file.form
"""


def last_deliveries(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """The last delivery of every site that has delivered, by site."""
    return {row["siteid"]: row for row in read(connection, LAST_DELIVERIES)}


def late_sites(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The sites that are late, and whether that is OPEN or ACCEPTED."""
    return {row["siteid"]: row["status"] for row in read(connection, LATE)}


def held_files(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The files that are held until a person releases or withdraws them: site, form, and date of the delivery."""
    return read(connection, HELD)


def held_line(held: list[dict[str, Any]]) -> list[str]:
    """A line about what is held, if anything is."""
    if not held:
        return []
    files = listed(f"{literal(file['siteid'])} {literal(file['form'])} of {file['delivered']}" for file in held)
    what = number_of(len(held), "file is", "files are")
    it = "it" if len(held) == 1 else "them"
    return [f"{what} held until a person releases or withdraws {it}: {files} (`mrbs delivery list --status HELD`)"]


def last_taken(last: Mapping[str, Any] | None) -> str:
    """The date of the last delivery of which something was taken; a refused one may bear any date."""
    if last is None or last["accepted"] is None:
        return "none taken"
    return f"{last['accepted']}{', later one not taken' if last['accepted'] < last['delivered'] else ''}"


def delivery_line(last: Mapping[str, Any] | None) -> str:
    """One sentence about a site's last delivery."""
    if last is None:
        return "It has delivered nothing yet."
    said = f"Last delivery: {last['delivered']}, {number_of(last['files'], 'file')}"
    said += f", of which not taken: {listed(map(literal, last['not_taken']))}" if last["not_taken"] else ", all taken"
    if last["accepted"] != last["delivered"]:
        said += f"; last one of which something was taken: {last['accepted'] or 'none'}"
    return f"{said}."
