"""The two groups at baseline: standardised differences between subjects with and without response.

What belongs here: resptab, restricted to what is known at baseline. What does not: a test or a model.
"""

from __future__ import annotations

from typing import Any, Literal

import altair as alt

from orchestration.report.contents import Chart, Drawing, Figure, Layout, Table, decimals, whole
from orchestration.report.drawing import BLACK, BLUE, GREY, VERMILLION, data
from orchestration.report.published import Published, Row

# One row per variable and level, both groups in it; labels and when a variable is known stand in the dictionary.
PAIRS = """
with baseline as (
    select column_name, label, unit, position
    from metadata.dictionary
    where table_schema = 'analysis' and table_name = 'respbl' and known_at = 'BASELINE'
)

select
    resptab.variable,
    resptab.level,
    baseline.label,
    baseline.unit,
    any_value(resptab.stddiff) as stddiff,
    count(*) over (partition by resptab.variable) as levels,
    row_number() over (partition by resptab.variable order by resptab.level) as place,
    max(resptab.n) filter (where resptab.respgrp = 'RESPONSE') as n_response,
    max(resptab.mean) filter (where resptab.respgrp = 'RESPONSE') as mean_response,
    max(resptab.sd) filter (where resptab.respgrp = 'RESPONSE') as sd_response,
    max(resptab.count) filter (where resptab.respgrp = 'RESPONSE') as count_response,
    max(resptab.percent) filter (where resptab.respgrp = 'RESPONSE') as percent_response,
    max(resptab.n) filter (where resptab.respgrp = 'NO RESPONSE') as n_nonresponse,
    max(resptab.mean) filter (where resptab.respgrp = 'NO RESPONSE') as mean_nonresponse,
    max(resptab.sd) filter (where resptab.respgrp = 'NO RESPONSE') as sd_nonresponse,
    max(resptab.count) filter (where resptab.respgrp = 'NO RESPONSE') as count_nonresponse,
    max(resptab.percent) filter (where resptab.respgrp = 'NO RESPONSE') as percent_nonresponse
from analysis.resptab
inner join baseline on baseline.column_name = resptab.variable
group by resptab.variable, resptab.level, baseline.label, baseline.unit, baseline.position
order by baseline.position, resptab.level
"""
SIZES = """
select
    count(*) filter (where respgrp = 'RESPONSE') as response,
    count(*) filter (where respgrp = 'NO RESPONSE') as nonresponse
from analysis.respbl
"""
MOST = 25
Side = tuple[str, Literal["left", "right"], int]
BESIDE: tuple[Side, Side] = (("more", "left", 8), ("less", "right", -8))
NOTABLE = 0.2  # a convention of reading, not of the trial


def figure(published: Published) -> Figure:
    """The largest differences as points, all of them in the table."""
    week = published.response_week
    heading = "The two groups at baseline"
    definition = (
        f"Subjects with and without response at week {week} (mature ones only), compared in what was known before the "
        "first infusion. Standardised difference: the difference of the means or shares, response minus no response, "
        "in units of the pooled standard deviation. By convention up to 0.2 (dashed) is small; chance alone makes "
        "some larger, the more so the smaller the groups are. It is a description, not a test."
    )
    pairs = published.ask(PAIRS)
    (sizes,) = published.ask(SIZES)
    drawn = _largest(pairs)
    if not drawn:
        return Figure(
            "groups",
            heading,
            definition,
            missing=f"Mature so far: {sizes['response']:,} with and {sizes['nonresponse']:,} without response, "
            "too few to compare the groups.",
        )
    label = (
        f"{sizes['response']:,} subjects with and {sizes['nonresponse']:,} without response. The largest difference: "
        f"{_name(drawn[0])}, {decimals(drawn[0]['stddiff'], 2)}."
    )
    there = sum(_stands_for_itself(row) for row in pairs)
    notes = [label, "Of a variable with two levels one is drawn: the other is its mirror image."]
    if len(drawn) < there:
        notes.append(f"Drawn are the {len(drawn)} largest of {there}; the table has all.")
    rows = [
        [
            _name(row),
            row["unit"] or "",
            whole(row["n_response"]),
            _described(row, "response"),
            whole(row["n_nonresponse"]),
            _described(row, "nonresponse"),
            decimals(row["stddiff"], 2),
        ]
        for row in pairs
    ]
    columns = ["at baseline", "unit", "known", "response", "known", "no response", "std. difference"]
    return Figure(
        "groups",
        heading,
        definition,
        [Drawing(label, lambda layout: _points(drawn, layout))],
        notes,
        Table(columns, rows, "Numbers: mean (standard deviation). Categories: subjects (percent of those known)."),
    )


def _stands_for_itself(row: Row) -> bool:
    """A number, a level of several, or the second of two."""
    return bool(row["levels"] != 2 or row["place"] == 2)


def _largest(pairs: list[Row]) -> list[Row]:
    known = [row for row in pairs if row["stddiff"] is not None and _stands_for_itself(row)]
    return sorted(known, key=lambda row: (-abs(row["stddiff"]), row["variable"], row["level"]))[:MOST]


def _name(row: Row) -> str:
    label = row["label"].removeprefix("Baseline ")
    return (
        label
        if row["level"] == "ALL" or (row["levels"] == 2 and row["level"] in ("Y", "1"))
        else f"{label}: {row['level']}"
    )


def _described(row: Row, group: str) -> str:
    if row["level"] == "ALL":
        return f"{decimals(row[f'mean_{group}'], 2)} ({decimals(row[f'sd_{group}'], 2)})"
    return f"{whole(row[f'count_{group}'])} ({decimals(row[f'percent_{group}'], 1)} %)"


def _points(drawn: list[Row], layout: Layout) -> Chart:
    rows: list[dict[str, Any]] = [
        {
            "name": _name(row),
            "difference": float(row["stddiff"]),
            "zero": 0,
            "said": decimals(row["stddiff"], 2),
            "side": "more" if row["stddiff"] > 0 else "less",
        }
        for row in drawn
    ]
    reach = max(0.5, *(abs(row["difference"]) for row in rows)) * layout.pick(1.2, 1.75)
    x = alt.X(
        "difference:Q",
        title=layout.pick(
            "lower in responders  ←   standardised difference   →  higher in responders",
            "lower  ←   responders   →  higher",
        ),
        scale=alt.Scale(domain=[-reach, reach], nice=False),
        axis=alt.Axis(tickCount=layout.pick(9, 5), format=".1f"),
    )
    y = alt.Y(
        "name:N",
        sort=[row["name"] for row in rows],
        title=None,
        axis=alt.Axis(labelLimit=layout.pick(280, 165), labelFontSize=layout.pick(12, 11), grid=True),
    )
    tones = alt.Color("side:N", scale=alt.Scale(domain=["more", "less"], range=[BLUE, VERMILLION]), legend=None)
    form = alt.Shape("side:N", scale=alt.Scale(domain=["more", "less"], range=["circle", "square"]), legend=None)
    base = alt.Chart(data(rows)).encode(y=y)
    limits = alt.Chart(data([{"at": -NOTABLE}, {"at": NOTABLE}])).mark_rule(strokeDash=[4, 4], color=GREY)
    return alt.layer(
        limits.encode(x=alt.X("at:Q")),
        alt.Chart(data([{"at": 0}])).mark_rule(color=BLACK).encode(x=alt.X("at:Q")),
        base.mark_rule(strokeWidth=1.5).encode(x=alt.X("zero:Q"), x2="difference:Q", color=tones),
        base.mark_point(filled=True, size=60, opacity=1).encode(x=x, color=tones, shape=form),
        *(
            base.transform_filter(f"datum.side == '{side}'")
            .mark_text(align=align, dx=dx, fontSize=layout.pick(11, 10))
            .encode(x=x, text="said:N")
            for side, align, dx in BESIDE
        ),
    ).properties(height=alt.Step(layout.pick(19, 18)))
