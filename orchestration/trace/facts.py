"""What a trace holds: plain values, read or derived elsewhere. How they are worded belongs in `wording` and `sheet`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from validation.second_derivation.protocol_tables import AnalysisVisit

COMPONENTS = ("SLEDAI", "BILAG", "PGA")
FORM_OF = {"SLEDAI": "sledai", "BILAG": "bilag", "PGA": "pga"}
UNREADABLE = "(unreadable)"  # a visit label that the plan does not know


@dataclass(frozen=True)
class Candidate:
    """A record that could stand for a component at baseline or at the visit, and why it does or does not."""

    component: str
    row_id: str
    adt: date
    protday: int
    visit: str  # as recorded
    complete: bool
    value: str | None
    chosen: bool
    why: str = ""


@dataclass(frozen=True)
class Event:
    """An intercurrent event, or a further record of one; `counts` says whether against this visit."""

    term: str
    icedt: date
    protday: int
    counts: bool
    row_id: str | None
    further: bool = False  # a further record of a prohibited medication: it makes no event of its own


@dataclass(frozen=True)
class Position:
    """Where a row stands, in the latest delivery that held it, and since when it has been what it is."""

    form: str
    row_id: str
    file: str
    sha256: str
    row: int
    first_delivered: date
    latest_delivered: date


@dataclass(frozen=True)
class Source:
    """A delivered row behind the decision: its text, and what the archived bytes say of it."""

    what: str
    position: Position
    text: Mapping[str, str] | None  # None: neither the working file nor the archive could be read
    archive: str
    wrong: bool = False  # the archived bytes are missing, or hold something else


@dataclass(frozen=True)
class Compared:
    """One value as published and as derived a second time."""

    what: str
    published: str | None
    again: str | None

    @property
    def agrees(self) -> bool:
        return self.published == self.again


@dataclass(frozen=True)
class Recomputation:
    """The second derivation beside the publication, or in a sentence why there is none now."""

    compared: tuple[Compared, ...] = ()
    not_now: str | None = None

    @property
    def differing(self) -> list[Compared]:
        return [value for value in self.compared if not value.agrees]

    @property
    def agrees(self) -> bool | None:
        """None when it could not be derived again."""
        return None if self.not_now is not None else not self.differing


@dataclass(frozen=True)
class Grades:
    """One BILAG-2004 system at baseline and at the visit; `new` as published."""

    system: str
    baseline: str | None
    now: str | None
    new: bool


@dataclass(frozen=True)
class Trace:
    """One subject at one analysis visit. `subject` is its row of adsl, `result` its row of adsri."""

    load_id: str
    night: date
    usubjid: str
    window: AnalysisVisit
    subject: Mapping[str, Any]
    result: Mapping[str, Any]
    limits: Mapping[str, Any]
    baseline: Mapping[str, tuple[Candidate, ...]]
    candidates: Mapping[str, tuple[Candidate, ...]]
    grades: tuple[Grades, ...]
    events: tuple[Event, ...]
    sources: tuple[Source, ...]
    recomputation: Recomputation
