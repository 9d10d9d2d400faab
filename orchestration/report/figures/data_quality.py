"""Data quality by site: open findings, rows kept out, and deliveries that were not taken.

What belongs here: counts from the schema `quality`, site by site. What does not: a rule's meaning (docs/rules.md), and
how a site compares with the others (`site_indicators`).
"""

from __future__ import annotations

import altair as alt

from orchestration.report.contents import UNKNOWN, Chart, Drawing, Figure, Layout, Table, count_of, whole
from orchestration.report.drawing import BLACK, ORANGE, SKY, VERMILLION, colours, data, legend_in, whole_ticks
from orchestration.report.published import Published, Row

SITES = """
with sites as (
    select siteid from analysis.adsl
    union
    select siteid from quality.findings where siteid is not null
    union
    select siteid from quality.deliveries where siteid is not null
),

subjects as (
    select siteid, count(*) as subjects, max(sitecutdt) as cut from analysis.adsl group by siteid
),

findings as (
    select
        siteid,
        count(*) filter (where status = 'OPEN' and severity = 'CRITICAL') as critical,
        count(*) filter (where status = 'OPEN' and severity = 'MAJOR') as major,
        count(*) filter (where status = 'OPEN' and severity = 'MINOR') as minor,
        count(*) filter (where overdue = 'Y') as overdue,
        count(*) filter (where status = 'ACCEPTED') as accepted
    from quality.findings
    group by siteid
),

kept_out as (select siteid, count(*) as quarantined from quality.quarantine group by siteid),

deliveries as (
    select siteid, count(*) filter (where status in ('REFUSED', 'HELD')) as refused
    from quality.deliveries
    group by siteid
)

select
    sites.siteid,
    coalesce(subjects.subjects, 0) as subjects,
    subjects.cut,
    coalesce(findings.critical, 0) as critical,
    coalesce(findings.major, 0) as major,
    coalesce(findings.minor, 0) as minor,
    coalesce(findings.overdue, 0) as overdue,
    coalesce(findings.accepted, 0) as accepted,
    coalesce(kept_out.quarantined, 0) as quarantined,
    coalesce(deliveries.refused, 0) as refused
from sites
left join subjects on subjects.siteid = sites.siteid
left join findings on findings.siteid = sites.siteid
left join kept_out on kept_out.siteid = sites.siteid
left join deliveries on deliveries.siteid = sites.siteid
order by critical + major + minor desc, sites.siteid
"""
STUDY_WIDE = "select count(*) as findings from quality.findings where siteid is null and status = 'OPEN'"
MOST = 30
TONES = {"critical": VERMILLION, "major": ORANGE, "minor": SKY}


def figure(published: Published) -> Figure:
    """Open findings of each site by severity, the most first."""
    sites = published.ask(SITES)
    (study_wide,) = published.ask(STUDY_WIDE)
    heading = "Data quality by site"
    definition = (
        "Findings that are open: what a rule has found wrong in the delivered data, neither resolved nor accepted. "
        "Critical: the record can't be used. Major: a question to the site. Minor: worth a look. Overdue: open for "
        f"more than {published.parameter('finding_response_days')} days."
    )
    if not sites:
        return Figure("quality", heading, definition, missing="No site has delivered anything yet.")
    found = [row for row in sites if row["critical"] + row["major"] + row["minor"]]
    total = sum(row["critical"] + row["major"] + row["minor"] for row in sites)
    label = f"{count_of(total, 'finding')} open at {count_of(len(found), 'site')} of {len(sites):,}."
    notes = [label]
    if study_wide["findings"]:
        notes.append(f"Of no site in particular: {count_of(study_wide['findings'], 'open finding')}.")
    if len(found) > MOST:
        notes.append(f"Drawn are the {MOST} sites with the most; the table has all.")
    rows = [
        [
            row["siteid"],
            whole(row["subjects"]),
            str(row["cut"] or UNKNOWN),
            *(
                whole(row[name])
                for name in ("critical", "major", "minor", "overdue", "accepted", "quarantined", "refused")
            ),
        ]
        for row in sites
    ]
    columns = [
        *("site", "subjects", "data up to", "critical", "major", "minor", "overdue", "accepted"),
        *("rows kept out", "files refused or held"),
    ]
    table = Table(columns, rows)
    if not found:
        return Figure("quality", heading, definition, missing="No finding is open at any site.", table=table)
    return Figure(
        "quality", heading, definition, [Drawing(label, lambda layout: _bars(found[:MOST], layout))], notes, table
    )


def _bars(sites: list[Row], layout: Layout) -> Chart:
    rows = [
        {"site": row["siteid"], "severity": severity, "findings": row[severity], "order": order}
        for row in sites
        for order, severity in enumerate(TONES)
        if row[severity]
    ]
    totals = [{"site": row["siteid"], "findings": sum(row[severity] for severity in TONES)} for row in sites]
    for total, row in zip(totals, sites, strict=True):
        total["said"] = " + ".join(f"{row[severity]:,}" for severity in TONES)
    order = [row["siteid"] for row in sites]
    most = max(total["findings"] for total in totals)
    room = most * layout.pick(1.15, 1.5)
    y = alt.Y("site:N", sort=order, title=None, axis=alt.Axis(labelLimit=110))
    x = alt.X(
        "findings:Q",
        title="open findings (critical + major + minor)",
        scale=alt.Scale(domain=[0, room], nice=False),
        axis=alt.Axis(values=whole_ticks(most, 6), format=",d"),
    )
    return alt.layer(
        alt.Chart(data(rows))
        .mark_bar(stroke="white")
        .encode(
            y=y,
            x=x,
            color=alt.Color("severity:N", scale=colours(TONES), legend=legend_in(3, symbolType="square")),
            order="order:Q",
        ),
        alt.Chart(data(totals)).mark_text(align="left", dx=5, fontSize=11, color=BLACK).encode(y=y, x=x, text="said:N"),
    ).properties(height=alt.Step(21))
