"""The things that are known about deliveries, as values: rows of the bookkeeping tables and what a load knows.

How they are read and written stands in `bookkeeping`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from orchestration.ingestion.deliveries import FileState

ACCEPTED = ("LOADED", "UNCHANGED")
DeliveryKey = tuple[str, date]
FormKey = tuple[str, str]


class DeliveryRow(NamedTuple):
    """A row of raw.deliveries, in the order of its columns."""

    siteid: str
    delivered: date | None
    form: str | None
    file: str | None
    sha256: str | None
    bytes: int | None
    rows: int | None
    subjects: int | None
    status: str
    rule_id: str | None
    reason: str | None
    sequence: int
    load_id: str
    recorded: date
    reading: str | None = None


class NoteRow(NamedTuple):
    """A row of raw.notes, in the order of its columns."""

    siteid: str
    delivered: date | None
    form: str | None
    file: str | None
    sha256: str | None
    rule_id: str | None
    message: str
    sequence: int


class InForce(NamedTuple):
    """The accepted file that counts now for one form of one site, and how it was read. `columns` says what is
    particular about its columns, as JSON: which the contract doesn't know, which can't be read."""

    delivered: date
    file: str
    sha256: str
    rows: int
    subjects: int
    reading: str | None = None
    columns: str | None = None


class SeenFile(NamedTuple):
    """A file that was handled, its bytes, and the forms that it was said to hold (None: not known any more)."""

    state: FileState
    sha256: str
    forms: str | None = None


class Verdict(NamedTuple):
    """An earlier answer about one file of a delivery (or, without a form, about all of it)."""

    form: str | None
    sha256: str | None
    status: str
    rule_id: str | None
    reason: str | None
    reading: str | None = None


@dataclass
class Knowledge:
    """What the warehouse knows. A load keeps it up to date, so that each delivery is judged against the one before."""

    in_force: dict[FormKey, InForce] = field(default_factory=dict)
    latest: dict[str, date] = field(default_factory=dict)
    seen: dict[DeliveryKey, dict[str, SeenFile]] = field(default_factory=dict)
    refused: dict[DeliveryKey, set[Verdict]] = field(default_factory=dict)
    remarks: set[tuple[Any, ...]] = field(default_factory=set)
    sequence: int = 0

    def next_sequence(self) -> int:
        self.sequence += 1
        return self.sequence
