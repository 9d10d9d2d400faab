"""What differs between sites: their habits, and the register that says who delivers.

What belongs here: a site's scale, units, lag of entry, times and manifest, and sites.yml. What does
not: how many subjects it screens and when (enrolment.py), anything about a subject, how a dialect is
written (dialects/).
"""

from dataclasses import dataclass
from textwrap import indent
from typing import Any

import yaml

from simulation.dialects.catalogue import DIALECTS
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
    dialect: str = "canonical"
    """How it writes what it sends; nothing that it sends depends on that."""


def make_site(seed: int, number: int, dialect: str = "canonical") -> Site:
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
        dialect=dialect,
    )


def register(sites: list[Site]) -> str:
    """The site register as YAML.

    It expects no site to deliver every so many days: the trial stands still after its last night, and a load on any
    later day would rightly call every site late.
    """
    return "".join(["study: MRBS\n", "sites:\n", *map(register_entry, sites)])


def register_entry(site: Site) -> str:
    """One site's lines: one alone where it sends canonical CSV."""
    entry = DIALECTS[site.dialect].entry()
    if not entry:
        return f"  {site.siteid}: {{name: Site {site.number}}}\n"
    said = {site.siteid: {"name": f"Site {site.number}", **entry}}
    return indent(yaml.dump(said, Dumper=Plain, allow_unicode=True, sort_keys=False, width=120), "  ")


class Plain(yaml.SafeDumper):
    """YAML without anchors: what two columns have in common is written twice, so that each can be read by itself."""

    def ignore_aliases(self, data: Any) -> bool:
        return True
