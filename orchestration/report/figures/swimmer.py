"""Swimmer plot: one line a subject, with visits, infusions and events by protocol day.

What belongs here: the choice of subjects (a few dozen fit a page) and their dated records as published. What does not:
whether an event counts at a visit, which adsri says.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from orchestration.report.contents import UNKNOWN, Chart, Drawing, Figure, Layout, Table, count_of, whole
from orchestration.report.drawing import BLACK, BLUE, GREEN, GREY, LIGHT, ORANGE, VERMILLION, colours, data, legend_in
from orchestration.report.published import Published, Row

MOST = 36
# The subjects whose planned week 48 lies nearest to the site's data cut, in turn one before it and one after it.
CHOSEN = """
with treated as (
    select *, trtsdt + cast($target as integer) as due, coalesce(sitecutdt, trtsdt) as cut
    from analysis.adsl
    where trtsdt is not null
)

select
    usubjid,
    siteid || '-' || subjid as subject,
    trtsdt,
    respgrp,
    respreas,
    eosstt,
    eosdt - trtsdt as ended,
    icedt - trtsdt as event,
    iceterm,
    greatest(coalesce(eosdt, sitecutdt, trtedt, trtsdt), coalesce(trtedt, trtsdt)) - trtsdt as until
from treated
order by
    row_number() over (partition by due > cut order by abs(due - cut), md5(usubjid)),
    due > cut
limit $most
"""
TREATED = "select count(*) as treated from analysis.adsl where trtsdt is not null"
TARGET = "select max(visitdy) as target from analysis.adsv where visitnum = $week"
INFUSIONS = """
select usubjid, status, coalesce(protday, targetday) as day
from analysis.adex
where usubjid in (select unnest($subjects)) and status in ('GIVEN', 'MISSED')
    and coalesce(protday, targetday) is not null
order by usubjid, day
"""
VISITS = """
select usubjid, status, coalesce(protday, visitdy) as day
from analysis.adsv
where usubjid in (select unnest($subjects)) and status in ('DONE', 'MISSED')
    and coalesce(protday, visitdy) is not null
order by usubjid, day
"""
VISIT, NO_VISIT = "visit done", "visit missed"
GIVEN, NOT_GIVEN = "infusion given", "infusion missed"
EVENT, COMPLETED, LEFT = "intercurrent event", "completed the study", "left the study"
TONES = {
    VISIT: GREY,
    NO_VISIT: ORANGE,
    GIVEN: BLUE,
    NOT_GIVEN: VERMILLION,
    EVENT: VERMILLION,
    COMPLETED: GREEN,
    LEFT: BLACK,
}
FILLED = (GIVEN, EVENT, COMPLETED, LEFT)
UP_AND_DOWN, CROSS = "M0,-1.6L0,1.6", "M-.9,-.9L.9,.9M-.9,.9L.9,-.9"
FORMS = {
    VISIT: UP_AND_DOWN,
    NO_VISIT: CROSS,
    GIVEN: "circle",
    NOT_GIVEN: "circle",
    EVENT: "triangle-down",
    COMPLETED: "diamond",
    LEFT: "square",
}
ANSWERS = {"RESPONSE": "response", "NO RESPONSE": "no response", "PENDING": "pending"}


def figure(published: Published) -> Figure:
    """The subjects nearest to their week 48, the longest treated first."""
    week = published.response_week
    (treated,) = published.ask(TREATED)
    (planned,) = published.ask(TARGET, week=week)
    heading = "Visits, infusions and events by subject"
    definition = (
        "One line a subject, from the first infusion (day 0) to the end of study or the site's latest data. Missed "
        "visits and infusions stand on their planned day. From an intercurrent event on (death, leaving, end of "
        f"treatment, prohibited medication, steroid increase) a subject counts as no response. Right: week {week} as "
        "it stands today."
    )
    if not treated["treated"]:
        return Figure("swimmer", heading, definition, missing="Nobody has a known day 0 yet.")
    subjects = published.ask(CHOSEN, target=planned["target"] or 7 * week, most=MOST)
    subjects.sort(key=lambda row: (row["trtsdt"], row["usubjid"]))
    ids = [row["usubjid"] for row in subjects]
    marks = _marks(subjects, published.ask(INFUSIONS, subjects=ids), published.ask(VISITS, subjects=ids))
    label = f"{count_of(len(subjects), 'subject')} of {treated['treated']:,} with a known day 0."
    notes = [
        f"Shown: all {label}"
        if len(subjects) == treated["treated"]
        else f"Shown: {label} They are those whose planned week {week} lies nearest to their site's latest data, half "
        "of them before and half after it: those just known, and those known next. Ties are drawn by a fixed hash."
    ]
    return Figure(
        "swimmer",
        heading,
        definition,
        [Drawing(f"Swimmer plot of {label}", lambda layout: _lines(subjects, marks, layout))],
        notes,
        _table(subjects, marks, week),
    )


def _marks(subjects: list[Row], infusions: list[Row], visits: list[Row]) -> list[dict[str, Any]]:
    names = {row["usubjid"]: row["subject"] for row in subjects}
    found = [(row["usubjid"], row["day"], VISIT if row["status"] == "DONE" else NO_VISIT) for row in visits]
    found += [(row["usubjid"], row["day"], GIVEN if row["status"] == "GIVEN" else NOT_GIVEN) for row in infusions]
    found += [
        (row["usubjid"], row["ended"], COMPLETED if row["eosstt"] == "COMPLETED" else LEFT)
        for row in subjects
        if row["ended"] is not None
    ]
    found += [(row["usubjid"], row["event"], EVENT) for row in subjects if row["event"] is not None]
    return [{"subject": names[usubjid], "day": day, "what": what} for usubjid, day, what in found]


def _table(subjects: list[Row], marks: list[dict[str, Any]], week: int) -> Table:
    def counted(row: Row, what: str) -> str:
        return whole(sum(mark["subject"] == row["subject"] and mark["what"] == what for mark in marks))

    rows = [
        [
            row["subject"],
            str(row["trtsdt"]),
            *(counted(row, what) for what in (VISIT, NO_VISIT, GIVEN, NOT_GIVEN)),
            UNKNOWN if row["iceterm"] is None else f"{row['iceterm'].lower()}, day {row['event']}",
            row["eosstt"].lower() + ("" if row["ended"] is None else f", day {row['ended']}"),
            ANSWERS.get(row["respgrp"], UNKNOWN),
            (row["respreas"] or UNKNOWN).lower(),
        ]
        for row in subjects
    ]
    columns = [
        *("subject", "day 0", "visits done", "missed", "infusions given", "missed", "first event", "study"),
        *(f"week {week}", "reason"),
    ]
    return Table(columns, rows)


def _lines(subjects: list[Row], marks: list[dict[str, Any]], layout: Layout) -> Chart:
    order = [row["subject"] for row in subjects]
    y = alt.Y("subject:N", sort=order, title=None, axis=alt.Axis(labelFontSize=layout.pick(11, 10), labelLimit=95))
    last = max([row["until"] for row in subjects] + [mark["day"] for mark in marks] + [28])
    scale = alt.Scale(
        domain=[min([mark["day"] for mark in marks] + [-10]) - 6, last * layout.pick(1.14, 1.3)], nice=False
    )
    ticks = [28 * number for number in range(0, last // 28 + 1, layout.pick(2, 4))]
    x = alt.X("day:Q", title="protocol day (first infusion = 0)", scale=scale, axis=alt.Axis(values=ticks, grid=True))
    lines = [{"subject": row["subject"], "day": 0, "until": row["until"]} for row in subjects]
    answers = [
        {"subject": row["subject"], "day": last * 1.03, "said": ANSWERS.get(row["respgrp"], "")} for row in subjects
    ]
    legend = legend_in(layout.pick(4, 2))
    what = alt.Shape("what:N", scale=alt.Scale(domain=list(FORMS), range=list(FORMS.values())), legend=legend)
    fills = {name: TONES[name] if name in FILLED else "white" for name in TONES}
    stroke = alt.Stroke("what:N", scale=colours(TONES), legend=legend)
    fill = alt.Fill("what:N", scale=colours(fills), legend=legend)
    small = layout.pick(42, 20)

    def points(raised: bool) -> alt.Chart:
        """An event falls on the day of a visit or of leaving, so it stands a little above the line."""
        chosen = [mark for mark in marks if (mark["what"] == EVENT) is raised]
        chart = alt.Chart(data(chosen)).mark_point(
            opacity=1, strokeWidth=1.3, size=small, yOffset=layout.pick(-6, -5) if raised else 0
        )
        return chart.encode(x=x, y=y, shape=what, stroke=stroke, fill=fill)

    return alt.layer(
        alt.Chart(data(lines)).mark_rule(color=LIGHT, strokeWidth=layout.pick(5, 4)).encode(x=x, x2="until:Q", y=y),
        points(False),
        points(True),
        alt.Chart(data(answers)).mark_text(align="left", fontSize=layout.pick(11, 9)).encode(x=x, y=y, text="said:N"),
    ).properties(height=alt.Step(layout.pick(17, 15)))
