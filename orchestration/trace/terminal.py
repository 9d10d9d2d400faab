"""The page of a trace on a terminal or in a log."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from orchestration.trace.sheet import Section, Sheet

COLOURS = {True: "green", False: "bold red", None: "yellow"}
# A SHA-256 in a column of its own leaves no room for anything else: it stands under the table.
UNDER_THE_TABLE = "SHA-256"


def on_a_terminal(sheet: Sheet) -> Iterator[RenderableType]:
    """One after the other; `Text` is never read as rich's markup."""
    yield Text(sheet.title, style="bold")
    yield Text(sheet.decision)
    yield Text(sheet.verdict, style=COLOURS[sheet.agrees])
    for fact in sheet.facts:
        yield Text(fact, style="dim")
    for section in sheet.sections:
        yield Text("")
        yield Text(section.heading, style="bold")
        for sentence in section.sentences:
            yield Text(sentence)
        if section.rows:
            yield _table(section)
            yield from _under(section)


def _table(section: Section) -> Table:
    kept = [index for index, column in enumerate(section.columns) if column != UNDER_THE_TABLE]
    table = Table(header_style="bold")
    for index in kept:
        table.add_column(Text(section.columns[index]), overflow="fold")
    for number, row in enumerate(section.rows):
        style = "bold" if number in section.marked else ""
        table.add_row(*[Text(row[index], style=style) for index in kept])
    return table


def _under(section: Section) -> Iterator[Text]:
    if UNDER_THE_TABLE not in section.columns:
        return
    column, file = section.columns.index(UNDER_THE_TABLE), section.columns.index("file")
    for sha256, name in dict.fromkeys((row[column], row[file]) for row in section.rows):
        yield Text(f"SHA-256 of {name}: {sha256}", style="dim")
