"""REDCap's flat CSV: one row per record, event and repeat, with the columns of every form side by side.

It is read as CSV and taken apart into one table per form, with the same columns subject, event and repeat as REDCap's
ODM-XML gives, so that a site can change from one to the other. Which column is on which form is what the data
dictionary says; without one, each form's columns end with its <form>_complete, as REDCap writes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from orchestration.ingestion.formats import csv_file
from orchestration.ingestion.formats.columns import ROW
from orchestration.ingestion.formats.refusal import FileRefusedError, unreadable
from orchestration.ingestion.formats.tables import ReadAs, Source, SourceTable

EVENT, INSTRUMENT, INSTANCE = "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"
KEYS = ("subject", "event", "repeat")
FIELD_NAMES = ("variable / field name", "field_name")
FORM_NAMES = ("form name", "form_name")
LABELS = ("field label", "field_label")
RECORD = "redcap"  # the table of what belongs to no form: data access group, survey identifier


def read(source: Source, read_as: ReadAs) -> Iterator[SourceTable]:
    yield from _forms(csv_file.read(source, read_as), read_as)


def read_in_batches(source: Source, read_as: ReadAs) -> Iterator[SourceTable]:
    """The same rows in tables that may be parts; of a form without any there is one empty part."""
    yield from _forms(csv_file.read_in_batches(source, read_as), read_as)


def _forms(parts: Iterator[SourceTable], read_as: ReadAs) -> Iterator[SourceTable]:
    dictionary = _dictionary(read_as) if read_as.dictionary is not None else {}
    labels = {name: label for name, (_, label) in dictionary.items() if label}
    forms: dict[str, list[str]] | None = None
    for table in parts:
        is_first = forms is None
        if forms is None:
            forms = _wanted_forms(table, {name: form for name, (form, _) in dictionary.items()}, read_as)
        for form, columns in forms.items():
            found = _form_table(table.frame, form, columns, labels)
            if is_first or found.frame.height:
                yield found


def _wanted_forms(table: SourceTable, dictionary: Mapping[str, str], read_as: ReadAs) -> dict[str, list[str]]:
    """The columns of each form that is asked for.

    Raises:
        FileRefusedError: it is no REDCap export, or has no such form.
    """
    if table.frame.width < 3:
        raise unreadable("a REDCap export has more than one column; is the delimiter right?")
    forms = forms_of(table.frame.columns[1:], dictionary)
    wanted = {name: of for name, of in forms.items() if read_as.sheet is None or name.lower() == read_as.sheet.lower()}
    if not wanted:
        raise unreadable(f"the file has no form {read_as.sheet!r}, but {', '.join(forms)}")
    return wanted


def is_redcap_header(names: list[str]) -> bool:
    """Columns that only REDCap writes."""
    return any(name in (EVENT, INSTRUMENT, INSTANCE) or name.endswith("_complete") for name in names)


def forms_of(columns: list[str], dictionary: Mapping[str, str]) -> dict[str, list[str]]:
    """The columns of each form, in the order of the file. `columns` begins with the record id.

    Raises:
        FileRefusedError: there are columns that belong to no form.
    """
    forms: dict[str, list[str]] = {}
    waiting: list[str] = []
    complete = {form: f"{form}_complete" for form in dict.fromkeys(dictionary.values())}
    marks = {mark: form for form, name in complete.items() for mark in (name, f"{form}_timestamp")}
    for column in columns[1:]:
        if column in (EVENT, INSTRUMENT, INSTANCE):
            continue
        known = dictionary.get(_field(column)) or marks.get(column)
        if known is not None:
            forms.setdefault(known, []).append(column)
        elif column.startswith("redcap_"):
            forms.setdefault(RECORD, []).append(column)
        else:
            waiting.append(column)
            if column.endswith("_complete") and not dictionary:
                forms.setdefault(column.removesuffix("_complete"), []).extend(waiting)
                waiting = []
    if waiting:
        why = "its data dictionary does not know them" if dictionary else "no <form>_complete follows them"
        raise unreadable(f"{', '.join(waiting[:10])} can't be told to a form: {why}; give the data dictionary")
    return forms


def _form_table(frame: pl.DataFrame, form: str, columns: list[str], labels: Mapping[str, str]) -> SourceTable:
    """The rows in which something of the form is filled in."""
    record_id = frame.columns[1]
    names = {column: f"{column}_" if column.lower() in (*KEYS, ROW) else column for column in columns}
    event = pl.col(EVENT) if EVENT in frame.columns else pl.lit("")
    instance = pl.col(INSTANCE) if INSTANCE in frame.columns else pl.lit(None, dtype=pl.String)
    rows = frame.filter(pl.any_horizontal(pl.col(columns).is_not_null())).select(
        ROW,
        pl.col(record_id).alias("subject"),
        event.cast(pl.String).replace("", None).alias("event"),
        instance.fill_null("1").alias("repeat"),
        *(pl.col(column).alias(name) for column, name in names.items()),
    )
    own = {name: labels[_field(column)] for column, name in names.items() if _field(column) in labels}
    return SourceTable(form, rows, own)


def _field(column: str) -> str:
    """The field a column belongs to: a checkbox field is a column per choice (race___1, race___2)."""
    return ROW if column == f"{ROW}_" else column.partition("___")[0]


def _dictionary(read_as: ReadAs) -> dict[str, tuple[str, str]]:
    """Form and label of each field. REDCap always writes the dictionary in UTF-8 with commas."""
    assert read_as.dictionary is not None
    canonical = replace(ReadAs(), format="redcap")
    try:
        frame = next(csv_file.read(read_as.dictionary, canonical)).frame
    except FileRefusedError as refusal:
        raise unreadable(f"the data dictionary {read_as.dictionary.name} can't be read: {refusal}") from None
    by_name = {name.lower(): name for name in frame.columns}
    fields, forms, labels = (
        next((by_name[name] for name in names if name in by_name), None) for names in (FIELD_NAMES, FORM_NAMES, LABELS)
    )
    if fields is None or forms is None:
        raise unreadable("the data dictionary has no columns for the field's and the form's name")
    label = pl.col(labels) if labels is not None else pl.lit("")
    described = frame.select(pl.col(fields).alias("field"), pl.col(forms).alias("form"), label.alias("label"))
    return {field: (form, label or "") for field, form, label in described.iter_rows() if field and form}
