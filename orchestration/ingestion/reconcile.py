"""Before new deliveries are looked at: what people decided is applied, and raw is brought to what then counts.

What counts for a form of a site is the latest accepted file that nobody withdrew, read as the register now says.
Wherever raw holds another state, that file comes back from the archive and is merged like any delivery. A file that
can't be read as the register now says stays as it was read before. All of it is one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import duckdb

from orchestration.ingestion import bookkeeping, history
from orchestration.ingestion.decision_log import DecidedFile, final_answer
from orchestration.ingestion.dialects.read_forms import read_form
from orchestration.ingestion.dialects.reading import Reading
from orchestration.ingestion.drift import Particular, gate_answer
from orchestration.ingestion.forms import column_names
from orchestration.ingestion.gate import Answer
from orchestration.ingestion.outcome import LoadContext
from orchestration.ingestion.reader import FileRefusedError, FormContent, empty_content
from orchestration.ingestion.records import FormKey, InForce, NoteRow

WHAT_COUNTS = """
    select siteid, form, delivered, file, sha256, rows, subjects, reading
    from raw.deliveries
    where status in ('LOADED', 'UNCHANGED') and form is not null
    qualify row_number() over (partition by siteid, form order by delivered desc, sequence desc) = 1
"""

# A person judged the bytes, not the date: when they count, the same bytes are no longer held under a later date.
RELEASE_SAME_BYTES = f"""
    update raw.deliveries as held
    set status = 'UNCHANGED', reason = 'the same bytes were released as of ' || counting.delivered
    from ({WHAT_COUNTS}) as counting
    where
        held.status = 'HELD' and held.siteid = counting.siteid and held.form = counting.form
        and held.sha256 = counting.sha256 and held.delivered > counting.delivered
"""


def apply_decisions(connection: duckdb.DuckDBPyConnection, context: LoadContext, report: Callable[[str], None]) -> bool:
    """Bring statuses, raw history and raw.in_force to what the decisions say; say whether anything changed."""
    connection.begin()
    for sentence in _decide(connection, context):
        report(sentence)
    changed = _bring_in_force(connection, context, report)
    _settle_known_columns(connection, context)
    connection.commit()
    return changed


def _decide(connection: duckdb.DuckDBPyConnection, context: LoadContext) -> list[str]:
    changes = []
    for file, decision in context.decisions.items():
        row = connection.execute(
            "select status, rule_id, reason from raw.deliveries "
            "where siteid = ? and delivered = ? and form = ? and sha256 = ?",
            list(file),
        ).fetchone()
        if row is None:
            continue
        before = Answer(*row)
        after = final_answer(before, decision)
        if after != before:
            changes.append((file, after, f"{file.siteid} {file.delivered}: {file.form} {decision.sentence}"))
    for file, after, _ in changes:
        _write_answer(connection, file, after)
    if changes:
        connection.execute(RELEASE_SAME_BYTES)
    return [sentence for _, _, sentence in changes]


def _write_answer(connection: duckdb.DuckDBPyConnection, file: DecidedFile, answer: Answer) -> None:
    connection.execute(
        "update raw.deliveries set status = ?, reason = ? "
        "where siteid = ? and delivered = ? and form = ? and sha256 = ?",
        [answer.status, answer.reason, *file],
    )


def _bring_in_force(connection: duckdb.DuckDBPyConnection, context: LoadContext, report: Callable[[str], None]) -> bool:
    held = _by_form(connection, "from raw.in_force")
    counting = _by_form(connection, WHAT_COUNTS)
    changed: dict[FormKey, InForce | None] = {}
    incoming: dict[str, list[history.IncomingFile]] = {}
    for key in sorted(held.keys() | counting):
        file, before = counting.get(key), held.get(key)
        if file is not None and _is_in_force(context, key, file, before):
            continue
        siteid, form = key
        if file is None:
            empty = empty_content(column_names(form, context.settings.seeds_dir))
            changed[key] = None
            incoming.setdefault(form, []).append(history.IncomingFile(siteid, empty.frame, None, None, None))
            continue
        again = _read_again(connection, context, key, file, before)
        if again.refusal is not None:
            _remark(connection, context, key, file, again.refusal, report)
        if again.content is None:
            continue
        changed[key] = again.state
        if before is not None and before.sha256 == file.sha256:
            report(
                f"{siteid} {file.delivered}: {form} read again: {before.rows:,} records before, "
                f"{again.state.rows:,} now"
            )
        if before is None or (before.sha256, before.reading) != (again.state.sha256, again.state.reading):
            new = history.IncomingFile(siteid, again.content.frame, file.delivered, file.file, file.sha256)
            incoming.setdefault(form, []).append(new)
    for form, files in incoming.items():
        history.merge(connection, form, column_names(form, context.settings.seeds_dir), files, context.load_id)
    bookkeeping.write_in_force(connection, changed)
    return bool(changed)


def _settle_known_columns(connection: duckdb.DuckDBPyConnection, context: LoadContext) -> None:
    """DEL04 is no finding any more once every unknown column is used, ignored or approved to be there."""
    noted = connection.execute("""
        select distinct note.siteid, note.form, note.sha256, in_force.columns
        from raw.notes as note
        inner join raw.in_force as in_force
            on note.siteid = in_force.siteid and note.form = in_force.form and note.sha256 = in_force.sha256
        where note.rule_id = 'DEL04' and in_force.columns is not null
    """).fetchall()
    for siteid, form, sha256, columns in noted:
        reading = context.readings.of(siteid, form)
        unknown = Particular.from_json(columns).unknown
        if reading is not None and reading.approved.known.issuperset(unknown):
            connection.execute(
                "update raw.notes set rule_id = null "
                "where rule_id = 'DEL04' and siteid = ? and form = ? and sha256 = ?",
                [siteid, form, sha256],
            )


def _by_form(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[FormKey, InForce]:
    return {(siteid, form): InForce(*rest) for siteid, form, *rest in connection.execute(sql).fetchall()}


def _is_in_force(context: LoadContext, key: FormKey, file: InForce, before: InForce | None) -> bool:
    """Whether raw holds this file, read as it is to be read."""
    if before is None or (before.delivered, before.file, before.sha256) != (file.delivered, file.file, file.sha256):
        return False
    reading = context.readings.of(*key)
    return reading is None or before.reading == reading.fingerprint


@dataclass(frozen=True)
class _ReadAgain:
    """A file from the archive: what it holds, if that is to be merged, and why it can't be read as it should be."""

    state: InForce
    content: FormContent | None = None
    refusal: str | None = None


def _read_again(
    connection: duckdb.DuckDBPyConnection, context: LoadContext, key: FormKey, file: InForce, before: InForce | None
) -> _ReadAgain:
    """Read an accepted file as the register now says; where that can't be, as it was when it was accepted: a site may
    have changed its format since. Where neither can be, what is in force stays."""
    is_held = before is not None and before.sha256 == file.sha256
    refusals = []
    for reading in _readings(connection, context, key, file, is_held):
        beside = context.readings.of_file(key[0], file.file)
        try:
            content = read_form(context.archive.source(file.sha256), reading, beside)
        except FileRefusedError as refusal:
            refusals.append(str(refusal))
            continue
        particular = Particular.of(content, key[1], context.settings.seeds_dir)
        lost = is_held and gate_answer(content, particular, before, reading.approved, context.shrinkage_percent)
        if lost:
            # A change of the register is judged like a delivery, and waits for one: then a person can release it.
            refusals.append(f"too much would change: {lost.reason}")
            continue
        state = file._replace(
            rows=content.rows,
            subjects=content.subjects,
            reading=reading.fingerprint,
            columns=particular.as_json(),
        )
        bookkeeping.write_reading(connection, reading)
        bookkeeping.note_reading(connection, key, state)
        return _ReadAgain(state, content, "; ".join(refusals) or None)
    return _ReadAgain(file, refusal="; ".join(refusals) or "how it was read is not known")


def _readings(
    connection: duckdb.DuckDBPyConnection, context: LoadContext, key: FormKey, file: InForce, is_held: bool
) -> Iterator[Reading]:
    """How to read a file, in the order in which it is tried."""
    now = context.readings.of(*key)
    if now is not None:
        yield now
    if not is_held:
        accepted = bookkeeping.reading_of(connection, key[1], file.reading, context.settings.seeds_dir)
        if accepted is not None:
            yield accepted


def _remark(
    connection: duckdb.DuckDBPyConnection,
    context: LoadContext,
    key: FormKey,
    file: InForce,
    refusal: str,
    report: Callable[[str], None],
) -> None:
    """Say, once, that a file that counts can't be read as the register now says."""
    siteid, form = key
    message = (
        f"{siteid}, {file.delivered}: {file.file} is not read for {form} as the register now says, and what counted "
        f"before stays: {refusal}."
    )
    known = "select count(*) from raw.notes where siteid = ? and form = ? and sha256 = ? and message = ?"
    if connection.execute(known, [siteid, form, file.sha256, message]).fetchone() == (0,):
        bookkeeping.write_notes(
            connection, [NoteRow(siteid, file.delivered, form, file.file, file.sha256, None, message, 0)]
        )
        report(message)
