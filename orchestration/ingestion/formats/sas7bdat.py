"""SAS data sets (sas7bdat), as SAS itself stores them, read by ReadStat."""

from __future__ import annotations

import io
from collections.abc import Iterator

from orchestration.ingestion.formats.columns import require_cells, require_width
from orchestration.ingestion.formats.refusal import unreadable
from orchestration.ingestion.formats.sas_values import sas_table
from orchestration.ingestion.formats.tables import ReadAs, Source, SourceTable, bytes_of, table_name

MAGIC = bytes(12) + b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c\x18\x1f\x10\x11"


def read(source: Source, read_as: ReadAs) -> Iterator[SourceTable]:
    import pyreadstat

    data = bytes_of(source)
    if not data.startswith(MAGIC):
        raise unreadable("it does not begin as a SAS data set does")
    _, metadata = pyreadstat.read_sas7bdat(io.BytesIO(data), metadataonly=True)
    require_width(metadata.number_columns or 0)
    require_cells(metadata.number_rows or 0, metadata.number_columns or 0)
    columns, metadata = pyreadstat.read_sas7bdat(
        io.BytesIO(data), disable_datetime_conversion=True, user_missing=True, output_format="dict"
    )
    rows = len(next(iter(columns.values()), []))
    if rows != metadata.number_rows:
        raise unreadable(f"its header says {metadata.number_rows:,} records, but {rows:,} are there: it was cut short")
    yield sas_table(metadata.table_name or table_name(source, read_as), columns, metadata)
