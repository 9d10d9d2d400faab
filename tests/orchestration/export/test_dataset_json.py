"""Dataset-JSON keeps the specification, carries every value exactly, and is read by the warehouse's own reader."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from jsonschema import Draft202012Validator
from odmlib.dataset_json_1_1 import DatasetJSON

from orchestration.export.described import analysis_tables
from orchestration.export.folder import export
from orchestration.ingestion.formats.tables import ReadAs, read_tables
from tests.orchestration.export.dataset_json_rules import DOCUMENT, faults
from tests.orchestration.export.small_warehouse import LOAD_ID, publish_small, subject


@pytest.fixture(scope="module")
def folder(small_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(small_warehouse, tmp_path_factory.mktemp("json"), ["json"]).folder / "json"


def document(file: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("table", list(analysis_tables()))
def test_it_keeps_the_specification(folder: Path, table: str) -> None:
    written = document(folder / f"{table}.json")
    assert [error.message for error in Draft202012Validator(DOCUMENT).iter_errors(written)] == []
    assert list(faults(written)) == []
    # The same by a model that others made of the specification.
    assert DatasetJSON.read_json(str(folder / f"{table}.json")).records == written["records"]


def test_the_attributes_stand_in_the_order_of_the_specification(folder: Path) -> None:
    written = document(folder / "adsl.json")
    in_order = list(DOCUMENT["properties"])  # type: ignore[call-overload]
    assert list(written) == [name for name in in_order if name in written]


@pytest.mark.parametrize("name", list(analysis_tables()))
def test_our_own_reader_reads_every_value_back(folder: Path, small_warehouse: Path, name: str) -> None:
    (read,) = read_tables(folder / f"{name}.json", ReadAs(format="dataset-json"))
    table = analysis_tables()[name]
    columns = [column.name for column in table.columns]
    as_text = ", ".join(
        f"strftime({c.name}, '%Y-%m-%dT%H:%M:%S')" if c.kind == "datetime" else f"{c.name}::varchar"
        for c in table.columns
    )
    with duckdb.connect(str(small_warehouse / "mrbs.duckdb"), read_only=True) as connection:
        wanted = connection.execute(f"select {as_text} from analysis.{name} order by {', '.join(table.key)}").fetchall()
    assert read.frame.select([column.upper() for column in columns]).rows() == wanted
    assert read.labels == {column.name.upper(): column.label for column in table.columns}


def test_what_others_find_hard_to_carry(tmp_path: Path) -> None:
    race = 'Métis "½"\n\\ \U0001f600 ' + "x" * 300
    exact = Decimal("123456789012345678901234.5670")
    warehouse = publish_small(tmp_path / "warehouse", {"adsl": [subject(1, race=race, sex="", blsteroid=exact)]})
    written = document(export(warehouse, tmp_path, ["json"], ["adsl"]).folder / "json" / "adsl.json")
    names = [column["name"] for column in written["columns"]]
    row = dict(zip(names, written["rows"][0], strict=True))
    assert (row["RACE"], row["SEX"], row["AGE"]) == (race, "", None)
    assert row["BLSTEROID"] == "123456789012345678901234.5670"
    assert list(faults(written)) == []


def test_the_head_says_what_and_of_when(folder: Path) -> None:
    written = document(folder / "adex.json")
    assert written["datasetJSONCreationDateTime"] == "2026-03-20T02:00:00Z"
    assert written["fileOID"] == f"MRBS.{LOAD_ID}.ADEX"
    assert (written["name"], written["label"], written["records"]) == ("ADEX", "Infusions", 2)
    columns = {column["name"]: column for column in written["columns"]}
    assert columns["ASTDT"] == {
        "itemOID": "IT.ADEX.ASTDT",
        "name": "ASTDT",
        "label": "Date of Infusion",
        "dataType": "date",
        "targetDataType": "integer",
        "displayFormat": "E8601DA.",
        "keySequence": 3,
    }
    assert (columns["EXDOSE"]["dataType"], columns["EXDOSE"]["targetDataType"]) == ("decimal", "decimal")
    assert columns["STATUS"]["length"] == len("MISSED")
    assert "metaDataRef" not in written, "no define.xml was asked for"


def test_the_rules_notice_a_wrong_document(folder: Path) -> None:
    written = document(folder / "adsl.json")
    written["rows"][0][4] = "forty"
    written["records"] = 3
    assert list(faults(written)) == ["3 records, but 2 rows", "AGE: 'forty' is no integer"]
    del written["columns"][0]["label"]
    assert [error.message for error in Draft202012Validator(DOCUMENT).iter_errors(written)] == [
        "'label' is a required property"
    ]
