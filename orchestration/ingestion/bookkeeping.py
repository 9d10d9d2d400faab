"""What the warehouse knows about deliveries, read before a load begins and written as it goes on.

Statements on raw.deliveries, raw.notes, raw.in_force, raw.seen_files and raw.loads stand here and nowhere else. What
is decided about a delivery stands in `gate` and `intake`; rows of forms are `history`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from orchestration.ingestion.deliveries import FileState
from orchestration.ingestion.dialects.reading import CANONICAL, Reading
from orchestration.ingestion.records import (
    DeliveryKey,
    DeliveryRow,
    FormKey,
    InForce,
    Knowledge,
    NoteRow,
    SeenFile,
    Verdict,
)


def read_knowledge(connection: duckdb.DuckDBPyConnection) -> Knowledge:
    """Everything a load must know before it looks at the landing folder."""
    knowledge = Knowledge()
    for siteid, form, *rest in connection.execute("from raw.in_force").fetchall():
        knowledge.in_force[siteid, form] = InForce(*rest)
    knowledge.latest = dict(
        connection.execute(
            "select siteid, max(delivered) from raw.deliveries where status in ('LOADED', 'UNCHANGED') group by siteid"
        ).fetchall()
    )
    for siteid, delivered, file, *state, sha256, held in connection.execute("from raw.seen_files").fetchall():
        known = knowledge.seen.setdefault((siteid, delivered), {})
        known[file] = SeenFile(FileState(*state), sha256, held)
    # Only the answers that a later load may have to change: those about a whole delivery, about its date, and about
    # how a file was read.
    for siteid, delivered, *rest in connection.execute("""
        select siteid, delivered, form, sha256, status, rule_id, reason, reading from raw.deliveries
        where
            status = 'REFUSED'
            and (form is null or sha256 is null or rule_id in ('DEL01', 'DEL02', 'DEL03', 'DEL05', 'DEL12'))
            or status = 'HELD' and rule_id in ('DEL07', 'DEL13')
    """).fetchall():
        knowledge.refused.setdefault((siteid, delivered), set()).add(Verdict(*rest))
    knowledge.remarks = set(
        connection.execute(
            "select siteid, delivered, form, file, sha256, rule_id from raw.notes where rule_id is null"
        ).fetchall()
    )
    knowledge.sequence = _one(
        connection,
        "select max(sequence) from (select sequence from raw.deliveries union all select sequence from raw.notes)",
    )
    return knowledge


def verdicts_about(
    connection: duckdb.DuckDBPyConnection, keys: Sequence[DeliveryKey]
) -> tuple[dict[DeliveryKey, list[Verdict]], dict[DeliveryKey, set[str]]]:
    """All earlier answers about these deliveries, and the forms already reported as missing from them."""
    frame = pl.DataFrame(keys, schema={"siteid": pl.String, "delivered": pl.Date}, orient="row")
    verdicts: dict[DeliveryKey, list[Verdict]] = {}
    missing: dict[DeliveryKey, set[str]] = {}
    connection.register("asked", frame)
    try:
        for siteid, delivered, *rest in connection.execute("""
            select siteid, delivered, form, sha256, status, rule_id, reason, reading
            from raw.deliveries semi join asked using (siteid, delivered) order by sequence
        """).fetchall():
            verdicts.setdefault((siteid, delivered), []).append(Verdict(*rest))
        for siteid, delivered, form in connection.execute("""
            select siteid, delivered, form from raw.notes semi join asked using (siteid, delivered)
            where rule_id = 'DEL10' and form is not null
        """).fetchall():
            missing.setdefault((siteid, delivered), set()).add(form)
    finally:
        connection.unregister("asked")
    return verdicts, missing


def write_deliveries(connection: duckdb.DuckDBPyConnection, rows: Sequence[DeliveryRow]) -> None:
    """Add these rows; a row about the same bytes of the same delivery and form gives way, and so does one about a
    file that couldn't be opened, once there is a newer one."""
    if not rows:
        return
    frame = pl.DataFrame(
        rows,
        schema={
            **dict.fromkeys(("siteid",), pl.String),
            "delivered": pl.Date,
            **dict.fromkeys(("form", "file", "sha256"), pl.String),
            **dict.fromkeys(("bytes", "rows", "subjects"), pl.Int64),
            **dict.fromkeys(("status", "rule_id", "reason"), pl.String),
            "sequence": pl.Int64,
            "load_id": pl.String,
            "recorded": pl.Date,
            "reading": pl.String,
        },
        orient="row",
    )
    connection.register("new_deliveries", frame)
    connection.execute("""
        delete from raw.deliveries as old using new_deliveries as new
        where
            old.siteid = new.siteid and old.delivered = new.delivered and old.form is not distinct from new.form
            and (old.sha256 is null or old.sha256 = new.sha256)
    """)
    connection.execute("insert into raw.deliveries select * from new_deliveries")
    connection.unregister("new_deliveries")


def drop_whole_delivery_rows(connection: duckdb.DuckDBPyConnection, keys: Sequence[DeliveryKey]) -> None:
    """An answer about a delivery as a whole gives way when the delivery is judged anew."""
    frame = pl.DataFrame(keys, schema={"siteid": pl.String, "delivered": pl.Date}, orient="row")
    _delete(connection, "raw.deliveries", frame, "old.form is null")


def write_notes(connection: duckdb.DuckDBPyConnection, notes: Sequence[NoteRow]) -> None:
    """Add what was noticed."""
    text = dict.fromkeys(("form", "file", "sha256", "rule_id", "message"), pl.String)
    schema = {"siteid": pl.String, "delivered": pl.Date, **text, "sequence": pl.Int64}
    _insert(connection, "raw.notes", pl.DataFrame(notes, schema=schema, orient="row"))


def write_seen(connection: duckdb.DuckDBPyConnection, seen: dict[DeliveryKey, dict[str, SeenFile]]) -> None:
    """Remember the files of these deliveries, and forget what was remembered of them before."""
    key = {"siteid": pl.String, "delivered": pl.Date}
    numbers = dict.fromkeys(("size", "modified_ns", "changed_ns"), pl.Int64)
    rows = [
        (*about, name, *file.state, file.sha256, file.forms)
        for about, files in seen.items()
        for name, file in files.items()
    ]
    _delete(connection, "raw.seen_files", pl.DataFrame(list(seen), schema=key, orient="row"))
    schema = {**key, "file": pl.String, **numbers, "sha256": pl.String, "forms": pl.String}
    _insert(connection, "raw.seen_files", pl.DataFrame(rows, schema=schema, orient="row"))


def write_in_force(connection: duckdb.DuckDBPyConnection, changed: dict[FormKey, InForce | None]) -> None:
    """Say which files count now; None where a form has no accepted state any more."""
    key = dict.fromkeys(("siteid", "form"), pl.String)
    numbers = dict.fromkeys(("rows", "subjects"), pl.Int64)
    rows = [(*about, *file) for about, file in changed.items() if file is not None]
    _delete(connection, "raw.in_force", pl.DataFrame(list(changed), schema=key, orient="row"))
    text = dict.fromkeys(("file", "sha256"), pl.String)
    schema = {**key, "delivered": pl.Date, **text, **numbers, **dict.fromkeys(("reading", "columns"), pl.String)}
    _insert(connection, "raw.in_force", pl.DataFrame(rows, schema=schema, orient="row"))


def write_reading(connection: duckdb.DuckDBPyConnection, reading: Reading) -> None:
    """Keep how a file was read; canonical CSV needs no record."""
    if reading.fingerprint is not None:
        connection.execute(
            "insert into raw.readings select $fingerprint, $form, $says "
            "where not exists (select 1 from raw.readings where fingerprint = $fingerprint and form = $form)",
            {"fingerprint": reading.fingerprint, "form": reading.form, "says": reading.as_json()},
        )


def reading_of(
    connection: duckdb.DuckDBPyConnection, form: str, fingerprint: str | None, seeds_dir: Path
) -> Reading | None:
    """The reading with this fingerprint, as it was kept, if it was."""
    if fingerprint is None:
        return Reading(form, CANONICAL, seeds_dir=seeds_dir)
    (says,) = connection.execute(
        "select says from raw.readings where fingerprint = ? and form = ?", [fingerprint, form]
    ).fetchone() or (None,)
    try:
        return None if says is None else Reading.from_json(form, says, seeds_dir)
    except ValueError:  # an entry that this version of the register's rules refuses: then it can't be read as before
        return None


def note_reading(connection: duckdb.DuckDBPyConnection, key: FormKey, state: InForce) -> None:
    """An accepted file was read again in another way: what it holds now, and how it was read."""
    connection.execute(
        "update raw.deliveries set rows = ?, subjects = ?, reading = ? "
        "where siteid = ? and form = ? and delivered = ? and sha256 = ?",
        [state.rows, state.subjects, state.reading, *key, state.delivered, state.sha256],
    )


def start_load(connection: duckdb.DuckDBPyConnection, load_id: str, clock: date, code_version: str) -> None:
    """Record that a load began; one that never said how it ended was killed."""
    connection.begin()
    connection.execute("update raw.loads set status = 'FAILED' where status = 'STARTED' and load_id <> ?", [load_id])
    connection.execute("delete from raw.loads where load_id = ?", [load_id])
    started_at = datetime.now(UTC).replace(tzinfo=None)
    connection.execute(
        "insert into raw.loads values (?, ?, ?, ?, 'STARTED')", [load_id, clock, started_at, code_version]
    )
    connection.commit()


def finish_load(connection: duckdb.DuckDBPyConnection, load_id: str, status: str) -> None:
    """Record how a load ended."""
    connection.execute("update raw.loads set status = ? where load_id = ?", [status, load_id])


def _delete(connection: duckdb.DuckDBPyConnection, table: str, keys: pl.DataFrame, condition: str = "true") -> None:
    if keys.height:
        same = " and ".join(f"old.{column} = keys.{column}" for column in keys.columns)
        connection.register("keys", keys)
        connection.execute(f"delete from {table} as old using keys where {same} and {condition}")
        connection.unregister("keys")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    if frame.height:
        connection.register("new_rows", frame)
        connection.execute(f"insert into {table} select * from new_rows")
        connection.unregister("new_rows")


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    row: Iterable[Any] = connection.execute(sql).fetchone() or (None,)
    return next(iter(row)) or 0
