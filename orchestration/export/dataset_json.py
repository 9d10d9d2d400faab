"""A table as CDISC Dataset-JSON 1.1: one document with labels, types and keys, its rows written as they are read.

Decimals are texts, so that no reader rounds one; dates are ISO 8601 with the word that SAS and R are to make numbers of
them. Values are never changed and nothing is refused: JSON carries every text.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from orchestration.export import identifiers
from orchestration.export.described import ExportColumn, ExportTable
from orchestration.export.source import Source

ROWS_AT_A_TIME = 10_000
DATA_TYPES = {"text": "string", "integer": "integer", "decimal": "decimal", "date": "date", "datetime": "datetime"}
TARGET_TYPES = {"decimal": "decimal", "date": "integer", "datetime": "integer"}
"""What a receiving system makes of a text in the file: an exact decimal, or the number of days or seconds."""
DISPLAY_FORMATS = {"date": "E8601DA.", "datetime": "E8601DT."}


def write_dataset_json(source: Source, table: ExportTable, file: Path, *, with_define: bool) -> None:
    """Write the table; `with_define` says that a define.xml stands beside the format's folder."""
    head = _head(source, table, with_define=with_define)
    with file.open("w", encoding="utf-8", newline="") as handle:
        # The rows belong inside the same object, as its last member.
        handle.write(_json(head).removesuffix("}") + ', "rows": [')
        rows = source.connection.execute(source.query(table))
        separator = "\n"
        while some := rows.fetchmany(ROWS_AT_A_TIME):
            for row in some:
                handle.write(separator + _json([_value(value) for value in row]))
                separator = ",\n"
        handle.write("\n]}\n")


def _head(source: Source, table: ExportTable, *, with_define: bool) -> dict[str, Any]:
    """Everything but the rows, in the order that the specification asks for."""
    lengths = source.text_lengths(table)
    head = {
        "datasetJSONCreationDateTime": f"{source.made_at:%Y-%m-%dT%H:%M:%S}Z",
        "datasetJSONVersion": "1.1.0",
        "fileOID": f"{identifiers.STUDY}.{source.load_id}.{table.name.upper()}",
        "sourceSystem": {"name": identifiers.SYSTEM, "version": source.code_version},
        "studyOID": identifiers.STUDY,
        "metaDataVersionOID": identifiers.metadata_version(table),
        "metaDataRef": "../define.xml" if with_define else None,
        "itemGroupOID": identifiers.item_group(table),
        "records": source.row_count(table),
        "name": table.name.upper(),
        "label": table.label,
        "columns": [_column(table, column, lengths.get(column.name)) for column in table.columns],
    }
    return {name: value for name, value in head.items() if value is not None}


def _column(table: ExportTable, column: ExportColumn, length: int | None) -> dict[str, Any]:
    described = {
        "itemOID": identifiers.item(table, column),
        "name": column.name.upper(),
        "label": column.label,
        "dataType": DATA_TYPES[column.kind],
        "targetDataType": TARGET_TYPES.get(column.kind),
        "length": length,
        "displayFormat": DISPLAY_FORMATS.get(column.kind),
        "keySequence": table.key.index(column.name) + 1 if column.name in table.key else None,
    }
    return {name: value for name, value in described.items() if value is not None}


def _value(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
