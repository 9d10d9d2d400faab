"""Excel workbooks: one table per sheet, with what the cells hold and not how they look.

Dates, times and numbers that Excel stores as such become ISO 8601 text and plain decimals; of a formula its last
result is taken. Merged header cells stand for each of their columns; merged cells of the body are left as they are.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import polars as pl

from orchestration.ingestion.formats.columns import column_names, table_of
from orchestration.ingestion.formats.csv_file import joined_header
from orchestration.ingestion.formats.refusal import empty, unreadable
from orchestration.ingestion.formats.tables import Kind, ReadAs, Source, SourceTable, bytes_of
from orchestration.ingestion.formats.texts import datetime_text, plain_decimal, value_text
from orchestration.ingestion.formats.workbook_parts import Corrections, inspected_parts

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

KIND_OF: Mapping[type, Kind] = {float: "number", datetime: "datetime", date: "date", time: "time", timedelta: "time"}
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # also what an encrypted workbook is wrapped in


def read(source: Source, read_as: ReadAs) -> Iterator[SourceTable]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    data = bytes_of(source)
    if data.startswith(OLD_WORKBOOK):
        raise unreadable("the workbook has a password or is in the format of Excel 97 (.xls); .xlsx is needed")
    parts = inspected_parts(data)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    if read_as.sheet is not None:
        wanted = [name for name in sheets if name.strip().lower() == read_as.sheet.strip().lower()]
        if not wanted:
            raise unreadable(f"the workbook has no sheet {read_as.sheet!r}, but {', '.join(sheets)}")
        sheets = wanted
    if read_as.among is not None:
        sheets = [name for name in sheets if name.strip().lower() in read_as.among]
    found = False
    for name in sheets:
        table = _table(name, workbook.get_sheet_by_name(name), parts.get(name, {}), read_as)
        if table is not None:
            found = True
            yield table
    if not found:
        raise empty(
            "nothing is written on any sheet of the workbook" if read_as.sheet is None else "the sheet is empty"
        )


def _table(name: str, sheet: CalamineSheet, corrections: Corrections, read_as: ReadAs) -> SourceTable | None:
    """What stands on a sheet; None: nothing."""
    cells: list[list[object]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), text in corrections.items():
        if (
            row < len(cells)
            and column < len(cells[row])
            and (text.startswith("#") or not _is_number(cells, row, column))
        ):
            cells[row][column] = text
    start = read_as.skip_lines
    while start < len(cells) and _is_blank(cells[start]):
        start += 1
    if start >= len(cells):
        return None
    first = start + read_as.header_rows
    if first > len(cells):
        raise empty(f"sheet {name} ends before its second header row")
    _spread(sheet, cells, start, first)
    headers = [[_text(cell) for cell in row] for row in cells[start:first]]
    body = [(number, row) for number, row in enumerate(cells[first:], start=first + 1) if not _is_blank(row)]
    joined = joined_header(headers, read_as.header)
    used = [at for at, title in enumerate(joined) if title or any(row[at] != "" for _, row in body)]
    titles = column_names(joined)
    columns, kinds = {}, {}
    for at in used:
        values = [row[at] for _, row in body]
        kind = _kind(values)
        if kind is not None:
            kinds[titles[at]] = kind
        columns[titles[at]] = pl.Series([_text(value, kind) for value in values], dtype=pl.String)
    return table_of(name, columns, [number for number, _ in body], kinds=kinds)


def _is_number(cells: list[list[object]], row: int, column: int) -> bool:
    return isinstance(cells[row][column], float)


def _is_blank(row: Sequence[object]) -> bool:
    return all(isinstance(cell, str) and not cell.strip() for cell in row)


def _spread(sheet: CalamineSheet, cells: list[list[object]], start: int, first: int) -> None:
    """A title over several columns is the title of each; one over two header rows is named once."""
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if not start <= top < first:
            continue
        for row in range(top, min(bottom, first - 1, len(cells) - 1) + 1):
            for column in range(left, min(right, len(cells[row]) - 1) + 1):
                cells[row][column] = cells[top][left] if row == top else ""


def _kind(values: Sequence[object]) -> Kind | None:
    """The type that every filled cell of the column has. Midnight is a date to the library, also among times of day."""
    kinds = {KIND_OF.get(type(value), "text") for value in values if value != ""}
    if kinds == {"date", "datetime"}:
        return "datetime"
    return kinds.pop() if len(kinds) == 1 else None


def _text(value: object, kind: Kind | None = None) -> str | None:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"  # as the sheet shows it
    if isinstance(value, float):
        return plain_decimal(format(value, ".15g"))  # Excel counts in 15 digits; the rest is binary noise
    if kind == "datetime" and isinstance(value, date) and not isinstance(value, datetime):
        return datetime_text(datetime(value.year, value.month, value.day))
    return value_text(value)
