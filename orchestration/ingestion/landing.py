"""Steps 2 and 3 of a load: deliveries land, are archived, judged, and become raw history.

Deliveries are taken date by date, all sites of a date together, so that an outage skips nothing and one statement
merges a form of many sites. Each such group is one transaction, after its files were archived: killed anywhere and
run again, a load ends where it would have ended. The caller holds the warehouse's lock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

import duckdb

from orchestration.ingestion import bookkeeping, forms, history
from orchestration.ingestion.archive import Archive
from orchestration.ingestion.column_log import approvals, standing_approvals
from orchestration.ingestion.decision_log import standing_decisions
from orchestration.ingestion.deliveries import Claims, Landing, scan
from orchestration.ingestion.dialects.delivery_files import forms_by_file
from orchestration.ingestion.dialects.readings import Readings
from orchestration.ingestion.intake import take_in
from orchestration.ingestion.outcome import LoadContext, Outcome
from orchestration.ingestion.reconcile import apply_decisions
from orchestration.ingestion.records import ACCEPTED, DeliveryKey, Knowledge
from orchestration.ingestion.register import Register, load_register
from orchestration.ingestion.schema import create_raw_schema
from orchestration.ingestion.settings import Settings
from orchestration.ingestion.surroundings import report_late_sites, report_oddities, write_settling
from orchestration.ingestion.unhandled import tasks

# So much of the files is held in memory between two transactions; as frames it takes about twenty times as much.
BYTES_PER_TRANSACTION = 64 * 1024 * 1024
Report = Callable[[str], None]


@dataclass
class LandingSummary:
    """What a load took in. `files` counts files by what became of them; `rows` are the records of those loaded."""

    deliveries: int = 0
    files: dict[str, int] = field(default_factory=dict)
    rows: int = 0
    settling: int = 0
    raw_changed: bool = False

    def add(self, outcome: Outcome) -> None:
        self.deliveries += 1
        for row in outcome.rows:
            self.files[row.status] = self.files.get(row.status, 0) + 1
            self.rows += (row.rows or 0) if row.status == "LOADED" else 0
        self.raw_changed = self.raw_changed or bool(outcome.in_force)

    def sentence(self) -> str:
        """The whole of it in one line."""
        if not self.deliveries and not self.settling:
            return "nothing new in the landing folder"
        counts = ", ".join(f"{number:,} {status.lower()}" for status, number in sorted(self.files.items()))
        waiting = f"; {self.settling:,} deliveries not settled yet" if self.settling else ""
        return f"{self.deliveries:,} deliveries: {counts or 'no files'}; {self.rows:,} rows loaded{waiting}"


def land(
    settings: Settings,
    clock: date,
    load_id: str,
    report: Report = lambda message: None,
    code_version: str = "",
) -> LandingSummary:
    """Take in every settled delivery that was not handled before, as of the date `clock`.

    Raises:
        RegisterError, LandingMissingError: there is nothing to go by.
        OSError, duckdb.Error: the warehouse can't be written. What was taken so far is whole.
    """
    register = load_register(settings.sites_file)
    now = time.time()
    landing = scan(settings.landing_dir, claims_of(register, settings), now)
    context = LoadContext(
        settings=settings,
        clock=clock,
        load_id=load_id,
        now=now,
        register=register,
        readings=readings_of(register, settings),
        archive=Archive(settings.archive_dir),
        decisions=standing_decisions(settings),
        shrinkage_percent=forms.protocol_parameter("shrinkage_percent", settings.seeds_dir),
    )
    settings.warehouse_dir.mkdir(parents=True, exist_ok=True)
    context.archive.discard_unfinished()
    with duckdb.connect(str(settings.working_file)) as connection:
        create_raw_schema(connection, settings.seeds_dir)
        bookkeeping.start_load(connection, load_id, clock, code_version)
        summary = LandingSummary(raw_changed=apply_decisions(connection, context, report))
        knowledge = bookkeeping.read_knowledge(connection)
        settling: dict[DeliveryKey, str] = {}
        for outcomes in _outcomes(connection, context, knowledge, landing, settling):
            _commit(connection, context, outcomes)
            for outcome in outcomes:
                summary.add(outcome)
                _tell(outcome, report)
        for message in report_oddities(connection, context, knowledge, landing):
            report(message)
        report_late_sites(connection, context, knowledge)
        write_settling(connection, context, settling)
        summary.settling = len(settling)
        for (siteid, delivered), reason in settling.items():
            report(f"{siteid} {delivered}: not settled yet: {reason}")
    return summary


def claims_of(register: Register, settings: Settings) -> Claims:
    """Which files of a site hold which forms, by the register."""
    names = forms.form_names(settings.seeds_dir)
    return lambda siteid, files: forms_by_file(register.sites.get(siteid), files, names)


def readings_of(register: Register, settings: Settings) -> Readings:
    """How each form of each site is read: the register, and what was approved since."""
    approved = standing_approvals(approvals(settings))
    return Readings(register, settings.sites_file.parent, approved, settings.seeds_dir)


def _outcomes(
    connection: duckdb.DuckDBPyConnection,
    context: LoadContext,
    knowledge: Knowledge,
    landing: Landing,
    settling: dict[DeliveryKey, str],
) -> Iterator[list[Outcome]]:
    """Outcomes in groups of one date each, small enough for memory. Deliveries that must wait are put in `settling`."""
    due = tasks(connection, context, knowledge, landing)
    for _, of_one_date in groupby(due, lambda task: task.delivery.delivered):
        group: list[Outcome] = []
        size = 0
        for task in of_one_date:
            siteid, delivered = task.delivery.key
            if any(waiting == siteid for waiting, _ in settling):
                settling[siteid, delivered] = "an earlier delivery of the site is not settled yet"
                continue
            outcome = take_in(context, knowledge, task)
            if outcome.settling is not None:
                latest = knowledge.latest.get(siteid)
                if latest is None or delivered >= latest:  # an older one will be refused: nobody waits for it
                    settling[siteid, delivered] = outcome.settling
                continue
            if not (outcome.rows or outcome.notes or outcome.seen != knowledge.seen.get(task.delivery.key, {})):
                continue  # all of it was said before
            group.append(outcome)
            size += sum(file.state.size for file in task.delivery.files)
            if size > BYTES_PER_TRANSACTION:
                yield group
                group, size = [], 0
        if group:
            yield group


def _commit(connection: duckdb.DuckDBPyConnection, context: LoadContext, outcomes: list[Outcome]) -> None:
    """Write a group of outcomes: all of it or nothing."""
    context.archive.record(arrival for outcome in outcomes for arrival in outcome.arrivals)
    connection.begin()
    anew = [outcome.delivery.key for outcome in outcomes if outcome.rows and not outcome.stands]
    bookkeeping.drop_whole_delivery_rows(connection, anew)
    bookkeeping.write_deliveries(connection, [row for outcome in outcomes for row in outcome.rows])
    bookkeeping.write_notes(connection, [note for outcome in outcomes for note in outcome.notes])
    bookkeeping.write_seen(connection, {outcome.delivery.key: outcome.seen for outcome in outcomes})
    for form in forms.form_names(context.settings.seeds_dir):
        incoming = [_incoming(outcome, form) for outcome in outcomes if form in outcome.contents]
        if incoming:
            columns = forms.column_names(form, context.settings.seeds_dir)
            history.merge(connection, form, columns, incoming, context.load_id)
    in_force = [item for outcome in outcomes for item in outcome.in_force.items()]
    with_reading = {(row.siteid, row.form) for outcome in outcomes for row in outcome.rows if row.form and row.reading}
    for siteid, form in sorted(with_reading):
        reading = context.readings.of(siteid, form)
        assert reading is not None
        bookkeeping.write_reading(connection, reading)
    bookkeeping.write_in_force(connection, dict(in_force))
    connection.commit()


def _incoming(outcome: Outcome, form: str) -> history.IncomingFile:
    siteid, _ = outcome.delivery.key
    state = outcome.in_force[siteid, form]
    return history.IncomingFile(siteid, outcome.contents[form].frame, state.delivered, state.file, state.sha256)


def _tell(outcome: Outcome, report: Report) -> None:
    """One line for each delivery, and one for each file of it that was not taken."""
    siteid, delivered = outcome.delivery.key
    taken = [row for row in outcome.rows if row.status in ACCEPTED]
    if taken:
        rows = sum(row.rows or 0 for row in taken)
        report(f"{siteid} {delivered}: {len(taken)} files, {rows:,} rows")
    reasons: dict[tuple[str, str | None, str | None], list[str]] = {}
    for row in outcome.rows:
        if row.status not in ACCEPTED:
            reasons.setdefault((row.status, row.rule_id, row.reason), []).append(row.form or "the delivery")
    for (status, rule_id, reason), names in reasons.items():
        report(f"{siteid} {delivered}: {', '.join(names)} {status.lower()} ({rule_id}): {reason}")
