"""The planned infusions: given, missed, not due or pending ("Dosing").

What belongs here: whether a row says that an infusion was given, and what became of each planned one. What does not:
how much was given against the plan, which the second derivation does not repeat.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from validation.second_derivation.protocol_tables import (
    PlannedVisit,
    planned_visits,
    whole_limit,
)
from validation.second_derivation.reading import code, number
from validation.second_derivation.results import PlannedInfusion
from validation.second_derivation.usable import Row

GIVEN, MISSED, NOT_DUE, PENDING = "GIVEN", "MISSED", "NOT DUE", "PENDING"


def was_given(row: Row) -> bool:
    """Occurrence Y and a dose above 0, in whatever unit: how much it was may be unknown, that it was given is not."""
    dose = number(row["exdose"])
    return row["exoccur"] == "Y" and dose is not None and dose > 0


def may_have_been_given(row: Row) -> bool:
    """Whether the row is evidence of an infusion although it can't say so clearly: a dose that can't be read, or a dose
    above 0 without a readable occurrence."""
    if was_given(row):
        return True
    dose = number(row["exdose"])
    if row["exoccur"] == "Y":
        return dose is None and row["exdose"] is not None
    return code(row["exoccur"], "NY") is None and dose is not None and dose > 0


def planned_infusions(infusions: Sequence[Row], last_due_day: int | None, cut_day: int | None) -> list[PlannedInfusion]:
    """What became of each planned infusion, in their order.

    `last_due_day`: protocol day of the earlier of end of study and end of treatment, None when neither has come.
    `cut_day`: protocol day of the site cut, None when the site has none. A row is matched by its visit label.
    """
    by_label = {row["visit"]: row for row in infusions}
    return [
        PlannedInfusion(plan.visit, _status(plan, by_label.get(plan.visit), last_due_day, cut_day))
        for plan in _infusion_plan()
    ]


def _status(plan: PlannedVisit, row: Row | None, last_due_day: int | None, cut_day: int | None) -> str:
    assert plan.target_day is not None  # every visit with an infusion has a target and a window
    assert plan.last_day is not None
    if row is not None and was_given(row):
        return GIVEN
    # N, or Y without a dose: recorded as not given. Without a readable occurrence the row claims nothing.
    if row is not None and code(row["exoccur"], "NY") is not None:
        return MISSED
    if last_due_day is not None and plan.target_day > last_due_day:
        return NOT_DUE
    overdue = cut_day is not None and plan.last_day + whole_limit("entry_lag_days") < cut_day
    return MISSED if overdue else PENDING


@cache
def _infusion_plan() -> tuple[PlannedVisit, ...]:
    plan = [visit for visit in planned_visits().values() if visit.infusion is not None]
    return tuple(sorted(plan, key=lambda visit: visit.infusion or 0))
