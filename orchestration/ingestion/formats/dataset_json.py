"""CDISC Dataset-JSON 1.1, as one document or line by line (NDJSON): the data set it holds, with labels and types."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import polars as pl

from orchestration.ingestion.formats import limits
from orchestration.ingestion.formats.columns import column_names, require_cells, table_of
from orchestration.ingestion.formats.refusal import unreadable
from orchestration.ingestion.formats.tables import Kind, ReadAs, Source, SourceTable, bytes_of, table_name
from orchestration.ingestion.formats.texts import plain_decimal

KIND_OF: Mapping[str, Kind] = {
    **dict.fromkeys(("integer", "float", "double", "decimal"), "number"),
    "date": "date",
    "datetime": "datetime",
    "time": "time",
}


class _Number(str):
    """A number as it stands in the file: parsed by no one, so that no digit changes."""


def read(source: Source, read_as: ReadAs) -> Iterator[SourceTable]:
    data = bytes_of(source).removeprefix(b"\xef\xbb\xbf")
    first, _, rest = data.partition(b"\n")
    document = _parsed(first, 1) if len(first) < limits.CELL_BYTES and first.rstrip().endswith(b"}") else None
    if isinstance(document, dict) and "rows" not in document and rest.strip():
        rows = _lines(rest)
    else:
        if len(data) > limits.JSON_BYTES:
            raise unreadable(f"{len(data):,} bytes of JSON are too many; ask for the line form (NDJSON) or for Parquet")
        document = _parsed(data, None)
        rows = cast("list[Any]", document.get("rows") or []) if isinstance(document, dict) else []
    if not isinstance(document, dict) or not isinstance(document.get("columns"), list):
        raise unreadable("it is JSON, but no Dataset-JSON: it describes no columns")
    if not str(document.get("datasetJSONVersion", "")).startswith("1.1"):
        raise unreadable(f"it is of Dataset-JSON {document.get('datasetJSONVersion', 'unknown')}; 1.1 is read")
    yield _table(document, rows, table_name(source, read_as))


def _parsed(data: bytes, line: int | None) -> Any:
    def no_number(name: str) -> None:
        raise unreadable(f"{name} is no value of JSON")

    try:
        return json.loads(data, parse_float=_Number, parse_int=_Number, parse_constant=no_number)
    except UnicodeDecodeError:
        raise unreadable("it is not UTF-8, as JSON must be") from None
    except json.JSONDecodeError as error:
        cut = " (the file seems to be cut short)" if line is None and error.pos >= len(data.rstrip()) - 1 else ""
        raise unreadable(f"line {line or error.lineno} is no JSON: {error.msg}{cut}") from None
    except RecursionError:
        raise unreadable("its JSON is nested deeper than any data set is") from None


def _lines(data: bytes) -> list[Any]:
    return [_parsed(line, number) for number, line in enumerate(data.split(b"\n"), start=2) if line.strip()]


def _table(document: dict[str, Any], rows: Sequence[Any], name: str) -> SourceTable:
    described = document["columns"]
    if not all(isinstance(column, dict) and isinstance(column.get("name"), str) for column in described):
        raise unreadable("a column has no name")
    names = column_names([column["name"] for column in described])
    require_cells(len(rows), len(names))
    declared = document.get("records")
    if declared is not None and str(declared) != str(len(rows)):
        raise unreadable(f"it says {declared} records, but {len(rows):,} are there: the file is not whole")
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, list) or len(row) != len(names):
            raise unreadable(f"record {number} has not one value for each of the {len(names)} columns")
    columns = {
        column: pl.Series([_text(row[position], number) for number, row in enumerate(rows, 1)], dtype=pl.String)
        for position, column in enumerate(names)
    }
    labels = {
        column: str(description["label"])
        for column, description in zip(names, described, strict=True)
        if description.get("label")
    }
    kinds: dict[str, Kind] = {
        column: KIND_OF.get(str(description.get("dataType")), "text")
        for column, description in zip(names, described, strict=True)
    }
    return table_of(str(document.get("name") or name), columns, range(2, len(rows) + 2), labels, kinds)


def _text(value: object, record: int) -> str | None:
    if isinstance(value, _Number):
        return plain_decimal(value)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    raise unreadable(f"record {record} holds a list or an object where a value should be")
