"""Forms filled in once: dm, acr, ie, mh.

What belongs here: demographics, criteria and history. What does not: anything measured at a visit.
"""

from random import Random

from simulation.defects import Plan
from simulation.draws import between, chance, pick
from simulation.records import Records, iso, yes_no
from simulation.subjects import Person
from simulation.visits import Stay

INCLUSIONS = ("INC01", "INC02", "INC03")
EXCLUSIONS = tuple(f"EXC{number:02d}" for number in range(1, 17))
ACR_SHARES = (0.55, 0.12, 0.40, 0.35, 0.70, 0.18, 0.30, 0.05, 0.50, 0.85, 1.0)
HISTORY = {
    ("RENAL", "Lupus nephritis"): 3.0,
    ("OTHER", "Hypertension"): 3.0,
    ("OTHER", "Raynaud phenomenon"): 3.0,
    ("OTHER", "Osteoporosis"): 2.0,
    ("OTHER", "Hypothyroidism"): 1.5,
    ("ALLERGY", "Allergy to penicillin"): 1.5,
    ("ALLERGY", "Allergic rhinitis"): 1.5,
    ("INFECTION", "Herpes zoster"): 1.5,
    ("INFECTION", "Pneumonia"): 1.0,
    ("MALIGNANCY", "Papillary carcinoma of the thyroid"): 0.2,
    ("SUBSTANCE ABUSE", "Alcohol abuse"): 0.2,
}
# Longer ago than any look-back of the exclusions: who is infused has no excluded history.
HISTORY_LEAST_DAYS_AGO = 2200


def write(random: Random, person: Person, stay: Stay, records: Records, plan: Plan) -> None:
    """Enter the background forms, on the day of the screening visit."""
    entered = stay.visits[0].entered
    consent = person.consent
    if plan.kind == "consent after screening":
        consent = person.screening + between(random, 2, 6)
    row = records.add(
        "dm", max(entered, consent), iso(consent), person.birth_year, person.age, person.sex, person.race,
        person.height_cm, partial(random, person.diagnosis, plan.clean),
    )  # fmt: skip
    if consent > person.screening:
        plan.note("consent after screening", "dm", row, "rficdtc")
    criteria(random, person, entered, records, plan.clean)
    for answer in INCLUSIONS:
        records.add("ie", entered, answer, yes_no(person.screen_failure != answer))
    for answer in EXCLUSIONS:
        records.add("ie", entered, answer, yes_no(person.screen_failure == answer))
    history(random, person, entered, records, plan.clean)


def criteria(random: Random, person: Person, entered: int, records: Records, clean: bool) -> None:
    """The eleven ACR criteria; at least four are met unless that is why the subject failed screening."""
    met = [chance(random, share) for share in ACR_SHARES]
    if person.screen_failure == "INC01":
        met = [position in (4, 9, 10) for position in range(11)]
    else:
        for position in (9, 4, 0, 2):
            met[position] = met[position] or sum(met) < 4
    for position, is_met in enumerate(met):
        day = person.diagnosis - between(random, 0, 400)
        records.add(
            "acr", entered, f"ACR{position + 1:02d}", yes_no(is_met), partial(random, day, clean) if is_met else ""
        )


def history(random: Random, person: Person, entered: int, records: Records, clean: bool) -> None:
    """A few entries of history, all of them long over or harmless."""
    for sequence in range(1, 1 + between(random, 0, 3)):
        category, term = pick(random, HISTORY)
        began = person.consent - HISTORY_LEAST_DAYS_AGO - between(random, 0, 1200)
        ended = began + between(random, 10, 90) if category in ("INFECTION", "MALIGNANCY", "SUBSTANCE ABUSE") else None
        hospital = category == "INFECTION" and chance(random, 0.3)
        records.add(
            "mh", entered, sequence, category, term, partial(random, began, clean),
            "" if ended is None else iso(ended), yes_no(hospital),
        )  # fmt: skip


def partial(random: Random, day: int, clean: bool) -> str:
    """A day long ago: remembered in full, or (never in a clean trial) to the month or year only."""
    kept = pick(random, {10: 6.0, 7: 3.0, 4: 1.0})
    return iso(day) if clean else iso(day)[:kept]
