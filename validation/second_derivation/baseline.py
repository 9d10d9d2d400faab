"""The baseline record of a component ("Baseline and analysis visits").

What belongs here: which record is baseline. What does not: the baseline steroid dose (steroids.py).
"""

from __future__ import annotations

from validation.second_derivation.assessments import Assessment, Value, complete_or_else_all
from validation.second_derivation.protocol_tables import whole_limit


def baseline_record(assessments: list[Assessment[Value]]) -> Assessment[Value] | None:
    """The last complete record up to the first infusion, at most 35 days before it; else the last incomplete one."""
    first_day = -whole_limit("baseline_lookback_days")
    before = [record for record in assessments if record.day >= first_day and not record.after_first_infusion]
    return max(complete_or_else_all(before), key=lambda record: record.standing, default=None)
