"""SAS transport files carry every value or are not written: read back by pyreadstat, and each refusal in its words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas
import pyreadstat
import pytest

from orchestration.export.described import ExportTable, analysis_tables
from orchestration.export.folder import export
from orchestration.export.xpt_rules import described_violations
from tests.orchestration.export.small_warehouse import LOAD_ID, ROWS, publish_small, subject


def read(file: Path) -> tuple[list[dict[str, Any]], Any]:
    """The rows as SAS stores them: numbers, and texts of which the missing ones are blank."""
    frame, metadata = pyreadstat.read_xport(file, output_format="polars", disable_datetime_conversion=True)
    return frame.to_dicts(), metadata


def stored(value: object) -> object:
    """What SAS stores for a value, by the calendar and not by the code under test."""
    match value:
        case datetime():
            return (value - datetime(1960, 1, 1)).total_seconds()
        case date():
            return float((value - date(1960, 1, 1)).days)
        case Decimal() | int():
            return float(value)
        case _:
            return value


def rows_in_key_order(warehouse: Path, table: ExportTable) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(warehouse / "mrbs.duckdb"), read_only=True) as connection:
        return connection.execute(f"from analysis.{table.name} order by {', '.join(table.key)}").fetchall()


@pytest.mark.parametrize("name", list(analysis_tables()))
def test_every_value_is_read_back(small_warehouse: Path, tmp_path: Path, name: str) -> None:
    table = analysis_tables()[name]
    rows, metadata = read(export(small_warehouse, tmp_path, ["xpt"], [name]).folder / "xpt" / f"{name}.xpt")
    names = [column.xpt_name for column in table.columns]
    texts = {column.xpt_name for column in table.columns if column.kind == "text"}
    expected = [
        {
            column: ("" if value is None and column in texts else stored(value))
            for column, value in zip(names, row, strict=True)
        }
        for row in rows_in_key_order(small_warehouse, table)
    ]
    assert rows == expected
    assert len(rows) == len(ROWS.get(name, []))
    assert (metadata.table_name, metadata.file_label) == (name.upper(), table.label)
    assert metadata.column_names_to_labels == {column.xpt_name: column.label for column in table.columns}


def test_a_second_reader_sees_the_same(tmp_path: Path) -> None:
    """The library that wrote the file could misread what it miswrote; pandas has a parser of its own. No zeros: that
    parser takes SAS's for 5.4e-79 (pandas issue 50670)."""
    doses = [Decimal("0.1000"), Decimal("-12.3457"), Decimal("99999999999.9999"), None, Decimal("7.0000")]
    rows = [
        subject(number, blsteroid=dose, race="ASIAN" if number % 2 else None, trtsdt=date(2026, 3, number))
        for number, dose in enumerate(doses, start=1)
    ]
    warehouse = publish_small(tmp_path / "warehouse", {"adsl": rows})
    file = export(warehouse, tmp_path, ["xpt"], ["adsl"]).folder / "xpt" / "adsl.xpt"
    frame = pandas.read_sas(file, format="xport", encoding="ascii")
    assert [None if pandas.isna(dose) else Decimal(repr(float(dose))) for dose in frame["BLSTERD"]] == doses
    assert frame["USUBJID"].tolist() == [row["usubjid"] for row in rows]
    assert frame["RACE"].fillna("").tolist() == ["ASIAN", "", "ASIAN", "", "ASIAN"]
    days = [day.date() if hasattr(day, "date") else date(1960, 1, 1) + timedelta(days=day) for day in frame["TRTSDT"]]
    assert days == [row["trtsdt"] for row in rows]


def test_days_and_seconds_count_from_1960(small_warehouse: Path, tmp_path: Path) -> None:
    folder = export(small_warehouse, tmp_path, ["xpt"], ["adsl", "adex"]).folder / "xpt"
    subjects, of_subjects = read(folder / "adsl.xpt")
    infusions, of_infusions = read(folder / "adex.xpt")
    # 1959-12-31 is the day before SAS's day 0; 2026-03-02 is day 24167 (66 years of 365, 17 leap days, 60 days).
    assert subjects[0]["SITCUTDT"] == -1
    assert subjects[1]["TRTSDT"] == 66 * 365 + 17 + 60 == 24167
    assert infusions[0]["ASTDTM"] == 24167 * 86400 + 9 * 3600 + 5 * 60
    assert of_subjects.original_variable_types["TRTSDT"] == "DATE9"
    assert of_infusions.original_variable_types["ASTDTM"] == "DATETIME20"


def test_names_that_are_too_long_have_a_declared_short_one() -> None:
    long = {c.name: c.xpt_name for t in analysis_tables().values() for c in t.columns if len(c.name) > 8}
    assert long == {
        "targetday": "TRGTDAY",
        "sitecutdt": "SITCUTDT",
        "blbilagtot": "BLBILTOT",
        "blsteroid": "BLSTERD",
        "bilnewsys": "BILNWSYS",
        "estimator": "ESTIMATR",
        "nimmature": "NIMMATUR",
    }
    assert [found for table in analysis_tables().values() for found in described_violations(table)] == []


def test_every_fault_of_a_description_is_named() -> None:
    table = analysis_tables()["srisum"]
    rate = replace(table.columns[6], name="responserate", label="Rate of response – " + "x" * 30)
    broken = replace(table, name="srisummary", columns=(*table.columns[:2], rate, replace(rate, name="avisit")))
    assert [
        (found.column, found.what.partition(":")[0].partition(",")[0]) for found in described_violations(broken)
    ] == [
        ("", "the name SRISUMMARY has 10 characters"),
        ("responserate", "the name RESPONSERATE has 12 characters"),
        ("responserate", f"the label {rate.label!r} has 49 characters"),
        ("responserate", f"the label {rate.label!r} is not ASCII"),
        ("avisit", f"the label {rate.label!r} has 49 characters"),
        ("avisit", f"the label {rate.label!r} is not ASCII"),
        ("", "2 columns are called AVISIT"),
    ]


HOSTILE = [
    ({"race": "x" * 201}, "longer than 200 bytes"),
    ({"race": "Métis"}, "not ASCII, or a line break or another control character"),
    ({"race": "two\nlines"}, "not ASCII, or a line break or another control character"),
    ({"race": "WHITE "}, "ends with a blank, which is forgotten"),
    ({"race": ""}, "an empty text, which can't be told from a missing one"),
    ({"blsteroid": Decimal("123456789012.3456")}, "more than 15 digits, which would be rounded"),
    ({"trtsdt": date(1500, 1, 1)}, "before 1583, where SAS's days begin"),
]


@pytest.mark.parametrize(("values", "what"), HOSTILE)
def test_what_can_not_be_carried_is_refused_with_its_place(
    tmp_path: Path, values: dict[str, object], what: str
) -> None:
    rows = [subject(1), subject(3, **values), subject(2), subject(4, **values)]
    exported = export(publish_small(tmp_path / "warehouse", {"adsl": rows}), tmp_path)
    (found,) = exported.refused["xpt"]
    # Subject 3 is in the third row: rows are counted in key order.
    assert (found.table, found.column, found.what) == ("adsl", next(iter(values)), what)
    assert (found.first_row, found.values) == (3, 2)
    assert not (exported.folder / "xpt" / "adsl.xpt").exists()
    assert (exported.folder / "xpt" / "adsri.xpt").exists()
    assert (exported.folder / "csv" / "adsl.csv").exists()
    assert f"xpt,adsl,{found.column}," in (exported.folder / "refused.csv").read_text()


def test_all_violations_are_listed_at_once(tmp_path: Path) -> None:
    rows = [subject(number, **values) for number, (values, _) in enumerate(HOSTILE, start=1)]
    exported = export(publish_small(tmp_path / "warehouse", {"adsl": rows}), tmp_path, ["xpt"])
    # The two texts that are not ASCII are one violation of two values.
    assert {(found.what, found.values) for found in exported.refused["xpt"]} == {
        (what, 2 if what.startswith("not ASCII") else 1) for _, what in HOSTILE
    }


@pytest.mark.parametrize("value", [Decimal("12345678901.2345"), Decimal("-0.0001"), Decimal("99999999999.9999")])
def test_fifteen_digits_come_back_exactly(tmp_path: Path, value: Decimal) -> None:
    warehouse = publish_small(tmp_path / "warehouse", {"adsl": [subject(1, blsteroid=value)]})
    (row,), _ = read(export(warehouse, tmp_path, ["xpt"], ["adsl"]).folder / "xpt" / "adsl.xpt")
    assert Decimal(repr(row["BLSTERD"])) == value


def test_on_request_texts_are_written_in_ascii_and_each_is_listed(tmp_path: Path) -> None:
    rows = [subject(1, race="Métis ≥ ½"), subject(2, race="Ørsted – 5 µg\nnoch"), subject(3, race="WHITE")]
    warehouse = publish_small(tmp_path / "warehouse", {"adsl": rows})
    refused = export(warehouse, tmp_path / "some", ["xpt"], ["adsl"], ascii_only=True)
    # ½ has no ASCII spelling here, so the table is refused all the same.
    assert [(found.first_row, found.values) for found in refused.refused["xpt"]] == [(1, 1)]

    rows[0]["race"] = "Métis ≥ 1/2"
    other = publish_small(tmp_path / "other", {"adsl": rows})
    exported = export(other, tmp_path / "all", ["xpt"], ["adsl"], ascii_only=True)
    back, _ = read(exported.folder / "xpt" / "adsl.xpt")
    assert [row["RACE"] for row in back] == ["Metis >= 1/2", "Orsted - 5 ug noch", "WHITE"]
    assert (exported.folder / "replaced.csv").read_text(encoding="utf-8") == (
        "table,column,row,was,became\n"
        "adsl,race,1,Métis ≥ 1/2,Metis >= 1/2\n"
        'adsl,race,2,"Ørsted – 5 µg\nnoch",Orsted - 5 ug noch\n'
    )


def test_the_file_is_dated_by_its_publication(small_warehouse: Path, tmp_path: Path) -> None:
    content = (export(small_warehouse, tmp_path, ["xpt"], ["adsl"]).folder / "xpt" / "adsl.xpt").read_bytes()
    assert LOAD_ID.startswith("20260320T020000")
    assert content[:560].count(b"20MAR26:02:00:00") == 4
