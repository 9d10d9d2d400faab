"""What differs between sites: their habits, and the register that says who delivers.

What belongs here: a site's scale, units, lag of entry, times and manifest, and sites.yml. What does
not: how many subjects it screens and when (enrolment.py), anything about a subject. For now every
site sends canonical CSV, so its line in the register is short; a site with a dialect of its own
would get it here.
"""

from dataclasses import dataclass

from simulation.draws import generator, pick


@dataclass(frozen=True)
class Site:
    """One site and its habits."""

    number: int
    siteid: str
    pga_scale: str
    weight_in_pounds: bool
    complement_in_mg_dl: bool
    protein_in_mg: bool
    notes_times: bool
    """Whether assessments carry a time of day, as infusions always do."""
    mean_entry_lag: float
    dose_step: int
    """Doses are rounded to this many milligrams."""
    manifest: bool


def make_site(seed: int, number: int) -> Site:
    """The site with this number. The first six hold every habit once, so that a small trial has them all."""
    siteid = f"S{number:02d}"
    random = generator(seed, siteid)
    return Site(
        number=number,
        siteid=siteid,
        pga_scale={2: "0-10", 5: "0-100"}.get(number % 6, "0-3"),
        weight_in_pounds=number % 12 == 6,
        complement_in_mg_dl=number % 4 == 3,
        protein_in_mg=number % 6 == 4,
        notes_times=number % 3 != 1,
        mean_entry_lag=1.0 + 2.0 * random.random(),
        dose_step=pick(random, {1: 3.0, 5: 1.0}),
        manifest=number % 3 == 0,
    )


def register(sites: list[Site]) -> str:
    """The site register as YAML.

    It expects no site to deliver every so many days: the trial stands still after its last night, and a load on any
    later day would rightly call every site late.
    """
    lines = ["study: MRBS", "sites:"]
    lines += [f"  {site.siteid}: {{name: Site {site.number}}}" for site in sites]
    return "\n".join(lines) + "\n"
