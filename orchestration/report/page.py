"""The report as one HTML file that needs nothing else: no script, no font, no address. It can be printed.

Every text is escaped here, once, whatever it is: what a site delivered stays text. Texts inside charts are escaped by
the renderer. What does not belong here: what the figures say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

from orchestration.report.contents import NARROW, WIDE, Drawing, Figure, Table
from orchestration.report.drawing import svg_of
from orchestration.report.head import Head
from orchestration.report.styles import STYLE

# Nothing may be fetched or run, also if a text ever got through.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
SHORT = 12
NUMBER = re.compile(r"[−-]?[\d,]*\.?\d+( %)?|–|")


def generator(code_version: str) -> str:
    """What the page says of the code that published its tables."""
    return f"mrbs {code_version}"


def as_html(head: Head, figures: Sequence[Figure], report: Callable[[str], None] = lambda _: None) -> str:
    """The whole file. Drawing takes longest, so each figure is reported."""
    contents = "\n".join(f'<li><a href="#{figure.name}">{escape(figure.heading)}</a></li>' for figure in figures)
    facts = "\n".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in head.facts.items()
    )
    body = ""
    for number, figure in enumerate(figures, start=1):
        report(f"figure {number} of {len(figures)}: {figure.heading}")
        body += _figure(number, figure) + "\n"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="{escape(generator(head.code_version))}">
<title>{escape(head.title)}</title>
<style>{STYLE}</style>
</head>
<body>
<header>
<h1>{escape(head.title)}</h1>
{_paragraphs(head.sentences, "about")}
<dl class="facts">
{facts}
</dl>
<p class="warning">{escape(head.warning)}</p>
</header>
<nav aria-label="Contents">
<ol>
{contents}
</ol>
</nav>
<main>
{body}
</main>
<footer>{_paragraphs(head.foot, "foot")}</footer>
</body>
</html>
"""


def _figure(number: int, figure: Figure) -> str:
    """Heading, definition and first drawing stay together on paper; further drawings and the table may follow on."""
    drawn = [_picture(f"{figure.name}-{place}", one) for place, one in enumerate(figure.drawings)]
    first = drawn[0] if drawn else f'<p class="missing">{escape(figure.missing)}</p>'
    others = "\n".join(f'<div class="picture">\n{one}\n</div>' for one in drawn[1:])
    return f"""<figure id="{figure.name}" aria-labelledby="{figure.name}-heading">
<div class="picture">
<h2 id="{figure.name}-heading">{number}. {escape(figure.heading)}</h2>
<p class="definition">{escape(figure.definition)}</p>
{first}
</div>
{others}
{_paragraphs(figure.notes, "note")}
{_table(figure.table) if figure.table and figure.table.rows else ""}
</figure>"""


def _picture(name: str, drawing: Drawing) -> str:
    label = escape(drawing.label)
    caption = f'<p class="caption">{escape(drawing.caption)}</p>\n' if drawing.caption else ""
    return caption + "\n".join(
        svg_of(drawing.draw(layout), layout, f"{name}-{layout.name}", label) for layout in (WIDE, NARROW)
    )


def _paragraphs(sentences: Sequence[str], kind: str) -> str:
    return "\n".join(f'<p class="{kind}">{escape(sentence)}</p>' for sentence in sentences)


def _table(table: Table) -> str:
    numeric = [all(NUMBER.fullmatch(cell) for cell in column) for column in zip(*table.rows, strict=True)]
    kinds = [' class="number"' if is_number else "" for is_number in numeric]
    head = "".join(
        f'<th scope="col"{kind}>{escape(name)}</th>' for kind, name in zip(kinds, table.columns, strict=True)
    )
    rows = "\n".join(
        "<tr>" + "".join(_cell(kind, cell) for kind, cell in zip(kinds, row, strict=True)) + "</tr>"
        for row in table.rows
    )
    note = f'<p class="note">{escape(table.note)}</p>' if table.note else ""
    return f"""<details>
<summary>The numbers as a table</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Table">{note}
<table>
<thead><tr>{head}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
</div>
</details>"""


def _cell(kind: str, cell: str) -> str:
    """Dates and identifiers are not broken at their hyphens."""
    short = ' class="short"' if len(cell) <= SHORT else ""
    return f"<td{kind or short}>{escape(cell)}</td>"
