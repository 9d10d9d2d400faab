"""Visits as recorded, adverse events and dispositions: sv, ae, ds.

What belongs here: writing down what happened on the way. What does not: when and why a subject
leaves (visits.py); here its event and its disposition are only made to agree.
"""

from dataclasses import dataclass
from random import Random

from simulation.draws import between, chance, events, pick
from simulation.records import Records, iso, yes_no
from simulation.sites import Site
from simulation.subjects import Person
from simulation.visits import Stay, Visit, entry_lag

EVENTS_A_YEAR = 2.4
TERMS = {
    ("INFECTION", "Upper respiratory tract infection"): 9.0,
    ("INFECTION", "Urinary tract infection"): 5.0,
    ("INFECTION", "Herpes zoster"): 1.5,
    ("INFECTION", "Pneumonia"): 0.8,
    ("OTHER", "Headache"): 5.0,
    ("OTHER", "Nausea"): 4.0,
    ("OTHER", "Diarrhoea"): 4.0,
    ("OTHER", "Back pain"): 2.5,
    ("OTHER", "Insomnia"): 2.0,
    ("OTHER", "Depressed mood"): 1.0,
}


@dataclass
class Event:
    """One adverse event before it is numbered."""

    begins: int
    ends: int
    entered: int
    category: str
    term: str
    severity: str
    serious: bool
    action: str = "NONE"
    outcome: str = "RECOVERED"


def write(
    random: Random, site: Site, person: Person, stay: Stay, interrupted: list[Visit], records: Records
) -> list[Event]:
    """Enter the three forms; returns the infections, which are treated."""
    for visit in stay.visits:
        if visit.missed:
            records.add("sv", visit.entered, visit.label, "", "N", visit.missed)
        else:
            records.add("sv", visit.entered, visit.label, iso(visit.day), "Y", "")
    end_entered = dispositions(random, site, stay, records)
    if person.screen_failure is not None:
        return []
    happened = usual(random, site, person, stay) + at_infusions(interrupted) + at_the_end(random, stay, end_entered)
    happened.sort(key=lambda event: event.begins)
    for sequence, event in enumerate(happened, 1):
        adverse_event(random, sequence, event, stay, records)
    return [event for event in happened if event.category == "INFECTION" and event.outcome != "FATAL"]


def dispositions(random: Random, site: Site, stay: Stay, records: Records) -> dict[str, int]:
    """Ends of treatment and study, and the day each was entered."""
    entered: dict[str, int] = {}
    for category, end in (("TREATMENT", stay.treatment_end), ("STUDY", stay.study_end)):
        if end is None:
            continue
        day, how = end
        last = stay.visits[-1]
        entered[category] = last.entered if last.day == day else day + entry_lag(random, site)
        if category == "STUDY" and stay.treatment_end == end:
            entered[category] = entered["TREATMENT"]
        records.add("ds", entered[category], category, how, iso(day))
    return entered


def usual(random: Random, site: Site, person: Person, stay: Stay) -> list[Event]:
    """Events that anybody may have, spread over the time in the study."""
    begins = person.first_infusion
    days = stay.last_day_in_study(begins + 350) - begins
    happened = []
    for _ in range(events(random, EVENTS_A_YEAR * days / 365)):
        day = begins + 1 + int(random.random() * days)
        category, term = pick(random, TERMS)
        severity = pick(random, {"MILD": 6.0, "MODERATE": 3.0, "SEVERE": 0.6})
        serious = severity == "SEVERE" and chance(random, 0.6)
        lasts = between(random, 3, 28)
        happened.append(
            Event(day, day + lasts, day + 2 + entry_lag(random, site) * 2, category, term, severity, serious)
        )
    return happened


def at_infusions(interrupted: list[Visit]) -> list[Event]:
    """A reaction for each infusion that was interrupted."""
    return [
        Event(visit.day, visit.day, visit.entered, "INFUSION REACTION", "Infusion related reaction", "MODERATE",
              False, "INTERRUPTED")
        for visit in interrupted
    ]  # fmt: skip


def at_the_end(random: Random, stay: Stay, entered: dict[str, int]) -> list[Event]:
    """The event that a subject left because of, entered together with its disposition."""
    if stay.treatment_end is None:
        return []
    day, how = stay.treatment_end
    if how == "DEATH":
        return [Event(day - 1, day, entered["TREATMENT"], "INFECTION", "Septic shock", "SEVERE", True, "NONE", "FATAL")]
    if how == "ADVERSE EVENT":
        category, term = pick(random, TERMS)
        ends = day + between(random, 5, 30)
        return [Event(day - 1, ends, entered["TREATMENT"], category, term, "SEVERE", chance(random, 0.4), "WITHDRAWN")]
    return []


def adverse_event(random: Random, sequence: int, event: Event, stay: Stay, records: Records) -> None:
    """Enter an event; while it lasts it is ongoing, and a later delivery shows its end."""
    related = event.category == "INFUSION REACTION" or chance(random, 0.25)
    heard_of_end = max(event.entered, event.ends + between(random, 2, 10))
    common = [sequence, event.category, event.term, iso(event.begins)]
    rest = [event.severity, yes_no(event.serious), yes_no(related), event.action]
    fatal = event.outcome == "FATAL"
    left = stay.last_day_in_study(event.ends)
    if event.ends > left:
        records.add("ae", event.entered, *common, "", *rest, "UNKNOWN")
        return
    if fatal or heard_of_end == event.entered:
        records.add("ae", event.entered, *common, iso(event.ends), *rest, event.outcome)
        return
    row = records.add("ae", event.entered, *common, "", *rest, "ONGOING")
    if row is not None:
        ended = [records.subjid, *common, iso(event.ends), *rest, event.outcome]
        records.replace("ae", row, heard_of_end, ended)
