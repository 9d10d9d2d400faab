"""How each site compares with all others: the site indicators, and which of them stand out.

What belongs here: quality.site_indicators as it stands. What does not: limits or flags of its own.
"""

from __future__ import annotations

import altair as alt

from orchestration.report.contents import Chart, Drawing, Figure, Layout, Table, count_of, decimals
from orchestration.report.drawing import BLUE, GREY, VERMILLION, colours, data, legend_in, shapes
from orchestration.report.published import Published, Row

INDICATORS = """
select siteid, indicator, title, unit, value, others_value, lower, upper, flag, side, flagged_since
from quality.site_indicators
where value is not null
order by siteid, indicator
"""
MOST = 30
HIGH, LOW, WITHIN, NOT_JUDGED = "stands out: high", "stands out: low", "as the others", "too little to judge"
TONES = {HIGH: VERMILLION, LOW: BLUE, WITHIN: GREY, NOT_JUDGED: GREY}
DASH = "M-1,-.2L1,-.2L1,.2L-1,.2Z"
FORMS = {HIGH: "triangle-up", LOW: "triangle-down", WITHIN: "circle", NOT_JUDGED: DASH}


def figure(published: Published) -> Figure:
    """A grid of sites and indicators; the table has the values."""
    indicators = published.ask(INDICATORS)
    heading = "Sites beside each other"
    definition = (
        "Each indicator of a site (for example missed visits) against all other sites together. It stands out when "
        "chance alone would seldom bring a site like the others so far up or down, by exact limits. It is a reason to "
        "look, not a verdict."
    )
    if not indicators:
        return Figure("sites", heading, definition, missing="No indicator of any site can be counted yet.")
    out = [row for row in indicators if row["flag"] == "Y"]
    label = f"Standing out: {len(out):,} of {count_of(len(indicators), 'indicator')}."
    if out:
        named = ", ".join(f"{row['siteid']} {row['title'].lower()} ({row['side'].lower()})" for row in out[:10])
        label = f"{label} {named}{', and more' if len(out) > 10 else ''}."
    sites, notes = _sites(indicators), [label]
    if len(sites) > MOST:
        notes.append(f"Drawn are {MOST} of {len(sites):,} sites, those where most stands out first; the table has all.")
    rows = [
        [
            row["siteid"],
            row["title"],
            row["unit"],
            decimals(row["value"], 2),
            decimals(row["others_value"], 2),
            _standing(row),
            str(row["flagged_since"] or ""),
        ]
        for row in indicators
    ]
    table = Table(["site", "indicator", "unit", "value", "all others", "stands out", "since"], rows)
    if all(row["flag"] is None for row in indicators):
        return Figure(
            "sites", heading, definition, missing="There is too little yet to judge any site by.", table=table
        )
    return Figure(
        "sites",
        heading,
        definition,
        [Drawing(label, lambda layout: _grid(indicators, sites[:MOST], layout))],
        notes,
        table,
    )


def _sites(indicators: list[Row]) -> list[str]:
    """Those where most stands out first, else by name."""
    out: dict[str, int] = {}
    for row in indicators:
        out[row["siteid"]] = out.get(row["siteid"], 0) + (row["flag"] == "Y")
    if len(out) <= MOST:
        return sorted(out)
    return sorted(out, key=lambda site: (-out[site], site))


def _standing(row: Row) -> str:
    if row["flag"] is None:
        return NOT_JUDGED
    if row["flag"] == "N":
        return WITHIN
    return HIGH if row["side"] == "HIGH" else LOW


def _grid(indicators: list[Row], sites: list[str], layout: Layout) -> Chart:
    rows = [
        {"site": row["siteid"], "indicator": row["title"], "standing": _standing(row)}
        for row in indicators
        if row["siteid"] in sites
    ]
    legend = legend_in(layout.pick(4, 2))
    return (
        alt.Chart(data(rows))
        .mark_point(filled=True, opacity=1, size=110)
        .encode(
            x=alt.X(
                "indicator:N",
                title=None,
                axis=alt.Axis(
                    orient="top", labelAngle=-45, labelLimit=140, grid=True, labelFontSize=layout.pick(12, 11)
                ),
            ),
            y=alt.Y("site:N", sort=sites, title=None, axis=alt.Axis(grid=True, labelLimit=110)),
            color=alt.Color("standing:N", scale=colours(TONES), legend=legend),
            shape=alt.Shape("standing:N", scale=shapes(FORMS), legend=legend),
        )
        .properties(height=alt.Step(22))
    )
