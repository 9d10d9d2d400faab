"""Concomitant medication: cm.

What belongs here: background treatment, steroids and their changes with activity, premedication,
treatment of infections. What does not: belimumab (treatment.py), judging a medication. In a clean
trial no steroid dose ever rises above the one before the first infusion, and nothing new of an
immunosuppressive kind begins.
"""

from decimal import Decimal
from random import Random

from simulation.course import Course
from simulation.defects import Plan
from simulation.draws import between, chance, pick
from simulation.forms.background import partial
from simulation.forms.events import Event
from simulation.protocol import protocol
from simulation.records import Records, Row, iso
from simulation.subjects import Person
from simulation.visits import Stay, Visit

# Prednisone-equivalent doses a day, from none to the highest that a subject starts with.
LADDER = tuple(Decimal(dose) for dose in ("0", "2.5", "5", "7.5", "10", "12.5", "15", "20", "30"))
STEROIDS = {"PREDNISONE": 6.0, "PREDNISOLONE": 2.0, "METHYLPREDNISOLONE": 2.0}
DOSES = {"AZATHIOPRINE": ("50", "BID"), "MYCOPHENOLATE MOFETIL": ("1000", "BID"), "METHOTREXATE": ("15", "QW")}
TAPER, RESCUE = 0.30, 0.40
ENOUGH_BETTER, ENOUGH_WORSE = 0.5, 0.45
RESCUE_LASTS_DAYS = 28


class MedicationList:
    """The numbered list of one subject's medication."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.length = 0

    def begin(
        self, entered: int, treatment: str, dose: object, frequency: str, route: str, why: str, start: str
    ) -> Row | None:
        """A medication that goes on."""
        self.length += 1
        group = protocol().drug_classes.get(treatment, "OTHER")
        return self.records.add(
            "cm", entered, self.length, treatment, group, dose, "mg", frequency, route, why, start, "", "Y"
        )

    def end(self, row: Row | None, entered: int, day: int) -> Row | None:
        """From this day of entry on, the medication shows its last day."""
        if row is None:
            return None
        return self.records.replace("cm", row, entered, [*row.values[:-2], iso(day), "N"])


def write(
    random: Random, person: Person, course: Course, stay: Stay, infections: list[Event], records: Records, plan: Plan
) -> None:
    """Enter all medication of one subject."""
    medication = MedicationList(records)
    steroids(random, person, course, stay, medication, plan)
    background(random, person, stay, medication, plan)
    if plan.kind == "prohibited medication":
        prohibited(person, stay, medication, plan)
    premedication(random, person, stay, medication)
    for infection in infections:
        if chance(random, 0.4):
            row = medication.begin(
                infection.entered, "AMOXICILLIN", 500, "TID", "ORAL", infection.term, iso(infection.begins)
            )
            last = stay.last_day_alive(infection.begins + between(random, 4, 6))
            medication.end(row, max(infection.entered, last + 1), last)


def background(random: Random, person: Person, stay: Stay, medication: MedicationList, plan: Plan) -> None:
    """What was taken long before the trial and goes on."""
    entered = stay.visits[0].entered
    taken: list[tuple[str, object, str, str]] = []
    if person.antimalarial:
        taken.append(("HYDROXYCHLOROQUINE", 200, pick(random, {"QD": 1.0, "BID": 2.0}), "SLE"))
    if person.immunosuppressant is not None:
        taken.append((person.immunosuppressant, *DOSES[person.immunosuppressant], "SLE"))
    if person.immunosuppressant == "METHOTREXATE":
        taken.append(("FOLIC ACID", 5, "QW", "Prophylaxis"))
    if chance(random, 0.4):
        taken.append(("CALCIUM CARBONATE", 500, "QD", "Prophylaxis"))
    for treatment, dose, frequency, why in taken:
        since = person.consent - between(random, 400, 1600)
        medication.begin(entered, treatment, dose, frequency, "ORAL", why, partial(random, since, plan.clean))


def steroids(
    random: Random, person: Person, course: Course, stay: Stay, medication: MedicationList, plan: Plan
) -> None:
    """The daily steroid: tapered when the subject is better, raised for a flare and lowered again."""
    drug = pick(random, STEROIDS)
    level = person.steroid_level
    current: Row | None = None
    if level > 0:
        since = iso(person.consent - between(random, 100, 700))
        dose_now, entered = tablet(drug, LADDER[level]), stay.visits[0].entered
        current = medication.begin(entered, drug, dose_now, "QD", "ORAL", "SLE", since)
    rescued: Visit | None = None
    raised: list[Row | None] = []
    planned = plan.kind == "steroid increase"
    rule_day, last_day = protocol().whole("steroid_rule_day"), medication.records.last_day
    for visit in stay.visits:
        if visit.found is None or visit.since_start < 28 or visit.label == "ET":
            continue
        change = visit.found.activity - course.start
        tapers, flares = chance(random, TAPER), chance(random, RESCUE) and not plan.clean
        dose: Decimal | None = None
        if rescued is not None:
            if visit.day - rescued.day >= RESCUE_LASTS_DAYS:
                rescued, dose = None, LADDER[level]
        elif (change > ENOUGH_WORSE and flares) or (planned and visit.since_start >= rule_day):
            rescued, dose, planned = visit, 2 * LADDER[person.steroid_level] + 10, False
        elif change < -ENOUGH_BETTER and tapers and level > 2:
            level -= 1
            dose = LADDER[level]
        elif change > 0 and level < person.steroid_level:
            level = person.steroid_level
            dose = LADDER[level]
        if dose is None:
            continue
        ended = medication.end(current, visit.entered, visit.day - 1)
        if raised and raised[-1] is current:
            # One that was lowered again before the rule begins is no increase.
            raised[-1] = (ended or current) if visit.since_start > rule_day else None
        current = None
        if dose > 0:
            current = medication.begin(visit.entered, drug, tablet(drug, dose), "QD", "ORAL", "SLE", iso(visit.day))
        if rescued is visit:
            raised.append(current)
    for row in raised:
        if min(stay.last_day_in_study(last_day), last_day) >= person.first_infusion + rule_day:
            plan.note("steroid increase", "cm", row, "cmdose")


def tablet(drug: str, equivalent: Decimal) -> str:
    """The dose of a steroid that equals so much prednisone."""
    return f"{(equivalent / protocol().steroid_equivalents[drug]).normalize():f}"


def prohibited(person: Person, stay: Stay, medication: MedicationList, plan: Plan) -> None:
    """An immunosuppressant that the subject did not take before."""
    begins = next((visit for visit in stay.visits if visit.since_start >= 84 and not visit.missed), None)
    if begins is None:
        return
    drug = "METHOTREXATE" if person.immunosuppressant != "METHOTREXATE" else "AZATHIOPRINE"
    row = medication.begin(begins.entered, drug, *DOSES[drug], "ORAL", "SLE", iso(begins.day))
    plan.note("prohibited medication", "cm", row, "cmtrt")


def premedication(random: Random, person: Person, stay: Stay, medication: MedicationList) -> None:
    """What some subjects are given before each infusion; some of it is a steroid, and must not count."""
    if not person.premedicated:
        return
    drug, dose, route = pick(
        random,
        {("PARACETAMOL", 500, "ORAL"): 5.0, ("CETIRIZINE", 10, "ORAL"): 3.0, ("METHYLPREDNISOLONE", 40, "IV"): 2.0},
    )
    why = pick(random, {"Premedication": 4.0, "PREMEDICATION": 1.0})
    for visit in stay.visits:
        if visit.infusion:
            row = medication.begin(visit.entered, drug, dose, "ONCE", route, why, iso(visit.day))
            medication.end(row, visit.entered, visit.day)
