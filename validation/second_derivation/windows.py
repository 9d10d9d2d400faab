"""The record of a component at each analysis visit ("Baseline and analysis visits").

What belongs here: the windows of protocol days, and the choice inside one. What does not: the windows in which visits
and infusions are planned (dosing.py).
"""

from __future__ import annotations

from functools import cache

from validation.second_derivation.assessments import Assessment, Value, complete_or_else_all
from validation.second_derivation.protocol_tables import AnalysisVisit, analysis_visits


def records_at_visits(assessments: list[Assessment[Value]]) -> list[Assessment[Value] | None]:
    """One record, or None, for each analysis visit in their order.

    Of the complete records (of the incomplete ones when none is complete) the one closest to the target day; the
    better `standing` settles ties. The day alone assigns a record to a visit, whatever label the site gave.
    """
    inside: list[list[Assessment[Value]]] = [[] for _ in analysis_visits()]
    positions = _position_by_day(analysis_visits())
    for record in assessments:
        position = positions.get(record.day)
        if position is not None:
            inside[position].append(record)
    return [
        max(
            complete_or_else_all(records),
            key=lambda record: (-abs(record.day - visit.target_day), record.standing),
            default=None,
        )
        for visit, records in zip(analysis_visits(), inside, strict=True)
    ]


@cache
def _position_by_day(visits: tuple[AnalysisVisit, ...]) -> dict[int, int]:
    return {
        day: position for position, visit in enumerate(visits) for day in range(visit.first_day, visit.last_day + 1)
    }
