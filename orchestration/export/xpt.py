"""A table as a SAS transport file of version 5, one data set a file, as regulators take it.

Dates are SAS dates, numbers IBM doubles, a missing text is blank. What would not survive that is refused first
(xpt_rules); here is only how a file is made, and made the same every time.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import polars as pl

from orchestration.export.ascii_texts import in_ascii
from orchestration.export.described import ExportColumn, ExportTable
from orchestration.export.refusal import CannotCarryError, Replacement
from orchestration.export.source import Source
from orchestration.export.xpt_rules import described_violations, value_violations

EPOCH = datetime(1960, 1, 1)
DISPLAY_FORMATS = {"date": "DATE9.", "datetime": "DATETIME20."}
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
WRITTEN_AT = re.compile(rb"\d{2}[A-Z]{3}\d{2}:\d{2}:\d{2}:\d{2}")
TIMES_WRITTEN = 4
"""Created and modified, of the library and of its data set."""


def write_xpt(source: Source, table: ExportTable, file: Path, *, ascii_only: bool) -> list[Replacement]:
    """Write the table; returns the texts that were written in ASCII because it was asked for.

    Raises:
        CannotCarryError: with everything that version 5 can't carry. Nothing was written.
    """
    frame = source.connection.execute(source.query(table)).pl()
    replaced: list[Replacement] = []
    if ascii_only:
        frame, replaced = _in_ascii(table, frame)
    violations = described_violations(table) + value_violations(table, frame)
    if violations:
        raise CannotCarryError(violations)
    _write(table, frame, file)
    file.write_bytes(_dated(file.read_bytes(), source.made_at))
    return replaced


def _in_ascii(table: ExportTable, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Replacement]]:
    replaced = []
    for column in [column for column in table.columns if column.kind == "text"]:
        was = frame[column.name].to_list()
        became = [None if text is None else in_ascii(text) for text in was]
        replaced += [
            Replacement(table.name, column.name, row, text, new)
            for row, (text, new) in enumerate(zip(was, became, strict=True), start=1)
            if text is not None and new is not None and text != new
        ]
        frame = frame.with_columns(pl.Series(column.name, became, dtype=pl.String))
    return frame, replaced


def _write(table: ExportTable, frame: pl.DataFrame, file: Path) -> None:
    import pyreadstat

    formats = {c.xpt_name: DISPLAY_FORMATS[c.kind] for c in table.columns if c.kind in DISPLAY_FORMATS}
    pyreadstat.write_xport(
        pl.DataFrame([_stored(column, frame[column.name]) for column in table.columns]),
        file,
        file_label=table.label,
        table_name=table.name.upper(),
        file_format_version=5,
        variable_format=formats,
        column_labels=[column.label for column in table.columns],
    )


def _stored(column: ExportColumn, values: pl.Series) -> pl.Series:
    """What SAS stores: texts, and for everything else numbers; dates count days and times seconds from 1960."""
    if column.kind == "text":
        stored = values.fill_null("")
    elif column.kind == "date":
        stored = (values - EPOCH.date()).dt.total_days().cast(pl.Float64)
    elif column.kind == "datetime":
        stored = (values - EPOCH).dt.total_microseconds() / 1_000_000
    else:
        # By way of its text a decimal becomes the nearest double; divided by a power of ten it might be rounded twice.
        stored = values.cast(pl.String).cast(pl.Float64)
    return stored.alias(column.xpt_name)


def _dated(content: bytes, made_at: datetime) -> bytes:
    """The file as if it had been written when its publication was made."""
    headers = content.index(b"NAMESTR ")
    moment = f"{made_at:%d}{MONTHS[made_at.month - 1]}{made_at:%y:%H:%M:%S}".encode()
    dated, times = WRITTEN_AT.subn(moment, content[:headers])
    if times != TIMES_WRITTEN:
        raise RuntimeError(f"The head of a transport file holds {times} dates instead of {TIMES_WRITTEN}.")
    return dated + content[headers:]
