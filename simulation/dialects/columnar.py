"""Parquet and Dataset-JSON: a typed file per form.

What belongs here: these two formats. What does not: which value has which type (typed.py).
"""

import io
import json

from simulation.dialects.contract import column
from simulation.dialects.dialect import STUDY, Entry, File, Forms, Night, Table
from simulation.dialects.typed import TypedColumn, typed

JSON_TYPES = {"date": "date", "datetime": "datetime", "text": "string"}


class Parquet:
    """Dates are dates and numbers are numbers, under the contract's names."""

    def write(self, forms: Forms, night: Night) -> dict[str, File]:
        return {f"{form}.parquet": File(parquet(form, table), len(table.rows)) for form, table in forms.items()}

    def entry(self) -> Entry:
        return {"format": "parquet"}


def columns_of(form: str, table: Table) -> list[TypedColumn]:
    return [typed(column(form, name), table.column(name)) for name in table.header]


def parquet(form: str, table: Table) -> bytes:
    import polars as pl

    types = {"date": pl.Date(), "datetime": pl.Datetime("us"), "text": pl.String()}

    def series(stored: TypedColumn) -> pl.Series:
        whole = all(value is None or isinstance(value, int) for value in stored.values)
        dtype = types.get(stored.kind) or (pl.Int64() if whole else pl.Float64())
        return pl.Series(stored.column.name, stored.values, dtype=dtype, strict=False)

    file = io.BytesIO()
    pl.DataFrame([series(stored) for stored in columns_of(form, table)]).write_parquet(file)
    return file.getvalue()


class DatasetJson:
    """CDISC Dataset-JSON 1.1, with the names in capitals as SDTM writes them."""

    def write(self, forms: Forms, night: Night) -> dict[str, File]:
        return {f"{form}.json": File(dataset_json(form, table, night), len(table.rows))
                for form, table in forms.items()}  # fmt: skip

    def entry(self) -> Entry:
        return {"format": "dataset-json"}


def dataset_json(form: str, table: Table, night: Night) -> bytes:
    stored = columns_of(form, table)
    name = form.upper()
    document = {
        "datasetJSONCreationDateTime": f"{night.day}T02:00:00",
        "datasetJSONVersion": "1.1.0",
        "fileOID": f"{STUDY}.{night.siteid}.{name}.{night.day}",
        "originator": night.siteid,
        "sourceSystem": {"name": "site export", "version": "1.0"},
        "studyOID": STUDY,
        "itemGroupOID": f"IG.{name}",
        "records": len(table.rows),
        "name": name,
        "label": form,
        "columns": [_described(name, each) for each in stored],
        "rows": [list(map(_json_value, row)) for row in zip(*(each.values for each in stored), strict=True)],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _described(form: str, stored: TypedColumn) -> dict[str, object]:
    name = stored.column.name.upper()
    whole = all(value is None or isinstance(value, int) for value in stored.values)
    data_type = JSON_TYPES.get(stored.kind) or ("integer" if whole else "float")
    label = stored.column.label or name
    return {"itemOID": f"IT.{form}.{name}", "name": name, "label": label, "dataType": data_type}


def _json_value(value: object) -> object:
    """Dates are text in JSON: ISO 8601, times to the minute as the contract has them."""
    from datetime import date, datetime

    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else value
