"""ODM-XML 1.3: one table per form, one row per subject, event and repeat, one column per item.

The file is never held as a whole: forms become rows as they are read, whatever stands between them. REDCap's dialect,
where forms may stand directly under the subject, is understood by what it declares of itself, not by guessing.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from orchestration.ingestion.formats.columns import require_width, table_of
from orchestration.ingestion.formats.odm_metadata import Metadata
from orchestration.ingestion.formats.odm_parser import FormRecord, OdmParser
from orchestration.ingestion.formats.refusal import empty, unreadable
from orchestration.ingestion.formats.tables import ReadAs, Source, SourceTable, opened

BATCH_VALUES = 200_000  # some 30 MB while they are turned into columns
CHUNK = 1 << 16
KEYS = ("subject", "event", "repeat")


def read(source: Source, read_as: ReadAs) -> Iterator[SourceTable]:
    """Each form whole."""
    parts: dict[str, list[SourceTable]] = {}
    for table in read_in_batches(source, read_as):
        parts.setdefault(table.name, []).append(table)
    for name in list(parts):
        tables = parts.pop(name)
        # Rows of no items were put behind all others; the number of the form in the file is the order.
        frame = pl.concat([table.frame for table in tables], how="diagonal", rechunk=False)
        labels = {column: label for table in tables for column, label in table.labels.items()}
        kinds = {column: kind for table in tables for column, kind in table.kinds.items()}
        yield SourceTable(name, frame, labels, kinds)


def read_in_batches(source: Source, read_as: ReadAs) -> Iterator[SourceTable]:
    """Forms as they come, some hundred thousand values at a time: a form may come back with more rows."""
    parser = OdmParser()
    waiting: dict[str, list[FormRecord]] = {}
    values = 0
    seen: set[str] = set()
    with opened(source) as file:
        for record in _records(parser, iter(lambda: file.read(CHUNK), b"")):
            if not _is_wanted(record.form, read_as):
                continue
            waiting.setdefault(record.form, []).append(record)
            values += len(record.values) + len(KEYS)
            if values >= BATCH_VALUES:
                seen.update(waiting)
                yield from _tables(waiting, parser.metadata)
                waiting, values = {}, 0
    seen.update(waiting)
    yield from _tables(waiting, parser.metadata)
    unfilled = [form for form in parser.metadata.forms() if _is_wanted(form, read_as) and form not in seen]
    yield from _tables({form: [] for form in unfilled}, parser.metadata)
    if read_as.sheet is not None and not seen and not unfilled:
        raise unreadable(f"the file has no form {read_as.sheet!r}")
    if not seen and not unfilled:
        raise empty("there is no form in the file, neither filled in nor described")


def _is_wanted(form: str, read_as: ReadAs) -> bool:
    return read_as.sheet is None or form.lower() == read_as.sheet.lower()


def _records(parser: OdmParser, chunks: Iterator[bytes]) -> Iterator[FormRecord]:
    for chunk in chunks:
        parser.feed(chunk)
        yield from parser.taken()
    parser.close()
    yield from parser.taken()


def _tables(waiting: dict[str, list[FormRecord]], metadata: Metadata) -> Iterator[SourceTable]:
    for form, records in waiting.items():
        described = metadata.items_of(form)
        items = dict.fromkeys(described)
        for record in records:
            items.update(dict.fromkeys(record.values))
        require_width(len(items))
        columns = {
            "subject": pl.Series([record.subject for record in records], dtype=pl.String),
            "event": pl.Series([record.event for record in records], dtype=pl.String),
            "repeat": pl.Series([record.repeat for record in records], dtype=pl.String),
        }
        names = {item: f"{item}_" if item.lower() in (*KEYS, "row") else item for item in items}
        for item, name in names.items():
            columns[name] = pl.Series([record.values.get(item) for record in records], dtype=pl.String)
        labels = {names[item]: description.label for item, description in described.items() if description.label}
        kinds = {names[item]: description.kind for item, description in described.items()}
        yield table_of(form, columns, [record.number for record in records], labels, kinds)
