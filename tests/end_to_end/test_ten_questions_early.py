"""docs/ten-questions.md when the trial is young: nobody is mature yet, and somebody with findings is not in dm."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.end_to_end import ten_questions as page
from tests.orchestration.export.small_warehouse import SUBJECT, Rows, publish_small, subject
from tests.support.r import run_r

pytestmark = pytest.mark.slow

QUESTIONS = page.questions()
PYTHON = ("python polars", "python pandas")
NUMBERS = range(1, 8)  # those asked of the analysis tables of one publication
TABLES = ("adsl", "adsv", "adex", "adexsum", "adsri", "respbl", "srisum")
READ_IN_R = """
library(dplyr, warn.conflicts = FALSE)
trial <- function(table) {
  rows <- type.convert(read.csv(paste0(table, ".csv"), colClasses = "character", na.strings = ""), as.is = TRUE)
  for (name in grep("dt$", names(rows), value = TRUE)) rows[[name]] <- as.Date(rows[[name]])
  # A column without a value is no text to R, which a database's is.
  for (name in intersect("usubjid", names(rows))) rows[[name]] <- as.character(rows[[name]])
  rows
}
"""


def no_rate(waiting: int) -> dict[str, object]:
    """The row of srisum that a load writes while nobody is mature."""
    names = {"studyid": "MRBS", "avisit": "Week 48", "avisitn": 48, "estimator": "NRI"}
    return {**names, "n": 0, "nresp": 0, "nimmature": waiting}


def early() -> Rows:
    """Two subjects infused some weeks ago; each missed nothing, and neither is mature at any visit."""
    begun = {"trtsdt": date(2026, 2, 2), "respgrp": "PENDING", "sitecutdt": date(2026, 3, 4)}
    week48 = {"avisit": "Week 48", "avisitn": 48, "maturfl": "N", "reason": "PENDING"}
    w48 = {"visit": "W48", "visitnum": 48, "visitdy": 336, "status": "PENDING"}
    who = [{**SUBJECT, "usubjid": f"MRBS-S01-000{number}"} for number in (1, 2)]
    return {
        "adsl": [subject(number, **begun) for number in (1, 2)],
        "adsri": [{**one, **week48} for one in who],
        "adsv": [{**one, **w48} for one in who],
        "adexsum": [{**one, "ndue": 2, "ngiven": 2} for one in who],
        "srisum": [no_rate(waiting=2)],
    }


@pytest.fixture(scope="module", params=["early", "empty"])
def young(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = early() if request.param == "early" else {"srisum": [no_rate(waiting=0)]}
    return publish_small(tmp_path_factory.mktemp(request.param) / "warehouse", rows)


def expected(number: int, of: duckdb.DuckDBPyConnection) -> page.Answer:
    """By hand: what can be said is who is waiting, and until when (2026-02-02 and 336 days is 2027-01-04)."""
    (waiting,) = of.sql("select count(*) from analysis.adsl").fetchall()[0]
    none = {"n": 0, "nresp": 0, "rate": None, "cilow": None, "cihigh": None, "nimmature": waiting}
    due = {"trtsdt": "2026-02-02", "due": "2027-01-04", "status": "PENDING", "days_on_study": 30, "last_assessed": None}
    pending = [{"usubjid": f"MRBS-S01-{place:04}", **due} for place in range(1, waiting + 1)]
    return page.rows_of({1: [none], 5: pending}.get(number, []))


@pytest.mark.parametrize("number", NUMBERS)
def test_nobody_is_mature(number: int, young: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(young)
    with page.opened(young) as names:
        wanted = expected(number, names["con"])
        assert page.difference(page.answer_in_sql(names, QUESTIONS[number]["sql"]), wanted) == ""
        for library in PYTHON:
            answer, _ = page.answer_in_python(names, QUESTIONS[number][library])
            assert page.difference(answer, wanted) == "", library


def test_nobody_is_mature_in_r(young: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(young / "mrbs.duckdb"), read_only=True) as connection:
        for table in TABLES:
            connection.sql(f"copy (from analysis.{table}) to '{tmp_path}/analysis.{table}.csv' (header)")
        wanted = {number: expected(number, connection) for number in NUMBERS}
    in_r = answers_in_r(tmp_path, list(NUMBERS))
    assert {number: page.difference(in_r[number], wanted[number]) for number in NUMBERS} == dict.fromkeys(NUMBERS, "")


@pytest.fixture
def orphan() -> dict[str, Any]:
    """An open finding of somebody in dm, one of somebody who is not, and three that question 9 doesn't ask for."""
    connection = duckdb.connect()
    connection.execute("""
        create schema analysis; create schema quality;
        create table analysis.adsl as select 'MRBS-S01-0001' as usubjid, 'RESPONSE' as respgrp;
        create table quality.rules as select 'SLE01' as rule_id, 'Score in range' as title;
        create table quality.findings as
        select *, 'SLE01' as rule_id, date '2026-03-01' as first_seen from (values
            ('a', 'MRBS-S01-0001', 'OPEN', 'MAJOR', 'sledai'), ('b', 'MRBS-S01-0009', 'OPEN', 'CRITICAL', 'ex'),
            ('c', 'MRBS-S01-0001', 'RESOLVED', 'MAJOR', 'ex'), ('d', 'MRBS-S01-0001', 'OPEN', 'MINOR', 'ex'),
            ('e', 'MRBS-S01-0001', 'OPEN', 'MAJOR', 'vs')
        ) as rows_of (finding_id, usubjid, status, severity, form)
    """)
    return {"con": connection}


OF_BOTH = [
    {"finding_id": "b", "usubjid": "MRBS-S01-0009", "respgrp": None, "severity": "CRITICAL",
     "title": "Score in range", "first_seen": "2026-03-01"},
    {"finding_id": "a", "usubjid": "MRBS-S01-0001", "respgrp": "RESPONSE", "severity": "MAJOR",
     "title": "Score in range", "first_seen": "2026-03-01"},
]  # fmt: skip


def test_a_finding_of_somebody_who_is_not_in_dm_is_there(orphan: dict[str, Any]) -> None:
    exec("import polars as pl\nimport pandas as pd", orphan)
    assert page.answer_in_sql(orphan, QUESTIONS[9]["sql"]) == OF_BOTH
    for library in PYTHON:
        answer, _ = page.answer_in_python(orphan, QUESTIONS[9][library])
        assert page.difference(answer, OF_BOTH) == "", library


def test_a_finding_of_somebody_who_is_not_in_dm_is_there_in_r(orphan: dict[str, Any], tmp_path: Path) -> None:
    for table in ("analysis.adsl", "quality.findings", "quality.rules"):
        orphan["con"].sql(f"copy (from {table}) to '{tmp_path}/{table}.csv' (header)")
    assert answers_in_r(tmp_path, [9]) == {9: OF_BOTH}


def answers_in_r(folder: Path, numbers: list[int]) -> dict[int, page.Answer]:
    """Of these questions, asked of the tables that stand in the folder as CSV; what R has as NA is nothing."""
    blocks = [
        f'local({{\n{QUESTIONS[number]["r"]}\nwrite.csv(as.data.frame(answer), "{number}.csv", na = "", '
        "row.names = FALSE)\n})"
        for number in numbers
    ]
    run_r("\n".join([READ_IN_R, *blocks]), folder, "dplyr")
    found = {}
    for number in numbers:
        with (folder / f"{number}.csv").open(encoding="utf-8", newline="") as handle:
            found[number] = [{name: _read(value) for name, value in row.items()} for row in csv.DictReader(handle)]
    return found


def _read(value: str) -> object:
    return float(value) if value.isdecimal() else value or None
