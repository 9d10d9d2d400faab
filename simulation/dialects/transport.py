"""SAS transport files, version 5 (one file with every data set, names of eight characters) and 8 (a file per form).

What belongs here: the names that version 5 forces, and how the files are made the same every time. What does not:
which value has which type (typed.py).

Dates are SAS dates; partial ones stay text, as SAS knows none. A transport file forgets blanks at the end of a text, so
a value that ends with one can't be carried.
"""

import re
import tempfile
from datetime import date, datetime
from pathlib import Path

from simulation.dialects.contract import column, contract
from simulation.dialects.dialect import CannotCarryError, Entry, File, Forms, Night, Table, records
from simulation.dialects.typed import TypedColumn, typed

SHORT_NAMES = {"height_cm": "HEIGHTCM", "slediagdtc": "SLEDIDTC", "exvial120": "EXVIAL1", "exvial400": "EXVIAL4"}
NAME_CHARACTERS = 8
TEXT_BYTES = 200
"""What a text of version 5 may hold."""
EPOCH = date(1960, 1, 1)
FORMATS = {"date": "DATE9.", "datetime": "DATETIME20."}
LIBRARY_BYTES = 3 * 80
"""What stands before the first data set: the same for every file."""
WRITTEN_AT = re.compile(rb"\d{2}[A-Z]{3}\d{2}:\d{2}:\d{2}:\d{2}")


class TransportV5:
    """One file that holds all data sets, as SAS's COPY makes it."""

    def write(self, forms: Forms, night: Night) -> dict[str, File]:
        files = [transport(form, table, night, 5) for form, table in forms.items()]
        content = files[0][:LIBRARY_BYTES] + b"".join(file[LIBRARY_BYTES:] for file in files)
        return {"export.xpt": File(content, records(forms))}

    def entry(self) -> Entry:
        forms: dict[str, Entry] = {}
        for form, columns in contract().items():
            renamed = {SHORT_NAMES[name]: name for name in columns if name in SHORT_NAMES}
            if renamed:
                forms[form] = {"columns": renamed}
        return {"format": "xpt", "file": "export.xpt", "forms": forms}


class TransportV8:
    """A file per form, with the contract's names."""

    def write(self, forms: Forms, night: Night) -> dict[str, File]:
        return {f"{form}.xpt": File(transport(form, table, night, 8), len(table.rows))
                for form, table in forms.items()}  # fmt: skip

    def entry(self) -> Entry:
        return {"format": "xpt"}


def transport(form: str, table: Table, night: Night, version: int) -> bytes:
    """A file with one data set, written on the day of the delivery whenever it is written."""
    import polars as pl
    import pyreadstat

    stored = [typed(column(form, name), table.column(name)) for name in table.header]
    names = {each.column.name: _name(each.column.name, version) for each in stored}
    frame = pl.DataFrame([_series(names[each.column.name], each, version) for each in stored])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{form}.xpt"
        pyreadstat.write_xport(
            frame,
            path,
            table_name=form.upper(),
            file_format_version=5 if version == 5 else 8,
            variable_format={names[each.column.name]: FORMATS[each.kind] for each in stored if each.kind in FORMATS},
            column_labels=[each.column.label[:40] or None for each in stored],
        )
        content = path.read_bytes()
    written_at = f"{night.day:%d}{_month(night.day)}{night.day:%y}:02:00:00".encode()
    headers = content.index(b"NAMESTR " if version == 5 else b"NAMSTV8 ")
    return WRITTEN_AT.sub(written_at, content[:headers]) + content[headers:]


def _name(name: str, version: int) -> str:
    return SHORT_NAMES.get(name, name.upper())[:NAME_CHARACTERS] if version == 5 else name.upper()


def _month(day: date) -> str:
    return ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")[day.month - 1]


def _series(name: str, stored: TypedColumn, version: int):  # type: ignore[no-untyped-def]
    import polars as pl

    if stored.kind == "text":
        return pl.Series(name, [_text(stored.column.name, value, version) for value in stored.values], dtype=pl.String)
    return pl.Series(name, [_number(value) for value in stored.values], dtype=pl.Float64)


def _text(name: str, value: object, version: int) -> str:
    text = "" if value is None else str(value)
    if text != text.rstrip(" "):
        raise CannotCarryError(f"{name}: {text!r} ends with a blank, which a transport file forgets")
    if version == 5 and len(text.encode()) > TEXT_BYTES:
        raise CannotCarryError(f"{name}: a text of more than {TEXT_BYTES} bytes")
    return text


def _number(value: object) -> float | None:
    """SAS counts days and seconds from 1960."""
    if isinstance(value, datetime):
        return (value - datetime(EPOCH.year, 1, 1)).total_seconds()
    if isinstance(value, date):
        return float((value - EPOCH).days)
    return None if value is None else float(value)  # type: ignore[arg-type]
