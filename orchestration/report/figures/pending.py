"""What is pending and when it will be known: the month in which each subject's week 48 becomes mature.

What belongs here: day 0 plus the days that the protocol gives, counted by month. What does not: a forecast of results,
or of subjects who are not treated yet.
"""

from __future__ import annotations

import altair as alt

from orchestration.report.contents import Chart, Drawing, Figure, Layout, Table, count_of, percent, whole
from orchestration.report.drawing import BLUE, ORANGE, colours, data, legend_in, whole_ticks
from orchestration.report.published import Published, Row

# A subject becomes mature with the first site cut after the last day of the window and the entry lag.
MONTHS = """
with known_from as (
    select
        trtsdt + cast($days as integer) as day,
        case respgrp when 'PENDING' then 'open' else 'decided' end as standing
    from analysis.adsl
    where trtsdt is not null and maturfl = 'N'
)

select
    cast(date_trunc('month', greatest(day, cast($today as date))) as date) as month,
    count(*) filter (where standing = 'open') as open,
    count(*) filter (where standing = 'decided') as decided,
    count(*) filter (where day <= cast($today as date)) as waiting,
    max(greatest(day, cast($today as date))) as last_day
from known_from
group by 1
order by 1
"""
NOW = """
select
    count(*) filter (where trtsdt is not null) as treated,
    count(*) filter (where trtsdt is not null and maturfl = 'Y') as mature,
    count(*) filter (where respgrp = 'HELD') as held
from analysis.adsl
"""
OPEN, DECIDED = "answer open", "foreseeable: an event or result is there already"
TONES = {OPEN: BLUE, DECIDED: ORANGE}


def figure(published: Published) -> Figure:
    """Subjects by the month in which their answer becomes final."""
    week, days = published.response_week, published.days_until_known
    months = published.ask(MONTHS, days=days, today=published.today)
    (now,) = published.ask(NOW)
    heading = f"What is pending at week {week}, and when it will be known"
    definition = (
        f"Treated subjects whose week {week} is not mature yet, by the month in which it becomes so: {days} days after "
        "the first infusion (the last day of the window, the days that sites need to enter data, and one), provided "
        "that the site delivers every form. Whether or not a result is already foreseeable, it may change until then."
    )
    if not months:
        missing = (
            f"Nothing is pending: week {week} is mature for all {now['mature']:,} subjects with a known day 0."
            if now["treated"]
            else "Nobody with a known day 0 is under way, so nothing is pending."
        )
        return Figure("pending", heading, definition, missing=missing)
    so_far, rows = now["mature"], []
    for row in months:
        so_far += row["open"] + row["decided"]
        of = percent(so_far, now["treated"])
        rows.append([f"{row['month']:%Y-%m}", whole(row["open"]), whole(row["decided"]), whole(so_far), of])
    pending = so_far - now["mature"]
    label = (
        f"Week {week} is mature for {now['mature']:,} of {now['treated']:,} subjects with a known day 0, and not "
        f"yet for {pending:,}; the last of them becomes so on {max(row['last_day'] for row in months)} at the earliest."
    )
    waiting = sum(row["waiting"] for row in months)
    notes = [label]
    if waiting:
        notes.append(f"Could be mature today, had their sites delivered further data: {count_of(waiting, 'subject')}.")
    if now["held"]:
        notes.append(f"Held, so in no month, as day 0 is unknown: {count_of(now['held'], 'subject')}.")
    columns = ["month", "answer open", "foreseeable", f"week {week} mature by its end", "of those with day 0"]
    return Figure(
        "pending",
        heading,
        definition,
        [Drawing(label, lambda layout: _bars(months, layout))],
        notes,
        Table(
            columns, rows, "Foreseeable: an event or a result is there that decides, unless a later record changes it."
        ),
    )


def _bars(months: list[Row], layout: Layout) -> Chart:
    rows = [
        {"month": f"{row['month']:%Y-%m}", "subjects": row[column], "standing": standing, "order": order}
        for row in months
        for order, (standing, column) in enumerate(((DECIDED, "decided"), (OPEN, "open")))
        if row[column]
    ]
    totals = [{"month": f"{row['month']:%Y-%m}", "subjects": row["open"] + row["decided"]} for row in months]
    for total in totals:
        total["said"] = f"{total['subjects']:,}"
    most = max(total["subjects"] for total in totals)
    month = alt.Y("month:N", sort=None, title=None)
    x = alt.X("subjects:Q", title="subjects", axis=alt.Axis(values=whole_ticks(most, 7), format=",d"))
    return alt.layer(
        alt.Chart(data(rows))
        .mark_bar(stroke="white")
        .encode(
            y=month,
            x=x,
            color=alt.Color("standing:N", scale=colours(TONES), legend=legend_in(layout.pick(2, 1))),
            order="order:Q",
        ),
        alt.Chart(data(totals)).mark_text(align="left", dx=5).encode(y=month, x=x, text="said:N"),
    ).properties(height=alt.Step(22))
