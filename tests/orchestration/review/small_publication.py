"""A published database of a few rows that a test writes itself: the columns that pages read, everything else empty."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import duckdb

from orchestration.review.pages.page import Page, Row
from validation import rule_by_id, rules
from validation.quality import DECISIONS_COLUMNS, FINDINGS_COLUMNS, RULES_COLUMNS

TONIGHT = date(2026, 3, 20)
COLUMNS = {
    "metadata.run": "clockdt date",
    "quality.findings": ", ".join(f"{name} {data_type}" for name, data_type, _ in FINDINGS_COLUMNS),
    "quality.decisions": ", ".join(f"{name} {data_type}" for name, data_type, _ in DECISIONS_COLUMNS),
    "quality.rules": ", ".join(f"{name} {data_type}" for name, data_type, _ in RULES_COLUMNS),
    "quality.deliveries": "siteid varchar, delivered date, form varchar, file varchar, status varchar",
    "quality.quarantine": "siteid varchar, usubjid varchar, form varchar, rule_id varchar",
    "quality.site_indicators": (
        "siteid varchar, indicator varchar, title varchar, unit varchar, value decimal(18, 6), "
        "others_value decimal(18, 6), lower decimal(18, 6), upper decimal(18, 6), flag varchar, side varchar, "
        "flagged_since date, newfl varchar"
    ),
    "analysis.adsl": (
        "siteid varchar, usubjid varchar, rficdt date, trtsdt date, trtedt date, eosdt date, eosstt varchar, "
        "dcsreas varchar, saffl varchar, sitecutdt date, icedt date, iceterm varchar, maturfl varchar, "
        "respgrp varchar, respreas varchar"
    ),
    "analysis.adsv": (
        "usubjid varchar, visit varchar, visitnum integer, visitdy integer, svdt date, protday integer, "
        "daysoff integer, status varchar, inwinfl varchar, srcid varchar"
    ),
    "analysis.adex": (
        "usubjid varchar, visit varchar, plannum integer, targetday integer, astdt date, protday integer, "
        "status varchar, exdose decimal(20, 6), weight decimal(18, 6), weightdt date, plandose decimal(28, 2), "
        "devpct decimal(28, 2), intervl integer, devfl varchar, grossfl varchar, latefl varchar, srcid varchar"
    ),
    "analysis.adsri": (
        "usubjid varchar, avisit varchar, avisitn integer, adt date, sledaibl integer, sledai integer, "
        "bilnewa integer, bilnewb integer, bilnewsys varchar, pgabl decimal(12, 4), pga decimal(12, 4), "
        "sledfl varchar, bilfl varchar, pgafl varchar, sri4 varchar, reason varchar, maturfl varchar"
    ),
}
COUNTED_OF_RULES = ("passed", "failed", "not_run", "records_looked_at", "records_failed")


def publication() -> duckdb.DuckDBPyConnection:
    """Every table that pages read, with the rules of the catalogue and, of the rest, nothing but tonight's date."""
    connection = duckdb.connect()
    add_missing_tables(connection)
    for rule in rules():
        said = ("rule_id", "title", "severity", "stage", "form", "description", "source")
        row = {name: getattr(rule, name) for name in said} | dict.fromkeys(COUNTED_OF_RULES, 0)
        add(connection, "quality.rules", **row)
    add(connection, "metadata.run", clockdt=TONIGHT)
    return connection


def add_missing_tables(connection: duckdb.DuckDBPyConnection) -> None:
    for table, columns in COLUMNS.items():
        connection.execute(f"create schema if not exists {table.partition('.')[0]}")
        connection.execute(f"create table if not exists {table} ({columns})")


def add(connection: duckdb.DuckDBPyConnection, table: str, **values: object) -> None:
    marks = ", ".join(f"${name}" for name in values)
    connection.execute(f"insert into {table} ({', '.join(values)}) values ({marks})", values)


def add_finding(connection: duckdb.DuckDBPyConnection, number: int, rule_id: str, **more: Any) -> None:
    """A finding at S01, open since the day before tonight; its id ends in its number."""
    opened = more.get("opened", TONIGHT - timedelta(days=1))
    rule = rule_by_id()[rule_id]
    row = {
        "finding_id": f"{rule_id}-{number}",
        "rule_id": rule_id,
        "severity": rule.severity,
        "stage": rule.stage,
        "siteid": "S01",
        "usubjid": "MRBS-S01-0001",
        "message": f"S01-0001: finding {number}.",
        "first_seen": opened,
        "opened": opened,
        "last_seen": TONIGHT,
        "reopened": 0,
        "status": "OPEN",
        "days_open": 1,
        "response_due": opened + timedelta(days=14),
        "overdue": "N",
    }
    add(connection, "quality.findings", **{**row, **more})


def add_decision(connection: duckdb.DuckDBPyConnection, decision_id: str, **more: Any) -> None:
    row = {
        "decision_id": decision_id,
        "decided_at": TONIGHT,
        "decision": "ACCEPT",
        "finding_id": "?",
        "rule_id": "?",
        "decided_by": "A. Meyer",
        "reason": "typed by a person",
        "until": date(2026, 12, 31),
        "taken_from": "command line",
        "effect": "ACCEPTED",
        "applied_on": TONIGHT,
    }
    add(connection, "quality.decisions", **{**row, **more})


def numbers(page: Page, table: str) -> list[str]:
    """The numbers of the findings that a table lists, in its order."""
    return [str(row["id"]).rpartition("-")[2] for row in page.tables.get(table, ())]


def texts(rows: list[Row]) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in rows]
