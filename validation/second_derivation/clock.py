"""Protocol days: dates counted from the first infusion ("Clocks").

What belongs here: turning dates into protocol days and back. What does not: finding day 0 (day_zero.py), and windows
or anything else that compares days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta


@dataclass(frozen=True)
class Clock:
    """Counts protocol days: 0 is the day of the first infusion."""

    first_infusion: date
    first_infusion_time: time | None

    def protocol_day(self, day: date) -> int:
        """Days since the first infusion, negative before it."""
        return (day - self.first_infusion).days

    def date_of(self, protocol_day: int) -> date:
        """The date of a protocol day."""
        return self.first_infusion + timedelta(days=protocol_day)
