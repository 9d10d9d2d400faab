"""Why subjects have no response at week 48: the reason that adsri gives each of them.

What belongs here: counts by reason, of mature subjects. What does not: the order of reasons, which the table decides.
"""

from __future__ import annotations

import altair as alt

from orchestration.report.contents import Chart, Drawing, Figure, Layout, Table, count_of, percent, whole
from orchestration.report.drawing import BLUE, GREY, LIGHT, ORANGE, colours, data, legend_in
from orchestration.report.published import Published, Row

REASONS = """
select reason, count(*) as subjects
from analysis.adsri
where avisitn = $week and maturfl = 'Y' and sri4 = 'N'
group by reason
order by subjects desc, reason
"""
MATURE = """
select count(*) as mature, count(*) filter (where sri4 = 'Y') as responders
from analysis.adsri
where avisitn = $week and maturfl = 'Y'
"""
ASSESSED, EVENT, NOT_KNOWN = "assessed: a component failed", "intercurrent event", "not assessed"
# reason: (what kind, in words)
MEANINGS = {
    "SLEDAI": (ASSESSED, "SLEDAI-2K fell too little"),
    "BILAG": (ASSESSED, "BILAG worse"),
    "PGA": (ASSESSED, "PGA worse"),
    "DEATH": (EVENT, "death"),
    "DISCONTINUED": (EVENT, "left the study"),
    "TREATMENT DISCONTINUED": (EVENT, "treatment stopped"),
    "PROHIBITED MEDICATION": (EVENT, "prohibited medication"),
    "STEROID INCREASE": (EVENT, "steroid increase"),
    "MISSING": (NOT_KNOWN, "not assessed"),
}
TONES = {ASSESSED: BLUE, EVENT: ORANGE, NOT_KNOWN: LIGHT}


def figure(published: Published) -> Figure:
    """The reasons of everyone mature without response, the most frequent first."""
    week = published.response_week
    heading = f"Why there is no response at week {week}"
    definition = (
        f"Subjects whose week {week} is mature and counts as no response, each with one reason: an intercurrent event "
        "before anything that was assessed (death, left the study, treatment stopped, prohibited medication, steroid "
        "increase, in this order), else the first component that failed (SLEDAI-2K, BILAG, PGA), else not assessed."
    )
    reasons = published.ask(REASONS, week=week)
    (of,) = published.ask(MATURE, week=week)
    if not reasons:
        missing = (
            f"All {of['mature']:,} subjects whose week {week} is mature respond."
            if of["mature"]
            else f"Week {week} is not mature for anybody yet."
        )
        return Figure("failures", heading, definition, missing=missing)
    total = sum(row["subjects"] for row in reasons)
    said = ", ".join(f"{_words(row)} {row['subjects']:,}" for row in reasons)
    rows = [[_words(row), _kind(row), whole(row["subjects"]), percent(row["subjects"], total)] for row in reasons]
    of_all = f"Without response: {total:,} of {count_of(of['mature'], 'subject')} mature at week {week}."
    return Figure(
        "failures",
        heading,
        definition,
        [Drawing(f"{of_all} {said}.", lambda layout: _bars(reasons, total, layout))],
        [of_all],
        Table(["reason", "kind", "subjects", "of those without response"], rows),
    )


def _kind(row: Row) -> str:
    return MEANINGS.get(row["reason"], (NOT_KNOWN, ""))[0]


def _words(row: Row) -> str:
    return MEANINGS.get(row["reason"], ("", str(row["reason"]).lower()))[1]


def _bars(reasons: list[Row], total: int, layout: Layout) -> Chart:
    rows = [
        {
            "reason": _words(row),
            "kind": _kind(row),
            "subjects": row["subjects"],
            "said": f"{row['subjects']:,} ({percent(row['subjects'], total)})",
        }
        for row in reasons
    ]
    room = max(row["subjects"] for row in reasons) * layout.pick(1.2, 1.6)
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("reason:N", sort=None, title=None, axis=alt.Axis(labelLimit=layout.pick(220, 150))),
        x=alt.X("subjects:Q", title=None, axis=None, scale=alt.Scale(domain=[0, room], nice=False)),
    )
    return alt.layer(
        base.mark_bar(stroke=GREY, strokeWidth=0.8).encode(
            color=alt.Color("kind:N", scale=colours(TONES), legend=legend_in(layout.pick(3, 1)))
        ),
        base.mark_text(align="left", dx=5).encode(text="said:N"),
    ).properties(height=alt.Step(26))
