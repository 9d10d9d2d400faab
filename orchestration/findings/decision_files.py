"""Where decisions about findings are kept: a folder of small files, one per act, written once and never touched again.

    decisions/findings/20261123T131435123456Z-9f3c21aa.jsonl     a line per decision

A file is written beside, made durable and renamed: it is there whole or not at all, so an act on many findings is never
half taken, and two people at once write two files. Nobody waits for a load, and a load reads what is there. Whether a
decision makes sense is checked before it comes here (`deciding`, `importing`).
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

from orchestration.ingestion.archive import sync_folder
from orchestration.ingestion.settings import Settings
from validation.decisions import Decision

FOLDER = "findings"


class DecisionFileDamagedError(RuntimeError):
    """A file of decisions is not as it was written."""


def decision_id(finding_id: str, decision: str, decided_by: str, reason: str, until: date | None, moment: str) -> str:
    """The id of a decision: a hash of what it says and of the moment; without one, whoever says the same again, says
    the same decision."""
    said = json.dumps([finding_id, decision, decided_by, reason, str(until or ""), moment])
    return f"D-{hashlib.sha256(said.encode()).hexdigest()[:16]}"


def utc_now() -> datetime:
    """This moment in UTC, without a zone, as decisions carry it."""
    return datetime.now(UTC).replace(tzinfo=None)


def write_decisions(settings: Settings, decisions: Sequence[Decision]) -> Path:
    """Keep these decisions, all of them or none; they are durable when this returns.

    Raises:
        OSError: the folder can't be written, or the disk is full. Nothing was decided then.
    """
    folder = settings.decisions_dir / FOLDER
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        for parent in (folder.parent, settings.warehouse_dir):
            sync_folder(parent)
    name = f"{decisions[0].decided_at:%Y%m%dT%H%M%S%f}Z-{secrets.token_hex(4)}.jsonl"
    beside = folder / f".{name}"
    text = "".join(json.dumps(asdict(decision), default=str, ensure_ascii=False) + "\n" for decision in decisions)
    try:
        with beside.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), 0o444)
        beside.replace(folder / name)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(folder)
    return folder / name


def read_decisions(settings: Settings, damaged: list[DecisionFileDamagedError] | None = None) -> list[Decision]:
    """Every decision, each once, in the order in which they were made.

    A load goes on without a file that can't be read, and says so: it hands in a list, in which it finds the errors.

    Raises:
        DecisionFileDamagedError: a file can't be read, and nobody collects; nothing is left out in silence.
    """
    decisions: dict[str, Decision] = {}
    for file in sorted((settings.decisions_dir / FOLDER).glob("[!.]*.jsonl")):
        try:
            for decision in _read(file):
                decisions.setdefault(decision.decision_id, decision)
        except DecisionFileDamagedError as error:
            if damaged is None:
                raise
            damaged.append(error)
    return sorted(decisions.values(), key=lambda decision: decision.decided_at)


def _read(file: Path) -> list[Decision]:
    try:
        entries = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        if not entries:
            raise ValueError("it is empty")
        return [
            Decision(
                **{
                    **entry,
                    "decided_at": datetime.fromisoformat(entry["decided_at"]),
                    "until": date.fromisoformat(entry["until"]) if entry["until"] else None,
                }
            )
            for entry in entries
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DecisionFileDamagedError(
            f"{file} holds decisions about findings and can't be read ({error}). Bring it back from the backup, or "
            "move it out of that folder and decide again."
        ) from error
