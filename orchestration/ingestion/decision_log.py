"""The log of decisions: which delivered files people released or withdrew, who, why and when.

One file of lines, only ever appended to, each naming the bytes it is about; so raw history can be rebuilt from the
archive and the decisions alone. Whether a decision makes sense is checked in `decisions`; a load applies what stands
here (`reconcile` to earlier deliveries, `intake` to those that come again).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

from orchestration.ingestion.archive import append_lines, read_lines
from orchestration.ingestion.gate import Answer
from orchestration.ingestion.records import ACCEPTED
from orchestration.ingestion.settings import Settings

FILE = "deliveries.jsonl"
Kind = Literal["release", "withdraw"]


class DecidedFile(NamedTuple):
    """What a decision is about: these bytes, as this form, of this delivery."""

    siteid: str
    delivered: date
    form: str
    sha256: str


@dataclass(frozen=True)
class Decision:
    """One decision about one file."""

    decision: Kind
    siteid: str
    delivered: date
    form: str
    sha256: str
    name: str
    reason: str
    time: str

    @property
    def about(self) -> DecidedFile:
        return DecidedFile(self.siteid, self.delivered, self.form, self.sha256)

    @property
    def sentence(self) -> str:
        return f"{'released' if self.decision == 'release' else 'withdrawn'} by {self.name}: {self.reason}"


def standing_decisions(settings: Settings) -> dict[DecidedFile, Decision]:
    """The last decision about each file."""
    standing = {}
    for entry in read_lines(settings.decisions_dir / FILE):
        decision = Decision(**{**entry, "delivered": date.fromisoformat(entry["delivered"])})  # type: ignore[arg-type]
        standing[decision.about] = decision
    return standing


def record(settings: Settings, kind: Kind, files: Iterable[DecidedFile], name: str, reason: str) -> list[Decision]:
    """Append one decision for each file."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    made = [Decision(kind, *file, name, reason, now) for file in files]
    settings.decisions_dir.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({**asdict(decision), "delivered": str(decision.delivered)}) + "\n" for decision in made]
    append_lines(settings.decisions_dir / FILE, lines)
    return made


def final_answer(answer: Answer, decision: Decision | None) -> Answer:
    """What becomes of a file when a person has decided about it: a release lifts only what was held or withdrawn, a
    withdrawal takes only what would count or be held."""
    if decision is None:
        return answer
    because = "; ".join(text for text in (decision.sentence, answer.reason) if text)
    if decision.decision == "release" and answer.status in {"HELD", "WITHDRAWN"}:
        return Answer("LOADED", answer.rule_id, because)
    if decision.decision == "withdraw" and answer.status in {*ACCEPTED, "HELD"}:
        return Answer("WITHDRAWN", answer.rule_id, because)
    return answer
