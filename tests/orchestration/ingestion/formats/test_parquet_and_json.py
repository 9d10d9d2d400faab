"""Typed formats: every type becomes the text of a canonical file, and what is no single value is refused."""

from __future__ import annotations

import base64
import gzip
import io
import json
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.orchestration.ingestion.formats.reading import only, refused

TYPED = pl.DataFrame(
    {
        "id": ["0001", ""],
        "n": [7, None],
        "x": [0.1, 1e-7],
        "whole": [5.0, 1e21],
        "exact": [Decimal("1.50"), Decimal("0.05")],
        "day": [date(2026, 11, 21), None],
        "at": [datetime(2026, 11, 21, 9, 30), datetime(2026, 11, 21, 9, 30, 15, 250000)],
        "clock": [time(9, 30), time(23, 59, 1)],
        "lasted": [timedelta(hours=36), timedelta(minutes=50, seconds=1)],
        "ok": [True, False],
        "code": pl.Series(["Y", None], dtype=pl.Categorical),
        "single": pl.Series([0.1, 2.5], dtype=pl.Float32),
        "zoned": pl.Series([datetime(2026, 11, 21, 8, 30), None]).dt.replace_time_zone("UTC"),
        "nothing": [None, None],
        "nan": [float("nan"), -0.0],
    }
)


ROOT = Path(__file__).parents[4]
PAGE_OF_2_GB = (
    "H4sIAAAAAAACA5VTzW7TQBBeb10ThRyKlFl5JQv5QKxURKnjkMZBAbqmAVJKcEJ/wjFt4qRqaaqkNJQ7JxDiwgEOVZ6AGxJcEE/AmSOvwAMgmH"
    "XiXFAPHcnzs/PN9+2ubV80cqDCXzQbltdBA0JI+vPSH1N/T4ivYmXbds7JU2K+7ry6DASSYGUQt4CPZiyTtIqAvC59LpqN1wmhWGgKnbtGIMEL"
    "RFvguvZk01urrkKCaWyssC+K1bRi/1GgRBlqUoJEEjES2saKHvv4QdrXO5HU1d+RVAj5XluJsBES4jxFNK7T7Y1Q+a2C4tYZLZ9HzK9QPtnMJO"
    "SBcDZdnsEwjWanbYM1oYeJzM4o4AExB8rLD9RBv38MKl5EikaXkCLrhuzHcQl3RpjGDZ6x3lHjgtfF3sxDko1VyBLr25xx4dOy8Tzo7IcKtwn7"
    "RJlmxdhPmpSn0BOi0Xi8fXO42+s8a+m/lCVpBVegVaRzT7B+UZ/W4dJDIYbibhjr4rqP/dFIrleF6E5xVRlt6TzpHq0iyO3OSCc4T4RjaP5A9p"
    "HyqfC60bzX3EJflPyno9nQ/XCgsimkuFeV/Bgrcj9oU0L/peSrhC05da+2Vd8/WmsIcYvoNb9/0BoMzfTR6XGvf7honnQGw73+oelkc1nbTO88"
    "3ztom8WgZDs77XwQtJ1iELhOO3fDKbotu9RySoUgcIJiq9MuOYs8g+9YvuZL+In6+Kv9Axq1BR9vAwAA"
)


def parquet(frame: pl.DataFrame) -> bytes:
    target = io.BytesIO()
    frame.write_parquet(target)
    return target.getvalue()


def test_parquet() -> None:
    table = only(parquet(TYPED), format="parquet", name="vs")
    assert table.name == "vs"
    assert table.frame.rows() == [
        (2, "0001", "7", "0.1", "5", "1.5", "2026-11-21", "2026-11-21T09:30", "09:30", "36:00", "true", "Y", "0.1",
         "2026-11-21T08:30+00:00", None, None),
        (3, None, None, "0.0000001", "1000000000000000000000", "0.05", None, "2026-11-21T09:30:15.25", "23:59:01",
         "00:50:01", "false", None, "2.5", None, None, "0"),
    ]  # fmt: skip
    kinds = {name: kind for name, kind in table.kinds.items() if kind != "text"}
    numbers = dict.fromkeys(("n", "x", "whole", "exact", "single", "nan"), "number")
    times = {"day": "date", "at": "datetime", "zoned": "datetime", "clock": "time", "lasted": "time"}
    assert kinds == numbers | times


def test_damaged_parquet() -> None:
    data = parquet(TYPED)
    assert refused(data[:-20], "cut short", format="parquet") == "DEL01"
    assert refused(data[:200] + bytes(50) + data[250:], "can't be read as Parquet", format="parquet") == "DEL01"
    assert refused(b"PAR1" + bytes(100) + b"PAR1", "can't be read as Parquet", format="parquet") == "DEL01"
    assert refused(parquet(pl.DataFrame({"a": [[1, 2]]})), "no single value", format="parquet") == "DEL01"
    assert refused(parquet(pl.DataFrame({"a": [1], "A": [2]})), "more than once", format="parquet") == "DEL01"
    many = pl.DataFrame({"a": pl.repeat(0, 210_000_000, dtype=pl.Int8, eager=True)})
    bomb = parquet(many)
    assert len(bomb) < 1_000_000
    assert refused(bomb, "210,000,000 rows", format="parquet") == "DEL01"


def test_a_page_that_claims_two_gigabytes_takes_none() -> None:
    """Found by make fuzz: Polars asked for what the page's header said, and the process ended. Here by its limit."""
    data = gzip.decompress(base64.b64decode(PAGE_OF_2_GB))
    assert refused(data, "can't be read as Parquet", format="parquet") == "DEL01"
    code = (
        "import resource, sys\n"
        "from orchestration.ingestion.formats.tables import ReadAs, read_tables\n"
        "from orchestration.ingestion.formats.refusal import FileRefusedError\n"
        "import pyarrow.parquet\n"
        "resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))\n"
        "try: list(read_tables(sys.stdin.buffer.read(), ReadAs('parquet')))\n"
        "except FileRefusedError as refusal: print(refusal)\n"
    )
    said = subprocess.run([sys.executable, "-c", code], input=data, capture_output=True, check=True, cwd=ROOT).stdout
    assert said.startswith(b"the file can't be read as Parquet")


COLUMNS = [
    {"itemOID": "IT.ID", "name": "SUBJID", "label": "Subject", "dataType": "string"},
    {"itemOID": "IT.WT", "name": "WT", "label": "Weight", "dataType": "float"},
    {"itemOID": "IT.D", "name": "VSDTC", "label": "", "dataType": "date"},
    {"itemOID": "IT.E", "name": "EXACT", "dataType": "decimal"},
    {"itemOID": "IT.B", "name": "OK", "dataType": "boolean"},
]
ROWS = '["0001", 61.50, "2026-11-21", "1.50", true]', '["2", 5.0, null, "", false]', '["3", 1e3, "2026", null, null]'
READ = [
    (2, "0001", "61.5", "2026-11-21", "1.50", "true"),
    (3, "2", "5", None, None, "false"),
    (4, "3", "1000", "2026", None, None),
]


def head(**changes: Any) -> dict[str, Any]:
    described = {"datasetJSONVersion": "1.1.0", "itemGroupOID": "IG.VS", "records": 3, "name": "VS", "columns": COLUMNS}
    return described | changes


def document(rows: str = ",".join(ROWS), **changes: Any) -> bytes:
    return (json.dumps(head(**changes))[:-1] + f', "rows": [{rows}]}}').encode()


def lines(*rows: str, **changes: Any) -> bytes:
    return "\n".join([json.dumps(head(**changes)), *(rows or ROWS), ""]).encode()


@pytest.mark.parametrize("data", [document(), lines(), b"\xef\xbb\xbf" + document().replace(b"{", b"\n{", 1)])
def test_dataset_json(data: bytes) -> None:
    table = only(data, format="dataset-json")
    assert table.name == "VS"
    assert table.frame.rows() == READ
    assert table.labels == {"SUBJID": "Subject", "WT": "Weight"}
    assert table.kinds == {"SUBJID": "text", "WT": "number", "VSDTC": "date", "EXACT": "number", "OK": "text"}


def test_dataset_json_without_records() -> None:
    assert only(document("", records=0), format="dataset-json").frame.height == 0
    assert only(json.dumps(head(records=0)).encode(), format="dataset-json").frame.height == 0


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (document()[:-20], "no JSON"),
        (lines(*ROWS[:2]), "says 3 records, but 2"),
        (lines(*ROWS[:2], ROWS[2][:-4]), "line 4 is no JSON"),
        (lines(*ROWS[:2], '["3", 1]'), "record 3 has not one value"),
        (document(f"{ROWS[0]},{ROWS[1]},[[1],1,1,1,1]"), "record 3 holds a list"),
        (document(f"{ROWS[0]},{ROWS[1]},[NaN,1,1,1,1]"), "NaN is no value"),
        (document(datasetJSONVersion="2.0"), "Dataset-JSON 2.0"),
        (b'{"a": 1}', "describes no columns"),
        (b"[1, 2]", "describes no columns"),
        (document(columns=[{"label": "x"}]), "a column has no name"),
        (document(columns=COLUMNS + COLUMNS[:1]), "more than once: subjid"),
        (document().replace(b"0001", b"\xe9"), "not UTF-8"),
        (b'{"columns": ' + b"[" * 200_000, "nested deeper|no JSON"),
        (document(f'{ROWS[0]},{ROWS[1]},["{"x" * 1_000_001}",1,"","",true]'), "1,000,001 bytes"),
    ],
    ids=lambda value: None if isinstance(value, bytes) else value,
)
def test_damaged_dataset_json(data: bytes, message: str) -> None:
    assert refused(data, message, format="dataset-json") == "DEL01"
