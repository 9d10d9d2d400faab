"""Excel: one workbook with a sheet per form, or a workbook per form. Dates and numbers are stored as such.

What belongs here: sheets and cells. What does not: which value has which type (typed.py).

A cell has a type of its own here: a number that a planted error made text leaves its neighbours numbers.
"""

import io
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from simulation.dialects.contract import Column, column, contract
from simulation.dialects.dialect import CannotCarryError, Entry, File, Forms, Night, Table, records
from simulation.dialects.typed import is_plain, stored, typed

YES_NO = {"Y": "1", "N": "0"}
"""As one of the two systems codes an answer; the cell holds a number."""


class ExcelWorkbook:
    """One workbook; a title over all columns stands above the header of each sheet."""

    def write(self, forms: Forms, night: Night) -> dict[str, File]:
        workbook = Workbook(night)
        for form, table in forms.items():
            sheet = workbook.sheet(form.upper())
            title = f"Site {night.siteid}, {form.upper()}, as of {night.day}"
            sheet.merge_range(0, 0, 0, len(table.header) - 1, title, workbook.title)
            sheet.write_row(1, 0, table.header)
            workbook.fill(sheet, 2, form, table)
        return {"export.xlsx": File(workbook.content(), records(forms))}

    def entry(self) -> Entry:
        return {"format": "xlsx", "file": "export.xlsx", "skip_lines": 1}


class ExcelPerForm:
    """A workbook per form, the question above each column's name, and 1 or 0 for yes or no."""

    def write(self, forms: Forms, night: Night) -> dict[str, File]:
        files = {}
        for form, table in forms.items():
            workbook = Workbook(night)
            sheet = workbook.sheet("Data")
            for at, name in enumerate(table.header):
                sheet.write_string(0, at, column(form, name).label or "(system)")
                sheet.write_string(1, at, name.upper())
            workbook.fill(sheet, 2, form, table, YES_NO)
            files[f"{form}_listing.xlsx"] = File(workbook.content(), len(table.rows))
        return files

    def entry(self) -> Entry:
        answers = {theirs: ours for ours, theirs in YES_NO.items()}
        forms: dict[str, Entry] = {}
        for form, columns in contract().items():
            forms[form] = {"file": f"{form}_listing.xlsx"}
            asked = [name for name, about in columns.items() if about.codelist == "NY"]
            if asked:
                forms[form]["values"] = dict.fromkeys(asked, answers)
        return {"format": "xlsx", "header_rows": 2, "header": "last", "forms": forms}


class Workbook:
    """A workbook in memory whose bytes tell nothing of when it was written."""

    def __init__(self, night: Night) -> None:
        import xlsxwriter

        self._file = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._file, {"in_memory": True, "strings_to_formulas": False})
        self._book.set_properties({"created": datetime.combine(night.day, datetime.min.time())})
        self.title = self._book.add_format({"bold": True, "align": "center"})
        self._dates = {
            "date": self._book.add_format({"num_format": "yyyy-mm-dd"}),
            "datetime": self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }

    def sheet(self, name: str) -> Any:
        return self._book.add_worksheet(name)

    def content(self) -> bytes:
        self._book.close()
        return self._file.getvalue()

    def fill(self, sheet: Any, first: int, form: str, table: Table, answers: Mapping[str, str] | None = None) -> None:
        """The records from this row of the sheet on."""
        for at, name in enumerate(table.header):
            about = column(form, name)
            texts = table.column(name)
            if answers is not None and about.codelist == "NY":
                texts = [coded(about, text, answers) for text in texts]
                about = Column(name, "integer")
            kind = typed(about, texts).kind
            for row, text in enumerate(texts, start=first):
                if not text:
                    continue
                if kind in ("date", "datetime"):
                    value = stored(text, kind)
                    assert isinstance(value, date)
                    sheet.write_datetime(row, at, value, self._dates[kind])
                elif about.is_number and is_plain(text):
                    sheet.write_number(row, at, float(text))
                else:
                    sheet.write_string(row, at, text)


def coded(about: Column, text: str, answers: Mapping[str, str]) -> str:
    if text in answers.values():
        raise CannotCarryError(f"{about.name}: {text!r} is a code of the site for something else")
    return answers.get(text, text)
