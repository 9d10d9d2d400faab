"""Raw history: one file of a form, merged into what its site had before.

A row version that the new file still has stays untouched, one that it lacks is closed, a new one is opened. Nothing
is overwritten and nothing deleted. A version's row_id is a hash of what was delivered (form, site, values, and an
occurrence number among identical rows), so it does not depend on when a row came or where it stood.

`opened <= night and (closed is null or night < closed)` gives the rows as of any night. A state that was withdrawn
closes on the date it had opened: it was never in force on any night.

Everything is set-based: one call merges one form of any number of sites.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import polars as pl


@dataclass(frozen=True)
class IncomingFile:
    """A site's new state of a form, and the file it comes from. Without a file the site has no state any more."""

    siteid: str
    frame: pl.DataFrame
    delivered: date | None
    file: str | None
    sha256: str | None


def merge(
    connection: duckdb.DuckDBPyConnection,
    form: str,
    columns: Sequence[str],
    incoming: Sequence[IncomingFile],
    load_id: str,
) -> None:
    """Bring raw.<form> to the state of these files, at most one per site. The caller holds the transaction, and
    updates raw.in_force after this."""
    files = pl.DataFrame(
        [(file.siteid, file.delivered, file.file, file.sha256) for file in incoming],
        schema={"siteid": pl.String, "delivered": pl.Date, "file": pl.String, "sha256": pl.String},
        orient="row",
    )
    # One delivered row may make several records, so its number doesn't name a record.
    rows = pl.concat(
        [file.frame.with_columns(pl.lit(file.siteid).alias("siteid")) for file in incoming], rechunk=False
    ).with_row_index("record")
    connection.register("incoming_files", files)
    connection.register("incoming_rows", rows)
    try:
        for statement in _statements(form, columns):
            used = {name: value for name, value in {"form": form, "load": load_id}.items() if f"${name}" in statement}
            connection.execute(statement, used)
    finally:
        connection.unregister("incoming_rows")
        connection.unregister("incoming_files")


def row_fingerprint(columns: Sequence[str]) -> str:
    """What makes two delivered rows identical: each value with its name and its length, missing values left out; so
    no two different rows read alike, and a column that the contract gains later changes no fingerprint."""
    parts = [f"'{name}=' || strlen({name}) || ':' || {name} || ';'" for name in ("siteid", *columns, "extra")]
    return f"md5(concat('form=' || $form || ';', {', '.join(parts)}))"


def _statements(form: str, columns: Sequence[str]) -> list[str]:
    values = ", ".join(columns)
    delivered_values = ", ".join(f"delivered.{column}" for column in columns)
    return [
        # The file of each site, and since when the change counts: its delivery's date, but never before a date that
        # history has reached already. When an older state comes back, because a newer one was withdrawn, the nights
        # between keep what they had.
        f"""
        create or replace temp table arriving_file as
        with reached as (
            select version.siteid, max(greatest(version.opened, version.closed)) as until
            from raw.{form} as version
            semi join incoming_files on version.siteid = incoming_files.siteid
            group by version.siteid
        )
        select
            new.*,
            greatest(new.delivered, reached.until) as since,
            held.delivered as held_delivered, held.file as held_file, held.sha256 as held_sha256
        from incoming_files as new
        left join reached on new.siteid = reached.siteid
        left join raw.in_force as held on new.siteid = held.siteid and held.form = $form
        """,
        # Every row that is current or to be current. One that only arrives has no held side, one that leaves no row.
        f"""
        create or replace temp table compared as
        with fingerprinted as (
            select siteid, record, row, {row_fingerprint(columns)} as fingerprint from incoming_rows
        ),
        numbered as (
            select
                siteid, record, row, fingerprint,
                row_number() over (partition by fingerprint order by record) as occurrence
            from fingerprinted
        ),
        arriving as (
            select siteid, record, row, md5(fingerprint || ':' || occurrence) as row_id from numbered
        ),
        held as (
            select version.row_id, version.siteid
            from raw.{form} as version
            semi join incoming_files on version.siteid = incoming_files.siteid
            where version.closed_load is null
        )
        select
            coalesce(arriving.row_id, held.row_id) as row_id,
            coalesce(arriving.siteid, held.siteid) as siteid,
            arriving.record,
            arriving.row,
            held.row_id is null as arrives,
            arriving.row_id is null as leaves
        from arriving
        full outer join held on arriving.row_id = held.row_id
        """,
        f"""
        merge into raw.{form} as version
        using (
            select compared.*, arriving_file.since, {delivered_values}, delivered.extra
            from compared
            inner join arriving_file on compared.siteid = arriving_file.siteid
            left join incoming_rows as delivered on compared.record = delivered.record
            where compared.arrives or compared.leaves
            order by compared.siteid, compared.record
        ) as change
        on version.row_id = change.row_id and version.closed_load is null
        when matched then update set closed = change.since, closed_load = $load
        when not matched then insert (row_id, siteid, {values}, extra, opened, opened_load)
            values (
                change.row_id, change.siteid, {", ".join(f"change.{column}" for column in columns)}, change.extra,
                change.since, $load
            )
        """,
        """
        merge into raw.row_positions as position
        using (
            select compared.*, arriving_file.* exclude (siteid)
            from compared
            inner join arriving_file on compared.siteid = arriving_file.siteid
            order by compared.siteid, compared.record
        ) as change
        on position.row_id = change.row_id and position.form = $form
        when matched and change.leaves then update set
            latest_delivered = change.held_delivered, latest_file = change.held_file,
            latest_sha256 = change.held_sha256
        when matched and (position.latest_row <> change.row or position.latest_delivered is not null) then update set
            latest_delivered = null, latest_file = null, latest_sha256 = null, latest_row = change.row
        when not matched then insert
            (form, siteid, row_id, first_delivered, first_file, first_sha256, first_row, latest_row)
            values (
                $form, change.siteid, change.row_id, change.delivered, change.file, change.sha256, change.row,
                change.row
            )
        """,
    ]
