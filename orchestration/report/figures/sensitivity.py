"""What the result hangs on: SRI-4 at the visit of the endpoint under every scenario of the sensitivity analysis.

What belongs here: sensum as it stands. What does not: which subjects change (adsens), any rate of its own.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from orchestration.report.contents import Chart, Drawing, Figure, Layout, Table, decimals, share, whole
from orchestration.report.drawing import BLACK, BLUE, GREY, data
from orchestration.report.published import Published, Row

# The primary analysis first, then what else its three estimators say, then one row a scenario.
RATES = """
select *
from analysis.sensum
where estimator = 'NRI' or scenarn = 1
order by scenarn, array_position(['NRI', 'OC', 'LOCF'], estimator)
"""
ESTIMATORS = {"OC": "Observed cases: no event applied, nothing imputed", "LOCF": "Last observation carried forward"}
ROOM = 30  # pixels a row: its words above its interval


def figure(published: Published) -> Figure:
    """A point and an interval for each scenario, beside the primary rate."""
    week = published.response_week
    rates = published.ask(RATES)
    heading = "What the result hangs on"
    definition = (
        f"SRI-4 at week {week}, once more under every scenario of the sensitivity analysis: each does one thing "
        "differently from the primary analysis. Non-responder imputation, mature subjects only, 95 % Wilson intervals; "
        "a scenario with another window has other mature subjects. The dashed line is the primary rate."
    )
    counted = [row for row in rates if row["n"]]
    if not counted:
        return Figure(
            "sensitivity",
            heading,
            definition,
            missing=f"Week {week} is not mature for anybody yet: no scenario has one.",
        )
    primary = next((row for row in counted if _is_primary(row)), None)
    label = _said(primary, counted)
    columns = [
        "scenario",
        "known",
        "responders",
        "rate",
        "95 % interval",
        "difference",
        "gained",
        "lost",
        "not mature yet",
    ]
    rows = [
        [
            _words(row),
            whole(row["n"]),
            whole(row["nresp"]),
            share(row["rate"]),
            f"{share(row['cilow'])} to {share(row['cihigh'])}" if row["n"] else "",
            decimals(None if row["ratediff"] is None else 100 * row["ratediff"], 1),
            whole(row["ngained"]),
            whole(row["nlost"]),
            whole(row["nimmature"]),
        ]
        for row in rates
    ]
    note = (
        "Difference: percentage points from the primary rate. Gained: no response in the primary analysis, response "
        "here; lost: the other way round. Who they are stands in adsens."
    )
    return Figure(
        "sensitivity",
        heading,
        definition,
        [Drawing(label, lambda layout: _intervals(counted, primary, layout))],
        [label],
        Table(columns, rows, note),
    )


def _is_primary(row: Row) -> bool:
    return bool(row["scenarn"] == 1 and row["estimator"] == "NRI")


def _words(row: Row) -> str:
    return ESTIMATORS[row["estimator"]] if row["estimator"] != "NRI" else str(row["scendesc"])


def _said(primary: Row | None, counted: list[Row]) -> str:
    lowest, highest = (choose(counted, key=lambda row: row["rate"]) for choose in (min, max))
    between = f"between {share(lowest['rate'])} ({_words(lowest)}) and {share(highest['rate'])} ({_words(highest)})."
    if primary is None:
        return f"The rates lie {between}"
    return f"The primary rate is {share(primary['rate'])}; the others lie {between}"


def _intervals(counted: list[Row], primary: Row | None, layout: Layout) -> Chart:
    rows: list[dict[str, Any]] = [
        {
            "place": place,
            "words": _words(row),
            "rate": float(row["rate"]),
            "low": float(row["cilow"]),
            "high": float(row["cihigh"]),
            "shown": share(row["rate"]),
            "is_primary": _is_primary(row),
        }
        for place, row in enumerate(counted)
    ]
    x = alt.X("low:Q", title="subjects with SRI-4 response", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%"))
    y = alt.Y("place:Q", title=None, axis=None, scale=alt.Scale(domain=[len(rows) - 0.5, -0.7], nice=False, zero=False))
    tone = alt.condition("datum.is_primary", alt.value(BLUE), alt.value(BLACK))
    base = alt.Chart(data(rows)).encode(y=y)
    words = base.encode(x=alt.value(2), text="words:N")
    size = layout.pick(12, 11)
    layers: list[alt.Chart] = []
    if primary is not None:
        line = alt.Chart(data([{"low": float(primary["rate"])}]))
        layers.append(line.mark_rule(strokeDash=[4, 4], color=GREY).encode(x=x))
    layers += [
        base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q", color=tone),
        base.mark_point(filled=True, size=60, opacity=1).encode(x=alt.X("rate:Q"), color=tone),
        # White behind the words, where the line of the primary rate runs through them.
        words.mark_text(align="left", baseline="bottom", dy=-6, fontSize=size, stroke="white", strokeWidth=4),
        words.mark_text(align="left", baseline="bottom", dy=-6, fontSize=size),
        base.mark_text(align="left", baseline="middle", dx=8, fontSize=size).encode(x=alt.X("high:Q"), text="shown:N"),
    ]
    return alt.layer(*layers).properties(height=ROOM * len(rows) + 10)
