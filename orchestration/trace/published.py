"""The facts as they are published: results, candidates for each component, grades, and where rows stand. Read only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb

from orchestration.review.pages.published import read
from orchestration.trace.facts import UNREADABLE, Candidate, Grades, Position
from validation.second_derivation.protocol_tables import AnalysisVisit, bilag_columns
from validation.sentences import written

RESULT = "select * from analysis.adsri where usubjid = $who and avisit = $visit"
LIMITS = "select parameter, value from metadata.protocol_parameters where scenario = 'PRIMARY'"
# One row per record: the value that the component compares, of BILAG how many As and Bs there are.
RECORDS = """
select
    case when paramcd = 'BILAGTOT' then 'BILAG' else paramcd end as component,
    srcid, adt, protday, visit, avisit, aval, anl01fl, complfl
from analysis.adqs
where usubjid = $who and paramcd in ('SLEDAI', 'BILAGTOT', 'PGA')
    and (protday between $first and $last or protday <= 0)
order by component, adt, srcid
"""
GRADES = """
select srcid, paramcd, param, avalc
from analysis.adqs
where usubjid = $who and paramcd like 'BIL%' and paramcd not in ('BILAGTOT', 'BILAGA', 'BILAGB')
"""
POSITIONS = """
select form, row_id, file, sha256, latest_row, first_delivered, latest_delivered
from metadata.provenance
where siteid = $site and row_id in (select unnest($rows))
"""
DAY_ZERO = "select srcid from analysis.adex where usubjid = $who and visit = 'D0' and status = 'GIVEN'"
BASELINE = "Baseline"


def result_of(connection: duckdb.DuckDBPyConnection, usubjid: str, visit: AnalysisVisit) -> Mapping[str, Any]:
    """The subject's row of adsri at this visit."""
    (result,) = read(connection, RESULT, {"who": usubjid, "visit": visit.avisit})
    return result


def limits(connection: duckdb.DuckDBPyConnection) -> Mapping[str, Any]:
    """The protocol's numbers as this publication used them."""
    return {row["parameter"]: row["value"] for row in read(connection, LIMITS)}


def candidates(
    connection: duckdb.DuckDBPyConnection, usubjid: str, visit: AnalysisVisit
) -> tuple[list[Candidate], list[Candidate]]:
    """Every record up to the first infusion, and every record in the window of the visit, of each component."""
    given = {"who": usubjid, "first": visit.first_day, "last": visit.last_day}
    before: list[Candidate] = []
    inside: list[Candidate] = []
    for row in read(connection, RECORDS, given):
        candidate = Candidate(
            component=row["component"],
            row_id=row["srcid"],
            adt=row["adt"],
            protday=row["protday"],
            visit=row["visit"] or UNREADABLE,
            complete=row["complfl"] == "Y",
            value=None if row["aval"] is None else written(row["aval"]),
            chosen=row["anl01fl"] == "Y",
        )
        (before if row["protday"] <= 0 else inside).append(candidate)
    return before, inside


def grades(
    connection: duckdb.DuckDBPyConnection, usubjid: str, result: Mapping[str, Any], baseline_row: str | None
) -> tuple[Grades, ...]:
    """The BILAG-2004 systems side by side, where either record is there."""
    by_record: dict[str, dict[str, str | None]] = {}
    label: dict[str, str] = {}
    for row in read(connection, GRADES, {"who": usubjid}):
        by_record.setdefault(row["srcid"], {})[row["paramcd"]] = row["avalc"]
        label[row["paramcd"]] = row["param"].removeprefix("BILAG-2004 grade: ")
    before, now = by_record.get(baseline_row or "", {}), by_record.get(result["srcbil"] or "", {})
    new = set((result["bilnewsys"] or "").split(","))
    in_order = (column.upper() for column in bilag_columns())
    systems = [system for system in in_order if system in before or system in now]
    return tuple(Grades(label[system], before.get(system), now.get(system), system in new) for system in systems)


def positions(connection: duckdb.DuckDBPyConnection, siteid: str, row_ids: Iterable[str]) -> dict[str, Position]:
    """Where these rows stand, by row id."""
    found = read(connection, POSITIONS, {"site": siteid, "rows": list(row_ids)})
    return {
        row["row_id"]: Position(
            form=row["form"],
            row_id=row["row_id"],
            file=row["file"],
            sha256=row["sha256"],
            row=row["latest_row"],
            first_delivered=row["first_delivered"],
            latest_delivered=row["latest_delivered"],
        )
        for row in found
    }


def first_infusion(connection: duckdb.DuckDBPyConnection, usubjid: str) -> Sequence[str]:
    """The row of the infusion that is day 0."""
    return [row["srcid"] for row in read(connection, DAY_ZERO, {"who": usubjid}) if row["srcid"]]


def accepted_deliveries(connection: duckdb.DuckDBPyConnection, siteid: str) -> dict[str, Any]:
    """Of each form that the site ever delivered, the date of the delivery in force; None when none was accepted."""
    ever = "select distinct form from quality.deliveries where siteid = $site and form is not null"
    accepted: dict[str, Any] = {
        row["form"]: None for row in read(connection, f"{ever} and status <> 'SETTLING'", {"site": siteid})
    }
    in_force = read(connection, "select form, delivered from metadata.inputs where siteid = $site", {"site": siteid})
    return accepted | {row["form"]: row["delivered"] for row in in_force}
