"""A publication of nine subjects at two sites, written by hand and put in place by the real publication.

Every number that the tests expect of a figure was counted from these rows. Taken as today: 2026-06-30. With a window
that ends on day 350 and an entry lag of 7 days, week 48 is known from day 358 on.

| subject  | day 0      | known from | study        | week 48                          |
| S01-0001 | 2025-03-03 | 2026-02-24 | completed    | response, SLEDAI 10 to 2         |
| S01-0002 | 2025-04-07 | 2026-03-31 | completed    | no response: SLEDAI 8 to 6       |
| S01-0003 | 2025-05-05 | 2026-04-28 | left (HOSTILE), not assessed    | no response   |
| S02-0001 | 2025-06-02 | 2026-05-26 | in the study | response, SLEDAI 12 to 4         |
| S02-0002 | 2025-09-01 | 2026-08-25 | in the study | pending                          |
| S02-0003 | 2025-09-15 | 2026-09-08 | left (death), no response, not mature           |
| S02-0004 | unknown: held; S01-0004 never treated, ended; S01-0005 in screening, consent undated |
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path

import duckdb

from orchestration.export.described import analysis_tables
from orchestration.ingestion.settings import Settings
from orchestration.publication.publish import publish
from orchestration.publication.tables import PublishedTable
from tests.orchestration.export.small_warehouse import Rows

LOAD_ID = "20260701T020000-0a1b2c3d"
TODAY = date(2026, 6, 30)
HOSTILE = "<script>alert('x')</script> & \"co\""
AFTER_A_MONTH = date(2025, 8, 1)

# The columns that the report reads, as docs/tables.md has them.
OTHER_TABLES = {
    "metadata.run": "studyid varchar, clockdt date, code_version varchar, sites bigint, subjects bigint, "
    "inputs_sha256 varchar",
    "metadata.protocol_parameters": "scenario varchar, parameter varchar, value decimal(18,6)",
    "metadata.dictionary": "table_schema varchar, table_name varchar, position integer, column_name varchar, "
    "label varchar, unit varchar, known_at varchar",
    "quality.findings": "finding_id varchar, siteid varchar, severity varchar, status varchar, overdue varchar",
    "quality.quarantine": "siteid varchar, row_id varchar",
    "quality.deliveries": "siteid varchar, file varchar, status varchar",
    "quality.site_indicators": "siteid varchar, indicator varchar, title varchar, unit varchar, "
    "value decimal(18,6), others_value decimal(18,6), lower decimal(18,6), upper decimal(18,6), flag varchar, "
    "side varchar, flagged_since date",
}
KEYS = {
    "metadata.run": ("studyid",),
    "metadata.protocol_parameters": ("parameter",),
    "metadata.dictionary": ("table_name", "position"),
    "quality.findings": ("finding_id",),
    "quality.quarantine": ("row_id",),
    "quality.deliveries": ("siteid", "file"),
    "quality.site_indicators": ("siteid", "indicator"),
}
PARAMETERS = {
    "response_week": "48",
    "entry_lag_days": "7",
    "sri_points": "4",
    "pga_worsening": "0.3",
    "planned_mg_per_kg": "10",
    "finding_response_days": "14",
}


def always(subjects: int = 9) -> dict[str, list[dict[str, object]]]:
    """What a publication has even when nobody is in it."""
    run = {"studyid": "MRBS", "clockdt": TODAY, "code_version": "0.1.0+test", "sites": 2, "subjects": subjects}
    return {
        "metadata.run": [{**run, "inputs_sha256": "c0ffee"}],
        "metadata.protocol_parameters": [
            {"scenario": "PRIMARY", "parameter": name, "value": Decimal(value)} for name, value in PARAMETERS.items()
        ],
    }


def subject(usubjid: str, **values: object) -> dict[str, object]:
    """A row of adsl; 'S01-0001' is its site and number."""
    siteid, _, subjid = usubjid.partition("-")
    given = {"rficdt": date(2025, 3, 1), "saffl": "Y", "eosstt": "ONGOING", "maturfl": "N", "sitecutdt": TODAY}
    return {"studyid": "MRBS", "siteid": siteid, "usubjid": f"MRBS-{usubjid}", "subjid": subjid, **given, **values}


def of(usubjid: str, **values: object) -> dict[str, object]:
    """A row of any table that has subjects."""
    return {"studyid": "MRBS", "siteid": usubjid[:3], "usubjid": f"MRBS-{usubjid}", **values}


def visit(usubjid: str, week: int, sri4: str | None, reason: str, **values: object) -> dict[str, object]:
    """A row of adsri."""
    given = {"maturfl": "Y", "closedfl": "Y", "icefl": "N", "sri4": sri4, "reason": reason}
    return of(usubjid, avisit=f"Week {week}", avisitn=week, **{**given, **values})


def rate(week: int, estimator: str, n: int, nresp: int, waiting: int, *shares: str) -> dict[str, object]:
    """A row of srisum; the interval is what is said, nobody counts it again."""
    known = dict(zip(("rate", "cilow", "cihigh"), map(Decimal, shares), strict=False))
    row = {"avisitn": week, "estimator": estimator, "n": n, "nresp": nresp, "nimmature": waiting, **known}
    return {"studyid": "MRBS", "avisit": f"Week {week}", **row}


def scenario(number: int, words: str, estimator: str, n: int, nresp: int, **values: object) -> dict[str, object]:
    """A row of sensum; the difference from the primary rate (two of four) is said in `ratediff`."""
    given = {"nimmature": 2, "ngained": 0, "nlost": 0, "rate": Decimal(nresp) / n, "cilow": Decimal("0.1")}
    names = {"scenario": f"SCENARIO {number}", "scenarn": number, "scendesc": words, "estimator": estimator}
    return {"studyid": "MRBS", **names, "n": n, "nresp": nresp, **given, "cihigh": Decimal("0.9"), **values}


def infusion(usubjid: str, plannum: int, name: str, day: int, status: str) -> dict[str, object]:
    """A row of adex."""
    given = {"protday": day} if status == "GIVEN" else {}
    return of(usubjid, plannum=plannum, visit=name, targetday=day, status=status, **given)


def group(variable: str, level: str, respgrp: str, stddiff: str, **values: object) -> dict[str, object]:
    """A row of resptab."""
    values = {name: Decimal(value) if isinstance(value, str) else value for name, value in values.items()}
    given = {"variable": variable, "level": level, "respgrp": respgrp, "n": 2, "nmiss": 0, "stddiff": Decimal(stddiff)}
    return {"studyid": "MRBS", **given, **values}


def publish_report_tables(folder: Path, rows: Rows, load_id: str = LOAD_ID) -> Path:
    """The warehouse folder, with these rows published; tables without rows are empty."""
    settings = Settings(folder / "landing", folder, folder / "sites.yml")
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        f"analysis.{table.name}": (", ".join(f"{one.name} {one.data_type}" for one in table.columns), table.key)
        for table in analysis_tables().values()
    } | {name: (columns, KEYS[name]) for name, columns in OTHER_TABLES.items()}
    with duckdb.connect(str(settings.candidate_file)) as connection:
        connection.execute("create schema analysis; create schema metadata; create schema quality")
        for name, (columns, _) in tables.items():
            connection.execute(f"create table {name} ({columns})")
            _insert(connection, name, rows.get(name, []))
    published = [PublishedTable(*name.split("."), key) for name, (_, key) in tables.items()]
    publish(settings, load_id, keep=14, report=lambda _: None, tables=published)
    return folder


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, object]]) -> None:
    """Rows that name the same columns in one statement: one each takes seconds for some hundred."""
    for columns, same in groupby(rows, key=tuple):
        values = [tuple(row.values()) for row in same]
        marks = ", ".join(["(" + ", ".join("?" * len(columns)) + ")"] * len(values))
        given = [value for row in values for value in row]
        connection.execute(f"insert into {table} ({', '.join(columns)}) values {marks}", given)
