"""What people do about deliveries: look at them, release one that is held, withdraw one that counts.

Works while a load is running: deliveries are read from the working file when nobody holds it, else from the
published database, and a decision is a line in a file of its own (`decision_log`). The next load applies it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from orchestration.ingestion.decision_log import DecidedFile, Kind, final_answer, record, standing_decisions
from orchestration.ingestion.gate import Answer
from orchestration.ingestion.lock import LoadLocked, hold_lock, lock_holder
from orchestration.ingestion.records import ACCEPTED
from orchestration.ingestion.settings import Settings

DELIVERIES = "select siteid, delivered, form, file, sha256, rows, status, reason from {table}"
DATES_SHOWN = 5


class DecisionRefusedError(ValueError):
    """This can't be decided; the message says why and what could be."""


@dataclass(frozen=True)
class DeliveredFile:
    """One file of one delivery. `decided` is what a decision that no load has applied yet will make of its status."""

    siteid: str
    delivered: date | None
    form: str | None
    file: str | None
    sha256: str | None
    rows: int | None
    status: str
    reason: str | None
    decided: str | None = None

    @property
    def standing(self) -> str:
        return self.decided or self.status


def list_deliveries(settings: Settings, siteid: str | None = None, status: str | None = None) -> list[DeliveredFile]:
    """What arrived and what became of it: the newest first, with decisions that the next load will apply."""
    decisions = standing_decisions(settings)
    files = []
    for file in _read_deliveries(settings):
        if file.delivered is not None and file.form is not None and file.sha256 is not None:
            decision = decisions.get(DecidedFile(file.siteid, file.delivered, file.form, file.sha256))
            after = final_answer(Answer(file.status, None, file.reason), decision).status
            file = replace(file, decided=after if after != file.status else None)
        if siteid in {None, file.siteid} and status in {None, file.status, file.standing}:
            files.append(file)
    return sorted(files, key=lambda file: (-(file.delivered or date.min).toordinal(), file.siteid, file.form or ""))


def release(settings: Settings, siteid: str, delivered: date, form: str | None, name: str, reason: str) -> list[str]:
    """Let held (or withdrawn) files count; give back one sentence for each.

    Raises:
        DecisionRefusedError: there is nothing like that to release.
    """
    files, everything = _files_of(settings, siteid, delivered, form, name, reason)
    found = [file for file in files if file.standing == "HELD"] or [f for f in files if f.standing == "WITHDRAWN"]
    if not found:
        raise DecisionRefusedError(_nothing_to("release", siteid, delivered, files))
    superseded = {file.form: newer for file in found if (newer := _newer_accepted(file, everything))}
    if len(superseded) == len(found):
        newer = next(iter(superseded.values()))
        raise DecisionRefusedError(
            f"{siteid} {delivered}: {newer.form} of {newer.delivered} has been accepted since and is in force; "
            "releasing older bytes would change nothing"
        )
    return _record(settings, "release", [file for file in found if file.form not in superseded], name, reason)


def withdraw(settings: Settings, siteid: str, delivered: date, form: str | None, name: str, reason: str) -> list[str]:
    """Take accepted or held files out of use; the last accepted state before them comes back.

    Raises:
        DecisionRefusedError: there is nothing like that to withdraw.
    """
    files, _ = _files_of(settings, siteid, delivered, form, name, reason)
    found = [file for file in files if file.standing in {*ACCEPTED, "HELD"}]
    if not found:
        raise DecisionRefusedError(_nothing_to("withdraw", siteid, delivered, files))
    return _record(settings, "withdraw", found, name, reason)


def _files_of(
    settings: Settings, siteid: str, delivered: date, form: str | None, name: str, reason: str
) -> tuple[list[DeliveredFile], list[DeliveredFile]]:
    if not name.strip() or not reason.strip():
        raise DecisionRefusedError("a decision needs the name of who decides and a reason")
    everything = list_deliveries(settings, siteid)
    if not everything:
        raise DecisionRefusedError(f"no delivery of {siteid} is known (sites are written as in the register)")
    files = [file for file in everything if file.delivered == delivered and form in {None, file.form}]
    if not files:
        dates = sorted({str(file.delivered) for file in everything if file.delivered}, reverse=True)
        shown = ", ".join(dates[:DATES_SHOWN]) or "none"
        what = f"{delivered} with {form}" if form else f"{delivered}"
        raise DecisionRefusedError(f"{siteid} has no delivery of {what}; latest: {shown}")
    return files, everything


def _nothing_to(kind: Kind, siteid: str, delivered: date, files: list[DeliveredFile]) -> str:
    states = ", ".join(f"{file.form or 'the delivery'} is {file.standing}" for file in files)
    possible = "HELD or WITHDRAWN" if kind == "release" else "LOADED, UNCHANGED or HELD"
    return f"{siteid} {delivered}: nothing to {kind}: {states}; only what is {possible} can be"


def _newer_accepted(file: DeliveredFile, everything: list[DeliveredFile]) -> DeliveredFile | None:
    """A file of the same form that counts under the same or a later date."""
    assert file.delivered is not None
    for other in everything:
        same = other.form == file.form and other.standing in ACCEPTED
        if same and other.delivered is not None and other.delivered >= file.delivered:
            return other
    return None


def _record(settings: Settings, kind: Kind, files: list[DeliveredFile], name: str, reason: str) -> list[str]:
    about = [
        DecidedFile(file.siteid, file.delivered, file.form, file.sha256)
        for file in files
        if file.delivered is not None and file.form is not None and file.sha256 is not None
    ]
    return [
        f"{made.siteid} {made.delivered}: {made.form} ({made.sha256[:12]}) {made.sentence}"
        for made in record(settings, kind, about, name.strip(), reason.strip())
    ]


def _read_deliveries(settings: Settings) -> list[DeliveredFile]:
    """From the working file while nobody holds it (an open reader would stop a load), else as last published."""
    try:
        with hold_lock(settings, owner="mrbs delivery"):
            if settings.working_file.exists():
                return _query(settings.working_file, "raw.deliveries")
    except LoadLocked:
        if not settings.published_file.exists():
            raise LoadLocked(lock_holder(settings)) from None
    except duckdb.IOException:
        if not settings.published_file.exists():
            raise
    if not settings.published_file.exists():
        raise DecisionRefusedError(f"nothing has been loaded yet in {settings.warehouse_dir}")
    return _query(settings.published_file, "quality.deliveries")


def _query(database: Path, table: str) -> list[DeliveredFile]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return [DeliveredFile(*row) for row in connection.execute(DELIVERIES.format(table=table)).fetchall()]
