"""Prohibited medication ("Intercurrent events", PROHIBITED MEDICATION).

What belongs here: the day from which a prohibited medication counts. What does not: steroids (steroids.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from validation.second_derivation.clock import Clock
from validation.second_derivation.medications import Medication

CYTOTOXIC, BIOLOGIC, IMMUNOSUPPRESSANT = "CYTOTOXIC", "BIOLOGIC", "IMMUNOSUPPRESSANT"


def first_prohibited_day(records: Sequence[Medication], clock: Clock) -> int | None:
    """The protocol day on which the first prohibited medication starts; None without one.

    A cytotoxic, or a biologic other than belimumab, is prohibited from the first infusion date on; an
    immunosuppressant not in use at baseline after it. A class that can't be read counts like a cytotoxic.
    """
    in_use = {record.name for record in records if record.name is not None and _in_use_at(record, clock.first_infusion)}
    days = []
    for record in records:
        if (
            record.drug_class == CYTOTOXIC
            or (record.drug_class == BIOLOGIC and not record.is_study_drug)
            or record.class_is_unreadable
        ):
            first_day = 0
        elif record.drug_class == IMMUNOSUPPRESSANT and record.name not in in_use:
            first_day = 1
        else:
            continue
        if record.start is not None and record.start.full:
            day: int | None = clock.protocol_day(record.start.first)
            if day is not None and day < first_day:
                day = None
        else:
            day = _first_possible_day(record, clock)
        if day is not None:
            days.append(day)
    return min(days, default=None)


def _in_use_at(record: Medication, first_infusion: date) -> bool:
    """Started, by a full date, on or before the first infusion, and not ended before it.

    A partial end that may lie before does not show use at baseline: what is unknown never makes a responder.
    """
    if record.start is None or not record.start.full or record.start.first > first_infusion:
        return False
    if record.end is None:
        return record.row["cmendtc"] is None  # an end that can't be read may lie anywhere
    return record.end.first >= first_infusion


def _first_possible_day(record: Medication, clock: Clock) -> int | None:
    """For a partial or missing start: the first day from day 0 on that it can be, None when it must lie before."""
    first = clock.protocol_day(record.start.first) if record.start is not None else None
    last = clock.protocol_day(record.start.last) if record.start is not None else None
    if record.end is not None:
        # Nothing starts after its end, unless the two contradict each other: then the end says nothing.
        end = clock.protocol_day(record.end.last)
        if first is None or end >= first:
            last = end if last is None else min(last, end)
    if last is not None and last < 0:
        return None
    return 0 if first is None else max(0, first)
