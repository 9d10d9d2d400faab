"""Counting from the ledger, and the history over nights: newly flagged, still flagged, no longer flagged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from validation.indicators import write_site_indicators
from validation.indicators.counting import count_days, count_units
from validation.indicators.declared import indicators
from validation.indicators.limits import Counted
from validation.indicators.published import TABLES

NIGHTS = [date(2026, 3, day) for day in range(1, 10)]

DERIVED = """
create schema raw;
create table raw.in_force (siteid varchar, form varchar);
create schema intermediate;
create table intermediate.int_indicator_units
    (siteid varchar, indicator varchar, unit varchar, numerator bigint, denominator bigint);
create table intermediate.int_subject_records (siteid varchar, usubjid varchar, records bigint);
create table intermediate.int_entry_lags (siteid varchar, usubjid varchar, lag_days integer);
create schema ledger;
create table ledger.findings
    (siteid varchar, usubjid varchar, looked_at varchar, status varchar, days_open integer);
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Sites S01 and S02, about which nothing is counted yet."""
    with duckdb.connect(tmp_path / "working.duckdb") as connection:
        connection.execute(f"attach '{tmp_path / 'candidate.duckdb'}' as candidate")
        connection.execute(DERIVED)
        connection.execute("insert into raw.in_force values ('S01', 'dm'), ('S01', 'ex'), ('S02', 'dm')")
        yield connection


def missed_visits(connection: duckdb.DuckDBPyConnection, here: int, subjects: int = 5) -> None:
    """At S01 each subject has missed so many of ten visits, at S02 none of twenty has missed any."""
    connection.execute("delete from intermediate.int_indicator_units")
    connection.execute(
        """
        insert into intermediate.int_indicator_units
        select 'S01', 'MISSED_VISITS', 'subject ' || number, $here, 10 from range($subjects) as t (number)
        union all
        select 'S02', 'MISSED_VISITS', 'subject ' || number, 0, 10 from range(20) as t (number)
        """,
        {"here": here, "subjects": subjects},
    )


def published(connection: duckdb.DuckDBPyConnection, columns: str) -> list[tuple[Any, ...]]:
    query = f"select {columns} from candidate.quality.site_indicators where siteid = 'S01' and flag is not null"
    return connection.execute(query).fetchall()


def history(connection: duckdb.DuckDBPyConnection, columns: str = "*") -> list[tuple[Any, ...]]:
    return connection.execute(
        f"select {columns} from candidate.quality.site_indicators_history "
        "where siteid = 'S01' and indicator = 'MISSED_VISITS' order by loaddt"
    ).fetchall()


def test_findings_are_counted_per_subject_among_its_records(warehouse: duckdb.DuckDBPyConnection) -> None:
    warehouse.execute("""
        insert into intermediate.int_subject_records values ('S01', 'A', 10), ('S01', 'B', 20), ('S01', '', 1)
    """)
    warehouse.execute("""
        insert into ledger.findings values
            ('S01', 'A', 'staging.typed_ex', 'OPEN', 30),
            ('S01', 'A', 'analysis.adex', 'RESOLVED', 90),
            ('S01', 'A', 'analysis.adex', 'OPEN', 7),
            ('S01', 'A', 'analysis.adex', 'ACCEPTED', 400),
            ('S01', null, 'staging.typed_vs', 'OPEN', 50),
            ('S01', null, 'raw.delivery_problems', 'OPEN', 3),
            ('S01', 'gone', 'analysis.adex', 'RESOLVED', 2),
            ('S02', 'C', 'analysis.adex', 'OPEN', 1),
            (null, null, 'analysis.adex', 'OPEN', 1)
    """)
    counts = count_units(warehouse)
    # A: 3 of 10; B: 0 of 20; without a subject: 1 of 1; whose records are gone: 1 of 0.
    assert counts["FINDINGS"]["S01"] == Counted(
        units=4, numerator=5, denominator=31, squares=11, products=31, denominator_squares=501
    )
    assert counts["FINDINGS"]["S02"] == Counted(1, 1, 0, 1, 0, 0)
    assert counts["MISSED_VISITS"]["S01"] == Counted(0, 0, 0)
    # One number per subject: A's oldest open finding.
    assert count_days(warehouse) == {
        "DAYS_OPEN": {"S01": {30: 1}, "S02": {1: 1}},
        "ENTRY_LAG": {"S01": {}, "S02": {}},
    }


def test_every_site_has_every_indicator_and_nothing_counted_is_null(warehouse: duckdb.DuckDBPyConnection) -> None:
    write_site_indicators(warehouse, NIGHTS[0])
    rows = warehouse.execute(
        "select siteid, indicator, value, others_value, flag, flagged_since, newfl "
        "from candidate.quality.site_indicators"
    ).fetchall()
    names = sorted(declared.indicator for declared in indicators())
    assert [row[:2] for row in rows] == [(siteid, name) for siteid in ("S01", "S02") for name in names]
    assert {row[2:] for row in rows} == {(None, None, None, None, "N")}


def test_newly_flagged_still_flagged_and_flagged_again(warehouse: duckdb.DuckDBPyConnection) -> None:
    told = []
    for night, here in zip(NIGHTS, (0, 4, 4, 0, 4), strict=False):
        missed_visits(warehouse, here)
        write_site_indicators(warehouse, night)
        told += published(warehouse, "value, flag, side, flagged_since, newfl")
    assert told == [
        (0, "N", None, None, "N"),
        (40, "Y", "HIGH", NIGHTS[1], "Y"),
        (40, "Y", "HIGH", NIGHTS[1], "N"),
        (0, "N", None, None, "N"),
        (40, "Y", "HIGH", NIGHTS[4], "Y"),
    ]
    columns = "value, flag, side, flagged_since, newfl"
    assert history(warehouse, columns) == told
    assert history(warehouse, "loaddt") == [(night,) for night in NIGHTS[:5]]


def test_a_night_that_cannot_be_judged_ends_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    for night, subjects in zip(NIGHTS, (5, 2, 5), strict=False):
        missed_visits(warehouse, 4, subjects)
        write_site_indicators(warehouse, night)
    assert history(warehouse, "flag, flagged_since, newfl") == [
        ("Y", NIGHTS[0], "Y"),
        (None, None, "N"),
        ("Y", NIGHTS[0], "N"),
    ]


def test_a_load_run_again_replaces_its_night(warehouse: duckdb.DuckDBPyConnection) -> None:
    missed_visits(warehouse, 4)
    write_site_indicators(warehouse, NIGHTS[0])
    first = published(warehouse, "*")
    write_site_indicators(warehouse, NIGHTS[0])
    assert published(warehouse, "*") == first

    # The second night found it mended; run again, it does not, and the first night still counts.
    missed_visits(warehouse, 0)
    write_site_indicators(warehouse, NIGHTS[1])
    missed_visits(warehouse, 4)
    write_site_indicators(warehouse, NIGHTS[1])
    assert history(warehouse, "loaddt, flagged_since, newfl") == [
        (NIGHTS[0], NIGHTS[0], "Y"),
        (NIGHTS[1], NIGHTS[0], "N"),
    ]


def test_killed_in_the_middle_the_history_stays_whole(
    warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    missed_visits(warehouse, 4)
    write_site_indicators(warehouse, NIGHTS[0])
    before = warehouse.execute("from indicators.history order by all").fetchall()
    monkeypatch.setattr("validation.indicators.history.TONIGHT", "insert into working.indicators.history select $clock")
    with pytest.raises(duckdb.Error):
        write_site_indicators(warehouse, NIGHTS[0])
    assert warehouse.execute("from indicators.history order by all").fetchall() == before


def test_what_is_published_is_what_is_declared(warehouse: duckdb.DuckDBPyConnection) -> None:
    write_site_indicators(warehouse, NIGHTS[0])
    for table in TABLES:
        built = warehouse.execute(
            "select column_name, lower(replace(data_type, ',', ', ')), comment, is_nullable from duckdb_columns() "
            "where database_name = 'candidate' and table_name = ? order by column_index",
            [table.name],
        ).fetchall()
        assert [(name, data_type.replace("  ", " "), comment) for name, data_type, comment, _ in built] == [
            (column.name, column.data_type, column.description) for column in table.columns
        ]
