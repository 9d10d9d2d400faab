"""The intercurrent events of a subject ("Intercurrent events").

What belongs here: bringing the events together, and which of them count at all. What does not: how each is found, and
against which visit it counts (response.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from validation.second_derivation.endings import DEATH, Ending
from validation.second_derivation.results import Event

DISCONTINUED = "DISCONTINUED"
TREATMENT_DISCONTINUED = "TREATMENT DISCONTINUED"
PROHIBITED_MEDICATION = "PROHIBITED MEDICATION"
STEROID_INCREASE = "STEROID INCREASE"


def intercurrent_events(
    end_of_study: Ending | None,
    treatment_broken_off: Ending | None,
    prohibited_day: int | None,
    steroid_day: int | None,
) -> tuple[Event, ...]:
    """The events that count, at most one of a kind, in the order in which they are named as reasons.

    Days are protocol days. Death comes from the end of study only; events after the end of study don't count.
    """
    events = []
    if end_of_study is not None and not end_of_study.completed:
        events.append(Event(DEATH if end_of_study.how == DEATH else DISCONTINUED, end_of_study.day))
    if treatment_broken_off is not None:
        events.append(Event(TREATMENT_DISCONTINUED, treatment_broken_off.day))
    if prohibited_day is not None:
        events.append(Event(PROHIBITED_MEDICATION, prohibited_day))
    if steroid_day is not None:
        events.append(Event(STEROID_INCREASE, steroid_day))
    return tuple(event for event in events if end_of_study is None or event.day <= end_of_study.day)


def earliest(events: Sequence[Event]) -> Event | None:
    """The earliest event; of several on one day the one named first as a reason."""
    return min(events, key=lambda event: event.day, default=None)
