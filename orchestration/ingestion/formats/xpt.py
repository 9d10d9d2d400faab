"""SAS transport files (XPT, version 5 and 8): one table per data set in the file."""

from __future__ import annotations

import io
from collections.abc import Iterator

from orchestration.ingestion.formats.refusal import empty, unreadable
from orchestration.ingestion.formats.sas_values import sas_table
from orchestration.ingestion.formats.tables import ReadAs, Source, SourceTable, bytes_of, table_name
from orchestration.ingestion.formats.xpt_layout import Member, members


def read(source: Source, read_as: ReadAs) -> Iterator[SourceTable]:
    found = []
    for member in members(bytes_of(source)):
        table = _table(member, table_name(source, read_as))
        found.append(table.name)
        if read_as.sheet is None or table.name.lower() == read_as.sheet.lower():
            yield table
    if not found:
        raise empty("there is no data set in the file")
    if read_as.sheet is not None and read_as.sheet.lower() not in map(str.lower, found):
        raise unreadable(f"the file has no data set {read_as.sheet!r}, but {', '.join(found)}")


def _table(member: Member, name: str) -> SourceTable:
    import pyreadstat

    columns, metadata = pyreadstat.read_xport(
        io.BytesIO(member.file), disable_datetime_conversion=True, output_format="dict"
    )
    rows = len(next(iter(columns.values()), []))
    if rows != member.count:
        raise unreadable(f"{rows:,} records were read where {member.count:,} should be: the file is damaged")
    special = {column: member.special_missing(position) for position, column in enumerate(columns)}
    return sas_table(metadata.table_name or name, columns, metadata, special)
