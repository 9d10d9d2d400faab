"""What a load notices besides the deliveries it takes: sites that are late, deliveries that must wait, and things in
the landing folder that are no delivery. Each is written once, and not again while it lasts."""

from __future__ import annotations

from datetime import date

import duckdb

from orchestration.ingestion import bookkeeping
from orchestration.ingestion.deliveries import Landing
from orchestration.ingestion.outcome import LoadContext
from orchestration.ingestion.records import DeliveryKey, DeliveryRow, Knowledge, NoteRow


def report_late_sites(connection: duckdb.DuckDBPyConnection, context: LoadContext, knowledge: Knowledge) -> None:
    """DEL08: a site that the register expects every so many days has been silent for longer."""
    reported = set(connection.execute("select siteid, delivered from raw.notes where rule_id = 'DEL08'").fetchall())
    notes = []
    for siteid, site in sorted(context.register.sites.items()):
        latest = knowledge.latest.get(siteid)
        if site.every_days is None or (siteid, latest) in reported:
            continue
        if latest is not None and (context.clock - latest).days <= site.every_days:
            continue
        since = f"since {latest}" if latest else "yet"
        expected = "every day" if site.every_days == 1 else f"every {site.every_days} days"
        message = f"{siteid}: no delivery has been accepted {since}, although one is expected {expected}."
        notes.append(NoteRow(siteid, latest, None, None, None, "DEL08", message, knowledge.next_sequence()))
    bookkeeping.write_notes(connection, notes)


def report_oddities(
    connection: duckdb.DuckDBPyConnection, context: LoadContext, knowledge: Knowledge, landing: Landing
) -> list[str]:
    """Write down what is no delivery, and give back the messages that are new."""
    rows, notes = [], []
    for oddity in landing.oddities:
        note = NoteRow(oddity.siteid, None, None, oddity.name, None, None, f"{oddity.siteid}: {oddity.message}.", 0)
        if note[:6] in knowledge.remarks:
            continue
        sequence = knowledge.next_sequence()
        notes.append(note._replace(sequence=sequence))
        refused = ("REFUSED", None, oddity.message, sequence, context.load_id, context.clock)
        rows.append(DeliveryRow(oddity.siteid, None, None, oddity.name, None, None, None, None, *refused))
    if notes:
        connection.begin()
        bookkeeping.write_deliveries(connection, rows)
        bookkeeping.write_notes(connection, notes)
        connection.commit()
    return [note.message for note in notes]


def write_settling(
    connection: duckdb.DuckDBPyConnection, context: LoadContext, settling: dict[DeliveryKey, str]
) -> None:
    """Say which deliveries wait, in place of what was said the last time."""
    written: set[tuple[str, date, str]] = set(
        connection.execute("select siteid, delivered, reason from raw.deliveries where status = 'SETTLING'").fetchall()
    )
    if written == {(*key, reason) for key, reason in settling.items()}:
        return
    rows = [
        DeliveryRow(
            *key, None, None, None, None, None, None, "SETTLING", None, reason, 0, context.load_id, context.clock
        )
        for key, reason in sorted(settling.items())
    ]
    connection.begin()
    connection.execute("delete from raw.deliveries where status = 'SETTLING'")
    bookkeeping.write_deliveries(connection, rows)
    connection.commit()
