"""The page of one subject, made on request: visits, infusions, components and findings, in order.

Everything on it is an id, a code, a date or a number, but for the findings' own sentences. How a row of a table reads
belongs in `subject_rows`.
"""

from __future__ import annotations

from typing import Any

import duckdb

from orchestration.review.pages.finding_rows import GROSS_FIRST, OPEN, findings, query_of, quoted
from orchestration.review.pages.page import Page, with_rows
from orchestration.review.pages.published import latest_load, not_there, read
from orchestration.review.pages.subject_rows import component_row, infusion_row, visit_row
from orchestration.review.pages.wording import by_severity, literal, number_of

# Also who is nowhere but in quarantine: a subject that `dm` does not have.
SUBJECTS = """
select usubjid from analysis.adsl
union
select usubjid from quality.findings where usubjid is not null
union
select usubjid from quality.quarantine where usubjid is not null
order by usubjid
"""
SUBJECT = "select * from analysis.adsl where usubjid = $subject"
# What has no date yet stands where the plan has it.
VISITS = """
select visits.*
from analysis.adsv as visits
inner join analysis.adsl using (usubjid)
where usubjid = $subject
order by coalesce(visits.svdt, trtsdt + visits.visitdy) nulls last, visits.visitnum, visits.srcid
"""
INFUSIONS = """
select infusions.*
from analysis.adex as infusions
inner join analysis.adsl using (usubjid)
where usubjid = $subject
order by coalesce(infusions.astdt, trtsdt + infusions.targetday) nulls last, infusions.plannum, infusions.srcid
"""
COMPONENTS = "select * from analysis.adsri where usubjid = $subject order by avisitn"
ROWS_KEPT_OUT = "select count(*) as rows from quality.quarantine where usubjid = $subject"
OF_SUBJECT = "finding.usubjid = $subject"
SETTLED = "finding.status <> 'OPEN'"
BY_DATE = f"""
    {GROSS_FIRST}, finding.first_seen, (
        select min(visitnum)
        from analysis.adsv
        where adsv.usubjid = finding.usubjid and adsv.visit = finding.visit
    ) nulls first, finding.rule_id, finding.form, finding.finding_id
"""
COUNTED = """
select
    count(*) filter (where status = 'OPEN') as open,
    count(*) filter (where status = 'OPEN' and severity = 'CRITICAL') as critical,
    count(*) filter (where status = 'OPEN' and severity = 'MAJOR') as major,
    count(*) filter (where status = 'OPEN' and severity = 'MINOR') as minor,
    count(*) filter (where status = 'ACCEPTED') as accepted,
    count(*) filter (where status = 'RESOLVED') as resolved
from quality.findings
where usubjid = $subject
"""


def subject_page(connection: duckdb.DuckDBPyConnection, usubjid: str) -> Page:
    """Everything about one subject, named as MRBS-S02-0017 or, as in the findings' sentences, S02-0017.

    Raises:
        NotThereError: no such subject is in the analysis, in quarantine or among the findings.
    """
    given = {"subject": _known(connection, usubjid)}
    (counted,) = read(connection, COUNTED, given)
    (kept_out,) = read(connection, ROWS_KEPT_OUT, given)
    opened = findings(connection, f"{OPEN} and {OF_SUBJECT}", given, BY_DATE)
    settled = findings(connection, f"{SETTLED} and {OF_SUBJECT}", given, BY_DATE)
    severities = by_severity(counted["critical"], counted["major"], counted["minor"])
    open_said = f"{number_of(opened.total, 'finding')} open ({severities})" if opened.total else "nothing open"
    all_of_subject = query_of(f"usubjid = {quoted(given['subject'])}")
    kept_out_said = f"{number_of(kept_out['rows'], 'row is', 'rows are')} kept out of the analysis"
    lines = [
        *_lines(read(connection, SUBJECT, given)),
        *([kept_out_said] if kept_out["rows"] else []),
        f"Settled: {counted['resolved']:,} resolved, {counted['accepted']:,} accepted",
        *opened.cut("open findings", all_of_subject),
        *settled.cut("settled findings", all_of_subject),
    ]
    text = [
        f"**{literal(given['subject'])}: {open_said}.**",
        f"Load of {latest_load(connection)}. Days are protocol days: the first infusion is day 0.",
        "\n".join(f"- {line}" for line in lines),
    ]
    tables = {
        "1_visits": [visit_row(visit) for visit in read(connection, VISITS, given)],
        "2_infusions": [infusion_row(infusion) for infusion in read(connection, INFUSIONS, given)],
        "3_components": [component_row(visit) for visit in read(connection, COMPONENTS, given)],
        "4_open_findings": opened.rows,
        "5_settled_findings": settled.rows,
    }
    return Page(
        "\n\n".join(text), with_rows(tables), {name: counted[name] for name in ("open", "accepted", "resolved")}
    )


def _known(connection: duckdb.DuckDBPyConnection, wanted: str) -> str:
    there: list[str] = [row["usubjid"] for row in read(connection, SUBJECTS)]
    for subject in (wanted, *(usubjid for usubjid in there if usubjid.split("-", 1)[-1] == wanted)):
        if subject in there:
            return subject
    raise not_there("subject", wanted, there)


def _lines(subjects: list[dict[str, Any]]) -> list[str]:
    """Where the subject stands in the trial."""
    if not subjects:
        return ["Not in the analysis: no usable row of dm names this subject, so what was delivered is kept out"]
    (subject,) = subjects
    lines = [
        _treatment(subject),
        _study(subject),
        f"Data of the site up to {subject['sitecutdt'] or 'an unknown date'}",
    ]
    if subject["icedt"]:
        lines.append(f"First intercurrent event: {literal(subject['iceterm'])} on {subject['icedt']}")
    if subject["respgrp"] not in (None, "HELD"):
        final = "final" if subject["maturfl"] == "Y" else "not final: week 48 is not mature"
        lines.append(f"Week 48: {subject['respgrp']}, reason {subject['respreas']} ({final})")
    return lines


def _treatment(subject: dict[str, Any]) -> str:
    if subject["trtsdt"]:
        return f"Day 0: {subject['trtsdt']}; last infusion given: {subject['trtedt']}"
    if subject["respgrp"] == "HELD":
        return (
            "**Held**: an infusion was given and day 0 is unknown, so there are no infusions, no components and no "
            "response on this page; DOS00 says what to ask"
        )
    return "Never infused: no infusions, no components, no response"


def _study(subject: dict[str, Any]) -> str:
    ended = f" on {subject['eosdt']}" if subject["eosdt"] else ""
    reason = f", {literal(subject['dcsreas'])}" if subject["dcsreas"] else ""
    return f"Consent: {subject['rficdt'] or 'unknown'}; study {subject['eosstt']}{ended}{reason}"
