"""Vital signs and infusions: vs, ex.

What belongs here: the weight at each visit and the dose made up from it. What does not: whether an
infusion was given (visits.py), other medication (medication.py).
"""

from decimal import ROUND_HALF_UP, Decimal
from random import Random

from simulation.course import Assessment
from simulation.defects import Plan
from simulation.draws import between, chance, pick
from simulation.protocol import protocol
from simulation.rates import INFUSION_DISTURBED
from simulation.records import Records, Row, at, iso
from simulation.sites import Site
from simulation.subjects import Person
from simulation.visits import Stay, Visit

FEVER = 22
KILOGRAMS_A_POUND = Decimal("0.45359237")


def write(random: Random, site: Site, person: Person, stay: Stay, records: Records, plan: Plan) -> list[Visit]:
    """Enter vital signs and infusions; returns the visits at which an infusion had to be interrupted."""
    drift = 0.0
    interrupted: list[Visit] = []
    previous: Visit | None = None
    for visit in stay.visits:
        if visit.entered > records.last_day:
            break
        drift = 0.9 * drift + random.gauss(0.0, 0.45)
        weight = Decimal(round((person.weight_kg + drift) * 10)) / 10
        if visit.found is not None:
            vital_signs(random, site, person, visit, visit.found, weight, records)
        if visit.infusion:
            row, disturbed = infusion(random, site, visit, weight, records)
            if disturbed:
                interrupted.append(visit)
            note_interval(previous, visit, row, plan)
            previous = visit
        elif visit.infusion is False:
            records.add("ex", visit.entered, visit.label, "N", "", "", "", "", "", "", "", "", visit.no_infusion)
    return interrupted


def vital_signs(
    random: Random, site: Site, person: Person, visit: Visit, found: Assessment, weight: Decimal, records: Records
) -> None:
    """The measurements of one visit. Some sites weigh in pounds."""
    result, unit = (weight, "kg")
    if site.weight_in_pounds:
        result, unit = (weight / KILOGRAMS_A_POUND).quantize(Decimal("0.1"), ROUND_HALF_UP), "lb"
    temperature = between(random, 381, 390) if found.of(FEVER) > 0 else between(random, 362, 372)
    measured: list[tuple[str, object, str]] = [
        ("WEIGHT", result, unit),
        ("TEMP", f"{temperature // 10}.{temperature % 10}", "C"),
        ("SYSBP", round(random.gauss(117, 11)), "mmHg"),
        ("DIABP", round(random.gauss(74, 7)), "mmHg"),
        ("PULSE", round(random.gauss(77, 8)), "beats/min"),
    ]
    if visit.label == "SCR":
        measured.insert(1, ("HEIGHT", person.height_cm, "cm"))
    for test, value, its_unit in measured:
        records.add("vs", visit.entered, visit.label, iso(visit.day), test, value, its_unit)


def infusion(random: Random, site: Site, visit: Visit, weight: Decimal, records: Records) -> tuple[Row | None, bool]:
    """One infusion of the planned dose, and whether it was disturbed."""
    parameters = protocol().parameters
    dose = int((parameters["planned_mg_per_kg"] * weight / site.dose_step).to_integral_value()) * site.dose_step
    small, large = vials(dose, protocol().whole("vial_small_mg"), protocol().whole("vial_large_mg"))
    starts = between(random, 560, 820)
    minutes = protocol().whole("infusion_minutes") + pick(random, {-3: 1.0, 0: 6.0, 2: 2.0, 5: 2.0, 10: 1.0})
    adjusted = "NONE"
    if chance(random, INFUSION_DISTURBED.share):
        adjusted = pick(random, {"INTERRUPTED": 2.0, "SLOWED": 1.0})
        minutes += between(random, 10, 30)
    row = records.add(
        "ex", visit.entered, visit.label, "Y", at(visit.day, starts), at(visit.day, starts + minutes), dose, "mg",
        small, large, f"BL{1 + (visit.day // 120) % 97:02d}{'ABC'[site.number % 3]}", adjusted, "",
    )  # fmt: skip
    return row, adjusted == "INTERRUPTED"


def vials(dose: int, small: int, large: int) -> tuple[int, int]:
    """Small and large vials for a dose: the least waste, then the fewest vials."""
    best = (10**9, 0, 0, 0)
    for larges in range(dose // large + 2):
        smalls = max(0, -(-(dose - larges * large) // small))
        best = min(best, (larges * large + smalls * small, larges + smalls, smalls, larges))
    return best[2], best[3]


def note_interval(previous: Visit | None, visit: Visit, row: Row | None, plan: Plan) -> None:
    """A missed infusion shows as too long an interval at the next one."""
    whole = protocol().whole
    if previous is None or visit.since_start <= whole("infusion_interval_from_day"):
        return
    if not whole("infusion_interval_min") <= visit.day - previous.day <= whole("infusion_interval_max"):
        plan.note("infusion missed between two", "ex", row, "exstdtc")
