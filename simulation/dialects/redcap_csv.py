"""REDCap's flat CSV of a longitudinal project: a row per event, with the columns of every form side by side.

What belongs here: rows and columns of that file. What does not: the project's codes and events (redcap.py), the turning
of tests into columns (pivot.py).

A form stands once in a row; what a subject has twice at a visit goes into a second instance of the event.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from simulation.dialects.contract import contract, sequence_of
from simulation.dialects.delimited import CANONICAL
from simulation.dialects.dialect import STUDY, Entry, File, Forms, Night, Table
from simulation.dialects.pivot import PIVOTS, rows_entry, wide
from simulation.dialects.redcap import (
    COMPLETE,
    EVENTS,
    LOG,
    RECORD_ID,
    REPEATING,
    SPELLING,
    form_entry,
    instance,
    spelled,
)

KEYS = [RECORD_ID, "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"]


@dataclass
class FlatRow:
    """One row of the file: its keys, and the values of the forms that are filled in."""

    keys: tuple[str, str, str, str]
    forms: dict[str, dict[str, str]] = field(default_factory=dict)


class RedcapCsv:
    """Visits are events; history, medication, events and ends are repeating instruments."""

    def write(self, forms: Forms, night: Night) -> dict[str, File]:
        tables = {
            form: wide(form, spelled(form, table)) if form in PIVOTS else spelled(form, table)
            for form, table in forms.items()
        }
        fields = {form: fields_of(form, table) for form, table in tables.items()}
        header = [*KEYS, *(name for form, names in fields.items() for name in (*names, f"{form}_complete"))]
        rows = [
            [*row.keys, *(cell for form, names in fields.items() for cell in cells(row, form, names))]
            for row in flat_rows(tables)
        ]
        return {f"{STUDY}_DATA_{night.day}_0200.csv": File(CANONICAL.text([header], rows), len(rows))}

    def entry(self) -> Entry:
        forms = {form: {**form_entry(form), **(rows_entry(form) if form in PIVOTS else {})} for form in contract()}
        visits = {event: visit for visit, event in EVENTS.items()}
        return {"format": "redcap", "file": f"{STUDY}_DATA_*.csv", **SPELLING.entry(), "visits": visits, "forms": forms}


def fields_of(form: str, table: Table) -> list[str]:
    """The form's columns in the file: what is not said by the row's keys."""
    return [name for name in table.header if name not in ("subjid", "visit", sequence_of(form))]


def cells(row: FlatRow, form: str, names: list[str]) -> Iterator[str]:
    values = row.forms.get(form)
    yield from (values[name] if values else "" for name in names)
    yield COMPLETE if values else ""


def flat_rows(tables: dict[str, Table]) -> list[FlatRow]:
    """All rows, subject by subject in the order in which the forms name them."""
    subjects: dict[str, list[FlatRow]] = {}
    at_event: dict[tuple[str, str], list[FlatRow]] = {}
    counted: Counter[tuple[str, str]] = Counter()
    for form, table in tables.items():
        for record in table.named():
            subject = record["subjid"]
            rows = subjects.setdefault(subject, [])
            if form in REPEATING:
                counted[subject, form] += 1
                keys = (subject, LOG, form, instance(form, record, counted[subject, form]))
                rows.append(FlatRow(keys, {form: record}))
                continue
            visit = record.get("visit", "SCR")
            event = EVENTS.get(visit, visit)
            places = at_event.setdefault((subject, event), [])
            place = next((row for row in places if form not in row.forms), None)
            if place is None:
                number = len(places) + 1
                place = FlatRow((subject, event, "", str(number) if number > 1 or visit == "UNS" else ""))
                places.append(place)
                rows.append(place)
            place.forms[form] = record
    return [row for rows in subjects.values() for row in rows]
