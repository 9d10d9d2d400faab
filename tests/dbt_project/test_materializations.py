"""How tables and views are made (dbt_project/macros/materializations.sql): anew each time, whatever stood there before.

That a killed build leaves whole tables is shown by tests/end_to_end/test_kills.py.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.derivation.build import DerivationError, build
from tests.support.dbt import BuiltWarehouse, build_warehouse

VIEW, TABLE = "typed_dm", "verdicts_dm"
SELECT = ["+typed_dm"]


def kinds(warehouse: BuiltWarehouse) -> dict[str, str]:
    """Whether each of the two is a table or a view; anything left behind under another name would stand here, too."""
    with duckdb.connect(str(warehouse.working_file)) as connection:
        rows = connection.execute(
            "select table_name, table_type from information_schema.tables where table_schema = 'staging'"
        ).fetchall()
    return {name: kind for name, kind in rows if VIEW in name or TABLE in name}


def build_again(warehouse: BuiltWarehouse) -> None:
    build(warehouse.working_file, warehouse.candidate_file, warehouse.working_file.parent, select=SELECT)


@pytest.fixture
def warehouse(tmp_path: Path) -> BuiltWarehouse:
    return build_warehouse(tmp_path, {"dm": [{"subjid": "1"}, {"subjid": "2"}]}, SELECT)


def test_built_twice_there_is_one_of_each(warehouse: BuiltWarehouse) -> None:
    expected = {VIEW: "VIEW", TABLE: "BASE TABLE"}
    assert kinds(warehouse) == expected
    build_again(warehouse)
    assert kinds(warehouse) == expected


def test_what_was_a_table_becomes_a_view_and_the_other_way_round(warehouse: BuiltWarehouse) -> None:
    """As when a new version of the project meets the working file of an old one."""
    with duckdb.connect(str(warehouse.working_file)) as connection:
        connection.execute(f"drop view staging.{VIEW}")
        connection.execute(f"create table staging.{VIEW} as select 'old' as subjid")
        connection.execute(f"drop table staging.{TABLE}")
        connection.execute(f"create view staging.{TABLE} as select 'old' as subjid")
    build_again(warehouse)
    assert kinds(warehouse) == {VIEW: "VIEW", TABLE: "BASE TABLE"}
    with duckdb.connect(str(warehouse.working_file)) as connection:
        assert connection.execute(f"select subjid from staging.{VIEW} order by 1").fetchall() == [("1",), ("2",)]


def test_a_table_that_cannot_be_made_leaves_the_old_one(warehouse: BuiltWarehouse) -> None:
    with duckdb.connect(str(warehouse.working_file)) as connection:
        connection.execute(f"create or replace table staging.{TABLE} as select 'old' as row_id")
        connection.execute("create or replace table staging.read_dm as select 'no such columns' as nothing")
    with pytest.raises(DerivationError):
        build(warehouse.working_file, warehouse.candidate_file, warehouse.working_file.parent, select=[TABLE])
    with duckdb.connect(str(warehouse.working_file)) as connection:
        assert connection.execute(f"select * from staging.{TABLE}").fetchall() == [("old",)]
