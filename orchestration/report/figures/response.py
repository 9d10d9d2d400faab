"""SRI-4 over time: the published rates with their intervals, and how many visits are not mature yet.

What belongs here: srisum as it stands. What does not: any rate of its own; the components (`components`).
"""

from __future__ import annotations

from typing import Any

import altair as alt

from orchestration.report.contents import Chart, Drawing, Figure, Layout, Table, share, whole
from orchestration.report.drawing import BLUE, ORANGE, VERMILLION, colours, data, legend_in, shapes
from orchestration.report.published import Published, Row

RATES = """
select * from analysis.srisum order by avisitn, array_position(['NRI', 'OC', 'LOCF'], estimator)
"""
NAMES = {
    "NRI": "primary (non-responder imputation)",
    "OC": "observed cases",
    "LOCF": "last observation carried forward",
}
TONES = {NAMES["NRI"]: BLUE, NAMES["OC"]: VERMILLION, NAMES["LOCF"]: ORANGE}
FORMS = {NAMES["NRI"]: "circle", NAMES["OC"]: "square", NAMES["LOCF"]: "triangle-up"}
TITLE = "subjects with SRI-4 response"
BESIDE = {"NRI": 0.0, "OC": -0.8, "LOCF": 0.8}


def figure(published: Published) -> Figure:
    """The three estimators at every analysis visit, with 95 % intervals."""
    rates = published.ask(RATES)
    week = published.response_week
    definition = (
        f"SRI-4 response: SLEDAI-2K fell by at least {published.parameter('sri_points')} points, no new BILAG A and at "
        f"most one new B, PGA risen by less than {published.parameters['pga_worsening']:.2f}, each against baseline. "
        "Primary: after an intercurrent event, and where nothing is known, counted as no response. Observed cases: "
        "only what was assessed, no event applied. Bars are 95 % Wilson intervals; only mature visits count."
    )
    if not any(row["n"] for row in rates):
        return Figure("response", "SRI-4 over time", definition, missing=_missing(rates))
    at_end = [row for row in rates if row["avisitn"] == week and row["estimator"] == "NRI" and row["n"]]
    label = " ".join(_in_words(row) for row in at_end) or f"SRI-4 rates by week; week {week} is not mature for anybody."
    rows = [
        [
            row["avisit"],
            row["estimator"],
            whole(row["n"]),
            whole(row["nresp"]),
            share(row["rate"]),
            f"{share(row['cilow'])} to {share(row['cihigh'])}" if row["n"] else "",
            whole(row["nimmature"]),
        ]
        for row in rates
    ]
    columns = ["visit", "estimator", "known", "responders", "rate", "95 % interval", "not mature yet"]
    return Figure(
        "response",
        "SRI-4 over time",
        definition,
        [Drawing(label, lambda layout: _points(rates, layout))],
        [label, "The numbers below the axis are the subjects behind the primary rate."],
        Table(columns, rows, "NRI: non-responder imputation (primary). OC: observed cases. LOCF: components carried."),
    )


def _in_words(row: Row) -> str:
    return (
        f"{row['avisit']}: {row['nresp']:,} of {row['n']:,} mature subjects respond, {share(row['rate'])} (95 % "
        f"interval {share(row['cilow'])} to {share(row['cihigh'])}); {row['nimmature']:,} more are not mature yet."
    )


def _missing(rates: list[Row]) -> str:
    waiting = max((row["nimmature"] for row in rates), default=0)
    return (
        f"No analysis visit is mature yet; {waiting:,} treated subjects are on their way."
        if waiting
        else ("Nobody has been treated yet, so no visit can be mature.")
    )


def _points(rates: list[Row], layout: Layout) -> Chart:
    rows: list[dict[str, Any]] = [
        {
            "week": row["avisitn"] + BESIDE[row["estimator"]],
            "rate": float(row["rate"]),
            "low": float(row["cilow"]),
            "high": float(row["cihigh"]),
            "estimator": NAMES[row["estimator"]],
        }
        for row in rates
        if row["n"] and row["estimator"] in NAMES
    ]
    every = layout.pick(1, 2)
    weeks = sorted({row["avisitn"] for row in rates})
    # Week 2 and 4 lie too close for labels on a phone.
    ticks = [week for week in weeks if week not in (2, 4) or not layout.narrow][:: every if layout.narrow else 1]
    # Numbers above a thousand would run into each other where weeks are close.
    roomy = [week for week in ticks if week != weeks[0] or max(row["n"] for row in rates) < 1000]
    counts = [
        {"week": row["avisitn"], "n": f"{row['n']:,}"}
        for row in rates
        if row["estimator"] == "NRI" and row["avisitn"] in roomy
    ]
    x = alt.X(
        "week:Q",
        title="week",
        scale=alt.Scale(domain=[0, max(weeks) + 2], nice=False),
        axis=alt.Axis(values=ticks, format="d", offset=22),
    )
    y = alt.Y(
        "rate:Q",
        title=TITLE,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", tickCount=5),
    )
    legend = legend_in(layout.pick(3, 1))
    colour = alt.Color("estimator:N", scale=colours(TONES), legend=legend)
    base = alt.Chart(data(rows)).encode(x=x, color=colour)
    return alt.layer(
        base.mark_line(strokeWidth=1, opacity=0.45).encode(y=y),
        base.mark_rule(strokeWidth=1.5).encode(y=alt.Y("low:Q", title=TITLE), y2="high:Q"),
        base.mark_point(filled=True, size=layout.pick(70, 45), opacity=1).encode(
            y=y, shape=alt.Shape("estimator:N", scale=shapes(FORMS), legend=legend)
        ),
        alt.Chart(data(counts))
        .mark_text(baseline="top", dy=7, fontSize=layout.pick(11, 10))
        .encode(x=x, y=alt.value(layout.pick(300, 260)), text="n:N"),
    ).properties(height=layout.pick(300, 260))
