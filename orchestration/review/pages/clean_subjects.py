"""The clean-subject tracker: who is complete through week 48, and of them, whose data have nothing left to ask.

*Complete*: the SRI-4 result of week 48 is known and final, that is week 48 is mature (trial.md: until then a better
record can still change it). *Clean*: complete, and nothing is open; what a person has accepted is settled. Who has
nothing but MINOR findings open is counted apart: nothing that bears on safety, dosing or the endpoint is left to ask.
"""

from __future__ import annotations

from typing import Any

import duckdb

from orchestration.review.pages.page import ROWS_SHOWN, Page, Row, with_rows
from orchestration.review.pages.published import latest_load, read
from orchestration.review.pages.wording import by_severity, listed, number_of

SUBJECTS = """
with open_by_rule as (
    select usubjid, severity, rule_id, count(*) as open, min(response_due) as due
    from quality.findings
    where status = 'OPEN' and usubjid is not null
    group by usubjid, severity, rule_id
),

open_by_subject as (
    select
        usubjid, min(due) as due, bool_or(rule_id = 'DOS02') as gross,
        cast(coalesce(sum(open) filter (where severity = 'CRITICAL'), 0) as bigint) as critical,
        cast(coalesce(sum(open) filter (where severity = 'MAJOR'), 0) as bigint) as major,
        cast(coalesce(sum(open) filter (where severity = 'MINOR'), 0) as bigint) as minor,
        list(
            case when open > 1 then open || ' x ' else '' end || rule_id
            order by rule_id = 'DOS02' desc, array_position(['CRITICAL', 'MAJOR', 'MINOR'], severity), rule_id
        ) as rules
    from open_by_rule
    group by usubjid
),

week_48 as (
    select usubjid, sri4 is not null and maturfl = 'Y' as complete
    from analysis.adsri
    where avisit = 'Week 48'
)

select
    adsl.siteid, adsl.usubjid, adsl.respgrp, coalesce(week_48.complete, false) as complete,
    coalesce(asked.critical, 0) as critical, coalesce(asked.major, 0) as major, coalesce(asked.minor, 0) as minor,
    asked.rules, asked.due
from analysis.adsl as adsl
left join week_48 on adsl.usubjid = week_48.usubjid
left join open_by_subject as asked on adsl.usubjid = asked.usubjid
where adsl.saffl = 'Y'
order by coalesce(asked.gross, false) desc, critical desc, major desc, minor desc, adsl.usubjid
"""
OF_NO_SUBJECT = "select count(*) as open from quality.findings where status = 'OPEN' and usubjid is null"


def clean_subjects(connection: duckdb.DuckDBPyConnection) -> Page:
    """Treated subjects by site; who is complete and not clean, with what is open; and who is clean."""
    treated = read(connection, SUBJECTS)
    complete = [subject for subject in treated if subject["complete"]]
    clean = [subject for subject in complete if _clean(subject)]
    only_minor = [subject for subject in complete if _only_minor(subject)]
    unclean = [subject for subject in complete if not _clean(subject)]
    held = [subject for subject in treated if subject["respgrp"] == "HELD"]
    lines = [
        "Complete: the SRI-4 result of week 48 is known and final",
        "Clean: complete, and nothing is open; what was accepted is settled",
        *([f"{number_of(len(held), 'subject is', 'subjects are')} held: day 0 is unknown"] if held else []),
        *_about_no_subject(connection),
        *_cut(unclean, "complete and not clean"),
        *_cut(clean, "clean"),
    ]
    text = [
        f"**{len(complete):,} of {number_of(len(treated), 'treated subject')} "
        f"{'is' if len(complete) == 1 else 'are'} complete through week 48, {len(clean):,} of them clean, "
        f"{len(only_minor):,} with nothing but MINOR open.**",
        f"Load of {latest_load(connection)}.",
        "\n".join(f"- {line}" for line in lines),
    ]
    tables = {
        "1_by_site": _by_site(treated),
        "2_complete_not_clean": [_unclean_row(subject) for subject in unclean[:ROWS_SHOWN]],
        "3_clean": [_clean_row(subject) for subject in clean[:ROWS_SHOWN]],
    }
    counts = {
        "treated": len(treated),
        "complete": len(complete),
        "clean": len(clean),
        "complete_only_minor": len(only_minor),
        "complete_not_clean": len(unclean),
        "held": len(held),
    }
    return Page("\n\n".join(text), with_rows(tables), counts)


def _about_no_subject(connection: duckdb.DuckDBPyConnection) -> list[str]:
    (found,) = read(connection, OF_NO_SUBJECT)
    if not found["open"]:
        return []
    return [
        f"Open findings that name no subject (a file, a row without its key), counted for nobody: {found['open']:,}"
    ]


def _clean(subject: dict[str, Any]) -> bool:
    return not subject["critical"] and not subject["major"] and not subject["minor"]


def _only_minor(subject: dict[str, Any]) -> bool:
    return not subject["critical"] and not subject["major"] and bool(subject["minor"])


def _by_site(treated: list[dict[str, Any]]) -> list[Row]:
    """A row per site with treated subjects, and one for all."""
    sites = sorted({subject["siteid"] for subject in treated})
    of_sites = [_row(site, [subject for subject in treated if subject["siteid"] == site]) for site in sites]
    return [*of_sites, _row("all", treated)] if sites else []


def _row(name: str, treated: list[dict[str, Any]]) -> Row:
    complete = [subject for subject in treated if subject["complete"]]
    clean, only_minor = sum(map(_clean, complete)), sum(map(_only_minor, complete))
    return {
        "site": name,
        "treated": len(treated),
        "complete": len(complete),
        "clean": clean,
        "only MINOR": only_minor,
        "not clean": len(complete) - clean - only_minor,
        "held": sum(subject["respgrp"] == "HELD" for subject in treated),
    }


def _unclean_row(subject: dict[str, Any]) -> Row:
    return {
        "subject": subject["usubjid"],
        "week 48": subject["respgrp"],
        "open": by_severity(subject["critical"], subject["major"], subject["minor"]),
        "rules": listed(subject["rules"]),
        "first answer due": str(subject["due"]),
    }


def _clean_row(subject: dict[str, Any]) -> Row:
    return {"subject": subject["usubjid"], "week 48": subject["respgrp"]}


def _cut(subjects: list[dict[str, Any]], what: str) -> list[str]:
    if len(subjects) <= ROWS_SHOWN:
        return []
    return [f"Of {len(subjects):,} subjects {what}, {ROWS_SHOWN} are shown; the pages of the sites have the findings"]
