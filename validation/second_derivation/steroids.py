"""Systemic corticosteroids: daily prednisone-equivalent dose and its increase ("Intercurrent events").

What belongs here: courses, the baseline dose and the first day above the limit. What does not: other medication.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from validation.second_derivation.clock import Clock
from validation.second_derivation.drug_tables import doses_per_14_days, milligrams_per_unit
from validation.second_derivation.medications import Medication
from validation.second_derivation.protocol_tables import limit, whole_limit
from validation.second_derivation.reading import code, number

CORTICOSTEROID = "CORTICOSTEROID"
SYSTEMIC_ROUTES = ("ORAL", "IV", "IM")
PREMEDICATION = "premedication"
DAYS_OF_RATE = 14  # the seed counts administrations over this many days


@dataclass(frozen=True)
class Course:
    """A steroid taken every day from first to last protocol day, in mg prednisone a day."""

    first_day: int
    last_day: int
    daily_mg: Fraction
    route_known: bool

    def covers(self, day: int) -> bool:
        return self.first_day <= day <= self.last_day


def steroid_courses(records: Sequence[Medication], clock: Clock, known_until: date | None) -> list[Course]:
    """The records that count, as courses.

    A partial start is the earliest, a partial end the latest day it can be; a missing start is the first infusion
    date. A record without an end runs to the site cut (`known_until`), and counts on the day it starts in any case. An
    end before the delivered start can't be the end, so it is as if there were none.
    """
    courses = []
    for record in records:
        row = record.row
        route = code(row["cmroute"], "CMROUTE")
        if record.drug_class != CORTICOSTEROID or (route is not None and route not in SYSTEMIC_ROUTES):
            continue
        if (row["cmindc"] or "").lower() == PREMEDICATION:
            continue
        mg = _prednisone_mg_of_one_dose(record)
        frequency = row["cmdosfrq"]
        if mg is None or frequency is None or frequency not in doses_per_14_days():
            continue
        first_day = clock.protocol_day(record.start.first) if record.start is not None else 0
        doses = doses_per_14_days()[frequency]
        if doses is None:  # once: its start day only
            courses.append(Course(first_day, first_day, mg, route is not None))
            continue
        if record.end is not None and (record.start is None or record.end.last >= record.start.first):
            last_day = clock.protocol_day(record.end.last)
        else:
            last_day = max(first_day, clock.protocol_day(known_until)) if known_until is not None else first_day
        courses.append(Course(first_day, last_day, mg * doses / DAYS_OF_RATE, route is not None))
    return courses


def baseline_daily_mg(courses: Sequence[Course]) -> Fraction:
    """Mean daily dose over protocol days -7 to -1; a day without steroid counts 0, an unknown route nothing."""
    days = range(whole_limit("steroid_baseline_first_day"), whole_limit("steroid_baseline_last_day") + 1)
    total = Fraction(0)
    for course in courses:
        if course.route_known and course.first_day <= days[-1]:
            total += course.daily_mg * sum(map(course.covers, days))
    return total / len(days)


def first_increase_day(courses: Sequence[Course]) -> int | None:
    """The first protocol day from 168 on whose summed dose exceeds the limit; None without one.

    The sum rises only where a course starts, so it is enough to look at those days and at day 168 itself.
    """
    rule_day = whole_limit("steroid_rule_day")
    late = [course for course in courses if course.last_day >= rule_day]
    if not late:
        return None
    baseline = baseline_daily_mg(courses)
    highest = max(limit("steroid_increase_factor") * baseline, baseline + limit("steroid_increase_mg"))
    for day in sorted({max(rule_day, course.first_day) for course in late}):
        if sum(course.daily_mg for course in late if course.covers(day)) > highest:
            return day
    return None


def _prednisone_mg_of_one_dose(record: Medication) -> Fraction | None:
    """One administration in mg prednisone; None without a usable dose, unit or equivalent."""
    dose, unit = number(record.row["cmdose"]), record.row["cmdosu"]
    milligrams = milligrams_per_unit("cm").get(unit.lower()) if unit is not None else None
    equivalent = record.drug.prednisone_equivalent if record.drug is not None else None
    if dose is None or dose < 0 or milligrams is None or equivalent is None:
        return None
    return dose * milligrams * equivalent
