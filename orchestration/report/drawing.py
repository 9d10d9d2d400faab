"""How a chart becomes a picture: one look for all of them, and SVG without a browser, a script or a network.

What belongs here: colours, fonts, axes, and the renderer. What does not: what a chart shows (`figures`).
"""

from __future__ import annotations

import re
from typing import Any

import altair as alt
import vl_convert

from orchestration.report.contents import Chart, Layout

# Okabe and Ito's palette: told apart by people who see colours differently, and dark enough on white. Colour is never
# alone: shapes, positions or words say the same.
BLUE, ORANGE, GREEN, VERMILLION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PURPLE, BLACK, GREY, LIGHT = "#56B4E9", "#CC79A7", "#1c2430", "#6b7480", "#d5dae1"

FONT = "Arial, Helvetica, sans-serif"
SIZE = 12
CONFIG: dict[str, Any] = {
    "aria": False,  # the figure has one label; a label for every mark would be read out one by one
    "font": FONT,
    "background": "white",
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": SIZE,
        "titleFontSize": SIZE,
        "titleFontWeight": "normal",
        "labelColor": BLACK,
        "titleColor": BLACK,
        "gridColor": "#e6e9ee",
        "domainColor": GREY,
        "tickColor": GREY,
        "titlePadding": 8,
    },
    "axisY": {"domain": False, "ticks": False},
    "axisX": {"grid": False},
    "legend": {
        "orient": "top",
        "title": None,
        "labelFontSize": SIZE,
        "labelColor": BLACK,
        "symbolSize": 90,
        "labelLimit": 290,
        "columnPadding": 14,
        "rowPadding": 3,
    },
    "text": {"fontSize": SIZE, "color": BLACK},
    "bar": {"stroke": "white", "strokeWidth": 1},
}
IDS = re.compile(r'(?<=<clipPath id=")[^"]+|(?<=Gradient id=")[^"]+')


def svg_of(chart: Chart, layout: Layout, name: str, label: str) -> str:
    """The SVG element of a chart, to stand in an HTML page among others.

    The renderer counts the ids of its clip paths over the whole process; on a page they must differ, and be the same
    each time it is made: they are numbered here, after the drawing's name.
    """
    sized = chart.properties(
        width=layout.width, autosize=alt.AutoSizeParams(type="fit-x", contains="padding"), padding=4
    ).configure(**CONFIG)
    # Checking the chart against Vega-Lite's schema takes as long as drawing it. No address may be asked, whatever
    # stands in the data.
    svg: str = vl_convert.vegalite_to_svg(sized.to_dict(validate=False), allowed_base_urls=[])
    for number, found in enumerate(dict.fromkeys(IDS.findall(svg))):
        svg = re.sub(rf'(?<=\bid="){re.escape(found)}(?=")', f"{name}-{number}", svg)
        svg = svg.replace(f"url(#{found})", f"url(#{name}-{number})")
    start, _, rest = svg.partition(">")
    size = dict(re.findall(r'\b(width|height|viewBox)="([^"]*)"', start))
    opening = " ".join(f'{key}="{value}"' for key, value in size.items())
    return f'<svg class="{layout.name}" {opening} role="img" aria-label="{label}">{rest}'


def data(rows: list[dict[str, Any]]) -> alt.InlineData:
    """Rows as a chart takes them."""
    return alt.InlineData(values=rows)


def legend_in(columns: int, **more: Any) -> alt.Legend:
    """A legend above the chart, in so many columns."""
    return alt.Legend(columns=columns, symbolOpacity=1, **more)


def whole_ticks(most: int, about: int) -> list[int]:
    """Ticks at whole numbers from 0 on, some `about` of them: subjects have no halves."""
    steps = (digit * 10**power for power in range(12) for digit in (1, 2, 5))
    step = next(step for step in steps if most / step <= about)
    return list(range(0, most + 1, step))


def colours(meanings: dict[str, str]) -> alt.Scale:
    """A scale that gives each meaning its colour, in this order."""
    return alt.Scale(domain=list(meanings), range=list(meanings.values()))


def shapes(meanings: dict[str, str]) -> alt.Scale:
    """A scale that gives each meaning its shape, in this order."""
    return alt.Scale(domain=list(meanings), range=list(meanings.values()))
