"""The page of a trace as one HTML file that needs nothing else: no script, no picture, no address. It can be printed.

Every text is escaped here, once, whatever it is: what a site delivered stays text.
"""

from __future__ import annotations

from html import escape

from orchestration.trace.sheet import Section, Sheet

STYLE = """
body { font: 14px/1.45 system-ui, sans-serif; color: #1c2430; margin: 2rem auto; max-width: 84rem; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; } h2 { font-size: 1.05rem; margin: 1.8rem 0 .4rem; }
p { margin: .3rem 0; max-width: 62rem; } .decision { font-size: 1.1rem; } .fact { color: #55606e; }
.verdict { display: inline-block; padding: .35rem .7rem; border-radius: .3rem; margin: .5rem 0; font-weight: 600; }
.agrees { background: #dff3e4; color: #14532d; } .differs { background: #fbdcdc; color: #7f1d1d; }
.unknown { background: #fdf1cf; color: #6b4a00; }
table { border-collapse: collapse; width: 100%; margin-top: .4rem; font-size: .92em; }
th, td { text-align: left; vertical-align: top; padding: .28rem .55rem; border-bottom: 1px solid #d9dee5;
  overflow-wrap: anywhere; }
th { background: #eef1f5; font-weight: 600; white-space: nowrap; }
tr.marked td { background: #fff7dd; font-weight: 600; }
td.hash { font-family: ui-monospace, monospace; font-size: .78em; min-width: 11rem; } td.short { white-space: nowrap; }
@media print { body { margin: 0; max-width: none; font-size: 10px; }
  h2 { break-after: avoid; } tr { break-inside: avoid; } }
"""
# Nothing may be fetched or run, also if a text ever got through.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STANDING = {True: "agrees", False: "differs", None: "unknown"}
NARROW = 12


def as_html(sheet: Sheet) -> str:
    """The whole file."""
    facts = "\n".join(f'<p class="fact">{escape(fact)}</p>' for fact in sheet.facts)
    sections = "\n".join(_section(section) for section in sheet.sections)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width">
<title>{escape(sheet.title)}</title>
<style>{STYLE}</style>
</head>
<body>
<h1>{escape(sheet.title)}</h1>
<p class="decision">{escape(sheet.decision)}</p>
<p class="verdict {STANDING[sheet.agrees]}">{escape(sheet.verdict)}</p>
{facts}
{sections}
</body>
</html>
"""


def _section(section: Section) -> str:
    sentences = "\n".join(f"<p>{escape(sentence)}</p>" for sentence in section.sentences)
    return f"<h2>{escape(section.heading)}</h2>\n{sentences}\n{_table(section) if section.rows else ''}"


def _table(section: Section) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in section.columns)
    rows = "\n".join(
        f"<tr{' class=marked' if number in section.marked else ''}>"
        + "".join(_cell(column, cell) for column, cell in zip(section.columns, row, strict=True))
        + "</tr>"
        for number, row in enumerate(section.rows)
    )
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def _cell(column: str, cell: str) -> str:
    kind = " class=hash" if column == "SHA-256" else " class=short" if len(cell) <= NARROW else ""
    return f"<td{kind}>{escape(cell)}</td>"
