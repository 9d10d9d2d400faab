"""A warehouse with one publication that a test writes itself: every analysis table as the dbt YAML describes it, most
of them empty, put in place by the real publication."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from orchestration.export.described import analysis_tables
from orchestration.ingestion.settings import Settings
from orchestration.publication.publish import publish
from orchestration.publication.tables import PublishedTable

LOAD_ID = "20260320T020000-0a1b2c3d"
Rows = Mapping[str, list[dict[str, object]]]

SUBJECT = {"studyid": "MRBS", "siteid": "S01", "usubjid": "MRBS-S01-0001"}
NEVER_NULL = {"dthfl": "N", "saffl": "Y", "efffl": "Y", "eligfl": "Y", "maturfl": "N"}


def subject(number: int, **values: object) -> dict[str, object]:
    """A row of adsl; what is not said is missing, as far as it may be."""
    identity = {"usubjid": f"MRBS-S01-{number:04}", "subjid": f"{number:04}", "eosstt": "ONGOING"}
    return {**SUBJECT, **NEVER_NULL, **identity, **values}


ROWS: Rows = {
    # Out of key order, so that an export that keeps the stored order is seen.
    "adsl": [
        subject(2, age=47, sex="F", race="WHITE, \"OTHER\"", blpga=Decimal("1.3000"), trtsdt=date(2026, 3, 2)),
        subject(1, sex="M", sitecutdt=date(1959, 12, 31), blweight=Decimal("58.000001"), blbilagtot=0),
    ],
    "adex": [
        {
            **SUBJECT,
            "visit": "D0",
            "plannum": 1,
            "targetday": 0,
            "astdtm": datetime(2026, 3, 2, 9, 5),
            "aendtm": datetime(2026, 3, 2, 10, 4, 30),
            "astdt": date(2026, 3, 2),
            "status": "GIVEN",
            "exdose": Decimal("580.100000"),
            "devpct": Decimal("-0.02"),
            "devfl": "N",
            "grossfl": "N",
            "latefl": "N",
            "srcid": "0f3c",
        },
        # A missed infusion: parts of its key are missing.
        {**SUBJECT, "plannum": 2, "targetday": 14, "status": "MISSED", "devfl": "N", "grossfl": "N", "latefl": "N"},
    ],
}  # fmt: skip


def publish_small(folder: Path, rows: Rows = ROWS, load_id: str = LOAD_ID) -> Path:
    """The warehouse folder, with these rows published."""
    settings = Settings(folder / "landing", folder, folder / "sites.yml")
    folder.mkdir(parents=True, exist_ok=True)
    published = [PublishedTable("metadata", "run", ("studyid",))]
    with duckdb.connect(str(settings.candidate_file)) as connection:
        connection.execute("create schema analysis; create schema metadata")
        connection.execute("create table metadata.run as select 'MRBS' as studyid, '0.1.0+test' as code_version")
        for table in analysis_tables().values():
            columns = ", ".join(f"{column.name} {column.data_type}" for column in table.columns)
            connection.execute(f"create table analysis.{table.name} ({columns})")
            for row in rows.get(table.name, []):
                marks = ", ".join(f"${name}" for name in row)
                connection.execute(f"insert into analysis.{table.name} ({', '.join(row)}) values ({marks})", row)
            published.append(PublishedTable("analysis", table.name, table.key))
    publish(settings, load_id, keep=14, report=lambda _: None, tables=published)
    return folder
