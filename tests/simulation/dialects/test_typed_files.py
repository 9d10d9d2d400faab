"""Parquet, Dataset-JSON, Excel and SAS transport: every value of a site comes back, through two readers each."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet
import pyreadstat
import pytest

from simulation.dialects.catalogue import DIALECTS
from simulation.dialects.dialect import CannotCarryError, Table
from tests.simulation.dialects.example import NIGHT, read_back, rows_of, same_value, simulated

TYPED = ("parquet", "dataset_json", "excel_workbook", "excel_per_form", "xpt_v5", "xpt_v8")
SHORT = {"heightcm": "height_cm", "sledidtc": "slediagdtc", "exvial1": "exvial120", "exvial4": "exvial400"}
ANSWERED = {  # the columns whose code list is NY, by the contract
    "acrmet", "ieorres", "mhhosp", "svoccur", "exoccur", "cmongo", "aeser", "aerel",
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Table]:
    return simulated(tmp_path_factory.mktemp("site"))


def differences(
    form: str, expected: Table, header: list[str], rows: Iterable[Iterable[Any]], dialect: str
) -> list[str]:
    """Where the rows that were read are not the canonical ones."""
    names = [SHORT.get(name.lower(), name.lower()) for name in header]
    assert names == expected.header, form
    found = [["" if value is None else str(value) for value in row] for row in rows]
    assert len(found) == len(expected.rows), form
    said = []
    for number, (ours, theirs) in enumerate(zip(expected.rows, found, strict=True)):
        for name, value, other in zip(names, ours, theirs, strict=True):
            if dialect == "excel_per_form" and name in ANSWERED:
                value = {"Y": "1", "N": "0", "": ""}[value]
            if not same_value(form, name, value, other):
                said.append(f"{form} {number} {name}: {value!r} became {other!r}")
    return said


@pytest.mark.parametrize("dialect", TYPED)
def test_the_projects_readers_find_every_value_in_its_row(site: dict[str, Table], dialect: str) -> None:
    found = set()
    for name, table in read_back(DIALECTS[dialect], site):
        form = table.name.lower()
        if form not in site:
            form = name.partition(".")[0].removesuffix("_listing")
        found.add(form)
        columns = table.frame.columns[1:]
        assert differences(form, site[form], columns, rows_of(table), dialect) == []
    assert found == set(site)


def iso(value: Any) -> Any:
    """What another library reads, as canonical text."""
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute) == (0, 0)
        return value.strftime("%Y-%m-%d" if midnight else "%Y-%m-%dT%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)  # SAS has one kind of number
    return None if value == "" or value != value else value


def of_parquet(site: dict[str, Table]) -> Iterable[tuple[str, list[str], list[list[Any]]]]:
    for name, file in DIALECTS["parquet"].write(site, NIGHT).items():
        table = pyarrow.parquet.read_table(io.BytesIO(file.content))
        yield name.removesuffix(".parquet"), table.column_names, [list(row.values()) for row in table.to_pylist()]


def of_dataset_json(site: dict[str, Table]) -> Iterable[tuple[str, list[str], list[list[Any]]]]:
    for file in DIALECTS["dataset_json"].write(site, NIGHT).values():
        document = json.loads(file.content)
        yield document["name"].lower(), [column["name"] for column in document["columns"]], document["rows"]


def of_excel_workbook(site: dict[str, Table]) -> Iterable[tuple[str, list[str], list[list[Any]]]]:
    (file,) = DIALECTS["excel_workbook"].write(site, NIGHT).values()
    for sheet in openpyxl.load_workbook(io.BytesIO(file.content)):
        title, header, *rows = sheet.values
        assert title[0].startswith("Site S01")
        assert len(sheet.merged_cells.ranges) == 1
        yield sheet.title.lower(), list(header), [list(row) for row in rows]


def of_excel_per_form(site: dict[str, Table]) -> Iterable[tuple[str, list[str], list[list[Any]]]]:
    for name, file in DIALECTS["excel_per_form"].write(site, NIGHT).items():
        _, header, *rows = openpyxl.load_workbook(io.BytesIO(file.content)).active.values
        yield name.removesuffix("_listing.xlsx"), list(header), [list(row) for row in rows]


def of_transport(dialect: str) -> Callable[[dict[str, Table]], Iterable[tuple[str, list[str], list[list[Any]]]]]:
    def read(site: dict[str, Table]) -> Iterable[tuple[str, list[str], list[list[Any]]]]:
        """ReadStat sees the first data set of a file, so each form is written alone."""
        for form, table in site.items():
            (file,) = DIALECTS[dialect].write({form: table}, NIGHT).values()
            with tempfile.NamedTemporaryFile(suffix=".xpt") as transport:
                Path(transport.name).write_bytes(file.content)
                columns, about = pyreadstat.read_xport(transport.name, output_format="dict")
            assert about.creation_time == datetime(2026, 6, 30, 2)
            yield about.table_name.lower(), list(columns), [list(row) for row in zip(*columns.values(), strict=True)]

    return read


OTHER_READERS = {
    "parquet": of_parquet,
    "dataset_json": of_dataset_json,
    "excel_workbook": of_excel_workbook,
    "excel_per_form": of_excel_per_form,
    "xpt_v5": of_transport("xpt_v5"),
    "xpt_v8": of_transport("xpt_v8"),
}


@pytest.mark.parametrize("dialect", TYPED)
def test_other_libraries_find_every_value_in_its_row(site: dict[str, Table], dialect: str) -> None:
    found = set()
    for form, header, rows in OTHER_READERS[dialect](site):
        found.add(form)
        assert differences(form, site[form], header, [map(iso, row) for row in rows], dialect) == []
    assert found == set(site)


VS = Table(
    ["subjid", "visit", "vsdtc", "vstestcd", "vsorres", "vsorresu"],
    [["0001", "SCR", "2026-01-08", "WEIGHT", "61.50", "kg"], ["0001", "W2", "2026-02-30", "TEMP", "36.8 C", "C"]],
)


def test_numbers_and_dates_are_stored_as_such() -> None:
    sound = Table(VS.header, VS.rows[:1])
    (parquet,) = DIALECTS["parquet"].write({"vs": sound}, NIGHT).values()
    (row,) = pyarrow.parquet.read_table(io.BytesIO(parquet.content)).to_pylist()
    assert row == {"subjid": "0001", "visit": "SCR", "vsdtc": date(2026, 1, 8), "vstestcd": "WEIGHT", "vsorres": 61.5,
                   "vsorresu": "kg"}  # fmt: skip
    (workbook,) = DIALECTS["excel_workbook"].write({"vs": sound}, NIGHT).values()
    cells = openpyxl.load_workbook(io.BytesIO(workbook.content))["VS"][3]
    assert [cell.value for cell in cells] == ["0001", "SCR", datetime(2026, 1, 8), "WEIGHT", 61.5, "kg"]
    for dialect in ("xpt_v5", "xpt_v8"):
        (transport,) = DIALECTS[dialect].write({"vs": sound}, NIGHT).values()
        columns, about = pyreadstat.read_xport(
            io.BytesIO(transport.content), output_format="dict", disable_datetime_conversion=True
        )
        assert columns["VSDTC"][0] == (date(2026, 1, 8) - date(1960, 1, 1)) / timedelta(days=1)
        assert about.original_variable_types["VSDTC"] == "DATE9"


@pytest.mark.parametrize("dialect", TYPED)
def test_what_is_no_number_or_date_is_delivered_as_text(dialect: str) -> None:
    ((_, table),) = read_back(DIALECTS[dialect], {"vs": VS})
    assert rows_of(table)[1] == ("0001", "W2", "2026-02-30", "TEMP", "36.8 C", "C")


@pytest.mark.parametrize("dialect", TYPED)
def test_a_form_without_records_keeps_its_columns(dialect: str) -> None:
    ((_, table),) = read_back(DIALECTS[dialect], {"vs": Table(VS.header, [])})
    assert [name.lower() for name in table.frame.columns[1:]] == VS.header
    assert table.frame.height == 0


def test_a_transport_file_refuses_what_it_would_forget() -> None:
    blank = Table(["subjid", "cmseq", "cmtrt"], [["0001", "1", " PREDNISONE "]])
    for dialect in ("xpt_v5", "xpt_v8"):
        with pytest.raises(CannotCarryError, match="cmtrt: ' PREDNISONE ' ends with a blank"):
            DIALECTS[dialect].write({"cm": blank}, NIGHT)
