"""mrbs export: the analysis tables, or the trial shaped as SDTM, as files. Arguments in, the right function called.

The work is in `orchestration.export`, imported inside the command.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orchestration.terminal import console, errors, progress_display

NOT_EVERYTHING = 3


def export(
    folder: Annotated[Path, typer.Argument(help="Where to: the export is a folder in it, named by the publication.")],
    formats: Annotated[
        str | None, typer.Option(help="With commas; default all. They are described in docs/exports.md.")
    ] = None,
    tables: Annotated[str | None, typer.Option(help="With commas, for example adsl,adsri; default all.")] = None,
    model: Annotated[
        str, typer.Option(help="adam: the analysis tables. sdtm: what sites delivered, free text included, as SDTM.")
    ] = "adam",
    ascii_only: Annotated[
        bool,
        typer.Option("--ascii", help="XPT: write é as e and so on; replaced.csv lists each one."),
    ] = False,
) -> None:
    """Write tables of the current publication as files, with a manifest of hashes.

    Exit 0 everything asked for was written; 1 nothing was; 3 written, but a format could not carry every table.
    """
    from orchestration.export.folder import export as export_publication
    from orchestration.export.formats import FORMATS
    from orchestration.ingestion.settings import Settings

    with progress_display() as listener:
        exported = export_publication(
            Settings.from_environment().warehouse_dir,
            folder,
            _names(formats) or FORMATS,
            _names(tables),
            model=model.lower(),
            ascii_only=ascii_only,
            report=lambda message: listener("export", message),
        )
    console.print(f"[green]Exported[/green] {exported.files} files of the publication {exported.load_id}")
    console.print(f"{exported.folder} (hashes in manifest.csv)")
    if model.lower() == "sdtm":
        console.print(
            "They hold free text as sites wrote it (terms, names of drugs): keep them in the house.", style="yellow"
        )
    if exported.replaced:
        console.print(f"Written in ASCII: {len(exported.replaced):,} of the texts, see replaced.csv", style="yellow")
    for name, violations in exported.refused.items():
        left_out = sorted({violation.table for violation in violations})
        errors.print(f"{name} can't carry {', '.join(left_out)}, which is left out there:", style="red")
        for violation in violations:
            errors.print(f"  {violation.sentence}", markup=False)
    if exported.refused:
        raise typer.Exit(NOT_EVERYTHING)


def _names(given: str | None) -> list[str]:
    return [name.strip().lower() for name in (given or "").split(",") if name.strip()]
