"""Exposure: what became of each planned infusion, and how much of the planned dose subjects received.

What belongs here: adex and adexsum, counted. What does not: visits (`swimmer`), doses of single infusions.
"""

from __future__ import annotations

import altair as alt

from orchestration.report.contents import Chart, Drawing, Figure, Layout, Table, count_of, decimals, percent, whole
from orchestration.report.drawing import BLUE, LIGHT, PURPLE, VERMILLION, colours, data, legend_in
from orchestration.report.published import Published, Row

INFUSIONS = """
select
    plannum,
    visit,
    count(*) filter (where status = 'GIVEN') as given,
    count(*) filter (where status = 'MISSED') as missed,
    count(*) filter (where status = 'NOT DUE') as notdue,
    count(*) filter (where status = 'PENDING') as pending
from analysis.adex
where plannum is not null
group by plannum, visit
order by plannum
"""
# In steps of 5 %; what lies beyond either end stands in the outermost bar.
INTENSITY = """
select cast(least(greatest(floor(rdi / 5) * 5, $lowest), $highest) as integer) as step, count(*) as subjects
from analysis.adexsum
where rdi is not null
group by step
order by step
"""
SUMMARY = """
select
    count(*) as subjects,
    count(rdi) as known,
    cast(coalesce(sum(ngiven), 0) as bigint) as given,
    cast(coalesce(sum(nmissed), 0) as bigint) as missed,
    median(rdi) as median
from analysis.adexsum
"""
LOWEST, HIGHEST, STEP = 50, 120, 5
NAMES = {"given": "given", "missed": "missed", "notdue": "not due", "pending": "pending"}
TONES = {"given": BLUE, "missed": VERMILLION, "not due": PURPLE, "pending": LIGHT}


def figure(published: Published) -> Figure:
    """The planned infusions by status, and the relative dose intensity."""
    infusions = published.ask(INFUSIONS)
    (total,) = published.ask(SUMMARY)
    definition = (
        "Each planned infusion of each subject with a known day 0: given; missed (recorded as not given, or due and "
        "never recorded); not due (after the end of study or treatment); pending. Relative dose intensity: the dose "
        f"given in percent of the dose planned ({published.parameter('planned_mg_per_kg')} mg/kg) for the infusions "
        "that were due."
    )
    if not infusions:
        return Figure(
            "exposure", "Exposure", definition, missing="Nobody has a known day 0 yet, so no infusion is due."
        )
    doses = published.ask(INTENSITY, lowest=LOWEST, highest=HIGHEST)
    label = (
        f"{count_of(total['given'], 'infusion')} given and {total['missed']:,} missed in "
        f"{count_of(total['subjects'], 'subject')}."
    )
    drawings = [Drawing(label, lambda layout: _stacks(infusions, layout), "Planned infusions")]
    if doses:
        median = (
            f"Relative dose intensity of {count_of(total['known'], 'subject')}: median "
            f"{decimals(total['median'], 1)} %."
        )
        drawings.append(Drawing(median, lambda layout: _histogram(doses, layout), "Relative dose intensity"))
        label = f"{label} {median}"
    rows = [
        [row["visit"], *(whole(row[name]) for name in NAMES), percent(row["given"], row["given"] + row["missed"])]
        for row in infusions
    ]
    table = Table(
        ["infusion", *NAMES.values(), "given of due"],
        rows + [[f"intensity {_range(row['step'])}", whole(row["subjects"]), "", "", "", ""] for row in doses],
        "Below the infusions: subjects by relative dose intensity.",
    )
    return Figure("exposure", "Exposure", definition, drawings, [label], table)


def _range(step: int) -> str:
    if step <= LOWEST:
        return f"below {LOWEST + STEP} %"
    return f"{step} % and more" if step >= HIGHEST else f"{step} to below {step + STEP} %"


def _stacks(infusions: list[Row], layout: Layout) -> Chart:
    rows = [
        {"visit": row["visit"], "status": NAMES[name], "subjects": row[name], "order": order}
        for row in infusions
        for order, name in enumerate(NAMES)
        if row[name]
    ]
    return (
        alt.Chart(data(rows))
        .mark_bar(stroke="#6b7480", strokeWidth=0.6)
        .encode(
            x=alt.X(
                "visit:N",
                sort=[row["visit"] for row in infusions],
                title=None,
                axis=alt.Axis(labelAngle=layout.pick(0, -60)),
            ),
            y=alt.Y("subjects:Q", title="subjects", axis=alt.Axis(tickMinStep=1, tickCount=5)),
            color=alt.Color("status:N", scale=colours(TONES), legend=legend_in(layout.pick(4, 2), symbolType="square")),
            order="order:Q",
        )
        .properties(height=layout.pick(270, 230))
    )


def _histogram(doses: list[Row], layout: Layout) -> Chart:
    rows = [
        {"step": row["step"], "end": row["step"] + STEP, "subjects": row["subjects"], "said": f"{row['subjects']:,}"}
        for row in doses
    ]
    x = alt.X(
        "step:Q",
        title="percent of the planned dose",
        scale=alt.Scale(domain=[LOWEST, HIGHEST + STEP], nice=False),
        axis=alt.Axis(
            values=list(range(LOWEST, HIGHEST + STEP, 10)),
            labelExpr=f"datum.value == {LOWEST} ? '<{LOWEST + STEP}' : datum.label",
        ),
    )
    for row in rows:
        row |= {"middle": row["step"] + STEP / 2, "zero": 0}
    y = alt.Y("subjects:Q", title="subjects", axis=alt.Axis(tickMinStep=1, tickCount=4))
    return alt.layer(
        alt.Chart(data(rows)).mark_rect(color=BLUE, stroke="white").encode(x=x, x2="end:Q", y=y, y2="zero:Q"),
        alt.Chart(data(rows))
        .mark_text(dy=-7, fontSize=layout.pick(11, 9))
        .encode(x=alt.X("middle:Q"), y=y, text="said:N"),
    ).properties(height=layout.pick(200, 180))
