"""End of study and end of treatment ("Intercurrent events").

What belongs here: which end counts and from which day. What does not: what follows from it for a visit (response.py)
or a planned infusion (dosing.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from validation.second_derivation import bilag, pga, sledai
from validation.second_derivation.clock import Clock
from validation.second_derivation.reading import code, moment
from validation.second_derivation.usable import Row

COMPLETED, DEATH = "COMPLETED", "DEATH"
TREATMENT = "TREATMENT"


@dataclass(frozen=True)
class Ending:
    """An end of study or treatment; `day` is a protocol day, `how` the delivered code, readable or not."""

    day: int
    how: str

    @property
    def completed(self) -> bool:
        """Only the exact code says so; one that can't be read stays an event."""
        return self.how == COMPLETED


def ending(rows: Mapping[str, Sequence[Row]], clock: Clock, what: str) -> Ending | None:
    """The end of STUDY or of TREATMENT: the earliest of several.

    Of several on one day death goes first and completed last, so that no event is lost.
    """
    return _earliest(_read(row, rows, clock) for row in rows["ds"] if _what_ended(row) == what)


def treatment_event(rows: Mapping[str, Sequence[Row]], clock: Clock) -> Ending | None:
    """The end of treatment that is an event: the one that counts, unless it was completed; then an end other than
    completed of which nobody can read what ended. A completed treatment must not hide what may be a death."""
    end_of_treatment = ending(rows, clock, TREATMENT)
    if end_of_treatment is None or not end_of_treatment.completed:
        return end_of_treatment
    unreadable = (_read(row, rows, clock) for row in rows["ds"] if code(row["dscat"], "DSCAT") is None)
    return _earliest(end for end in unreadable if not end.completed)


def _read(row: Row, rows: Mapping[str, Sequence[Row]], clock: Clock) -> Ending:
    assert row["dsdecod"] is not None  # usable rows have a whole key
    when = moment(row["dsdtc"])
    day = clock.protocol_day(when.date) if when is not None else _day_after_last_seen(rows, clock)
    return Ending(day, row["dsdecod"])


def _earliest(ends: Iterable[Ending]) -> Ending | None:
    return min(ends, key=lambda end: (end.day, end.completed, end.how != DEATH), default=None)


def _what_ended(row: Row) -> str:
    """A category that can't be read: the end of treatment is certain, the end of study is not."""
    return code(row["dscat"], "DSCAT") or TREATMENT


def _day_after_last_seen(rows: Mapping[str, Sequence[Row]], clock: Clock) -> int:
    """An end without a date counts from the day after the last dated visit, infusion or assessment.

    A visit or an infusion that is recorded as not done is none; any other dated row says that the subject was there.
    """
    seen = [row["svdtc"] for row in rows["sv"] if row["svoccur"] != "N"]
    seen += [row["exstdtc"] for row in rows["ex"] if row["exoccur"] != "N"]
    seen += [row[sledai.DATE_COLUMN] for row in rows["sledai"]]
    seen += [row[bilag.DATE_COLUMN] for row in rows["bilag"]]
    seen += [row[pga.DATE_COLUMN] for row in rows["pga"]]
    dates = [when.date for when in map(moment, seen) if when is not None]
    # Never empty: day 0 is known, so the first infusion is among them.
    return clock.protocol_day(max(dates) + timedelta(days=1))
