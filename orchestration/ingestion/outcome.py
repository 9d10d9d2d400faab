"""What a load has to do with one delivery, what it goes by, and what comes of it: values, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from orchestration.ingestion.archive import Archive, Arrival
from orchestration.ingestion.decision_log import DecidedFile, Decision
from orchestration.ingestion.deliveries import LandedDelivery
from orchestration.ingestion.dialects.readings import Readings
from orchestration.ingestion.reader import FormContent
from orchestration.ingestion.records import DeliveryRow, InForce, NoteRow, SeenFile, Verdict
from orchestration.ingestion.register import Register
from orchestration.ingestion.settings import Settings


@dataclass(frozen=True)
class LoadContext:
    """What is the same for every delivery of a load."""

    settings: Settings
    clock: date
    load_id: str
    now: float
    register: Register
    readings: Readings
    archive: Archive
    decisions: dict[DecidedFile, Decision]
    shrinkage_percent: Decimal


class Task(NamedTuple):
    """A delivery to be looked at, and what was said about it before. `all_anew`: an earlier answer may not hold."""

    delivery: LandedDelivery
    verdicts: list[Verdict]
    reported_missing: set[str]
    all_anew: bool


@dataclass
class Outcome:
    """What is to be written about one delivery, and the contents that are to be merged."""

    delivery: LandedDelivery
    rows: list[DeliveryRow] = field(default_factory=list)
    notes: list[NoteRow] = field(default_factory=list)
    seen: dict[str, SeenFile] = field(default_factory=dict)
    arrivals: list[Arrival] = field(default_factory=list)
    contents: dict[str, FormContent] = field(default_factory=dict)
    in_force: dict[tuple[str, str], InForce] = field(default_factory=dict)
    settling: str | None = None
    stands: bool = False  # what was said about the delivery as a whole before holds still
