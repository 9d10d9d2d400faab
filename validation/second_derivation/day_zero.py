"""Day 0 of a subject: the date of the first infusion ("Baseline and analysis visits").

What belongs here: finding the first infusion, and telling a held subject from one never infused. What does not:
counting days from it (clock.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from validation.second_derivation.clock import Clock
from validation.second_derivation.dosing import may_have_been_given, was_given
from validation.second_derivation.reading import moment
from validation.second_derivation.usable import Row, trimmed_rows, usable_rows

FIRST_INFUSION_VISIT = "D0"


@dataclass(frozen=True)
class DayZero:
    """The clock where day 0 is known, and whether the subject was ever infused where it is not."""

    clock: Clock | None
    ever_infused: bool


def find_day_zero(delivered_infusions: Sequence[Row]) -> DayZero:
    """Day 0 is the date of the infusion given at D0, and of no other one.

    Evidence of an infusion, even in a row that is quarantined or that can't be read, makes the subject held and not
    "never infused": the protocol names a quarantined D0 infusion among those that hold the subject.
    """
    for row in usable_rows("ex", delivered_infusions):
        start = moment(row["exstdtc"])
        if row["visit"] == FIRST_INFUSION_VISIT and was_given(row) and start is not None:
            return DayZero(Clock(start.date, start.time), ever_infused=True)
    return DayZero(None, ever_infused=any(map(may_have_been_given, trimmed_rows("ex", delivered_infusions))))
