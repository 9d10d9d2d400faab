"""What the second derivation says about a subject.

What belongs here: the rows that are compared with the published tables, and the detail that explains a disagreement.
What does not: how any of it comes about.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from validation.second_derivation.assessments import Assessment


@dataclass(frozen=True)
class VisitResponse:
    """The response of a subject at one analysis visit; Y, N or None (not known)."""

    avisit: str
    mature: bool
    sri4oc: str | None
    sri4: str | None
    sri4locf: str | None
    sri5: str | None
    sri6: str | None
    sri7: str | None
    sri8: str | None
    reason: str


@dataclass(frozen=True)
class PlannedInfusion:
    """What became of a planned infusion: GIVEN, MISSED, NOT DUE or PENDING."""

    visit: str
    status: str


@dataclass(frozen=True)
class Event:
    """An intercurrent event; `day` is a protocol day."""

    term: str
    day: int


@dataclass(frozen=True)
class ChosenRecords:
    """The record chosen for each component, at baseline or at an analysis visit; None where there is none."""

    sledai: Assessment[int | None] | None
    bilag: Assessment[tuple[str | None, ...]] | None
    pga: Assessment[Fraction | None] | None

    @property
    def last_day(self) -> int | None:
        """The latest protocol day of the records, complete or not."""
        days = [record.day for record in (self.sledai, self.bilag, self.pga) if record is not None]
        return max(days, default=None)


@dataclass(frozen=True)
class ComponentResults:
    """Each component met (True), failed (False) or unknown (None); SLEDAI once for each k, from 4 points upwards."""

    sledai: tuple[bool | None, ...]
    bilag: bool | None
    pga: bool | None


@dataclass(frozen=True)
class SubjectDetail:
    """What led to the result, to explain a disagreement; days are protocol days, visits in their order."""

    baseline: ChosenRecords
    chosen: tuple[ChosenRecords, ...]
    components: tuple[ComponentResults, ...]
    events: tuple[Event, ...]
    end_of_study_day: int | None
    end_of_treatment_day: int | None


@dataclass(frozen=True)
class SubjectDerivation:
    """A subject: day 0, response group at week 48, visits, infusions, and the earliest intercurrent event."""

    usubjid: str
    trtsdt: date | None
    respgrp: str | None
    visits: tuple[VisitResponse, ...]
    infusions: tuple[PlannedInfusion, ...]
    icedt: date | None = None
    iceterm: str | None = None
    detail: SubjectDetail | None = field(default=None, compare=False, repr=False)
