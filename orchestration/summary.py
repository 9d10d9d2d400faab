"""What a load did, from the published database: deliveries, findings, the SRI-4 rate, the response groups.

Reads only what is published, so that it says what a statistician would see.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from rich.console import Console

from orchestration.terminal import table

SEVERITIES = ("CRITICAL", "MAJOR", "MINOR")


@contextmanager
def open_published(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published database as catalog `mrbs`, whatever the client makes of its file's name (docs/adr/0004).

    Raises:
        FileNotFoundError: nothing has been published yet.
    """
    if not database.exists():
        raise FileNotFoundError(
            f"{database} does not exist: nothing has been published there yet. "
            "Run mrbs load, or say with MRBS_WAREHOUSE_DIR which warehouse is meant."
        )
    with duckdb.connect() as connection:
        connection.execute(f"attach '{database}' as mrbs (read_only)")
        connection.execute("use mrbs")
        yield connection


def print_summary(console: Console, database: Path) -> None:
    """Deliveries of the latest load, open findings, the week 48 result."""
    with open_published(database) as connection:
        console.print(_deliveries(connection))
        console.print(_findings(connection))
        console.print(_response(connection))
        console.print(_groups(connection))


def _deliveries(connection: duckdb.DuckDBPyConnection):  # type: ignore[no-untyped-def]
    rows = connection.execute(
        """
        select status, count(distinct (siteid, delivered)), count(*), sum(rows)::bigint
        from quality.deliveries group by status order by status
        """
    ).fetchall()
    return table("Deliveries so far", ["status", "deliveries", "files", "rows"], rows)


def _findings(connection: duckdb.DuckDBPyConnection):  # type: ignore[no-untyped-def]
    rows = connection.execute(
        """
        select
            severity, count(*) filter (where status = 'OPEN'),
            count(*) filter (where status = 'OPEN' and opened = clockdt),
            count(*) filter (where overdue = 'Y'), count(*) filter (where status = 'ACCEPTED'),
            count(*) filter (where status = 'RESOLVED')
        from quality.findings cross join metadata.run
        group by severity
        """
    ).fetchall()
    by_severity = {row[0]: row for row in rows}
    ordered = [by_severity.get(severity, (severity, 0, 0, 0, 0, 0)) for severity in SEVERITIES]
    return table("Findings", ["severity", "open", "new tonight", "overdue", "accepted", "resolved"], ordered)


def _response(connection: duckdb.DuckDBPyConnection):  # type: ignore[no-untyped-def]
    rows = connection.execute(
        """
        select estimator, nresp, n, round(100 * rate, 1) || ' %', round(100 * cilow, 1) || ' % to '
            || round(100 * cihigh, 1) || ' %', nimmature
        from analysis.srisum where avisit = 'Week 48' order by estimator desc
        """
    ).fetchall()
    columns = ["estimator", "responders", "of", "SRI-4 rate", "95 % interval", "not yet mature"]
    return table("SRI-4 at week 48", columns, rows)


def _groups(connection: duckdb.DuckDBPyConnection):  # type: ignore[no-untyped-def]
    rows = connection.execute(
        "select coalesce(respgrp, 'never infused'), count(*) from analysis.adsl group by respgrp order by 2 desc"
    ).fetchall()
    return table("Response groups at week 48", ["group", "subjects"], rows)
