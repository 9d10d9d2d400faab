"""Small tables for rules, written by hand or drawn at random, with the types the real ones have.

What belongs here: making such tables and running one rule over them. What does not: any expectation.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import polars as pl

from tests.validation import counts_eligibility, drawn_activity
from validation import rule_by_id
from validation.contracts import contract_of
from validation.outcome import RuleOutcome
from validation.runner import run_stage

DECIMAL = pl.Decimal(28, 10)
TYPES: dict[str, pl.DataType] = {
    "varchar": pl.String(),
    "integer": pl.Int32(),
    "bigint": pl.Int64(),
    "decimal": DECIMAL,
    "date": pl.Date(),
    "timestamp": pl.Datetime("us"),
    "boolean": pl.Boolean(),
}
# The columns of tables that have no contract, and those that dbt derives beside a form's own, by type.
COLUMNS = {
    "decimal": """
        exdose_mg lborresn planned_mg weight_kg lowest_mg highest_mg gross_low_mg gross_high_mg
        percent_off times_planned scale_max dose_mg baseline_mg prednisone_equivalent pgares
        vials_mg previous_kg lowest_kg highest_kg
    """,
    "integer": """
        protday window_first_day window_last_day intervl items_total site_total records_before_consent increase_day
        adsl_rows adsv_rows adex_rows adexsum_rows adsri_rows planned_visits planned_infusions response_visits
        rows_delivered rows_current rows_quarantined difference
        rows_needed rows_published days_needed days_published analysed_needed analysed_published
        duration exvial120 exvial400 weight_age target_day days_off latest_year birth_year dates_so
    """,
    "date": """
        performed_dt rficdt svdt exstdt weight_dt trtsdt baseline_dt increase_dt prohibited_from second_trtsdt
        previous_dt target_dt earliest_dt delivery_dt
    """,
    "timestamp": "earliest_start latest_end",
    "boolean": """
        is_published is_derived_again
        infused held unit_known is_complete is_systemic_steroid start_decides end_decides day0_is_known is_in_raw
        is_in_provenance is_return
    """,
}
TYPE_OF_COLUMN = {
    name: TYPES[kind]
    for columns in (COLUMNS, counts_eligibility.COLUMNS, drawn_activity.COLUMNS)
    for kind, names in columns.items()
    for name in names.split()
}
SUBJECT = {
    "form": "ex",
    "siteid": "S02",
    "usubjid": "MRBS-S02-0017",
    "visit": "W8",
    "record_key": "0017 | W8",
    "row_id": "row-1",
}
NOBODY = dict.fromkeys(SUBJECT)


def schema_of(rule_id: str, table: str) -> dict[str, pl.DataType]:
    """The identity of a record, what the rule needs, and what the table's contract names."""
    needed = [column for look in rule_by_id()[rule_id].looks_at(table) for column in look.columns]
    schema: dict[str, pl.DataType] = dict.fromkeys(SUBJECT, pl.String())
    schema |= {name: TYPE_OF_COLUMN.get(name, pl.String()) for name in needed}
    return schema | {column.name: TYPES[column.type] for column in contract_of(table)}


def frame_of(rule_id: str, table: str, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """The rows as a table of the right types; what a row does not say of its record is SUBJECT's."""
    schema = schema_of(rule_id, table)
    complete = [{name: {**SUBJECT, **row}.get(name) for name in schema} for row in rows]
    return pl.DataFrame(complete, schema=schema, orient="row")


def run_rule(rule_id: str, table: str, *rows: Mapping[str, Any]) -> RuleOutcome:
    """One rule over a handful of rows."""
    return run_frame(rule_id, table, frame_of(rule_id, table, rows))


def run_frame(rule_id: str, table: str, frame: pl.DataFrame) -> RuleOutcome:
    rule = rule_by_id()[rule_id]
    with duckdb.connect() as connection:
        outcomes = run_stage(rule.stage, connection, frames={table: frame}, rules=[rule])
    (outcome,) = (outcome for outcome in outcomes if outcome.table == table)
    return outcome


# Values a column may hold, chosen so that limits are met, missed by a hair, and unknown.
POOLS: dict[str, tuple[Any, ...]] = {
    "quarantine_rule": ("VAL01", "VAL07", "VAL08"),
    "rule_id": (
        "DEL01",
        "DEL02",
        "DEL03",
        "DEL04",
        "DEL05",
        "DEL06",
        "DEL07",
        "DEL08",
        "DEL09",
        "DEL10",
        "DEL11",
        "DEL12",
        "DEL13",
    ),
    "cmongo": ("Y", "N"),
    "cmdosfrq": ("QD", "ONCE"),
    "visit": ("W4", "W8"),
    "paramcd": ("SLEDAI", "PGA"),
    "avisit": ("Week 2", "Week 4"),
    "lowest_mg": (Decimal(540),),
    "highest_mg": (Decimal(660),),
    "gross_low_mg": (Decimal(300),),
    "gross_high_mg": (Decimal(1200),),
    "exdose_mg": tuple(
        map(Decimal, ("0", "299.99", "300", "540", "539.9999", "600", "660", "660.0001", "1200", "1200.01"))
    ),
    "exdose": (Decimal(0), Decimal(600)),
    "duration": (49, 50, 120, 121),
    "exadj": ("NONE", "INTERRUPTED", "SLOWED", "STOPPED"),
    "vials_mg": tuple(map(Decimal, ("0", "539.9999", "600", "1201"))),
    "days_off": (0, 3, 4),
    "latest_year": (1989, 1990, 1991),
    "birth_year": (1990,),
    "weight_age": (0, 28, 29),
    "intervl": (9, 10, 28, 42, 43),
    "protday": (-36, -1, 0, 28, 29, 49, 63, 64),
    "ady": (-36, -1, 0, 1, 29, 30, 50, 64, 65),
    "window_first_day": (49,),
    "window_last_day": (63,),
    "pgares": tuple(map(Decimal, ("-0.1", "0", "2.9", "3", "3.0001"))),
    "scale_max": (Decimal(3), Decimal(10)),
    "difference": (0, 1, -1),
    **counts_eligibility.POOLS,
    **drawn_activity.POOLS,
}
# Forms among which a frame of several forms is drawn.
FORMS = {**counts_eligibility.FORMS}
DATES = ("2026-03-02", "2026-03", "2026", "2026-13", "02/03/2026", "2026-02-30")


def random_frame(rule_id: str, table: str, rows: int = 400) -> pl.DataFrame:
    """Rows drawn from the pools, a third of the values missing; every record has a key of its own."""
    draw = random.Random(f"{rule_id} {table}")
    schema = schema_of(rule_id, table)
    drawn = [{name: _drawn(draw, name, data_type) for name, data_type in schema.items()} for _ in range(rows)]
    for number, row in enumerate(drawn):
        row |= {"siteid": "S02", "form": "x", "record_key": f"key {number}", "row_id": f"row {number}"}
        row["usubjid"] = f"MRBS-S02-{number // 4}"
        if table in FORMS:
            row["form"] = draw.choice(FORMS[table])
    return pl.DataFrame(drawn, schema=schema, orient="row")


def _drawn(draw: random.Random, name: str, data_type: pl.DataType) -> Any:
    if draw.random() < 0.33:
        return None
    if name in POOLS:
        return draw.choice(POOLS[name])
    if data_type == pl.String():
        return draw.choice(DATES if name.endswith("dtc_delivered") else ("Y", "N"))
    if data_type == pl.Boolean():
        return draw.random() < 0.5
    if data_type == pl.Date():
        return draw.choice((date(2026, 3, 1), date(2026, 3, 2)))
    if data_type == pl.Datetime("us"):
        return draw.choice((datetime(2026, 3, 2, 9, 30), datetime(2026, 3, 2, 9, 31)))
    return draw.choice((0, 1, 13, 14, 15)) if data_type.is_integer() else Decimal(draw.choice((0, 1, 2)))
