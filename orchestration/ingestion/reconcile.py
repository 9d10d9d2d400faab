"""Before new deliveries are looked at: what people decided is applied, and raw is brought to what then counts.

What counts for a form of a site is the latest accepted file that nobody withdrew. Wherever raw holds another state,
that file comes back from the archive and is merged like any delivery. All of it is one transaction.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from orchestration.ingestion import bookkeeping, history
from orchestration.ingestion.archive import Archive
from orchestration.ingestion.decision_log import DecidedFile, final_answer
from orchestration.ingestion.forms import column_names
from orchestration.ingestion.gate import Answer
from orchestration.ingestion.outcome import LoadContext
from orchestration.ingestion.reader import empty_content, read_csv
from orchestration.ingestion.records import FormKey, InForce

WHAT_COUNTS = """
    select siteid, form, delivered, file, sha256, rows, subjects
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
    changed = _bring_in_force(connection, context)
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


def _bring_in_force(connection: duckdb.DuckDBPyConnection, context: LoadContext) -> bool:
    held = _by_form(connection, "from raw.in_force")
    counting = _by_form(connection, WHAT_COUNTS)
    changed = {key: counting.get(key) for key in sorted(held.keys() | counting) if held.get(key) != counting.get(key)}
    seeds_dir = context.settings.seeds_dir
    for form in sorted({form for _, form in changed}):
        columns = column_names(form, seeds_dir)
        incoming = [
            _from_archive(context.archive, siteid, file, columns)
            for (siteid, of_form), file in changed.items()
            if of_form == form and not _same_bytes(held.get((siteid, form)), file)
        ]
        if incoming:
            history.merge(connection, form, columns, incoming, context.load_id)
    bookkeeping.write_in_force(connection, changed)
    return bool(changed)


def _by_form(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[FormKey, InForce]:
    return {(siteid, form): InForce(*rest) for siteid, form, *rest in connection.execute(sql).fetchall()}


def _from_archive(
    archive: Archive, siteid: str, file: InForce | None, columns: tuple[str, ...]
) -> history.IncomingFile:
    if file is None:
        return history.IncomingFile(siteid, empty_content(columns).frame, None, None, None)
    content = read_csv(archive.read(file.sha256), columns)
    return history.IncomingFile(siteid, content.frame, file.delivered, file.file, file.sha256)


def _same_bytes(held: InForce | None, file: InForce | None) -> bool:
    return held is not None and file is not None and held.sha256 == file.sha256
