"""What the specification of Dataset-JSON 1.1 says of a document, written down from its tables as a JSON schema, and of
the values under each type, which no schema of the document says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

TEXT = {"type": "string", "minLength": 1}
TIME = {
    "type": "string",
    "pattern": r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?([+-]\d\d:\d\d|Z)?$",
}
COLUMN = {
    "type": "object",
    "additionalProperties": False,
    "required": ["itemOID", "name", "label", "dataType"],
    "properties": {
        "itemOID": TEXT,
        "name": TEXT,
        "label": {"type": "string"},
        "dataType": {
            "enum": [
                "string", "integer", "decimal", "float", "double", "boolean", "datetime", "date", "time", "URI",
            ]
        },
        "targetDataType": {"enum": ["integer", "decimal"]},
        "length": {"type": "integer", "minimum": 1},
        "displayFormat": {"type": "string"},
        "keySequence": {"type": "integer", "minimum": 1},
    },
}  # fmt: skip
DOCUMENT = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": [
        "datasetJSONCreationDateTime", "datasetJSONVersion", "itemGroupOID", "records", "name", "label", "columns",
    ],
    "properties": {
        "datasetJSONCreationDateTime": TIME,
        "datasetJSONVersion": {"type": "string", "pattern": r"^1\.1(\.(0|[1-9]\d*))?$"},
        "fileOID": TEXT,
        "dbLastModifiedDateTime": TIME,
        "originator": {"type": "string"},
        "sourceSystem": {
            "type": "object",
            "additionalProperties": False,
            "required": ["name", "version"],
            "properties": {"name": {"type": "string"}, "version": {"type": "string"}},
        },
        "studyOID": TEXT,
        "metaDataVersionOID": TEXT,
        "metaDataRef": {"type": "string"},
        "itemGroupOID": TEXT,
        "records": {"type": "integer", "minimum": 0},
        "name": TEXT,
        "label": {"type": "string"},
        "columns": {"type": "array", "items": COLUMN},
        "rows": {
            "type": "array",
            "items": {"type": "array", "items": {"type": ["string", "number", "boolean", "null"]}},
        },
    },
}  # fmt: skip
# "Supported column data type combinations": the target type that goes with a data type, and how a value looks.
COMBINATIONS: dict[str, tuple[set[str | None], type, str | None]] = {
    "string": ({None}, str, None),
    "integer": ({None}, int, None),
    "decimal": ({"decimal"}, str, r"-?\d+(\.\d+)?"),
    "date": ({None, "integer"}, str, r"\d{4}-\d\d-\d\d"),
    "datetime": ({None, "integer"}, str, r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?"),
}


def faults(document: dict[str, Any]) -> Iterator[str]:
    """What of the columns and values contradicts the specification beyond the schema."""
    columns, rows = document["columns"], document["rows"]
    if document["records"] != len(rows):
        yield f"{document['records']} records, but {len(rows)} rows"
    for position, column in enumerate(columns):
        targets, type_in_json, pattern = COMBINATIONS[column["dataType"]]
        if column.get("targetDataType") not in targets:
            yield f"{column['name']}: {column['dataType']} with target {column.get('targetDataType')}"
        for row in rows:
            value = row[position]
            if value is None:
                continue
            if type(value) is not type_in_json or (pattern and not re.fullmatch(pattern, value)):
                yield f"{column['name']}: {value!r} is no {column['dataType']}"
            if column["dataType"] == "string" and len(value) > column["length"]:
                yield f"{column['name']}: {value!r} is longer than {column['length']}"
