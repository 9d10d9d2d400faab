"""Workbooks as sites make them: real dates and numbers, formulas, merged headers; and as attackers make them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.orchestration.ingestion.formats.reading import only, refused, tables


def workbook(fill: Callable[[xlsxwriter.Workbook], None], **options: object) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, options) as book:
        fill(book)
    return target.getvalue()


def test_what_excel_stores_as_such_becomes_canonical_text() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "vs"
    sheet.append(["id", "weight", "day", "at", "clock", "ok", "mixed", "code"])
    sheet.append(["0001", 0.1, date(2026, 11, 21), datetime(2026, 11, 21, 9, 30), time(9, 5), True, 5.0, "007"])
    sheet.append([" 2 ", 5.0, date(1900, 2, 1), datetime(2026, 11, 21), time(23, 59, 30), False, "n/a", None])
    sheet.append(["3", 0.1 + 0.2, date(2024, 2, 29), datetime(2026, 11, 21, 9, 30, 15), None, None, None, "\t"])
    target = io.BytesIO()
    book.save(target)
    table = only(target.getvalue(), format="xlsx")
    assert table.name == "vs"
    assert table.frame.rows() == [
        (2, "0001", "0.1", "2026-11-21", "2026-11-21T09:30", "09:05", "TRUE", "5", "007"),
        (3, " 2 ", "5", "1900-02-01", "2026-11-21T00:00", "23:59:30", "FALSE", "n/a", None),
        (4, "3", "0.3", "2024-02-29", "2026-11-21T09:30:15", None, None, None, None),
    ]
    assert table.kinds == {
        "id": "text", "weight": "number", "day": "date", "at": "datetime", "clock": "time", "ok": "text",
        "code": "text",
    }  # fmt: skip


def test_formulas_count_by_their_last_result_and_errors_are_seen() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("ex")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["dose", "day"])
        sheet.write_formula(1, 0, "=58*10", None, 580)
        sheet.write_formula(2, 0, "=1/0", None, "#DIV/0!")
        sheet.write_formula(3, 0, '="5"&"80"', None, "580")
        sheet.write(1, 1, 60, day)  # Excel's 29 February 1900
        sheet.write(2, 1, -5, day)  # Excel shows ######
        sheet.write(3, 1, 59, day)
        sheet.write(4, 0, -5)

    assert only(workbook(fill), format="xlsx").frame.rows() == [
        (2, "580", "1900-02-29"),
        (3, "#DIV/0!", "-5"),
        (4, "580", "1900-02-28"),
        (5, "-5", None),
    ]


def test_days_counted_from_1904() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write(0, 0, "day")
        sheet.write_datetime(1, 0, datetime(2026, 11, 21), day)
        sheet.write(2, 0, 60, day)  # 1 January 1904 and 60 days

    table = only(workbook(fill, date_1904=True), format="xlsx")
    assert table.frame["day"].to_list() == ["2026-11-21", "1904-03-01"]


def test_merged_and_blank_headers_blank_rows_and_columns() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Visit 1")
        sheet.write(0, 0, "Export of site 3")
        sheet.merge_range(2, 0, 3, 0, "Subject")
        sheet.merge_range(2, 1, 2, 2, "Vital signs")
        sheet.write_row(3, 1, ["Weight", "Pulse", "", ""])
        sheet.write_row(4, 0, ["1", 61.5, 70, "", "note"])
        sheet.write_row(6, 0, ["2", 80, "", "", ""])
        book.add_worksheet("empty")

    table = only(workbook(fill), format="xlsx", skip_lines=1, header_rows=2)
    assert table.frame.columns == ["row", "Subject", "Vital signs Weight", "Vital signs Pulse", "column_5"]
    assert table.frame.rows() == [(5, "1", "61.5", "70", "note"), (7, "2", "80", None, None)]


def test_sheets_are_tables_and_one_can_be_asked_for() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        for name in ("dm", "AE"):
            book.add_worksheet(name).write_column(0, 0, ["id", name])

    assert list(tables(workbook(fill), format="xlsx")) == ["dm", "AE"]
    assert only(workbook(fill), format="xlsx", sheet="ae").frame.rows() == [(2, "AE")]
    assert refused(workbook(fill), "no sheet 'vs', but dm, AE", format="xlsx", sheet="vs") == "DEL01"


def simple() -> bytes:
    return workbook(lambda book: book.add_worksheet().write_column(0, 0, ["id", "1"]))


def with_part(name: str, content: bytes) -> bytes:
    """The simple workbook with one part replaced or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(simple())) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info.filename, old.read(info))
        new.writestr(name, content)
    return target.getvalue()


def test_damage(tmp_path: Path) -> None:
    whole = simple()
    assert refused(whole[:-200], "cut short|table of contents", format="xlsx") == "DEL01"
    damaged = bytearray(whole)
    damaged[60:70] = b"\xff" * 10
    assert refused(bytes(damaged), "damaged|workbook", format="xlsx") == "DEL01"
    renamed = bytearray(whole)  # found by random bytes: the sentence quoted half the file
    renamed[26:28] = (600).to_bytes(2, "little")  # how long the name of the first part is
    assert refused(bytes(renamed), "damaged", format="xlsx") == "DEL01"
    assert refused(b"id,visit\n", "no workbook", format="xlsx") == "DEL01"
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password", format="xlsx") == "DEL01"
    assert refused(workbook(lambda book: book.add_worksheet()), "nothing is written", format="xlsx") == "DEL02"
    assert refused(tmp_path, "a folder", format="xlsx") == "DEL01"
    assert refused(tmp_path / "none.xlsx", "no such file", format="xlsx") == "DEL01"


def test_bombs() -> None:
    zeros = with_part("xl/media/image1.png", bytes(60_000_000))
    assert len(zeros) < 100_000
    assert refused(zeros, "times its size", format="xlsx") == "DEL01"
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
    far = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert refused(with_part("xl/worksheets/sheet1.xml", sheet % far), "stray cell", format="xlsx") == "DEL01"
    liar = bytearray(zeros)
    central = liar.rindex(b"PK\x01\x02")
    liar[central + 24 : central + 28] = (1000).to_bytes(4, "little")  # the unpacked size that it admits to
    assert refused(bytes(liar), "damaged|as long as", format="xlsx") == "DEL01"


def test_a_cell_too_long_for_excel_itself() -> None:
    text = "x" * 1_000_001
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f'<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c></row>'
        f'<row r="2"><c r="A2" t="inlineStr"><is><t>{text}</t></is></c></row></sheetData></worksheet>'
    )
    message = "1,000,001 bytes"
    assert refused(with_part("xl/worksheets/sheet1.xml", sheet.encode()), message, format="xlsx") == "DEL01"


@pytest.mark.parametrize("columns", [702, 703])
def test_columns_beyond_z(columns: int) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [f"c{number}" for number in range(1, columns + 1)])
        sheet.write_formula(1, columns - 1, "=1/0", None, "#N/A")

    assert only(workbook(fill), format="xlsx").frame[f"c{columns}"].to_list() == ["#N/A"]
