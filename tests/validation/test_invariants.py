"""INV: each invariant silent on a table that keeps it, and broken by one row that does not."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from tests.validation.hand_made import frame_of, run_frame, run_rule
from validation.contracts import analysis_contracts

ADSRI = "analysis.adsri"
TABLES = "checks.chk_subject_tables"
KEPT_ROWS = "checks.chk_kept_rows"
WHOLE = {
    "day0_is_known": True,
    "adsl_rows": 1,
    "adsv_rows": 15,
    "adex_rows": 14,
    "adexsum_rows": 1,
    "adsri_rows": 13,
    "planned_visits": 15,
    "planned_infusions": 14,
    "response_visits": 13,
}
HELD = {**WHOLE, "day0_is_known": False, "adex_rows": 0, "adexsum_rows": 0, "adsri_rows": 0}
NO_RESPONSE = dict.fromkeys(("sri4", "sri5", "sri6", "sri7", "sri8", "sri4locf"), "N")


def composite(sledai: str | None, bilag: str | None, pga: str | None, sri4oc: str | None) -> dict[str, Any]:
    return {"sledfl": sledai, "bilfl": bilag, "pgafl": pga, "sri4oc": sri4oc}


@pytest.mark.parametrize("day", [(-1, -1), (0, 1), (1, 2), (None, None)])
def test_a_study_day_that_belongs_to_its_protocol_day_passes(day: tuple[int | None, int | None]) -> None:
    assert run_rule("INV02", "analysis.adsv", {"protday": day[0], "ady": day[1]}).passed


@pytest.mark.parametrize("day", [(0, 0), (-1, 0), (1, 1), (None, 1), (1, None)])
def test_a_study_day_that_does_not_is_found(day: tuple[int | None, int | None]) -> None:
    assert run_rule("INV02", "analysis.adsv", {"protday": day[0], "ady": day[1]}).violations.height == 1


@pytest.mark.parametrize(
    "row",
    [
        composite("Y", "Y", "Y", "Y"),
        composite("N", None, None, "N"),
        composite(None, None, "N", "N"),
        composite("Y", "Y", None, None),
        composite(None, None, None, None),
    ],
)
def test_an_sri4_that_is_the_and_of_its_components_passes(row: dict[str, Any]) -> None:
    assert run_rule("INV03", ADSRI, row).passed


@pytest.mark.parametrize(
    "row",
    [
        composite("Y", "Y", "Y", None),
        composite("Y", "Y", "Y", "N"),
        composite("N", None, None, None),
        composite("Y", None, "N", "Y"),
        composite("Y", "Y", None, "Y"),
        composite(None, None, None, "N"),
    ],
)
def test_an_sri4_that_is_not_is_found(row: dict[str, Any]) -> None:
    outcome = run_rule("INV03", ADSRI, row)
    assert outcome.violations.height == 1
    assert outcome.blocks


@pytest.mark.parametrize("table", ["analysis.adqs", "analysis.adlb"])
def test_exactly_one_record_of_a_visit_is_analysed(table: str) -> None:
    one = {"paramcd": "PGA", "avisit": "Week 4", "anl01fl": "Y", "record_key": "a"}
    other = {**one, "anl01fl": None, "record_key": "b"}
    assert run_rule("INV04", table, one, other).passed
    assert run_rule("INV04", table, one, {**other, "anl01fl": "Y"}).violations.height == 2
    assert run_rule("INV04", table, {**one, "anl01fl": None}, other).violations.height == 2
    assert run_rule("INV04", table, {**one, "avisit": None}, {**one, "avisit": None}).rows_checked == 0


def test_a_harder_response_implies_the_easier_ones() -> None:
    assert run_rule("INV05", ADSRI, {"sri4": "Y", "sri5": "Y", "sri6": "N", "sri7": "N", "sri8": "N"}).passed
    assert not run_rule("INV05", ADSRI, {"sri4": "Y", "sri5": "N", "sri6": "Y", "sri7": "N", "sri8": "N"}).passed
    assert not run_rule("INV05", ADSRI, {"sri4": None, "sri5": "Y"}).passed


@pytest.mark.parametrize(
    ("column", "rows"),
    [("adsl_rows", 0), ("adsl_rows", 2), ("adsv_rows", 14), ("adex_rows", 13), ("adexsum_rows", 0), ("adsri_rows", 12)],
)
def test_a_treated_subject_stands_in_every_table(column: str, rows: int) -> None:
    assert run_rule("INV06", TABLES, WHOLE, HELD).passed
    outcome = run_rule("INV06", TABLES, {**WHOLE, column: rows})
    assert outcome.violations["field"].to_list() == [column.removesuffix("_rows")]


def test_rows_are_accounted_for() -> None:
    row = {"form": "ex", "layer": "RAW", "rows_delivered": 9, "rows_current": 9, "rows_quarantined": 0, "difference": 0}
    assert run_rule("INV07", "quality.row_accounting", row).passed
    outcome = run_rule("INV07", "quality.row_accounting", {**row, "rows_current": 8, "difference": 1})
    assert "ex, RAW: 9 rows delivered, 8 used and 0 quarantined leave 1" in outcome.violations["message"][0]


def test_every_value_comes_from_a_delivered_row() -> None:
    row = {"analysis_table": "adqs", "is_in_raw": True, "is_in_provenance": True}
    assert run_rule("INV09", "checks.chk_sources", row).passed
    assert not run_rule("INV09", "checks.chk_sources", {**row, "is_in_raw": False}).passed
    assert not run_rule("INV09", "checks.chk_sources", {**row, "is_in_provenance": None}).passed


def test_nobody_responds_after_an_event_that_counts() -> None:
    assert run_rule("INV10", ADSRI, {**NO_RESPONSE, "icefl": "Y"}, {"sri4": "Y", "icefl": "N"}).passed
    assert not run_rule("INV10", ADSRI, {**NO_RESPONSE, "sri4": "Y", "icefl": "Y"}).passed
    assert not run_rule("INV10", ADSRI, {**NO_RESPONSE, "sri4locf": "Y", "icefl": "Y"}).passed
    on_the_day = {"icefl": "N", "icedt": date(2026, 3, 2), "adt": date(2026, 3, 2)}
    assert not run_rule("INV10", ADSRI, {**NO_RESPONSE, **on_the_day, "sri8": "Y"}).passed
    the_day_after = {**on_the_day, "icedt": date(2026, 3, 3)}
    assert run_rule("INV10", ADSRI, {**NO_RESPONSE, **the_day_after, "sri4": "Y"}).rows_checked == 0


def test_no_endpoint_row_without_a_day_0() -> None:
    assert run_rule("INV11", TABLES, WHOLE, HELD).passed
    assert run_rule("INV11", TABLES, {**HELD, "adsri_rows": 13}).violations["field"].to_list() == ["adsri"]
    assert run_rule("INV11", TABLES, {**HELD, "adex_rows": 14}).violations["field"].to_list() == ["adex"]


def test_a_table_that_keeps_rows_holds_what_a_whole_derivation_makes() -> None:
    kept = {
        "analysis_table": "adqs",
        "rows_needed": 34,
        "rows_published": 34,
        "days_needed": 476,
        "days_published": 476,
        "analysed_needed": 17,
        "analysed_published": 17,
    }
    assert run_rule("INV14", KEPT_ROWS, kept).passed
    for what, number in (("rows", 33), ("days", 475), ("analysed", 18)):
        outcome = run_rule("INV14", KEPT_ROWS, kept, {**kept, f"{what}_published": number})
        assert outcome.violations["field"].to_list() == [what]


def key_rows(table: str, *keys: tuple[Any, ...]) -> pl.DataFrame:
    names = analysis_contracts()[table].key
    rows = [dict(zip(names, key, strict=True)) | {"record_key": str(key)} for key in keys]
    return frame_of("INV01", f"analysis.{table}", rows)


def test_a_key_stands_once() -> None:
    once = key_rows("adsri", ("MRBS-S02-1", 2), ("MRBS-S02-1", 4), ("MRBS-S02-2", 2))
    assert run_frame("INV01", "analysis.adsri", once).passed
    twice = key_rows("adsri", ("MRBS-S02-1", 2), ("MRBS-S02-1", 2), ("MRBS-S02-2", 2))
    assert run_frame("INV01", "analysis.adsri", twice).rows_checked == 3
    assert not run_frame("INV01", "analysis.adsri", twice).passed


def test_a_key_that_must_be_there_is_never_empty() -> None:
    assert not run_frame("INV01", "analysis.adsri", key_rows("adsri", (None, 2))).passed
    # The date of what has not happened may be empty, and then tells rows apart like any other value.
    assert run_frame("INV01", "analysis.adsv", key_rows("adsv", ("MRBS-S02-1", 2, None, None))).passed
    twice = key_rows("adsv", ("MRBS-S02-1", 2, None, None), ("MRBS-S02-1", 2, None, None))
    assert not run_frame("INV01", "analysis.adsv", twice).passed
