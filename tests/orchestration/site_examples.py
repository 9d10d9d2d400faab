"""The small files of the three worked examples in docs/adding-a-site.md, as each site's program would write them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pandas as pd
import pyreadstat
import xlsxwriter

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-site.md"


def blocks(language: str) -> list[str]:
    """The page's blocks in this language, in its order."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)


def write_redcap(folder: Path) -> None:
    """The page shows the whole file."""
    (folder / "MRBS_DATA_2026-11-21.csv").write_text(blocks("csv")[0])


def write_workbook(folder: Path) -> None:
    """Text, numbers and real dates; a title above each header, and a cover without one."""
    sheets = {
        "Vitalparameter": [
            ["Patient", "Visite", "Datum", "Parameter", "Wert", "Einheit"],
            ["0001", "Screening", date(2026, 1, 5), "Gewicht", 61.5, "kg"],
            ["0001", "Screening", date(2026, 1, 5), "Temperatur", "n.e.", "°C"],
            ["0002", "Tag 0", date(2026, 1, 19), "Gewicht", 80, "kg"],
        ],
        "Arzturteil": [
            ["Patient", "Visite", "Datum", "Urteil"],
            ["0001", "Screening", date(2026, 1, 5), 1.8],
            ["0002", "Tag 0", date(2026, 1, 19), 2],
        ],
    }
    with xlsxwriter.Workbook(folder / "Export 2026-11-21.xlsx") as book:
        shown = book.add_format({"num_format": "dd.mm.yyyy"})
        book.add_worksheet("Deckblatt").write_string(0, 0, "Universitätsklinikum")
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.write_string(0, 0, f"{name}, Stand 21.11.2026")
            for at, row in enumerate(rows, start=1):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(at, column, value, shown)
                    elif isinstance(value, str):
                        sheet.write_string(at, column, value)
                    else:
                        sheet.write_number(at, column, value)


def write_transport(folder: Path) -> None:
    """SAS counts days from 1960-01-01: 2026-01-05 is day 24,111, 2026-01-12 day 24,118."""
    dm = {
        "PATNO": ["0001", "0002"], "ICDAT": [24111.0, 24118.0], "BYEAR": [1985.0, 1990.0], "AGE": [40.0, 36.0],
        "SEX": [1.0, 2.0], "RACE": ["WHITE", "ASIAN"], "HTCM": [168.0, 171.5], "SLEDXYM": ["06/2019", "2021"],
    }  # fmt: skip
    vs = {
        "PATNO": ["0001", "0002"], "VISNAM": ["SCR", "SCR"], "VSDAT": [24111.0, 24118.0], "TESTCD": ["WT", "WT"],
        "RESULT": [61.5, float("nan")], "RESUNIT": ["kg", "kg"],
    }  # fmt: skip
    for name, data, dates in (("demog", dm, "ICDAT"), ("vitals", vs, "VSDAT")):
        pyreadstat.write_xport(
            pd.DataFrame(data), folder / f"{name}.xpt", table_name=name.upper(), file_format_version=5,
            variable_format={dates: "DATE9."},
        )  # fmt: skip
