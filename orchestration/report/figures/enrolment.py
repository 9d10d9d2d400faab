"""Enrolment: how many subjects have consented and been treated, month by month.

What belongs here: the two running counts. What does not: what became of them (`disposition`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import altair as alt

from orchestration.report.contents import Chart, Drawing, Figure, Layout, Table, count_of, whole
from orchestration.report.drawing import BLACK, BLUE, data
from orchestration.report.published import Published, Row

MONTHS = """
with dated as (
    select 'consented' as what, date_trunc('month', rficdt) as month from analysis.adsl where rficdt is not null
    union all
    select 'treated', date_trunc('month', trtsdt) from analysis.adsl where trtsdt is not null
),

months as (
    select cast(unnest(generate_series(
        min(month), greatest(max(month), date_trunc('month', cast($today as date))), interval 1 month
    )) as date) as month
    from dated
)

select
    months.month,
    count(*) filter (where dated.what = 'consented') as consented,
    count(*) filter (where dated.what = 'treated') as treated,
    cast(sum(count(*) filter (where dated.what = 'consented')) over (order by months.month) as bigint) as consents,
    cast(sum(count(*) filter (where dated.what = 'treated')) over (order by months.month) as bigint) as treatments
from months
left join dated on dated.month = months.month
group by months.month
order by months.month
"""
UNDATED = "select count(*) as undated from analysis.adsl where rficdt is null"
TONES = {"consented": BLACK, "treated": BLUE}


def figure(published: Published) -> Figure:
    """Both counts up to the end of each month."""
    months = published.ask(MONTHS, today=published.today)
    definition = (
        "Subjects who have given informed consent, and subjects who have had their first infusion (day 0), counted up "
        "to the end of each month. The last month may still be running."
    )
    if not months:
        return Figure("enrolment", "Enrolment", definition, missing="No consent and no first infusion is dated yet.")
    (undated,) = published.ask(UNDATED)
    notes = []
    if undated["undated"]:
        notes.append(f"Without a full date of consent, so in no month: {count_of(undated['undated'], 'subject')}.")
    last = months[-1]
    label = f"By {last['month']:%B %Y}, {last['consents']:,} had consented and {last['treatments']:,} been treated."
    rows = [
        [f"{row['month']:%Y-%m}", *(whole(row[name]) for name in ("consented", "consents", "treated", "treatments"))]
        for row in months
    ]
    table = Table(["month", "consented", "so far", "first infusion", "so far"], rows)
    return Figure(
        "enrolment",
        "Enrolment",
        definition,
        [Drawing(label, lambda layout: _lines(months, published.today, layout))],
        notes,
        table,
    )


def _lines(months: list[Row], today: date, layout: Layout) -> Chart:
    """Each count stands at the end of its month, the last one at the date taken as today at the latest."""
    first = months[0]["month"]
    ends = [min(_next_month(row["month"]), max(today, row["month"])) for row in months]
    rows: list[dict[str, Any]] = [
        {"month": _instant(day), "subjects": count, "what": what}
        for what, column in (("consented", "consents"), ("treated", "treatments"))
        for day, count in [(first, 0), *((end, row[column]) for end, row in zip(ends, months, strict=True))]
    ]
    # Labels of two ends that lie close would cover each other.
    last = [
        {**[row for row in rows if row["what"] == what][-1], "up": up}
        for what, up in (("consented", -8), ("treated", 8))
    ]
    for row in last:
        row["said"] = f"{row['what']} {row['subjects']:,}"
    # Room for the labels, of which a sign takes some 7 of the axis's pixels.
    pixels = 16 + 7 * max(len(row["said"]) for row in last)
    room = timedelta(days=max(10, (ends[-1] - first).days) * pixels / (layout.width - 60 - pixels))
    until = datetime.combine(ends[-1], time(), UTC).timestamp() * 1000
    up_to_today = f"datum.value <= {until:.0f} ? datum.label : ''"
    x = alt.X(
        "month:T",
        title=None,
        scale=alt.Scale(type="utc", domain=[_instant(first), _instant(ends[-1] + room)], nice=False),
        axis=alt.Axis(
            format=layout.pick("%b %Y", "%m/%y"), tickCount=layout.pick(8, 4), labelOverlap=True, labelExpr=up_to_today
        ),
    )
    y = alt.Y("subjects:Q", title="subjects", axis=alt.Axis(tickMinStep=1, tickCount=5))
    colour = alt.Color("what:N", scale=alt.Scale(domain=list(TONES), range=list(TONES.values())), legend=None)
    shape = alt.Shape("what:N", scale=alt.Scale(domain=list(TONES), range=["circle", "square"]), legend=None)
    return alt.layer(
        alt.Chart(data(rows)).mark_line(strokeWidth=2).encode(x=x, y=y, color=colour),
        alt.Chart(data(rows))
        .mark_point(filled=True, size=layout.pick(45, 25), opacity=1)
        .encode(x=x, y=y, color=colour, shape=shape),
        *(
            alt.Chart(data([row]))
            .mark_text(align="left", dx=8, dy=row["up"], fontWeight="bold")
            .encode(x=x, y=y, text="said:N", color=colour)
            for row in last
        ),
    ).properties(height=layout.pick(260, 220))


def _next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _instant(day: date) -> str:
    """Midnight in UTC: a bare date would be drawn in the time zone of the machine."""
    return f"{day}T00:00:00Z"
