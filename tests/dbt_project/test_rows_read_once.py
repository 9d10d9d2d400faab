"""A row is read once: what a later build adds and forgets gives the tables that reading everything would give."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.derivation.build import build
from tests.support.dbt import BuiltWarehouse, Row, build_warehouse

pytestmark = pytest.mark.slow  # a warehouse of its own is built

SELECT = ["+path:models/staging"]
FIRST_NIGHT: dict[str, list[Row]] = {
    "dm": [{"subjid": "1", "age": "31"}, {"subjid": "2", "age": "x"}, {"subjid": "3"}],
    "ex": [
        {"subjid": "1", "visit": "D0", "exdose": "600", "exdosu": "mg"},
        {"subjid": "2", "visit": "D0", "exdose": "0.58", "exdosu": "g"},
        {"subjid": "3", "visit": "D0", "exdose": "580", "exdosu": "mg"},
    ],
    "vs": [{"subjid": "1", "visit": "D0", "vsdtc": "2026-03-01", "vstestcd": "WEIGHT", "vsorres": "60"}],
}
# What the second night does to raw: a correction (one row closed, another opened), a subject removed (whose infusion
# then belongs to nobody), a second answer to one question, and a row that comes back as it was.
SECOND_NIGHT = (
    "update raw.dm set closed_load = '2' where row_id in ('dm-2', 'dm-3')",
    "insert into raw.dm by name select 'dm-2b' as row_id, 'S01' as siteid, '2' as subjid, '44' as age, '2' as opened_load",
    "insert into raw.ex by name select 'ex-1b' as row_id, 'S01' as siteid, '1' as subjid, 'D0' as visit, '60' as exdose",
    "update raw.vs set closed_load = '2'",
    "insert into raw.vs select * replace (null as closed_load, '2' as opened_load) from raw.vs",
)


def content(warehouse: BuiltWarehouse) -> dict[str, list[tuple[object, ...]]]:
    """Every table and view of staging, in no particular order of rows."""
    with warehouse.connect() as connection:
        names = connection.execute(
            "select distinct table_name from duckdb_columns() where database_name = 'working' and schema_name = 'staging'"
        ).fetchall()
        return {
            name: sorted(connection.execute(f"from staging.{name}").fetchall(), key=repr) for (name,) in sorted(names)
        }


def after_both_nights(folder: Path) -> BuiltWarehouse:
    warehouse = build_warehouse(folder, FIRST_NIGHT, SELECT)
    with duckdb.connect(warehouse.working_file) as connection:
        for statement in SECOND_NIGHT:
            connection.execute(statement)
    return warehouse


def build_again(warehouse: BuiltWarehouse, *, read_again: bool) -> None:
    folder = warehouse.working_file.parent / "logs"
    build(warehouse.working_file, warehouse.candidate_file, folder, select=SELECT, read_again=read_again)


@pytest.fixture(scope="module")
def night_by_night(tmp_path_factory: pytest.TempPathFactory) -> BuiltWarehouse:
    warehouse = after_both_nights(tmp_path_factory.mktemp("night-by-night"))
    build_again(warehouse, read_again=False)
    return warehouse


def test_the_second_night_leaves_what_reading_everything_leaves(night_by_night: BuiltWarehouse) -> None:
    added_and_forgotten = content(night_by_night)
    ages = {row[0]: row for row in added_and_forgotten["read_dm"]}
    assert sorted(ages) == ["dm-1", "dm-2b"]
    # Two answers to one question, and an infusion whose subject is gone.
    verdicts = {row[0]: row[2] for row in added_and_forgotten["verdicts"]}
    assert verdicts == {"ex-1": "VAL07", "ex-1b": "VAL07", "ex-3": "VAL08"}

    build_again(night_by_night, read_again=True)
    assert content(night_by_night) == added_and_forgotten


def test_a_row_that_was_read_is_not_read_again(night_by_night: BuiltWarehouse) -> None:
    with duckdb.connect(night_by_night.working_file) as connection:
        connection.execute("update staging.read_dm set age = 99 where row_id = 'dm-1'")
    build_again(night_by_night, read_again=False)
    assert night_by_night.table("staging.read_dm")["dm-1"]["age"] == 99
    build_again(night_by_night, read_again=True)
    assert night_by_night.table("staging.read_dm")["dm-1"]["age"] == 31
