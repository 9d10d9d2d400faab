"""The simulated trial beside the published figures: `python -m tests.simulation.figures` prints the tables as Markdown.

A clean trial that is over is simulated, derived by the project's own SQL in memory, and each published figure is worked
out of the analysis tables. What belongs here: the figures, their published values (docs of the trial, last section) and
the band that a test holds each simulated one to. What does not: the simulator, and figures that nobody published.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from simulation import SimulatedTrial, simulate
from tests.simulation.reading import Table, read
from tests.support.compiled import derived

SITES, SUBJECTS, SEED = 40, 2000, 2
# More than a year after the last first infusion: everybody's week 48 is mature.
LAST_DELIVERY = date(2027, 9, 30)
FORMS = ("dm", "vs", "ex", "sledai", "bilag", "pga", "lb", "cm", "ds")
# What no figure needs of the longest forms: leaving it out halves the time and the memory.
WEIGHT_ALONE = {"vs": ("vstestcd", {"WEIGHT"}), "lb": ("visit", {"D0"})}


@dataclass(frozen=True)
class Figure:
    """One figure over the subjects treated: what was published, the band for the simulated one, and why that band."""

    name: str
    published: str
    low: float
    high: float
    why: str
    query: str
    decimals: int = 1


def share(condition: str, among: str = "true") -> str:
    """How many percent of some subjects meet a condition."""
    return f"100 * avg(({condition})::integer) filter ({among})"


def groups(
    name: str, query: str, values: tuple[float, float], room: float, why: str, decimals: int = 1
) -> list[Figure]:
    """A figure in responders and in non-responders."""
    return [
        Figure(f"{name}, {who}", f"{value}", value - room, value + room, why, f"{query} filter ({whom})", decimals)
        for who, whom, value in zip(
            ("responders", "non-responders"), ("responder", "not responder"), values, strict=True
        )
    ]


RANGE = "two points beyond the two trials"
CHANCE = "chance: one standard error of a share among 950 is 1.6"
DIRECTION = "the direction, and no more than twice the size"

FIGURES = (
    Figure("SRI-4 (%)", "57.6, 43.2, 53.8", 43.2, 57.6, "within the trials", share("responder")),
    Figure("SLEDAI component met (%)", "58, 47", 45, 60, RANGE, share("sledai_met")),
    Figure("BILAG component met (%)", "81, 69", 67, 83, RANGE, share("bilag_met")),
    Figure("PGA component met (%)", "80, 69", 67, 82, RANGE, share("pga_met")),
    Figure(
        "no SRI-4 in spite of the SLEDAI component (%)",
        "4.4 (35 of 796)",
        2.0,
        7.0,
        "three standard errors",
        share("not responder", "sledai_met"),
    ),
    Figure(
        "SRI-4 beyond what independent components would give (points)",
        "20.0, 20.8",
        15,
        26,
        "a quarter either way",
        "100 * (avg(responder::integer) - avg(sledai_met::integer) * avg(bilag_met::integer) * avg(pga_met::integer))",
    ),
    Figure("left before week 48 (%)", "17 to 25", 16, 26, "one point beyond", share("left_early")),
    *groups(
        "SLEDAI-2K at baseline, mean", "avg(blsledai)", (10.5, 9.1), 0.6, "three standard errors and the floor at 6"
    ),
    *groups("SLEDAI-2K at baseline, SD", "stddev(blsledai)", (3.4, 3.9), 0.9, "the floor at 6 (below)"),
    Figure(
        "SLEDAI-2K at baseline, difference",
        "1.4",
        0.6,
        2.0,
        DIRECTION,
        "avg(blsledai) filter (responder) - avg(blsledai) filter (not responder)",
    ),
    *groups("PGA at baseline, mean", "avg(blpga)", (1.5, 1.4), 0.07, "rounding, and chance", 2),
    Figure(
        "PGA at baseline, difference",
        "0.1",
        0.01,
        0.15,
        "the direction; published to one decimal",
        "avg(blpga) filter (responder) - avg(blpga) filter (not responder)",
        2,
    ),
    *groups("low C3 (%)", "100 * avg(low_c3::integer)", (40.9, 48.4), 7, CHANCE),
    *groups("low C4 (%)", "100 * avg(low_c4::integer)", (51.9, 59.5), 7, CHANCE),
    *groups("immunosuppressant (%)", "100 * avg((blisfl = 'Y')::integer)", (42.4, 53.8), 7, CHANCE),
    Figure("women (%)", "92.9", 90.5, 95.3, "three standard errors", share("sex = 'F'")),
    Figure("age, mean (years)", "32.3", 31.3, 33.3, "three standard errors", "avg(age)"),
    Figure("age, SD (years)", "9.7", 8.5, 10.9, "three standard errors", "stddev(age)"),
    Figure("BMI, mean", "22.3", 21.9, 22.7, "three standard errors", "avg(bmi)"),
    Figure("BMI, SD", "3.4", 3.0, 3.8, "three standard errors", "stddev(bmi)"),
    Figure("SLEDAI-2K at baseline, mean", "9.8", 9.3, 10.3, "three standard errors and more", "avg(blsledai)"),
    Figure("SLEDAI-2K at baseline, SD", "3.8", 3.2, 4.4, "the floor at 6 (below)", "stddev(blsledai)"),
    Figure("on steroids (%)", "98.2", 96.9, 99.5, "three standard errors", share("blsteroid > 0")),
)

# Everybody treated, at week 48; a component under non-responder imputation is not met after an event.
TREATED = """
create temp table treated as
select
    subjects.*,
    subjects.blweight / (demographics.height_cm / 100.0) ** 2 as bmi,
    subjects.respgrp = 'RESPONSE' as responder,
    week48.icefl = 'N' and week48.sledfl = 'Y' as sledai_met,
    week48.icefl = 'N' and week48.bilfl = 'Y' as bilag_met,
    week48.icefl = 'N' and week48.pgafl = 'Y' as pga_met,
    week48.icefl = 'Y' as left_early,
    labs.low_c3,
    labs.low_c4
from candidate.analysis.adsl as subjects
inner join candidate.analysis.adsri as week48 on subjects.usubjid = week48.usubjid and week48.avisitn = 48
inner join working.staging.stg_dm as demographics on subjects.usubjid = demographics.usubjid
left join (
    select
        usubjid,
        max(lbstresn < lbstnrlo) filter (lbtestcd = 'C3') as low_c3,
        max(lbstresn < lbstnrlo) filter (lbtestcd = 'C4') as low_c4
    from working.staging.stg_lb
    group by usubjid
) as labs on subjects.usubjid = labs.usubjid
where subjects.saffl = 'Y' and week48.maturfl = 'Y'
"""
CURVE = """
select avisitn, round(100 * avg((sri4 = 'Y')::integer), 1)
from candidate.analysis.adsri where maturfl = 'Y' group by avisitn order by avisitn
"""


@dataclass(frozen=True)
class Figures:
    """What one simulated trial came to."""

    treated: int
    simulated: dict[str, float]
    curve: dict[int, float]


def figures_of(trial: SimulatedTrial) -> Figures:
    """Derive a trial and work out every figure."""
    with derived_trial(trial) as connection:
        connection.execute(TREATED)
        values = connection.execute(f"select count(*), {', '.join(figure.query for figure in FIGURES)} from treated")
        treated, *simulated = values.fetchall()[0]
        names = [figure.name for figure in FIGURES]
        return Figures(
            treated,
            dict(zip(names, map(float, simulated), strict=True)),
            {week: float(rate) for week, rate in connection.execute(CURVE).fetchall()},
        )


@contextmanager
def derived_trial(trial: SimulatedTrial) -> Iterator[duckdb.DuckDBPyConnection]:
    """The last deliveries of a trial, derived in memory."""
    night = trial.nights[-1].isoformat()
    forms = {form: delivered(trial, form, night) for form in FORMS}
    sites = sorted({row["siteid"] for row in forms["dm"]})
    in_force = [{"siteid": site, "form": form, "delivered": night} for site in sites for form in FORMS]
    with derived(forms, {"in_force": in_force}) as connection:
        yield connection


def delivered(trial: SimulatedTrial, form: str, night: str) -> Table:
    """All sites' rows of a form in one night's deliveries, as far as they are needed; what is blank is absent."""
    column, wanted = WEIGHT_ALONE.get(form, ("", set()))
    return [
        {"siteid": file.parent.parent.name, "opened": night, **{name: value for name, value in row.items() if value}}
        for file in sorted(trial.landing.glob(f"*/{night}/{form}.csv"))
        for row in read(file)
        if not wanted or row[column] in wanted
    ]


def finished_trial(folder: Path) -> SimulatedTrial:
    """The trial whose figures are held against the published ones."""
    return simulate(folder, sites=SITES, subjects=SUBJECTS, seed=SEED, clean=True, last_delivery=LAST_DELIVERY)


def as_markdown(figures: Figures) -> str:
    """Both tables."""
    lines = ["| figure | published | simulated | held between | room |", "|---|---|---|---|---|"]
    for figure in FIGURES:
        value = f"{figures.simulated[figure.name]:.{figure.decimals}f}"
        low, high = (f"{bound:.{figure.decimals}f}" for bound in (figure.low, figure.high))
        lines.append(f"| {figure.name} | {figure.published} | {value} | {low} and {high} | {figure.why} |")
    lines += ["", "| week | " + " | ".join(map(str, figures.curve)) + " |", "|---" * (len(figures.curve) + 1) + "|"]
    lines.append("| SRI-4 (%) | " + " | ".join(f"{rate:.1f}" for rate in figures.curve.values()) + " |")
    return "\n".join(lines)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        figures = figures_of(finished_trial(Path(folder)))
    print(f"Seed {SEED}, {SUBJECTS} subjects screened at {SITES} sites, {figures.treated} treated.\n")
    print(as_markdown(figures))


if __name__ == "__main__":
    main()
