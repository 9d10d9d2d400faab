"""The files of a listing: CSV and workbook, safe to open in a spreadsheet, written whole or not at all.

A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers and dates stay what they are.
All files are written beside the old ones first and then renamed over them: a file is always a whole one, the old or the
new, and one that is open keeps what it had. What stands in a listing belongs in `findings`.
"""

from __future__ import annotations

import csv
import re
import shutil
import tempfile
import time
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from orchestration.site_listings.findings import COLUMNS, Cell, SiteListing

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)*|[.,]\d+)([eE][+-]?\d+)?")
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
CELL_LIMIT = 32_000  # a workbook's cell holds 32,767 characters
SHEET_LIMIT = 1_048_575  # rows of a sheet below its header
# Characters; the sentence is wrapped.
NARROWEST, WIDEST = 8, 28
WIDTH_OF = {"finding": 90, "title": 34}
UNFINISHED = ".listing-"
LEFT_BEHIND_SECONDS = 3600


def write_listings(listings: Iterable[SiteListing], folder: Path) -> list[Path]:
    """Write `<site>-open-findings.csv` and `.xlsx` for every listing into the folder; returns their paths.

    Raises:
        ValueError: a site has more findings of one severity than a sheet has rows. Nothing is replaced.
        OSError: the folder can't be written to. Nothing is replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _remove_left_behind(folder)
    with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=folder) as unfinished:
        written = []
        for listing in listings:
            name = f"{re.sub(r'[^A-Za-z0-9_.-]', '_', listing.siteid).lstrip('.')}-open-findings"
            written += [Path(unfinished) / f"{name}.csv", Path(unfinished) / f"{name}.xlsx"]
            _write_csv(listing, written[-2])
            _write_workbook(listing, written[-1])
        return [path.replace(folder / path.name) for path in written]


def safe(text: str) -> str:
    """The text as a cell: never a formula, without control characters, no longer than a cell may be."""
    dangerous = text.lstrip(" ").startswith(FORMULA_STARTS) and not NUMBER.fullmatch(text.strip())
    one_line = CONTROL.sub(" ", text)[:CELL_LIMIT]
    return f"'{one_line}" if dangerous else one_line


def _write_csv(listing: SiteListing, path: Path) -> None:
    """All severities in one table. With a byte order mark, by which a spreadsheet knows UTF-8; every text quoted, so
    that no other separator can open a cell."""
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow(COLUMNS)
        for rows in listing.rows.values():
            writer.writerows([_in_csv(cell) for cell in row] for row in rows)


def _in_csv(cell: Cell) -> str | int:
    if isinstance(cell, str):
        return safe(cell)
    return cell.isoformat() if isinstance(cell, date) else "" if cell is None else cell


def _write_workbook(listing: SiteListing, path: Path) -> None:
    """A sheet per severity: header frozen, filters on, columns as wide as what stands in them."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as workbook:
        # The night's date, not the machine's: the same findings make the same bytes.
        created = datetime.combine(listing.night, datetime.min.time())
        title = f"Open findings of {listing.siteid}, {listing.night}"
        workbook.set_properties({"title": safe(title), "created": created})
        formats = {
            "header": workbook.add_format({"bold": True, "bg_color": "#DDE5EC", "bottom": 1, "valign": "top"}),
            "text": workbook.add_format({"valign": "top"}),
            "wrapped": workbook.add_format({"valign": "top", "text_wrap": True}),
            "date": workbook.add_format({"valign": "top", "num_format": "yyyy-mm-dd", "align": "left"}),
        }
        for severity, rows in listing.rows.items():
            _write_sheet(workbook.add_worksheet(severity), title, rows, formats)


def _write_sheet(sheet: Any, title: str, rows: list[tuple[Cell, ...]], formats: dict[str, Any]) -> None:
    if len(rows) > SHEET_LIMIT:
        raise ValueError(f"{title}: {len(rows):,} findings of one severity are more than a sheet has rows.")
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(COLUMNS) - 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&L{title.replace('&', '&&')}&R&A, page &P of &N")
    for position, column in enumerate(COLUMNS):
        sheet.set_column(position, position, _width(column, [row[position] for row in rows]))
        sheet.write_string(0, position, column.replace("_", " "), formats["header"])
    for number, row in enumerate(rows, start=1):
        for position, (column, cell) in enumerate(zip(COLUMNS, row, strict=True)):
            if isinstance(cell, str):
                sheet.write_string(number, position, safe(cell), formats["wrapped" if column in WIDTH_OF else "text"])
            elif isinstance(cell, date):
                sheet.write_datetime(number, position, datetime.combine(cell, datetime.min.time()), formats["date"])
            elif cell is not None:
                sheet.write_number(number, position, cell, formats["text"])


def _width(column: str, cells: list[Cell]) -> int:
    """As wide as the longest cell, the header with its filter button included; a sentence has a width of its own."""
    longest = max([len(str(cell)) for cell in cells if cell is not None] + [len(column) + 3])
    return WIDTH_OF.get(column, min(max(longest + 1, NARROWEST), WIDEST))


def _remove_left_behind(folder: Path) -> None:
    """What a killed listing left: nobody has been writing to it for an hour."""
    for left in folder.glob(f"{UNFINISHED}*"):
        if time.time() - left.stat().st_mtime > LEFT_BEHIND_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
