"""The rows of one subject as delivered, and the first derivation's own events, both from the working file.

Raw keeps every version of a row with the load that opened and the load that closed it, so the rows can be read as the
published load had them, also when a later one took deliveries in and did not publish. The tables of the first
derivation are those of the latest load only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from orchestration.ingestion.bookkeeping import reading_of
from orchestration.ingestion.dialects.reading import Reading
from orchestration.ingestion.settings import SEEDS_DIR
from validation.protocol import form_columns
from validation.second_derivation.reading import trimmed

# The forms that the endpoint hangs on.
FORMS = ("dm", "sv", "ex", "sledai", "bilag", "pga", "cm", "ds")
EVENTS = """
with events as (
    select iceterm, icedt, row_id, term_order
    from intermediate.int_intercurrent_events
    where scenario = 'PRIMARY' and usubjid = $who
)

select iceterm, icedt, row_id, false as further, term_order from events
union all
select 'PROHIBITED MEDICATION' as iceterm, first_possible_day as icedt, row_id, true as further, 6 as term_order
from intermediate.int_prohibited_records
where scenario = 'PRIMARY' and usubjid = $who and row_id not in (select row_id from events where row_id is not null)
order by icedt, term_order, row_id
"""

# How files were read that are not canonical CSV; of a file that was read twice, as it is in force, else as last.
READINGS = """
select sha256, form, reading, 1 as priority, 0 as sequence from raw.in_force where siteid = $site
union all
select sha256, form, reading, 0 as priority, sequence from raw.deliveries where siteid = $site and form is not null
order by priority, sequence
"""


@dataclass(frozen=True)
class RawRow:
    """A row as delivered: canonical column -> text, None where the cell is blank."""

    form: str
    row_id: str
    text: Mapping[str, str | None]


@dataclass(frozen=True)
class EventRecord:
    """An event of the first derivation and its row; `further`: a record that makes no event of its own."""

    term: str
    icedt: date
    row_id: str | None
    further: bool = False


@dataclass(frozen=True)
class Raw:
    """What the working file says of a subject; `events` is None where its tables are not those of the publication.

    `readings`: by SHA-256 and form, how each file was read that is not canonical CSV.
    """

    rows: tuple[RawRow, ...]
    events: tuple[EventRecord, ...] | None
    readings: Mapping[tuple[str, str], Reading]


def read_raw(connection: duckdb.DuckDBPyConnection, load_id: str, siteid: str, usubjid: str, subjid: str) -> Raw:
    """The subject's rows as the load had them. `connection` is open on the working file."""
    rows = [row for form in FORMS for row in _rows(connection, form, load_id, siteid, subjid)]
    latest = connection.execute("select max_by(load_id, started_at) from raw.loads").fetchone()
    events = _events(connection, usubjid) if latest == (load_id,) else None
    return Raw(tuple(rows), events, _readings(connection, siteid))


def _rows(connection: duckdb.DuckDBPyConnection, form: str, load_id: str, siteid: str, subjid: str) -> Sequence[RawRow]:
    columns = [column.name for column in form_columns()[form]]
    # Load ids begin with the time of their load, so their order is that of the loads.
    answer = connection.execute(
        f"""
        select row_id, {", ".join(columns)}
        from raw.{form}
        where siteid = $site and opened_load <= $load and (closed_load is null or closed_load > $load)
            and contains(subjid, $subject)
        order by row_id
        """,
        {"site": siteid, "load": load_id, "subject": subjid},
    )
    rows = [RawRow(form, row_id, dict(zip(columns, values, strict=True))) for row_id, *values in answer.fetchall()]
    return [row for row in rows if trimmed(row.text["subjid"]) == subjid]


def _readings(connection: duckdb.DuckDBPyConnection, siteid: str) -> dict[tuple[str, str], Reading]:
    found = connection.execute(READINGS, {"site": siteid}).fetchall()
    fingerprints = {(sha256, form): fingerprint for sha256, form, fingerprint, *_ in found if form in FORMS}
    readings = {}
    for (sha256, form), fingerprint in fingerprints.items():
        # A file that was refused may have left no record of how it was read; nothing published comes from it.
        if fingerprint is not None and (reading := reading_of(connection, form, fingerprint, SEEDS_DIR)) is not None:
            readings[sha256, form] = reading
    return readings


def _events(connection: duckdb.DuckDBPyConnection, usubjid: str) -> tuple[EventRecord, ...] | None:
    try:
        found = connection.execute(EVENTS, {"who": usubjid}).fetchall()
    except duckdb.CatalogException:  # a working file that was begun anew and has derived nothing yet
        return None
    return tuple(EventRecord(term, icedt, row_id, further) for term, icedt, row_id, further, _ in found)
