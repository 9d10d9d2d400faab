"""Disease activity: sledai, bilag, pga.

What belongs here: writing one examination onto its three forms, on the site's scale. What does not:
the disease (course.py).
"""

from decimal import Decimal
from random import Random

from simulation.draws import between
from simulation.protocol import protocol
from simulation.records import Records, at, iso
from simulation.sites import Site
from simulation.visits import Stay

# Whole numbers on the widest scale, one decimal on the others, as physicians mark them.
PGA_STEPS = {"0-3": Decimal("0.1"), "0-10": Decimal("0.1"), "0-100": Decimal(1)}


def write(random: Random, site: Site, stay: Stay, records: Records) -> None:
    """Enter every examination. All of one visit fall on its day, and before any infusion of that day."""
    factor = protocol().pga_factors[site.pga_scale]
    step = PGA_STEPS[site.pga_scale]
    for visit in stay.visits:
        if visit.found is None or visit.day > records.last_day:
            continue
        found = visit.found
        minute = between(random, 480, 530)
        when = at(visit.day, minute) if site.notes_times else iso(visit.day)
        records.add("sledai", visit.entered_in("sledai"), visit.label, when, *found.answers(), found.total())
        records.add("bilag", visit.entered_in("bilag"), visit.label, when, *found.grades)
        marked = (Decimal(round(found.global_assessment * 100)) / 100 / factor / step).to_integral_value() * step
        records.add("pga", visit.entered_in("pga"), visit.label, when, f"{marked.quantize(step):f}", site.pga_scale)
