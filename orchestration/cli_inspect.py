"""mrbs inspect: what the readers see in a file. Arguments in, the right function called, printed.

The work is in `orchestration.ingestion.formats`, imported inside the command. Nothing is loaded, kept or changed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.terminal import console, errors, table

if TYPE_CHECKING:
    from orchestration.ingestion.formats.tables import ReadAs

COLUMNS_IN_ROWS = 12  # more do not fit a screen; all are in the list of columns
FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="A file as a site exported it.")]


def inspect(
    file: FileArgument,
    long: Annotated[
        bool, typer.Option("--long", help="Every value as CSV: subject,event,form,repeat,item,value.")
    ] = False,
    subject: Annotated[str | None, typer.Option(help="With --long, of a flat table: the subject's column.")] = None,
    event: Annotated[str | None, typer.Option(help="With --long, of a flat table: the event's column.")] = None,
    repeat: Annotated[str | None, typer.Option(help="With --long, of a flat table: the repeat's column.")] = None,
    rows: Annotated[int, typer.Option(min=0, help="First rows to show of each table.")] = 3,
    format: Annotated[
        str | None, typer.Option(help="csv, xlsx, xpt, sas7bdat, parquet, dataset-json, odm or redcap.")
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="For example utf-8, cp1252, gb18030, utf-16.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="One character; tab for the tabulator.")] = None,
    quote: Annotated[str | None, typer.Option(help='One character, or "" for none.')] = None,
    decimal: Annotated[str | None, typer.Option(help="The decimal sign: . or a comma.")] = None,
    skip_lines: Annotated[int | None, typer.Option(help="Lines, or rows of a sheet, before the header.")] = None,
    header_rows: Annotated[int | None, typer.Option(help="1 or 2.")] = None,
    header: Annotated[str | None, typer.Option(help="Two header rows: joined, or the last one's names.")] = None,
    sheet: Annotated[str | None, typer.Option(help="Only this sheet, data set or form.")] = None,
    dictionary: Annotated[Path | None, typer.Option(help="REDCap's data dictionary, a CSV.")] = None,
) -> None:
    """Show what the readers see in a file: format, sheets and forms, columns, first rows, dates, register lines.

    What is not given is guessed from the content; a load guesses nothing and reads what the register says. Nothing is
    loaded or changed. For example: [bold]mrbs inspect export.xml --long > values.csv[/bold]
    """
    from orchestration.ingestion.formats.refusal import FileRefusedError

    given = {
        "format": format, "encoding": encoding, "delimiter": "\t" if delimiter in ("tab", "\\t") else delimiter,
        "quote": quote, "decimal": decimal, "skip_lines": skip_lines, "header_rows": header_rows, "header": header,
        "sheet": sheet, "dictionary": dictionary,
    }  # fmt: skip
    try:
        read_as = _read_as(file, {name: value for name, value in given.items() if value is not None})
        if long:
            _print_long(file, read_as, subject, event, repeat)
        else:
            _print_inspected(file, read_as, rows)
    except FileRefusedError as refusal:
        errors.print(f"{file.name}: {refusal} ({refusal.rule_id}).", style="red", markup=False)
        raise typer.Exit(1) from None


def _read_as(file: Path, given: dict[str, object]) -> ReadAs:
    """What was given, and the rest as the file suggests. A format that was given is believed."""
    from dataclasses import replace

    from orchestration.ingestion.formats.suspicion import suspected
    from orchestration.ingestion.formats.tables import ReadAs

    ReadAs(**given)  # type: ignore[arg-type]  # a wrong option is said before the file is looked at
    return replace(suspected(file), **given)  # type: ignore[arg-type]


def _print_long(file: Path, read_as: ReadAs, subject: str | None, event: str | None, repeat: str | None) -> None:
    from orchestration.ingestion.formats.long import LONG, KeyColumns, long_frames

    sys.stdout.write(",".join(LONG) + "\n")
    for frame in long_frames(file, read_as, KeyColumns(subject, event, repeat)):
        sys.stdout.write(frame.write_csv(include_header=False))
    sys.stdout.flush()


def _print_inspected(file: Path, read_as: ReadAs, rows: int) -> None:
    from orchestration.ingestion.formats.inspection import how_it_was_read, inspect, register_lines, shortened

    found = list(inspect(file, read_as, rows))
    for line in how_it_was_read(file, read_as):
        console.print(line, markup=False)
    for one in found:
        console.print()
        columns = [(c.name, c.label, c.kind, c.filled, c.remark) for c in one.columns]
        title = f"{one.name}: {one.rows:,} rows, {len(one.columns):,} columns"
        console.print(table(title, ["column", "label", "kind", "filled", "seems to hold"], columns))
        if one.first:
            names = ["row", *(column.name for column in one.columns)][: COLUMNS_IN_ROWS + 1]
            shown = [[shortened(value) for value in row[: len(names)]] for row in one.first]
            console.print(table("", names, shown, fold_all=True))
    console.print("\nIn the register, with the names of this trial's columns for the dots:\n")
    for line in register_lines(file, read_as, found):
        console.print(line, markup=False)
