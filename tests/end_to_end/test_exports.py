"""A whole publication of a simulated trial, exported in every format and read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyreadstat
import pytest

from orchestration.export.described import analysis_tables
from orchestration.export.folder import Exported, export
from orchestration.ingestion.formats.tables import ReadAs, read_tables

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def exported(clean_first_night: Path, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return export(clean_first_night, tmp_path_factory.mktemp("export"))


def published(warehouse: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(warehouse / "mrbs.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_every_table_goes_into_every_format(exported: Exported) -> None:
    assert exported.refused == {}
    assert exported.replaced == []
    assert exported.files == 4 * len(analysis_tables()) + 1


@pytest.mark.parametrize("name", list(analysis_tables()))
def test_no_value_is_lost_on_the_way(exported: Exported, clean_first_night: Path, name: str) -> None:
    """Every format against the published table: as numbers from SAS, as texts from JSON and CSV."""
    table = analysis_tables()[name]
    order = ", ".join(table.key)
    numbers = {
        "text": "coalesce({0}, '')",
        "integer": "{0}::double",
        "decimal": "{0}::double",
        "date": "({0} - date '1960-01-01')::double",
        "datetime": "epoch({0} - timestamp '1960-01-01')",
    }
    as_sas = ", ".join(numbers[column.kind].format(column.name) for column in table.columns)
    frame, _ = pyreadstat.read_xport(
        exported.folder / "xpt" / f"{name}.xpt", output_format="polars", disable_datetime_conversion=True
    )
    assert frame.rows() == published(clean_first_night, f"select {as_sas} from analysis.{name} order by {order}")

    as_text = ", ".join(f"{column.name}::varchar" for column in table.columns)
    wanted = published(clean_first_night, f"select {as_text} from analysis.{name} order by {order}")
    assert pl.read_csv(exported.folder / "csv" / f"{name}.csv", infer_schema=False).rows() == wanted
    (read,) = read_tables(exported.folder / "json" / f"{name}.json", ReadAs(format="dataset-json"))
    from_json = read.frame.select([column.name.upper() for column in table.columns]).rows()
    times = [position for position, column in enumerate(table.columns) if column.kind == "datetime"]
    assert from_json == [
        tuple(value.replace(" ", "T") if value and at in times else value for at, value in enumerate(row))
        for row in wanted
    ]


def test_define_knows_every_code_of_disease_activity(clean_first_night: Path) -> None:
    (paramcd,) = [column for column in analysis_tables()["adqs"].columns if column.name == "paramcd"]
    found = published(clean_first_night, "select distinct paramcd, param from analysis.adqs")
    assert dict(found) == paramcd.codes
