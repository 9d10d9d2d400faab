"""Laboratory results: lb.

What belongs here: values drawn so that they agree with the SLEDAI items of the same day (an item
answered with 1 has its abnormal value, one answered with 0 has none), in the site's units. What does
not: the items themselves. Values are whole numbers of the last decimal that the laboratory reports.
"""

import math
from dataclasses import dataclass
from random import Random

from simulation.course import Assessment
from simulation.draws import between, pick
from simulation.records import Records, iso
from simulation.sites import Site
from simulation.subjects import Person
from simulation.visits import LONGEST_LAG, Stay, Visit

URINARY_CASTS, HAEMATURIA, PROTEINURIA, PYURIA = 11, 12, 13, 14
LOW_COMPLEMENT, ANTI_DNA, THROMBOCYTOPENIA, LEUKOPENIA = 20, 21, 23, 24
SEROLOGY = ("HIV", "HBSAG", "HBCAB", "HCVAB")
FULL_PANEL_EVERY_DAYS = 84


@dataclass(frozen=True)
class Test:
    """How a quantity is reported: unit, decimals and limits of normal, in steps of the last decimal."""

    unit: str
    decimals: int
    low: int | None
    high: int | None


TESTS = {
    "C3": Test("g/L", 2, 90, 180),
    "C4": Test("g/L", 2, 10, 40),
    "CH50": Test("U/mL", 0, 42, 95),
    "DSDNA": Test("IU/mL", 0, 0, 30),
    "PROT24": Test("g/24 h", 2, 0, 15),
    "UPCR": Test("mg/mg", 2, 0, 20),
    "URBC": Test("/HPF", 0, 0, 5),
    "UWBC": Test("/HPF", 0, 0, 5),
    "PLT": Test("10^9/L", 0, 125, 350),
    "WBC": Test("10^9/L", 1, 35, 95),
    "HGB": Test("g/L", 0, 115, 150),
    "LYM": Test("10^9/L", 1, 11, 32),
    "CREAT": Test("umol/L", 0, 45, 84),
    "IGG": Test("g/L", 2, 700, 1600),
    "IGA": Test("g/L", 2, 70, 400),
}
# The same result in the unit of some sites: unit, and how far the decimal point moves.
MG_DL = dict.fromkeys(("C3", "C4", "IGG", "IGA"), ("mg/dL", 2))
MG_DAY = {"PROT24": ("mg/24 h", 3)}


class Habitus:
    """What one person's results look like when nothing is wrong, and which complement falls first."""

    def __init__(self, random: Random, person: Person) -> None:
        self.complement = pick(random, {"both": 6.2, "C4": 2.8, "C3": 1.0})
        self.plt = random.gauss(245, 50)
        self.wbc = random.gauss(62, 14)
        self.hgb = random.gauss(120 if person.sex == "F" else 136, 11)
        self.lym = random.gauss(13, 4)
        self.creat = random.gauss(60, 9)
        self.igg = max(720.0, min(2600.0, random.gauss(1420, 330)))
        self.iga = max(80.0, min(560.0, random.gauss(260, 85)))
        if person.screen_failure == "EXC04":
            self.igg = 330.0
        self.infected = person.screen_failure == "EXC12"


def write(random: Random, site: Site, person: Person, stay: Stay, records: Records) -> None:
    """Enter the results of every visit with an examination; they come in a little later than the visit."""
    habitus = Habitus(random, person)
    units = {**(MG_DL if site.complement_in_mg_dl else {}), **(MG_DAY if site.protein_in_mg else {})}
    for visit in stay.visits:
        if visit.found is None or visit.day > records.last_day:
            continue
        prompt = min(visit.day + LONGEST_LAG, visit.entered + between(random, 0, 2))
        entered = visit.entered_in("lb") if visit.late_form == "lb" else prompt
        full = visit.label in ("SCR", "D0", "ET") or is_full(visit)
        for test, value in results(random, visit.found, habitus, full, visit.since_start).items():
            records.add("lb", entered, visit.label, iso(visit.day), test, *as_reported(test, value, units))
        for test, positive in qualitative(visit, habitus).items():
            result = "POSITIVE" if positive else "NEGATIVE"
            records.add("lb", entered, visit.label, iso(visit.day), test, result, "", "", "")


def is_full(visit: Visit) -> bool:
    """Whether the larger panel is due: every twelve weeks."""
    return visit.label[0] == "W" and int(visit.label[1:]) * 7 % FULL_PANEL_EVERY_DAYS == 0


def qualitative(visit: Visit, habitus: Habitus) -> dict[str, bool]:
    """Results that are positive or negative: urinary casts always, serology and ANA at screening."""
    assert visit.found is not None
    answers = {"UCAST": visit.found.of(URINARY_CASTS) > 0}
    if visit.label == "SCR":
        answers |= {test: test == "HBCAB" and habitus.infected for test in SEROLOGY} | {"ANA": True}
    return answers


def results(random: Random, found: Assessment, habitus: Habitus, full: bool, day: int) -> dict[str, int]:
    """The quantities of one sample, in steps of the last decimal."""
    gauss = random.gauss
    complement, dna = found.of(LOW_COMPLEMENT), found.of(ANTI_DNA)
    values = {
        "C3": level(90, 118, complement if habitus.complement != "C4" else -2.0, 0.75, gauss(0, 4)),
        "C4": level(10, 19, complement if habitus.complement != "C3" else -2.0, 0.75, gauss(0, 1)),
        "DSDNA": 30 + max(1, min(900, round(28 * math.expm1(dna)))) if dna > 0 else max(2, round(30 * math.exp(dna))),
        "UPCR": protein(found.of(PROTEINURIA), 0.85, gauss(0, 1.5)),
        "URBC": cells(random, found.of(HAEMATURIA)),
        "UWBC": cells(random, found.of(PYURIA)),
        "PLT": 99 - round(70 * -math.expm1(-0.6 * found.of(THROMBOCYTOPENIA)))
        if found.of(THROMBOCYTOPENIA) > 0
        else max(102, min(400, round(habitus.plt + gauss(0, 14)))),
        "WBC": 29 - round(14 * -math.expm1(-0.6 * found.of(LEUKOPENIA)))
        if found.of(LEUKOPENIA) > 0
        else max(31, min(140, round(habitus.wbc + gauss(0, 6)))),
        "HGB": max(70, round(habitus.hgb - 5 * found.activity + gauss(0, 3))),
    }
    if full:
        # Belimumab lowers immunoglobulins by about a tenth to a sixth within the year.
        treated = 1.0 - 0.14 * -math.expm1(-max(day, 0) / 120.0)
        values |= {
            "CH50": level(42, 58, complement if habitus.complement == "both" else -2.0, 0.7, gauss(0, 2)),
            "PROT24": protein(found.of(PROTEINURIA), 1.0, gauss(0, 1.5)),
            "LYM": max(4, min(40, round(habitus.lym + gauss(0, 1.5)))),
            "CREAT": max(35, round(habitus.creat + 8 * max(0.0, found.of(PROTEINURIA)) + gauss(0, 3))),
            "IGG": round(habitus.igg * treated + gauss(0, 15)),
            "IGA": round(habitus.iga * treated + gauss(0, 6)),
        }
    return values


def level(limit: int, usual: int, excess: float, share: float, noise: float) -> int:
    """A value that falls below its limit exactly when its item is present."""
    if excess > 0:
        return limit - max(1, round(limit * share * -math.expm1(-0.45 * excess)))
    return max(limit, round(limit + (usual - limit) * min(1.6, -excess) + noise))


def protein(excess: float, share: float, noise: float) -> int:
    """Proteinuria in hundredths: above 0.50 exactly when its item is present."""
    if excess > 0:
        return 50 + max(1, min(700, round(75 * share * math.expm1(min(excess, 3.0)) + noise)))
    return max(2, min(50, round(share * 34 * math.exp(0.8 * excess) + noise)))


def cells(random: Random, excess: float) -> int:
    """Cells per high-power field: more than 5 exactly when the item is present."""
    return 6 + int(9 * excess) + between(random, 0, 3) if excess > 0 else between(random, 0, 4)


def as_reported(test: str, value: int, units: dict[str, tuple[str, int]]) -> tuple[str, str, str, str]:
    """Result, unit and limits of normal as the site's laboratory prints them."""
    definition = TESTS[test]
    unit, moved = units.get(test, (definition.unit, 0))
    decimals, low, high = definition.decimals, definition.low, definition.high
    return (
        decimal(value, decimals, moved),
        unit,
        "" if low is None else decimal(low, decimals, moved),
        "" if high is None else decimal(high, decimals, moved),
    )


def decimal(value: int, decimals: int, moved: int) -> str:
    """A count of last decimals as text, its point moved to the right."""
    left = decimals - moved
    if left <= 0:
        return str(value * 10**-left)
    return f"{value // 10**left}.{value % 10**left:0{left}d}"
