"""The site cut, and what is published about deliveries, inputs and the run."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.support.compiled import write_warehouse
from tests.support.dbt import BuiltWarehouse, Row


def in_force(site: str, form: str, delivered: str) -> Row:
    file = {"file": f"{form}.csv", "sha256": f"{site}{form}", "rows": 0}
    return {"siteid": site, "form": form, "delivered": delivered, **file}


def delivery(site: str, form: str | None, delivered: str, status: str, sequence: int, **more: Any) -> Row:
    given = {"siteid": site, "form": form, "delivered": delivered, "status": status, "sequence": sequence}
    return {"file": f"{form}.csv", "sha256": "a", **given, **more}


IN_FORCE = [
    # S01: sledai has been refused since August, so nothing after that date is known to be complete
    in_force("S01", "dm", "2026-11-20"),
    in_force("S01", "sledai", "2026-08-01"),
    # S02: its only ds file was refused
    in_force("S02", "dm", "2026-11-20"),
    # S03: pga is still being written, so it has not been delivered yet
    in_force("S03", "dm", "2026-11-19"),
]
DELIVERIES = [
    delivery("S01", "dm", "2026-11-20", "LOADED", 1),
    delivery("S01", "sledai", "2026-08-01", "LOADED", 2),
    delivery("S01", "sledai", "2026-11-20", "REFUSED", 3, rule_id="DEL01", reason="It can't be read."),
    delivery("S02", "dm", "2026-11-20", "HELD", 4, reason="It lost 40 % of its rows."),
    delivery("S02", "dm", "2026-11-20", "LOADED", 5, reason="Released by a person."),
    delivery("S02", "ds", "2026-11-20", "REFUSED", 6),
    delivery("S03", "dm", "2026-11-19", "LOADED", 7),
    delivery("S03", "pga", "2026-11-20", "SETTLING", 8),
    delivery("S04", None, "2026-11-20", "REFUSED", 9),
]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> BuiltWarehouse:
    bookkeeping: dict[str, list[Row]] = {
        "in_force": IN_FORCE,
        "deliveries": DELIVERIES,
        "loads": [
            {"load_id": "old", "clock": "2026-11-20", "started_at": "2026-11-20 02:00", "code_version": "1"},
            {"load_id": "new", "clock": "2026-11-21", "started_at": "2026-11-21 02:00", "code_version": "2"},
        ],
    }
    return write_warehouse(tmp_path_factory.mktemp("bookkeeping"), {"dm": [{"subjid": "1"}]}, bookkeeping)


def test_site_cut(warehouse: BuiltWarehouse) -> None:
    cuts = {row["siteid"]: row["sitecutdt"] for row in warehouse.rows("from intermediate.int_site_cut")}
    assert cuts == {"S01": date(2026, 8, 1), "S02": None, "S03": date(2026, 11, 19)}


def test_a_released_delivery_stands_once_with_its_latest_status(warehouse: BuiltWarehouse) -> None:
    rows = warehouse.rows("from candidate.quality.deliveries where siteid = 'S02' and form = 'dm'")
    assert [(row["status"], row["reason"]) for row in rows] == [("LOADED", "Released by a person.")]


def test_run_is_the_latest_load(warehouse: BuiltWarehouse) -> None:
    (run,) = warehouse.rows("from candidate.metadata.run")
    assert (run["clockdt"], run["code_version"], run["sites"]) == (date(2026, 11, 21), "2", 3)


def test_provenance_leads_to_the_row_of_the_file(warehouse: BuiltWarehouse) -> None:
    (row,) = warehouse.rows("from candidate.metadata.provenance")
    assert (row["row_id"], row["form"], row["file"], row["latest_row"]) == ("dm-1", "dm", "dm.csv", 2)


def test_the_same_inputs_give_the_same_fingerprint(warehouse: BuiltWarehouse, tmp_path: Path) -> None:
    again = write_warehouse(tmp_path, {}, {"in_force": IN_FORCE[::-1]})
    fingerprints = {w.rows("from candidate.metadata.run")[0]["inputs_sha256"] for w in (warehouse, again)}
    assert len(fingerprints) == 1
