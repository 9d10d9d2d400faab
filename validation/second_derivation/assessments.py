"""A dated assessment of one component, and its standing among others.

What belongs here: turning rows of `sledai`, `bilag` or `pga` into dated records that can be ranked. What does not:
the value a row holds (sledai.py, bilag.py, pga.py) and which record is chosen for what (baseline.py, windows.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from validation.second_derivation.clock import Clock
from validation.second_derivation.protocol_tables import planned_visits
from validation.second_derivation.reading import moment
from validation.second_derivation.usable import Row

Value = TypeVar("Value")
Standing = tuple[int, int, int, str, str]


@dataclass(frozen=True, slots=True)
class Assessment(Generic[Value]):
    """A record with a readable full date; `day` is its protocol day.

    `standing` ranks records of one component, the greater the better: the later day; of one day a scheduled visit
    (the later planned one) before ET before UNS before a label that can't be read; then the later date text, which
    holds the time, and the label: a record's key, so that the order of rows never matters.
    """

    visit: str
    day: int
    after_first_infusion: bool
    value: Value
    complete: bool
    standing: Standing


def dated_assessments(
    rows: Sequence[Row],
    date_column: str,
    clock: Clock,
    read: Callable[[Row], tuple[Value, bool]],
) -> list[Assessment[Value]]:
    """The rows with a readable full date; `read` gives a row's value and whether it is complete."""
    assessments = []
    for row in rows:
        date_text = row[date_column]
        when = moment(date_text)
        if when is None:
            continue
        visit = row["visit"]
        assert visit is not None  # usable rows have a whole key
        assert date_text is not None  # it was read
        day = clock.protocol_day(when.date)
        value, complete = read(row)
        assessments.append(
            Assessment(
                visit=visit,
                day=day,
                after_first_infusion=day > 0
                or (
                    # On the day itself only when both times are known and say so.
                    day == 0
                    and when.time is not None
                    and clock.first_infusion_time is not None
                    and when.time > clock.first_infusion_time
                ),
                value=value,
                complete=complete,
                standing=(day, *_rank_of_label(visit), date_text, visit),
            )
        )
    return assessments


def complete_or_else_all(assessments: list[Assessment[Value]]) -> list[Assessment[Value]]:
    """The complete records, or the incomplete ones when none is complete."""
    return [assessment for assessment in assessments if assessment.complete] or assessments


def _rank_of_label(visit: str) -> tuple[int, int]:
    planned = planned_visits().get(visit)
    return (-planned.tie_rank, planned.visitnum) if planned is not None else _rank_of_unreadable_label()


@cache
def _rank_of_unreadable_label() -> tuple[int, int]:
    return (-max(visit.tie_rank for visit in planned_visits().values()) - 1, 0)
