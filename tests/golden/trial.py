"""Builds the golden trial: a landing folder with one site per case, and the register that knows these sites.

What belongs here: rows of the cases' notation into canonical CSV, as a site would export it. What does not: any rule of
the protocol. The column order comes from the contract of the forms, which is a seed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import yaml

from tests.golden.reading import FOLDER, Case, Delivery, Row, load_yaml

FORM_COLUMNS = FOLDER.parents[1] / "dbt_project" / "seeds" / "form_columns.csv"
# The load takes this date as today; every delivery of a case but those meant to lie in the future is older.
LOAD_DATE = date(2027, 1, 15)
DATE_COLUMN = {
    "dm": "rficdtc",
    "acr": "acrdtc",
    "mh": "mhstdtc",
    "sv": "svdtc",
    "vs": "vsdtc",
    "ex": "exstdtc",
    "sledai": "sledtc",
    "bilag": "bildtc",
    "pga": "pgadtc",
    "lb": "lbdtc",
    "cm": "cmstdtc",
    "ae": "aestdtc",
    "ds": "dsdtc",
}
SEQUENCE_COLUMN = {"mh": "mhseq", "cm": "cmseq", "ae": "aeseq"}


def form_columns() -> dict[str, list[str]]:
    """The columns of each form, in the order of the contract."""
    columns: dict[str, list[str]] = {}
    with FORM_COLUMNS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            columns.setdefault(row["form"], []).append(row["column_name"])
    return columns


def build_trial(cases: Iterable[Case], folder: Path) -> tuple[Path, Path]:
    """Writes all cases; returns the landing folder and the site register."""
    landing, register = folder / "landing", folder / "sites.yml"
    columns, defaults = form_columns(), load_yaml(FOLDER / "standard.yml")["row_defaults"]
    sites = {}
    for case in cases:
        sites[case.siteid] = {"name": case.name}
        for delivery in case.deliveries:
            write_delivery(case, delivery, landing, columns, defaults)
    register.write_text(yaml.safe_dump({"study": "MRBS", "sites": sites}, allow_unicode=True), encoding="utf-8")
    return landing, register


def write_delivery(
    case: Case, delivery: Delivery, landing: Path, columns: dict[str, list[str]], defaults: dict[str, Row]
) -> None:
    target = landing / case.siteid / delivery.delivered.isoformat()
    target.mkdir(parents=True)
    for form, names in columns.items():
        if form in delivery.leave_out:
            continue
        rows = list(delivered_rows(case, form, delivery.delivered, names, defaults.get(form, {})))
        content = delivery.files.get(form)
        if content is None or content == "HEADER":
            (target / f"{form}.csv").write_bytes(csv_bytes(names, rows if content is None else []))
        else:
            # Latin-1 turns each character into the byte of the same number, so a case can write any bytes it likes.
            (target / f"{form}.csv").write_bytes(content.encode("latin-1"))


def csv_bytes(names: list[str], rows: list[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def delivered_rows(case: Case, form: str, on: date, names: list[str], defaults: Row) -> Iterator[Row]:
    """The rows of a form that the site's export of that day holds."""
    for subject in case.subjects:
        for number, written in enumerate(subject.rows.get(form, []), start=1):
            row = canonical_row(form, {**defaults, **written}, number)
            row = {column: case.dated(value) for column, value in row.items()}
            if not is_in_export(row, form, on):
                continue
            unknown = set(row) - set(names) - {"delivered", "removed"}
            if unknown:
                raise ValueError(f"{case.siteid}: {form} has no column {sorted(unknown)}")
            yield {"subjid": subject.subjid, **{name: row[name] for name in names if name in row}}


def is_in_export(row: Row, form: str, on: date) -> bool:
    """A site exports what has happened by that day; a row can come later or be taken out again."""
    happened = row.get(DATE_COLUMN.get(form, ""), "")[:10]
    if len(happened) == 10 and happened > on.isoformat():
        return False
    return row.get("delivered", "") <= on.isoformat() < row.get("removed", "9999")


def canonical_row(form: str, written: Row, number: int) -> Row:
    """One row of the notation as columns of its form; days are still days."""
    row = dict(written)
    day = row.pop("day", None)
    if day is not None:
        row[DATE_COLUMN[form]] = f"day {day}"
    if form == "ex" and day is not None and ":" not in day:
        row |= {"exstdtc": f"day {day} 09:30", "exendtc": f"day {day} 10:30"}
    if form == "sledai":
        row = sledai_items(row)
    if form == "bilag" and "grades" in row:
        systems = ["const", "muco", "neuro", "musc", "card", "gast", "opht", "renal", "haem"]
        grades = row.pop("grades")
        row |= {f"bil{system}": grade for system, grade in zip(systems, grades, strict=True) if grade != "."}
    if form == "cm":
        row.setdefault("cmongo", "N" if "cmendtc" in row else "Y")
    if form in SEQUENCE_COLUMN:
        row.setdefault(SEQUENCE_COLUMN[form], str(number))
    return row


def sledai_items(row: Row) -> Row:
    """``present`` and ``unanswered`` as the 24 items; an item the row gives itself stays as given."""
    present = {int(item) for item in row.pop("present", "").split()}
    unanswered = {int(item) for item in row.pop("unanswered", "").split()}
    items = {f"sledai{item:02d}": "1" if item in present else "0" for item in range(1, 25) if item not in unanswered}
    return {**items, **row}
