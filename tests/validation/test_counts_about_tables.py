"""The rules about keys and contracts (INV01, INV12, INV13), counted a second time in SQL over drawn tables.

They count keys and columns, not rows, so they stand beside the others (test_counts_against_sql.py); with these, every
rule and table of the catalogue has a count of its own.
"""

from __future__ import annotations

import random
from datetime import date

import duckdb
import polars as pl
import pytest

from tests.validation.hand_made import random_frame, run_frame
from tests.validation.test_counts_against_sql import ABOUT_TABLES, WRONG
from validation import rule_by_id, rules
from validation.contracts import contract_of, key_of
from validation.runner import IDENTITY, run_stage

PLACES = [(rule.rule_id, table) for rule in rules() for table in rule.tables if rule.rule_id in ABOUT_TABLES]
KEYS = [table for rule_id, table in PLACES if rule_id == "INV01"]
CONTRACTS = [place for place in PLACES if place[0] != "INV01"]


def test_every_rule_and_table_has_a_count() -> None:
    assert {*WRONG, *(("INV01", table) for table in KEYS), *CONTRACTS} == {
        (rule.rule_id, table) for rule in rules() for table in rule.tables
    }


def _one_of_its_own(data_type: pl.DataType) -> pl.Expr:
    """A value per row that no drawn row has."""
    number = pl.int_range(pl.len()) + 1000
    if data_type == pl.Date():
        return pl.lit(date(2030, 1, 1)) + pl.duration(days=number)
    return number.cast(data_type)


@pytest.mark.parametrize("table", KEYS)
def test_every_key_that_is_not_whole_or_not_unique_is_found_once(table: str) -> None:
    key = key_of(table)
    drawn = random_frame("INV01", table)
    alone = drawn.head(50).with_columns(_one_of_its_own(drawn.schema[name]).alias(name) for name in key)
    # Read from an analysis table, a record has no key but the table's.
    frame = pl.concat([drawn, alone]).with_columns(record_key=pl.lit(None, dtype=pl.String))
    never_null = {column.name for column in contract_of(table) if column.never_null} | {key[0]}
    not_whole = " or ".join(f"{column} is null" for column in key if column in never_null)
    with duckdb.connect() as connection:
        connection.register("frame", frame)
        (expected,) = connection.execute(
            f"""
            select count(*) from (
                select {", ".join(key)} from frame
                group by {", ".join(key)} having count(*) > 1 or {not_whole}
            )
            """
        ).fetchall()[0]
        (keys,) = connection.execute(f"select count(*) from (select distinct {', '.join(key)} from frame)").fetchall()[
            0
        ]
    assert run_frame("INV01", table, frame).violations.height == expected
    assert 0 < expected < keys


@pytest.mark.parametrize(("rule_id", "table"), CONTRACTS)
def test_every_column_that_breaks_its_contract_is_found_once(rule_id: str, table: str) -> None:
    """Of the columns that may not be empty some are, in some rows; of the others some have another type or are gone."""
    draw = random.Random(f"{rule_id} {table}")
    contract = contract_of(table)
    frame = random_frame(rule_id, table)
    must = [column.name for column in contract if column.never_null]
    may = [column.name for column in contract if not column.never_null and column.name not in IDENTITY]
    frame = frame.with_columns(
        pl.col(name).fill_null(strategy="backward").fill_null(strategy="forward") for name in must
    )
    emptied = set(draw.sample(must, len(must) // 2))
    frame = frame.with_columns(
        pl.when(pl.int_range(pl.len()) % 7 == 0).then(None).otherwise(pl.col(name)).alias(name) for name in emptied
    )
    changed = draw.sample(may, len(may) // 2)
    gone, retyped = changed[::2], changed[1::2]
    frame = frame.drop(gone).with_columns(pl.lit(0.5, dtype=pl.Float32).alias(name) for name in retyped)

    with duckdb.connect() as connection:
        connection.register("frame", frame)
        types = {row[0]: row[1].lower().split("(")[0] for row in connection.execute("describe frame").fetchall()}
        wrong = {column.name for column in contract if types.get(column.name) != column.type}
        for name in must:
            (empty,) = connection.execute(f"select count(*) from frame where {name} is null").fetchall()[0]
            wrong |= {name} if empty else set()
    outcome = run_frame(rule_id, table, frame)
    assert sorted(outcome.violations["field"]) == sorted(wrong)
    assert 0 < len(wrong) < len(contract)


def test_a_column_of_a_records_identity_is_missed_like_any_other() -> None:
    """The runner fills in an identity that a table lacks, so that its rows can be told of; its contract is broken."""
    frame = random_frame("INV13", "staging.typed_pga").drop("usubjid", "visit")
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as working; create schema working.staging")
        connection.register("frame", frame)
        connection.execute("create table working.staging.typed_pga as from frame where siteid is not null")
        outcomes = run_stage("RAW", connection, rules=[rule_by_id()["INV13"]])
    (outcome,) = (outcome for outcome in outcomes if outcome.table == "staging.typed_pga")
    assert sorted(outcome.violations["message"]) == [
        "staging.typed_pga: column usubjid is missing.",
        "staging.typed_pga: column visit is missing.",
    ]
