"""Draws a flow: boxes below each other, joined by arrows, and beside each arrow a box of those who leave the line.

What belongs here: the geometry. What does not: what stands in the boxes (`figures.disposition`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import altair as alt

from orchestration.report.contents import Chart, Layout
from orchestration.report.drawing import BLUE, GREY, data

# In units of which 100 are the width; a box, then as much room for the arrow.
BOX = 13
LINE = 5  # from one line of text to the next
APART = 5  # the last box stands below everything else
Words = Sequence[str]


def flow(line: Sequence[Words], aside: Sequence[Words], layout: Layout) -> Chart:
    """`aside` has one box less than `line`: the first stands between its first and second box, and so on. The last box
    of the line has nothing beside it, and the whole width."""
    middle, right = layout.pick((45, 55), (45, 49))
    centre = middle / 2
    tops = [2 * BOX * place for place in range(len(line))]
    tops[-1] += APART
    between = [top + 1.5 * BOX for top in tops[:-1]]
    boxes = [{"x": 0, "x2": middle, "y": top, "y2": top + BOX, "colour": BLUE} for top in tops]
    boxes[-1]["x2"] = 100
    boxes += [{"x": right, "x2": 100, "y": at - BOX / 2, "y2": at + BOX / 2, "colour": GREY} for at in between]
    middles = [centre] * (len(line) - 1) + [50]
    texts = [
        text for at, top, words in zip(middles, tops, line, strict=True) for text in _lines(at, top + BOX / 2, words)
    ]
    texts += [text for at, words in zip(between, aside, strict=True) for text in _lines((right + 100) / 2, at, words)]
    down = [{"x": centre, "y": top + BOX, "y2": below} for top, below in pairwise(tops)]
    turns = [{"x": centre, "x2": right, "y": at} for at in between]
    heads = [{"x": centre, "y": row["y2"] - 0.9, "angle": 180} for row in down]
    heads += [{"x": right - layout.pick(0.7, 1.4), "y": at, "angle": 90} for at in between]
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, 100], nice=False, zero=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[tops[-1] + BOX + 1, -1], nice=False, zero=False))
    rule: dict[str, Any] = {"color": GREY, "strokeWidth": 1.5}
    return alt.layer(
        alt.Chart(data(down)).mark_rule(**rule).encode(x=x, y=y, y2="y2:Q"),
        alt.Chart(data(turns)).mark_rule(**rule).encode(x=x, x2="x2:Q", y=y),
        alt.Chart(data(heads))
        .mark_point(shape="triangle", color=GREY, filled=True, size=55, opacity=1)
        .encode(x=x, y=y, angle=alt.Angle("angle:Q", scale=None)),
        alt.Chart(data(boxes))
        .mark_rect(fill="white", strokeWidth=2, cornerRadius=3)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q", stroke=alt.Stroke("colour:N", scale=None)),
        alt.Chart(data(texts))
        .mark_text(align="center", baseline="middle", fontSize=layout.pick(14, 10.5))
        .encode(x=x, y=y, text="words:N"),
    ).properties(height=layout.pick(330, 300))


def _lines(x: float, middle: float, words: Words) -> list[dict[str, Any]]:
    """Each line of a box by itself, so that together they stand in its middle."""
    first = middle - LINE * (len(words) - 1) / 2
    return [{"x": x, "y": first + LINE * place, "words": text} for place, text in enumerate(words)]
