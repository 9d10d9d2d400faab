"""What INV09 sees: each value's claim to come from a row, and of those only what leads nowhere.

Whether the rule tells of what the view holds belongs in tests/validation.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.support.compiled import compiled_models, empty_warehouse
from tests.support.dbt import create_raw

SUBJECT, OTHER = "MRBS-S01-1", "MRBS-S01-2"
# Of each analysis table, only the columns that say where a value comes from.
ANALYSIS = """
    adsv: status varchar, srcid varchar
    adex: status varchar, srcid varchar
    adqs: paramcd varchar, srcid varchar
    adlb: srcid varchar
    adcm: nrec integer, srcid varchar
    adie: iestat varchar, srcform varchar, srcid varchar
    adae: srcid varchar, irplan integer, irsrcid varchar
    adsri: sledai integer, srcsled varchar, bilnewa integer, srcbil varchar, pga decimal(6, 4), srcpga varchar
"""


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """Subject 1 with one row of each of two forms, subject 2 with one, and analysis tables without rows."""
    models = {model.name: model for model in compiled_models()}
    with empty_warehouse() as connection:
        create_raw(connection, {"lb": [{"subjid": "1"}, {"subjid": " 2 "}], "pga": [{"subjid": "1"}]})
        connection.execute("create table candidate.metadata.provenance (form varchar, row_id varchar)")
        connection.execute(
            "insert into candidate.metadata.provenance values ('lb', 'lb-1'), ('lb', 'lb-2'), ('pga', 'pga-1')"
        )
        for line in ANALYSIS.strip().splitlines():
            table, columns = line.strip().split(": ")
            connection.execute(f"create table candidate.analysis.{table} (siteid varchar, usubjid varchar, {columns})")
        connection.execute(models["chk_source_claims"].statement)
        connection.execute(models["chk_sources"].statement)
        yield connection


def nowhere(warehouse: duckdb.DuckDBPyConnection) -> list[tuple[str, str | None, bool, bool]]:
    columns = "record_key, row_id, is_in_raw, is_in_provenance"
    return warehouse.execute(f"select {columns} from working.checks.chk_sources order by all").fetchall()


def add(warehouse: duckdb.DuckDBPyConnection, table: str, *values: object, usubjid: str = SUBJECT) -> None:
    marks = ", ".join("?" for _ in values)
    warehouse.execute(f"insert into candidate.analysis.{table} values ('S01', ?, {marks})", [usubjid, *values])


def test_a_value_from_a_delivered_row_of_its_subject_leads_somewhere(warehouse: duckdb.DuckDBPyConnection) -> None:
    add(warehouse, "adlb", "lb-1")
    add(warehouse, "adlb", "lb-2", usubjid=OTHER)
    add(warehouse, "adqs", "PGA", "pga-1")
    add(warehouse, "adsri", None, None, None, None, "1.0", "pga-1")
    assert nowhere(warehouse) == []
    assert warehouse.execute("select count(*) from working.checks.chk_source_claims").fetchone() == (4,)


@pytest.mark.parametrize(
    ("row_id", "in_provenance"),
    [("lb-9", False), ("lb-2", True), ("pga-1", False), (None, False)],
    ids=["never delivered", "a row of another subject", "a row of another form", "no row named"],
)
def test_a_claim_that_leads_nowhere_is_found_once(
    row_id: str | None, in_provenance: bool, warehouse: duckdb.DuckDBPyConnection
) -> None:
    for _ in range(3):
        add(warehouse, "adlb", row_id)
    assert nowhere(warehouse) == [(f"adlb | {SUBJECT} | lb | {row_id or ''}", row_id, False, in_provenance)]


def test_a_row_that_is_not_current_any_more_is_no_source(warehouse: duckdb.DuckDBPyConnection) -> None:
    add(warehouse, "adlb", "lb-1")
    warehouse.execute("update working.raw.lb set closed_load = '2' where row_id = 'lb-1'")
    assert nowhere(warehouse) == [(f"adlb | {SUBJECT} | lb | lb-1", "lb-1", False, True)]


def test_a_row_whose_file_is_not_known_is_found(warehouse: duckdb.DuckDBPyConnection) -> None:
    add(warehouse, "adlb", "lb-1")
    warehouse.execute("delete from candidate.metadata.provenance where row_id = 'lb-1'")
    assert nowhere(warehouse) == [(f"adlb | {SUBJECT} | lb | lb-1", "lb-1", True, False)]


@pytest.mark.parametrize(
    ("table", "values", "form"),
    [
        ("adsv", ("DONE", None), "sv"),
        ("adex", ("GIVEN", None), "ex"),
        ("adqs", ("SLE01", None), "sledai"),
        ("adqs", ("BILAGA", None), "bilag"),
        ("adcm", (1, None), "cm"),
        ("adie", ("MET", None, None), "ie"),
        ("adie", ("NOT MET", "mh", "mh-1"), "mh"),
        ("adae", ("ae-1", None, None), "ae"),
        ("adsri", (8, None, None, None, None, None), "sledai"),
        ("adsri", (None, None, 0, None, None, None), "bilag"),
        ("adsri", (None, None, None, None, "0", None), "pga"),
    ],
)
def test_every_table_says_which_form_its_values_come_from(
    table: str, values: tuple[object, ...], form: str, warehouse: duckdb.DuckDBPyConnection
) -> None:
    add(warehouse, table, *values)
    (found,) = nowhere(warehouse)
    assert found[0].startswith(f"{table} | {SUBJECT} | {form} | ")


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("adsv", ("MISSED", None)),
        ("adex", ("MISSED", None)),
        ("adcm", (0, None)),
        ("adie", ("NOT EVALUABLE", None, None)),
        ("adsri", (None, None, None, None, None, None)),
    ],
)
def test_where_there_is_no_value_nothing_is_claimed(
    table: str, values: tuple[object, ...], warehouse: duckdb.DuckDBPyConnection
) -> None:
    add(warehouse, table, *values)
    assert nowhere(warehouse) == []
    assert warehouse.execute("select count(*) from working.checks.chk_source_claims").fetchone() == (0,)
