"""A warehouse whose loads are made of a few findings: the ledger and what is published of it, without deliveries."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.findings.decision_files import read_decisions
from orchestration.ingestion.settings import Settings
from tests.validation.nights import night, unread
from validation.ledger import merge_findings, write_quality


def at(siteid: str, number: int, delivered: str = "JA") -> dict[str, Any]:
    """A record of this site that VAL02 finds."""
    key = f"{siteid}-{number:04d}"
    return unread(f"{key} | W8", delivered, siteid=siteid, usubjid=f"MRBS-{key}")


class ReviewedTrial:
    """Sites S01, S02 and S03; loads that find what they are told to."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(folder / "landing", folder / "warehouse", folder / "sites.yml")
        self.settings.warehouse_dir.mkdir(exist_ok=True)

    def load(self, clock: date, *found: dict[str, Any]) -> None:
        """What a load does to findings: sightings and decisions into the ledger, and the ledger published."""
        beside = self.settings.candidate_file
        with duckdb.connect(self.settings.working_file) as connection:
            connection.execute(f"attach '{beside}' as candidate")
            merge_findings(connection, night(*found), clock, read_decisions(self.settings))
            write_quality(connection)
            connection.execute("create schema candidate.metadata")
            connection.execute("create table candidate.metadata.run as select $clock as clockdt", {"clock": clock})
            connection.execute(
                "create table candidate.quality.deliveries as select unnest(['S01', 'S02', 'S03']) as siteid"
            )
        beside.replace(self.settings.published_file)

    def finding_id(self, siteid: str, number: int) -> str:
        key = f"{siteid}-{number:04d} | W8"
        ((finding_id,),) = self.published(f"select finding_id from quality.findings where record_key = '{key}'")
        return str(finding_id)

    def published(self, query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect() as connection:
            connection.execute(f"attach '{self.settings.published_file}' as mrbs (read_only)")
            connection.execute("use mrbs")
            return connection.execute(query).fetchall()

    def statuses(self) -> list[tuple[str, str]]:
        return self.published("select record_key[:8], status from quality.findings order by record_key")
