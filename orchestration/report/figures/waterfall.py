"""Waterfall: the change of SLEDAI-2K at week 48, subject by subject, and as shares where there are many.

What belongs here: adsri's change at the response week. What does not: any other visit or score.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from orchestration.report.contents import Chart, Drawing, Figure, Layout, Table, count_of, percent, whole
from orchestration.report.drawing import BLACK, BLUE, ORANGE, colours, data, legend_in, whole_ticks
from orchestration.report.published import Published, Row

# How many subjects have each change, with and without response; a waterfall is this table, drawn.
CHANGES = """
select
    sledchg as change,
    count(*) as subjects,
    count(*) filter (where sri4 = 'Y') as responders
from analysis.adsri
where avisitn = $week and maturfl = 'Y' and sledchg is not null
group by sledchg
order by sledchg desc
"""
UNKNOWN_CHANGE = """
select count(*) as unknown from analysis.adsri where avisitn = $week and maturfl = 'Y' and sledchg is null
"""
MOST_BARS, FEWEST_BARS = 150, 12
RESPONSE, NO_RESPONSE = "SRI-4 response (○)", "no response (×)"
TONES = {NO_RESPONSE: ORANGE, RESPONSE: BLUE}


def figure(published: Published) -> Figure:
    """Everyone mature with a known change, from the worst to the best."""
    week, points = published.response_week, published.parameter("sri_points")
    heading = f"Change of SLEDAI-2K at week {week}"
    definition = (
        f"SLEDAI-2K at week {week} minus baseline, in points, of every subject whose week {week} is mature and whose "
        f"change is known; negative is better. The dashed line is the fall of {points} points that SRI-4 asks for; "
        "beyond it a subject may still fail by BILAG, PGA or an intercurrent event."
    )
    changes = published.ask(CHANGES, week=week)
    (without,) = published.ask(UNKNOWN_CHANGE, week=week)
    if not changes:
        missing = f"No change is known yet at a mature week {week}."
        return Figure("waterfall", heading, definition, missing=missing)
    total = sum(row["subjects"] for row in changes)
    enough = sum(row["subjects"] for row in changes if row["change"] <= -points)
    label = f"{enough:,} of {count_of(total, 'subject')} ({percent(enough, total)}) fell by {points} points or more."
    notes = [label]
    if without["unknown"]:
        notes.append(f"Not shown, as the change is unknown: {count_of(without['unknown'], 'mature subject')}.")
    if total > MOST_BARS:
        notes.append(
            f"{total:,} bars would be thinner than a line: subjects with the same change stand as one block, whose "
            "width is their share."
        )
    rows = [
        [
            f"{row['change']:+d}".replace("-", "−").replace("+0", "0"),
            whole(row["subjects"]),
            whole(row["responders"]),
            whole(row["subjects"] - row["responders"]),
            percent(row["subjects"], total),
        ]
        for row in changes
    ]
    return Figure(
        "waterfall",
        heading,
        definition,
        [Drawing(label, lambda layout: _bars(changes, total, points, layout))],
        notes,
        Table(["change", "subjects", "response", "no response", "share"], rows),
    )


def _blocks(changes: list[Row], total: int) -> list[dict[str, Any]]:
    """Bars from left to right: one a subject, or one for all with the same change and answer."""
    single = total <= MOST_BARS
    blocks: list[dict[str, Any]] = []
    at = 0
    for row in changes:
        for answer, number in ((NO_RESPONSE, row["subjects"] - row["responders"]), (RESPONSE, row["responders"])):
            for width in [1] * number if single else [number] * bool(number):
                size = 1.0 if single else 100 / total
                gap = 0.12 if single else 0
                blocks.append(
                    {"x": at * size + gap, "x2": (at + width) * size - gap, "change": row["change"], "answer": answer}
                )
                at += width
    return blocks


def _bars(changes: list[Row], total: int, points: int, layout: Layout) -> Chart:
    blocks = _blocks(changes, total)
    single = total <= MOST_BARS
    for block in blocks:
        block["zero"] = 0
        block["middle"] = (block["x"] + block["x2"]) / 2
    # A handful of subjects stands left, in bars no wider than others.
    most = max(total, FEWEST_BARS) if single else 100
    x = alt.X(
        "x:Q",
        title="subjects, from worst to best" if single else "percent of subjects, from worst to best",
        scale=alt.Scale(domain=[0, most], nice=False),
        axis=alt.Axis(values=whole_ticks(most, layout.pick(12, 6)), format="d"),
    )
    low, high = min(row["change"] for row in changes), max(row["change"] for row in changes)
    scale = alt.Scale(domain=[min(low, -points) - 1.5, max(high, 0) + 1.5], nice=False)
    y = alt.Y("change:Q", title="change of SLEDAI-2K (points)", scale=scale, axis=alt.Axis(tickMinStep=1, tickCount=7))
    colour = alt.Color("answer:N", scale=colours(TONES), legend=legend_in(2, symbolType="square"))
    layers: list[alt.Chart] = [
        alt.Chart(data(blocks)).mark_rect().encode(x=x, x2="x2:Q", y=y, y2="zero:Q", color=colour),
        alt.Chart(data([{"change": -points}])).mark_rule(strokeDash=[6, 4], color=BLACK).encode(y=y),
        alt.Chart(data([{"change": 0}])).mark_rule(color=BLACK).encode(y=y),
    ]
    if total <= layout.pick(80, 60):
        # Beyond the end of each bar; who can't tell the colours reads the signs.
        for above in (True, False):
            ends = [
                {**block, "sign": "○" if block["answer"] == RESPONSE else "×"}
                for block in blocks
                if (block["change"] > 0) is above
            ]
            signs = alt.Chart(data(ends)).mark_text(
                fontSize=layout.pick(11, 9), baseline="middle", dy=-7 if above else 7
            )
            layers.append(signs.encode(x=alt.X("middle:Q"), y=alt.Y("change:Q"), text="sign:N"))
    return alt.layer(*layers).properties(height=layout.pick(320, 260))
