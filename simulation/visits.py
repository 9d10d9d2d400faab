"""When a subject came, what was done then, and how the subject's time in the trial ended.

What belongs here: days, windows, missed visits, leaving early. What does not: what was found or given
at a visit, and how it is written down (forms/).
"""

from dataclasses import dataclass, field
from random import Random

from simulation import disease, rates
from simulation.course import Assessment, Course
from simulation.defects import Plan
from simulation.draws import between, chance, logistic, pick
from simulation.enrolment import weekday
from simulation.protocol import PlannedVisit, protocol
from simulation.sites import Site
from simulation.subjects import Person

LONGEST_LAG = 6  # days; the protocol allows for one more before a record counts as missing
LATE_FORMS = {"sledai": 1.0, "bilag": 1.0, "pga": 1.0, "lb": 1.0}
LATE_SHORTEST, LATE_LONGEST = 8, 45
# So far apart two examinations lie at least, so that a laboratory value belongs to one of them alone.
APART = 11
MISSED_BECAUSE = {"Infection": 4.0, "Travel": 3.0, "Subject could not be reached": 2.0, "Site closed": 1.0}


@dataclass
class Visit:
    """One visit that took place, or one that was recorded as missed."""

    label: str
    day: int
    entered: int
    since_start: int
    missed: str = ""
    infusion: bool | None = None
    no_infusion: str = ""
    found: Assessment | None = None
    late_form: str = ""
    late_by: int = 0

    def entered_in(self, form: str) -> int:
        """The day on which the site entered this form of the visit."""
        return self.day + self.late_by if form == self.late_form else self.entered


@dataclass
class Stay:
    """The visits of one subject, and its ends of study and treatment (day, how)."""

    visits: list[Visit] = field(default_factory=list)
    study_end: tuple[int, str] | None = None
    treatment_end: tuple[int, str] | None = None
    outside_window: Visit | None = None

    def last_day_in_study(self, otherwise: int) -> int:
        """The day the subject left, or a given day when it has not."""
        return self.study_end[0] if self.study_end else otherwise

    def last_day_alive(self, otherwise: int) -> int:
        """The given day, or that of the death where it comes earlier."""
        died = self.study_end is not None and self.study_end[1] == "DEATH"
        return min(otherwise, self.last_day_in_study(otherwise)) if died else otherwise


def entry_lag(random: Random, site: Site) -> int:
    """How many days after the visit the site enters it."""
    return min(LONGEST_LAG, int(random.expovariate(1.0 / site.mean_entry_lag)))


def reason_to_leave(random: Random, activity: float) -> str:
    """Why a subject leaves: the sicker, the more often for lack of efficacy."""
    return pick(
        random,
        {
            "LACK OF EFFICACY": 3.5 if activity > 0.8 else 0.4,
            "ADVERSE EVENT": 2.5,
            "WITHDRAWAL BY SUBJECT": 3.0,
            "LOST TO FOLLOW-UP": 1.2,
            "PHYSICIAN DECISION": 1.0,
            "PROTOCOL DEVIATION": 0.5,
            "DEATH": 0.25,
        },
    )


def make_stay(random: Random, site: Site, person: Person, course: Course, plan: Plan) -> Stay:
    """The whole stay, also what lies after the last delivery: the records of that are never entered."""
    stay = Stay()
    lag = entry_lag(random, site)
    stay.visits.append(
        Visit("SCR", person.screening, person.screening + lag, person.screening - person.first_infusion,
              found=course.screening)
    )  # fmt: skip
    if person.screen_failure is not None:
        how = "WITHDRAWAL BY SUBJECT" if person.screen_failure == "CONSENT WITHDRAWN" else "PHYSICIAN DECISION"
        stay.study_end = (person.screening + between(random, 5, 12), how)
        return stay
    course.treat(random, person.immunosuppressant is not None)
    deviating = deviating_visit(random)
    for planned in protocol().visits:
        if planned.target > 0 and stay.treatment_end is None:
            leave(random, site, person, course, stay, planned, plan)
        if stay.study_end is not None:
            return stay
        attend(random, site, person, course, stay, planned, plan, planned.label == deviating)
    finish(stay)
    return stay


def deviating_visit(random: Random) -> str:
    """The visit that a planned deviation falls on, should there be one: early enough to be seen often."""
    later = [planned.label for planned in protocol().visits if planned.first > 28]
    return later[min(len(later) - 1, int(random.expovariate(0.4)))]


def attend(
    random: Random, site: Site, person: Person, course: Course, stay: Stay, planned: PlannedVisit, plan: Plan,
    deviating: bool,
) -> None:  # fmt: skip
    """Add one planned visit, and now and then an unscheduled one after it."""
    target = person.first_infusion + planned.target
    early, late = target - planned.target + planned.first, target - planned.target + planned.last
    previous = stay.visits[-1].day
    day = target if planned.target == 0 else weekday(target + round(random.gauss(0.0, 1.8)))
    if not max(early, previous + APART) <= day <= late:
        day = target
    visit = Visit(planned.label, day, day + entry_lag(random, site), day - person.first_infusion)
    reason = pick(random, MISSED_BECAUSE)
    skips_visit, skips_infusion = chance(random, rates.VISIT_MISSED.share), chance(random, rates.INFUSION_MISSED.share)
    comes_between, is_late = chance(random, rates.UNSCHEDULED_VISIT.share), chance(random, rates.ENTERED_LATE.share)
    if stay.treatment_end is None:
        visit.infusion = True
    # In a clean trial only the infusion at week 2 is ever left out: any other leaves too long an interval.
    only_infusion = skips_infusion if not plan.clean else skips_infusion and planned.target < 28
    if deviating and plan.kind == "visit outside its window":
        days_late = between(random, 2, 5)
        visit.day = late + days_late
        visit.since_start = visit.day - person.first_infusion
        visit.entered = visit.day + 1
        stay.outside_window = visit
    elif deviating and plan.kind == "visit missed without a reason":
        # The reason is struck out later (planting_visits_dosing.py).
        visit.missed = visit.no_infusion = reason
        visit.infusion = False if visit.infusion else None
    elif deviating and plan.kind == "infusion missed between two" and visit.infusion:
        visit.infusion, visit.no_infusion = False, reason
    elif planned.target > 0 and skips_visit and not plan.clean:
        visit.missed = visit.no_infusion = reason
        visit.infusion = False if visit.infusion else None
    elif planned.target > 0 and only_infusion and visit.infusion:
        visit.infusion, visit.no_infusion = False, reason
    not_last = planned is not protocol().visits[-1]
    if planned.target == 0:
        visit.found = course.baseline
    elif not visit.missed:
        visit.found = course.assess(random, visit.since_start)
        if is_late and not plan.clean:
            visit.late_form, visit.late_by = pick(random, LATE_FORMS), between(random, LATE_SHORTEST, LATE_LONGEST)
    stay.visits.append(visit)
    if comes_between and not_last and planned.target >= 56 and not visit.missed and visit.since_start <= planned.target:
        day = weekday(visit.day + APART + 2)
        unscheduled = Visit("UNS", day, day + entry_lag(random, site), day - person.first_infusion)
        unscheduled.found = course.assess(random, unscheduled.since_start)
        stay.visits.append(unscheduled)


def leave(
    random: Random, site: Site, person: Person, course: Course, stay: Stay, planned: PlannedVisit, plan: Plan
) -> None:
    """Let the subject leave, perhaps, between its last visit and the next one planned.

    In a clean trial who stops treatment stays for the visits: a record missing at week 48 is a finding.
    """
    previous = stay.visits[-1]
    activity = course.activity(previous.since_start)
    leaves = chance(random, logistic(disease.LEAVING + disease.LEAVING_PER_ACTIVITY * activity))
    how = reason_to_leave(random, activity)
    stays = chance(random, rates.STAYS_AFTER_STOPPING.share) or plan.clean
    examined = chance(random, 0.8)
    latest = person.first_infusion + planned.target - 1
    earliest = previous.day + 2
    if not leaves or earliest > latest or (how == "DEATH" and plan.clean):
        return
    if how != "DEATH" and stays:
        stay.treatment_end = (between(random, earliest, latest), how)
        return
    can_be_examined = latest >= previous.day + APART and how not in ("DEATH", "LOST TO FOLLOW-UP")
    day = between(random, previous.day + APART if can_be_examined else earliest, latest)
    if can_be_examined and examined:
        final = Visit("ET", day, day + entry_lag(random, site), day - person.first_infusion)
        final.found = course.assess(random, final.since_start)
        stay.visits.append(final)
    stay.study_end = (day, how)
    stay.treatment_end = (day, how)


def finish(stay: Stay) -> None:
    """Completed: the study, and the treatment unless it was stopped before."""
    day = stay.visits[-1].day
    stay.study_end = (day, "COMPLETED")
    if stay.treatment_end is None:
        stay.treatment_end = (day, "COMPLETED")
