"""The bytes of one file in, the canonical content of each form that it holds out; or the reason why not.

The file is read once for all forms that its reader is told the same of. Canonical CSV takes the short way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from orchestration.ingestion.dialects.reading import UNNAMED_TABLES, Reading
from orchestration.ingestion.dialects.reshaping import ORDER, columns_to_rows, items_to_columns
from orchestration.ingestion.dialects.sources import (
    KEYS,
    Sources,
    found_sources,
    is_ignored,
    sources_of,
    unknown_columns,
    used_columns,
)
from orchestration.ingestion.dialects.values import canonical, without_missing
from orchestration.ingestion.formats.columns import ROW, require_short_cells
from orchestration.ingestion.formats.refusal import FileRefusedError, unreadable
from orchestration.ingestion.formats.tables import ReadAs, Source, SourceTable, read_tables
from orchestration.ingestion.forms import column_names
from orchestration.ingestion.reader import FormContent, read_csv, unfinished_line
from orchestration.ingestion.site_entries import FORMATS_OF_ONE_FILE, FORMATS_OF_TEXT

# Here a row belongs to forms that it says nothing of: REDCap writes the status 0 of an instrument nobody filled in.
ONE_ROW_FOR_ALL = (*UNNAMED_TABLES, "redcap")
FormRead = FormContent | FileRefusedError | None


def read_forms(data: Source, readings: Sequence[Reading], beside: Sequence[Reading] = ()) -> dict[str, FormRead]:
    """What a file holds of each form: its content, the refusal, or None where a file of many forms lacks it. `beside`
    are all forms that the file is said to hold: their columns are not unknown, whoever is read."""
    found: dict[str, FormRead] = {}
    for read_as, group in _groups(readings):
        try:
            found |= _read_group(data, read_as, group, [*readings, *beside])
        except FileRefusedError as refusal:
            found |= dict.fromkeys((reading.form for reading in group), refusal)
        except (MemoryError, KeyboardInterrupt, SystemExit):
            raise
        # Whatever a file does to its reader, it is refused and the others go on; a panic of Polars is no Exception.
        except BaseException as error:
            reason = unreadable(f"it can't be read: {type(error).__name__}: {error}")
            found |= dict.fromkeys((reading.form for reading in group), reason)
    return found


def read_form(data: Source, reading: Reading, beside: Sequence[Reading] = ()) -> FormContent:
    """One form of a file.

    Raises:
        FileRefusedError: it can't be read in this way, or isn't there.
    """
    found = read_forms(data, [reading], beside)[reading.form]
    if isinstance(found, FormContent):
        return found
    raise found or unreadable(f"it has no table {reading.table}")


def _groups(readings: Sequence[Reading]) -> Iterator[tuple[ReadAs | None, list[Reading]]]:
    """Readings that one pass over the file serves. Without `ReadAs`: canonical CSV."""
    groups: dict[ReadAs | None, list[Reading]] = {}
    for reading in readings:
        groups.setdefault(None if reading.fingerprint is None else reading.read_as, []).append(reading)
    yield from groups.items()


def _read_group(
    data: Source, read_as: ReadAs | None, readings: Sequence[Reading], beside: Sequence[Reading]
) -> dict[str, FormRead]:
    if read_as is None:
        return {reading.form: read_csv(data, column_names(reading.form, reading.seeds_dir)) for reading in readings}
    if read_as.format == "xlsx" and all(reading.is_shared or reading.entry.sheet for reading in readings):
        # Other sheets, such as a cover, need no header like these.
        read_as = replace(read_as, among=frozenset(reading.table for reading in readings))
    tables = list(read_tables(data, read_as))
    ended = unfinished_line(data) if read_as.format in FORMATS_OF_TEXT else None
    delivered = {table.name: table.frame.height for table in tables}
    found: dict[str, FormRead] = {}
    for reading in readings:
        try:
            table = _table_of(tables, reading)
            if table is None:
                found[reading.form] = None
                continue
            reshaped = _reshaped(table, reading)
            sources = sources_of(reading, reshaped.frame.columns)
            others = [other for other in beside if other.form != reading.form]
            content = _content(reshaped, reading, sources, _used_by(others, tables, table))
        except FileRefusedError as refusal:
            found[reading.form] = refusal
            continue
        found[reading.form] = replace(content, unfinished_line=ended, delivered_rows=delivered[table.name])
    return found


def _used_by(readings: Sequence[Reading], tables: Sequence[SourceTable], table: SourceTable) -> set[str]:
    """Columns of a table that other forms have a use for; only a table of several forms has such."""
    used: set[str] = set()
    for reading in readings:
        try:
            if _table_of(tables, reading) is table:
                used |= used_columns(reading, found_sources(reading, table.frame.columns))
        except FileRefusedError:
            continue
    return used


def _table_of(tables: Sequence[SourceTable], reading: Reading) -> SourceTable | None:
    """The table that a form stands in. A form's own file may call its only table as it likes.

    Raises:
        FileRefusedError: DEL01, the form's own file has no such table.
    """
    called = [table for table in tables if table.name.strip().lower() == reading.table]
    if len(called) > 1:
        raise unreadable(
            f"more than one table is called {reading.table}: {', '.join(repr(one.name) for one in called)}"
        )
    if called:
        return called[0]
    if (
        len(tables) == 1
        and reading.entry.sheet is None
        and (not reading.is_shared or reading.site.format in UNNAMED_TABLES)
    ):
        return tables[0]
    if reading.is_shared:
        return None
    there = ", ".join(table.name for table in tables)
    raise unreadable(f"it has no sheet, data set or form called {reading.table}{there and f', but {there}'}")


def _reshaped(table: SourceTable, reading: Reading) -> SourceTable:
    """The table without missing codes, one record a row or several."""
    codes = [code for code in reading.site.missing if code.strip()]
    if codes or any(kind != "text" for kind in table.kinds.values()):
        changed = [
            without_missing(name, table.kinds.get(name), codes)
            for name, dtype in table.frame.schema.items()
            if name != ROW and dtype == pl.String
        ]
        table = replace(table, frame=table.frame.with_columns(changed))
    if reading.entry.items is not None:
        # What is ignored, such as who typed a value and when, must not part the values of one record.
        kept = [name for name in table.frame.columns if name == ROW or not is_ignored(reading, name)]
        table = replace(table, frame=items_to_columns(table.frame.select(kept), reading.entry.items))
    return table


def _content(table: SourceTable, reading: Reading, sources: Sequence[Sources], elsewhere: set[str]) -> FormContent:
    """The form's rows: each of our columns from its source, and what nobody has a use for in `extra`. `elsewhere` are
    columns that other forms of the same table have a use for."""
    frame = table.frame
    unknown = unknown_columns(reading, frame.columns, used_columns(reading, sources) | elsewhere)
    made = [_our_columns(table, reading, source) | {"extra": _extra(frame, unknown)} for source in sources]
    if reading.entry.rows:
        rows, masks = columns_to_rows(frame, made, reading.entry.rows, sources)
        numbered = [
            part.with_columns(frame[ROW].filter(mask), pl.arange(frame.height, eager=True).filter(mask).alias(ORDER))
            for part, mask in zip(rows, masks, strict=True)
        ]
        content = pl.concat(numbered).sort(ORDER, maintain_order=True).drop(ORDER)
    else:
        content = pl.DataFrame({ROW: frame[ROW], **made[0]})
        if reading.is_shared and reading.site.format in ONE_ROW_FOR_ALL:
            content = content.filter(_has_something(reading, frame, sources[0], elsewhere))
    require_short_cells(content)
    columns = [column.column_name for column in reading.contract]
    return FormContent(content.select(pl.col(ROW).cast(pl.Int32), *columns, "extra"), unknown)


def _our_columns(table: SourceTable, reading: Reading, source: Sources) -> dict[str, pl.Series]:
    made = {}
    for column in reading.contract:
        name = column.column_name
        if name in source.theirs:
            theirs = source.theirs[name]
            values = table.frame[theirs].cast(pl.String)
            made[name] = canonical(values, column, reading, table.kinds.get(theirs)).alias(name)
        else:
            constant = source.constants.get(name) or None
            made[name] = pl.repeat(constant, table.frame.height, dtype=pl.String, eager=True).alias(name)
    return made


def _has_something(reading: Reading, frame: pl.DataFrame, source: Sources, elsewhere: set[str]) -> pl.Series:
    """In one table for all forms, a row is a form's when something is there that is the form's alone."""
    keys = set(KEYS) if reading.site.format in FORMATS_OF_ONE_FILE else set()
    own = [theirs for theirs in source.theirs.values() if theirs.lower() not in elsewhere | keys]
    if not own:
        return pl.repeat(value=True, n=frame.height, dtype=pl.Boolean, eager=True)
    return frame.select(pl.any_horizontal(pl.col(own).is_not_null())).to_series()


def _extra(frame: pl.DataFrame, unknown: Sequence[str]) -> pl.Series:
    """What stands in unknown columns, as JSON with sorted keys in lower case; none where nothing does."""
    names = sorted(unknown, key=str.lower)
    if not names:
        return pl.repeat(None, frame.height, dtype=pl.String, eager=True).alias("extra")
    texts = []
    for row in frame.select(names).iter_rows():
        known = {name.lower(): value for name, value in zip(names, row, strict=True) if value is not None}
        texts.append(json.dumps(known, ensure_ascii=False) if known else None)
    return pl.Series("extra", texts, dtype=pl.String)
