"""The three components of SRI-4 over time: how often each is met, as observed.

What belongs here: adsri's component flags, counted. What does not: the composite (`response`), and why subjects are
counted as no response in the end (`failures`).
"""

from __future__ import annotations

import altair as alt

from orchestration.report.contents import Chart, Drawing, Figure, Layout, Table, percent, whole
from orchestration.report.drawing import BLACK, BLUE, VERMILLION, colours, data, legend_in, shapes
from orchestration.report.published import Published, Row

MET = """
with flags as (
    select
        avisitn,
        avisit,
        unnest([1, 2, 3]) as place,
        unnest(['sledfl', 'bilfl', 'pgafl']) as component,
        unnest([sledfl, bilfl, pgafl]) as met
    from analysis.adsri
    where maturfl = 'Y'
)

select
    avisitn,
    avisit,
    component,
    count(*) as mature,
    count(met) as known,
    count(*) filter (where met = 'Y') as met
from flags
group by avisitn, avisit, place, component
order by avisitn, place
"""
NAMES = {"sledfl": "SLEDAI-2K fell enough", "bilfl": "BILAG no worse", "pgafl": "PGA no worse"}
TONES = {NAMES["sledfl"]: BLUE, NAMES["bilfl"]: BLACK, NAMES["pgafl"]: VERMILLION}
FORMS = {NAMES["sledfl"]: "circle", NAMES["bilfl"]: "square", NAMES["pgafl"]: "triangle-up"}


def figure(published: Published) -> Figure:
    """The share of subjects who meet each component, of those in whom it is known."""
    counts = published.ask(MET)
    definition = (
        f"Of the subjects whose visit is mature and in whom the component is known: how many meet it. SLEDAI-2K fell "
        f"by at least {published.parameter('sri_points')} points; BILAG-2004 has no new A and at most one new B; PGA "
        f"rose by less than {published.parameters['pga_worsening']:.2f}; each against baseline. As observed: no "
        "intercurrent event is applied, and who has left is not in it."
    )
    if not any(row["known"] for row in counts):
        missing = "No component is known yet at a mature visit."
        return Figure("components", "The components of SRI-4", definition, missing=missing)
    last = [row for row in counts if row["known"]][-3:]
    label = f"{last[-1]['avisit']}: " + ", ".join(
        f"{NAMES[row['component']]} in {row['met']:,} of {row['known']:,}"
        for row in last
        if row["avisitn"] == last[-1]["avisitn"]
    )
    rows = [
        [
            row["avisit"],
            NAMES[row["component"]],
            whole(row["known"]),
            whole(row["met"]),
            percent(row["met"], row["known"]),
            whole(row["mature"] - row["known"]),
        ]
        for row in counts
    ]
    columns = ["visit", "component", "known", "met", "share", "unknown at a mature visit"]
    return Figure(
        "components",
        "The components of SRI-4",
        definition,
        [Drawing(f"{label}.", lambda layout: _lines(counts, layout))],
        [f"{label}."],
        Table(columns, rows),
    )


def _lines(counts: list[Row], layout: Layout) -> Chart:
    rows = [
        {"week": row["avisitn"], "share": row["met"] / row["known"], "component": NAMES[row["component"]]}
        for row in counts
        if row["known"]
    ]
    weeks = sorted({row["avisitn"] for row in counts})
    ticks = [week for week in weeks if week not in (2, 4)][::2] if layout.narrow else weeks
    legend = legend_in(layout.pick(3, 1))
    base = alt.Chart(data(rows)).encode(
        x=alt.X(
            "week:Q",
            title="week",
            scale=alt.Scale(domain=[0, max(weeks) + 2], nice=False),
            axis=alt.Axis(values=ticks, format="d"),
        ),
        y=alt.Y(
            "share:Q",
            title="subjects who meet it",
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(format="%", tickCount=5),
        ),
        color=alt.Color("component:N", scale=colours(TONES), legend=legend),
    )
    return alt.layer(
        base.mark_line(strokeWidth=1.5),
        base.mark_point(filled=True, size=layout.pick(75, 50), opacity=1).encode(
            shape=alt.Shape("component:N", scale=shapes(FORMS), legend=legend)
        ),
    ).properties(height=layout.pick(280, 240))
