"""mrbs trace: the proof of one subject's response. Arguments in, the right function called, printed or written.

The work is in `orchestration.trace`, imported inside the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orchestration.terminal import console, errors

DISAGREES, NOT_RECOMPUTED = 2, 3


def trace(
    subject: Annotated[
        str, typer.Argument(metavar="SUBJECT", help="MRBS-S01-0004; S01-0004 or 0004 where one has it.")
    ],
    visit: Annotated[str | None, typer.Option(help='For example "Week 24" or 24; default: week 48.')] = None,
    html: Annotated[Path | None, typer.Option(help="Write the page as one HTML file instead of printing it.")] = None,
    wait: Annotated[int, typer.Option(min=0, help="Seconds to wait for a load to finish.")] = 0,
) -> None:
    """Show why a subject is a responder or not: components, records, events, and the rows of files behind each value.

    The decision is derived again from the delivered rows. Exit 0 it agrees; 2 it does not; 3 it can't be derived
    again now, as a load is under way.
    """
    from orchestration.ingestion.settings import Settings
    from orchestration.trace import sheet_of
    from orchestration.trace import trace as traced
    from orchestration.trace.html import as_html
    from orchestration.trace.terminal import on_a_terminal

    sheet = sheet_of(traced(Settings.from_environment(), subject, visit, wait, report=errors.print))
    if html is None:
        for part in on_a_terminal(sheet):
            console.print(part)
    else:
        html.write_text(as_html(sheet), encoding="utf-8")
        console.print(f"{sheet.title}. {sheet.verdict}", markup=False)
        console.print(f"Written to {html}", markup=False)
    if sheet.agrees is not True:
        raise typer.Exit(NOT_RECOMPUTED if sheet.agrees is None else DISAGREES)
