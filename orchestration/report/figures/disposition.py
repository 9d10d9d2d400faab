"""Disposition: from everyone in the data to week 48, who left on the way, and where those treated stand.

What belongs here: counts of subjects by status. What does not: when they came (`enrolment`), why week 48 failed
(`failures`).
"""

from __future__ import annotations

import altair as alt

from orchestration.report.contents import Chart, Drawing, Figure, Layout, Table, count_of, percent, whole
from orchestration.report.drawing import BLUE, GREY, LIGHT, ORANGE, data
from orchestration.report.flow_boxes import flow
from orchestration.report.published import Published, Row

FLOW = """
select
    count(*) as subjects,
    count(*) filter (where saffl = 'N' and eosstt = 'ONGOING') as screening,
    count(*) filter (where saffl = 'N' and eosstt <> 'ONGOING') as never,
    count(*) filter (where saffl = 'Y') as treated,
    count(*) filter (where saffl = 'Y' and trtsdt is null) as held,
    count(*) filter (where trtsdt is not null) as day0,
    count(*) filter (where trtsdt is not null and maturfl = 'N') as immature,
    count(*) filter (where trtsdt is not null and maturfl = 'Y') as mature,
    count(*) filter (where maturfl = 'Y' and respgrp = 'RESPONSE') as response,
    count(*) filter (where maturfl = 'Y' and respgrp = 'NO RESPONSE') as nonresponse
from analysis.adsl
"""
STATUS = """
with treated as (
    select
        eosstt as status,
        case when eosstt = 'DISCONTINUED' then coalesce(dcsreas, 'NO REASON GIVEN') end as reason,
        array_position(['COMPLETED', 'ONGOING', 'DISCONTINUED'], eosstt) as place
    from analysis.adsl
    where saffl = 'Y'
)

select status, reason, count(*) as subjects
from treated
group by place, status, reason
order by place, subjects desc, reason
"""
WORDS = {"COMPLETED": "Completed the study", "ONGOING": "In the study", "DISCONTINUED": "Left early"}
MOST_REASONS = 12


def figure(published: Published) -> Figure:
    """The flow as boxes, and the treated subjects by status."""
    (counts,), statuses = published.ask(FLOW), _pooled(published.ask(STATUS))
    definition = (
        "Everyone in the sites' demographics. Treated: at least one infusion. Day 0 is the date of the infusion given "
        "at visit D0; while it is unknown a subject is held and has no visits. Mature: week "
        f"{published.response_week} and the days for entering data lie before the site's latest data."
    )
    if not counts["subjects"]:
        return Figure("disposition", "Disposition", definition, missing="No site has delivered a subject yet.")
    drawings = [Drawing(_flow_in_words(counts), lambda layout: _boxes(counts, published.response_week, layout))]
    if statuses:
        said = ", ".join(f"{_label(row)} {row['subjects']}" for row in statuses)
        drawings.append(
            Drawing(f"Treated subjects by status: {said}.", lambda layout: _bars(statuses, layout), "Treated subjects")
        )
    rows = [[name, whole(number)] for name, number in _flow_rows(counts, published.response_week)]
    rows += [[f"Treated: {_label(row)}", whole(row["subjects"])] for row in statuses]
    return Figure("disposition", "Disposition", definition, drawings, table=Table(["subjects", "number"], rows))


def _pooled(rows: list[Row]) -> list[Row]:
    """The rarest reasons stand together."""
    kept, rest = rows[:MOST_REASONS], rows[MOST_REASONS:]
    other = sum(row["subjects"] for row in rest)
    return [*kept, {"status": "DISCONTINUED", "reason": "OTHER REASONS", "subjects": other}] if rest else kept


def _label(row: Row) -> str:
    reason = f": {row['reason'].lower()}" if row["reason"] else ""
    return f"{WORDS.get(row['status'], row['status'])}{reason}"


def _flow_rows(flow: Row, week: int) -> list[tuple[str, int]]:
    return [
        ("In the data", flow["subjects"]),
        ("Not treated, still in the study (screening)", flow["screening"]),
        ("Never treated, ended", flow["never"]),
        ("Treated", flow["treated"]),
        ("Held: day 0 unknown", flow["held"]),
        ("Day 0 known", flow["day0"]),
        (f"Week {week} not mature yet", flow["immature"]),
        (f"Week {week} mature", flow["mature"]),
        (f"Week {week} mature: response", flow["response"]),
        (f"Week {week} mature: no response", flow["nonresponse"]),
    ]


def _flow_in_words(flow: Row) -> str:
    return (
        f"Of {count_of(flow['subjects'], 'subject')}, {flow['treated']:,} were treated, {flow['day0']:,} have a known "
        f"day 0, and {flow['mature']:,} are mature: {flow['response']:,} with and {flow['nonresponse']:,} without "
        "response."
    )


def _boxes(counts: Row, week: int, layout: Layout) -> Chart:
    """Four boxes below each other, and beside the arrows those who leave the line."""
    line = [
        [f"In the data: {counts['subjects']:,}"],
        [f"Treated: {counts['treated']:,}"],
        [f"Day 0 known: {counts['day0']:,}"],
        [
            f"Week {week} mature: {counts['mature']:,}",
            f"response {counts['response']:,}, no response {counts['nonresponse']:,}",
        ],
    ]
    aside = [
        [f"In screening: {counts['screening']:,}", f"Never treated, ended: {counts['never']:,}"],
        [f"Held, day 0 unknown: {counts['held']:,}"],
        [f"Week {week} not mature yet: {counts['immature']:,}"],
    ]
    return flow(line, aside, layout)


def _bars(statuses: list[Row], layout: Layout) -> Chart:
    total = sum(row["subjects"] for row in statuses)
    tones = {"COMPLETED": BLUE, "ONGOING": LIGHT, "DISCONTINUED": ORANGE}
    rows = [
        {
            "label": layout.pick(_label(row), _label(row).removeprefix("Left early: ")),
            "subjects": row["subjects"],
            "colour": tones.get(row["status"], GREY),
            "said": f"{row['subjects']:,}" + layout.pick(f" ({percent(row['subjects'], total)})", ""),
        }
        for row in statuses
    ]
    most = max(row["subjects"] for row in statuses)
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=layout.pick(290, 165))),
        x=alt.X(
            "subjects:Q", title=None, axis=None, scale=alt.Scale(domain=[0, most * layout.pick(1.2, 1.25)], nice=False)
        ),
    )
    return alt.layer(
        base.mark_bar(stroke=GREY, strokeWidth=0.8).encode(color=alt.Color("colour:N", scale=None)),
        base.mark_text(align="left", dx=5).encode(text="said:N"),
    ).properties(height=alt.Step(24))
