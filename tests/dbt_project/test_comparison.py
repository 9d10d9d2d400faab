"""respbl and resptab: who is compared, what is known of them and when, and every figure worked out by hand.

The compiled SQL runs over upstream tables written down here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from orchestration.derivation.project import published_models
from tests.support.compiled import CompiledModel, compiled_models

MODELS: dict[str, CompiledModel] = {}
ADSL = "age sex race acrn blsledai blbilagtot blbilaga blbilagb blpga bllowcfl bldnafl blprot24 blsteroid blisfl blamfl"


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        for catalog in ("working", "candidate"):
            connection.execute(f"attach ':memory:' as {catalog}")
        yield connection


def model(name: str) -> CompiledModel:
    if not MODELS:
        MODELS.update({compiled.name: compiled for compiled in compiled_models()})
    return MODELS[name]


def write(connection: duckdb.DuckDBPyConnection, name: str, columns: str, *rows: str) -> None:
    """An upstream table; each row is SQL literals."""
    written = model(name)
    connection.execute(f'create schema if not exists "{written.catalog}"."{written.schema}"')
    values = ", ".join(f"({row})" for row in rows)
    connection.execute(f"create table {written.relation} as from (values {values}) as t ({', '.join(columns.split())})")


def rows_of(
    connection: duckdb.DuckDBPyConnection, name: str, columns: str, where: str = "true"
) -> list[tuple[Any, ...]]:
    return connection.execute(f"select {columns} from ({model(name).query}) where {where}").fetchall()


def subject(usubjid: str, respgrp: str, maturfl: str) -> str:
    values = "40, 'F', 'WHITE', 5, 12, 18, 1, 2, 1.5, 'Y', 'N', 0.2, 10, 'N', 'Y', 60"
    return f"'MRBS', 'S01', '{usubjid}', {respgrp}, '{maturfl}', date '2025-01-31', {values}"


ITEMS = " ".join(f"sledai{number:02}" for number in range(1, 25))
GRADES = "bilconst bilmuco bilneuro bilmusc bilcard bilgast bilopht bilrenal bilhaem"
SUBJECTS = ("A", "B", "C", "D", "E", "PENDING", "EARLY")


@pytest.fixture
def upstream(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    write(
        connection, "adsl", f"studyid siteid usubjid respgrp maturfl trtsdt {ADSL} blweight",
        *(subject(name, "'RESPONSE'" if name in "AB" else "'NO RESPONSE'", "Y") for name in "ABCDE"),
        subject("PENDING", "'PENDING'", "N"),
        subject("EARLY", "'NO RESPONSE'", "N"),  # an event decided it before week 48: not mature
        subject("HELD", "'HELD'", "N"),
    )  # fmt: skip
    write(
        connection, "stg_dm", "usubjid slediagdt_min slediagdt_max",
        "'A', date '2024-01-31', date '2024-01-31'",  # 366 days: 1.002 years
        "'B', date '2020-01-01', date '2020-12-31'",  # 2020: the middle is 1 July, 1675 days before
        "'C', date '2025-01-31', date '2025-01-31'",  # on the day of the first infusion
        "'D', date '2025-02-01', date '2025-02-01'",  # after it
        "'E', null, null",
    )  # fmt: skip
    write(
        connection, "int_baseline", "scenario usubjid component row_id",
        "'PRIMARY', 'A', 'SLEDAI', 's1'", "'OTHER', 'A', 'SLEDAI', 's2'", "'PRIMARY', 'A', 'BILAG', 'b1'",
        "'PRIMARY', 'A', 'PGA', 'p1'",
    )  # fmt: skip
    write(connection, "stg_sledai", f"usubjid row_id {ITEMS}", f"'A', 's1', 1, {', '.join('0' * 22)}, null",
          f"'A', 's2', {', '.join('1' * 24)}")  # fmt: skip
    write(connection, "stg_bilag", f"usubjid row_id {GRADES}", "'A', 'b1', 'A', 'B', 'C', 'D', 'E', 'A', 'B', 'C', 'D'")
    write(
        connection, "adsri", "usubjid avisitn sledchg pgachg sri4oc",
        "'A', 2, -1, -0.1, 'N'", "'A', 4, -4, -0.5, 'Y'", "'A', 12, -6, -1.0, 'Y'", "'A', 48, -9, -2.0, 'Y'",
        "'B', 8, null, 0.2, null",
    )  # fmt: skip
    write(
        connection, "adex", "usubjid status protday exdose",
        "'A', 'GIVEN', 0, 600", "'A', 'GIVEN', 84, 610.5", "'A', 'GIVEN', 85, 620", "'A', 'MISSED', 28, null",
        "'B', 'GIVEN', 0, 600", "'B', 'GIVEN', 14, null",
    )  # fmt: skip
    write(connection, "adexsum", "usubjid ngiven rdi", "'A', 3, 99.5", "'B', 2, null")
    return connection


def test_who_is_compared(upstream: duckdb.DuckDBPyConnection) -> None:
    """Mature at week 48 and known; in the order of usubjid."""
    assert rows_of(upstream, "respbl", "usubjid, respgrp, respn") == [
        ("A", "RESPONSE", 1), ("B", "RESPONSE", 1), ("C", "NO RESPONSE", 0), ("D", "NO RESPONSE", 0),
        ("E", "NO RESPONSE", 0),
    ]  # fmt: skip


def test_duration_of_disease(upstream: duckdb.DuckDBPyConnection) -> None:
    """366 / 365.25 = 1.0021; from 1 July 2020 to 31 January 2025 it is 1675 days, 4.5859 years."""
    assert [str(value) for _, value in rows_of(upstream, "respbl", "usubjid, disdur")] == [
        "1.00", "4.59", "0.00", "None", "None",
    ]  # fmt: skip


def test_baseline_by_item_and_system(upstream: duckdb.DuckDBPyConnection) -> None:
    """Of the baseline record of the primary scenario."""
    assert rows_of(upstream, "respbl", "blsled01, blsled02, blsled24, blbconst, blbmuco, blbhaem")[:2] == [
        (1, 0, None, "A", "B", "D"),
        (None, None, None, None, None, None),
    ]


def test_early_change(upstream: duckdb.DuckDBPyConnection) -> None:
    columns = "sledch4, pgach4, sri4oc4, sledch8, pgach8, sri4oc8, sledch12, sri4oc12"
    shown = [tuple(value if not hasattr(value, "as_tuple") else str(value) for value in row)
             for row in rows_of(upstream, "respbl", columns)[:2]]  # fmt: skip
    assert shown == [
        (-4, "-0.5", "Y", None, None, None, -6, "Y"),
        (None, None, None, None, "0.2", None, None, None),
    ]


def test_exposure_up_to_day_84(upstream: duckdb.DuckDBPyConnection) -> None:
    """The infusion on day 84 counts, that on day 85 doesn't; a sum with an unknown dose is unknown."""
    assert [tuple(map(str, row)) for row in rows_of(upstream, "respbl", "ngiven12, cumdos12, ngiven, rdi")[:3]] == [
        ("2", "1210.5", "3", "99.5"), ("2", "None", "2", "None"), ("0", "None", "None", "None"),
    ]  # fmt: skip


def test_every_column_says_when_it_is_known() -> None:
    known_at = {
        name: column["config"]["meta"]["known_at"]
        for name, column in next(
            node for key, node in published_models().items() if key.endswith(".respbl")
        )["columns"].items()
    }  # fmt: skip
    for name, known in known_at.items():
        expected = (
            "WEEK 48" if name in ("respgrp", "respn")
            else "DATA CUT" if name in ("ngiven", "rdi")
            else f"WEEK {name.lstrip('abcdefghijklmnopqrstuvwxyz').removeprefix('4oc')}"
            if name.startswith(("sledch", "pgach", "sri4oc", "ngiven12", "cumdos12"))
            else "BASELINE"
        )  # fmt: skip
        assert known == expected, name


NUMBERS = (
    "age disdur acrn blsledai blbilagtot blbilaga blbilagb blpga blprot24 blsteroid blweight sledch4 pgach4 sledch8 "
    "pgach8 sledch12 pgach12 ngiven12 cumdos12 ngiven rdi"
)
OTHERS = (
    "race bllowcfl bldnafl blisfl blamfl sri4oc4 sri4oc8 sri4oc12 blbconst blbmuco blbneuro blbmusc blbcard blbgast "
    "blbopht blbrenal blbhaem " + " ".join(f"blsled{number:02}" for number in range(1, 25))
)


@pytest.fixture
def groups(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Ages and sexes; everything else is unknown."""
    people = [("RESPONSE", 10, "F"), ("RESPONSE", 20, "F"), ("RESPONSE", 30, "M"), ("RESPONSE", 40, None)]
    people += [("NO RESPONSE", age, sex) for age, sex in zip((10, 20, 30, 40, 50), "FMMMM", strict=True)]
    others = NUMBERS.split()[1:]
    write(
        connection, "respbl", f"respgrp sex {NUMBERS} {OTHERS}",
        *(
            ", ".join([f"'{group}'", f"'{sex}'" if sex else "null", str(age), *["null::decimal(9, 2)"] * len(others),
                       *["null::varchar"] * len(OTHERS.split())])
            for group, age, sex in people
        ),
    )  # fmt: skip
    return connection


def shown(connection: duckdb.DuckDBPyConnection, variable: str, columns: str) -> list[tuple[str | None, ...]]:
    rows = rows_of(connection, "resptab", columns, f"variable = '{variable}'")
    return [tuple(None if value is None else str(value) for value in row) for row in rows]


def test_numbers_side_by_side(groups: duckdb.DuckDBPyConnection) -> None:
    """10 20 30 40: variance 500/3; quartiles (10+20)/2 and (30+40)/2. 10 ... 50: variance 250, quartiles the second and
    the fourth. The difference is -5 / sqrt((166.667 + 250) / 2) = -5 / 14.4338."""
    assert shown(groups, "age", "respgrp, n, nmiss, mean, sd, q1, median, q3, stddiff") == [
        ("NO RESPONSE", "5", "0", "30.0000", "15.8114", "20.000000", "30.000000", "40.000000", "-0.3464"),
        ("RESPONSE", "4", "0", "25.0000", "12.9099", "15.000000", "25.000000", "35.000000", "-0.3464"),
    ]


def test_categories_side_by_side(groups: duckdb.DuckDBPyConnection) -> None:
    """Women: 2 of 3 known beside 1 of 5: 0.46667 / sqrt((0.22222 + 0.16) / 2) = 1.0675. Men the other way round."""
    assert shown(groups, "sex", "level, respgrp, n, nmiss, count, percent, stddiff") == [
        ("F", "NO RESPONSE", "5", "0", "1", "20.00", "1.0675"),
        ("F", "RESPONSE", "3", "1", "2", "66.67", "1.0675"),
        ("M", "NO RESPONSE", "5", "0", "4", "80.00", "-1.0675"),
        ("M", "RESPONSE", "3", "1", "1", "33.33", "-1.0675"),
    ]


def test_what_nobody_knows_is_empty_and_counted(groups: duckdb.DuckDBPyConnection) -> None:
    assert shown(groups, "rdi", "respgrp, n, nmiss, mean, sd, median, stddiff") == [
        ("NO RESPONSE", "0", "5", None, None, None, None),
        ("RESPONSE", "0", "4", None, None, None, None),
    ]
    assert shown(groups, "race", "level") == []


def test_every_predictor_is_compared(groups: duckdb.DuckDBPyConnection) -> None:
    """A column added to the one table must not be forgotten in the other."""
    columns = set(next(node for key, node in published_models().items() if key.endswith(".respbl"))["columns"])
    assert {*NUMBERS.split(), *OTHERS.split(), "sex"} == columns - {"studyid", "siteid", "usubjid", "respgrp", "respn"}
    compared = {variable for (variable,) in rows_of(groups, "resptab", "distinct variable")}
    assert compared == {*NUMBERS.split(), "sex"}, "of the categories only sex has any level here"
