"""Who takes part: one person's fixed facts, and the days of consent, screening and first infusion.

What belongs here: what is known of a subject before treatment and never changes. What does not:
disease activity (course.py), visits (visits.py), or how a form writes it down (forms/).
"""

import math
from dataclasses import dataclass
from datetime import date
from random import Random

from simulation.draws import between, chance, pick
from simulation.enrolment import weekday
from simulation.protocol import protocol

SCREEN_FAILURE_SHARE = 0.07
SCREENING_SHORTEST, SCREENING_LONGEST = 11, 28

# Why a person screened is never infused, with its weight. In a clean trial only those remain that
# leave no trace a rule could question: what the site answered agrees with what it measured.
SCREEN_FAILURES = {"INC03": 4.0, "EXC16": 2.0, "CONSENT WITHDRAWN": 3.0}
SCREEN_FAILURES_WITH_RESULTS = {**SCREEN_FAILURES, "EXC04": 1.0, "EXC12": 1.5, "INC01": 1.0}


@dataclass
class Person:
    """One subject."""

    subjid: str
    sex: str
    age: int
    birth_year: int
    race: str
    height_cm: int
    weight_kg: float
    diagnosis: int
    consent: int
    screening: int
    first_infusion: int
    screen_failure: str | None
    antimalarial: bool
    immunosuppressant: str | None
    steroid_level: int
    premedicated: bool


def make_person(random: Random, number: int, screening: int, clean: bool) -> Person:
    """The nth of a site's subjects; they are numbered in the order in which they were screened."""
    longest = min(SCREENING_LONGEST, -protocol().screening_first_day)
    first_infusion = weekday(screening + between(random, SCREENING_SHORTEST + 1, longest - 1))
    consent = screening - pick(random, {0: 5.0, 1: 1.0, 2: 1.0, 3: 1.0})
    sex = "F" if chance(random, 0.929) else "M"
    age = min(72, 19 + int(math.exp(random.gauss(2.40, 0.66))))
    height = round(random.gauss(160 if sex == "F" else 172, 6))
    mass_index = max(16.5, min(36.0, random.gauss(22.3, 3.4)))
    failed = chance(random, SCREEN_FAILURE_SHARE)
    why = pick(random, SCREEN_FAILURES if clean else SCREEN_FAILURES_WITH_RESULTS)
    years_ill = min(age - 16, max(1, round(random.expovariate(1 / 7.0))))
    return Person(
        subjid=f"{number:04d}",
        sex=sex,
        age=age,
        birth_year=date.fromordinal(consent).year - age,
        race=pick(random, {"ASIAN": 62.0, "WHITE": 26.0, "BLACK OR AFRICAN AMERICAN": 8.0, "OTHER": 4.0}),
        height_cm=height,
        weight_kg=round(mass_index * height * height / 10_000, 1),
        diagnosis=consent - 365 * years_ill - between(random, 0, 300),
        consent=consent,
        screening=screening,
        first_infusion=first_infusion,
        screen_failure=why if failed else None,
        antimalarial=chance(random, 0.70),
        immunosuppressant=pick(
            random,
            {None: 52.0, "AZATHIOPRINE": 18.0, "MYCOPHENOLATE MOFETIL": 17.0, "METHOTREXATE": 13.0},
        ),
        steroid_level=pick(random, {0: 1.8, 1: 6.0, 2: 20.0, 3: 15.0, 4: 25.0, 5: 8.0, 6: 12.0, 7: 7.0, 8: 3.0}),
        premedicated=chance(random, 0.35),
    )
