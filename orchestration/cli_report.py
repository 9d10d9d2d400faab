"""mrbs report: the current publication as one HTML file of figures. Arguments in, the right function called, printed.

The work is in `orchestration.report`, imported inside the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orchestration.terminal import console, progress_display


def report(
    out: Annotated[
        Path | None, typer.Option(help="The file to write; default: reports/<publication>.html in the warehouse.")
    ] = None,
) -> None:
    """Write the report of the current publication: figures, tables, definitions; one HTML file."""
    from orchestration.ingestion.settings import Settings

    with progress_display() as listener:
        listener("report", "opening the publication")
        from orchestration.report import write_report

        written = write_report(Settings.from_environment().warehouse_dir, out, lambda said: listener("report", said))
    console.print(f"[green]Reported[/green] {written.figures} figures of the publication {written.load_id}")
    if written.without_data:
        console.print(f"Of {written.without_data} there is nothing to draw yet; the report says so.", style="yellow")
    console.print(f"{written.file} ({written.bytes / 1e6:.1f} MB)", markup=False)
