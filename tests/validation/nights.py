"""Nights of one rule, VAL02 on infusions, as a ledger sees them: rows that it finds, and one that is fine."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb

from tests.validation.hand_made import run_rule
from validation.outcome import RuleOutcome

TABLE = "staging.typed_ex"
FIRST, SECOND, THIRD, FOURTH = (date(2026, 3, day) for day in (2, 3, 4, 6))


def unread(record_key: str, delivered: str = "JA", **more: Any) -> dict[str, Any]:
    """A record whose exoccur can't be read."""
    return {"record_key": record_key, "row_id": f"row {record_key}", "exoccur_delivered": delivered, **more}


def night(*rows: dict[str, Any]) -> list[RuleOutcome]:
    return [run_rule("VAL02", TABLE, *rows, {"record_key": "fine", "exoccur": "Y", "exoccur_delivered": "Y"})]


def ledger(connection: duckdb.DuckDBPyConnection, columns: str) -> list[tuple[Any, ...]]:
    return connection.execute(f"select {columns} from ledger.findings order by record_key, field").fetchall()
