"""The simulated trial as a whole: simulate() is the only door to this package.

What belongs here: going through the sites and subjects in order and handing each to the modules that
know it. What does not: anything about one subject or one form. A site is written and forgotten
before the next begins, so memory does not grow with the trial.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from simulation.corrections import change
from simulation.course import Course
from simulation.defects import Dealer, Plan
from simulation.deliveries import write_site
from simulation.draws import generator
from simulation.file_defects import file_defects
from simulation.forms import activity, background, events, laboratory, medication, treatment
from simulation.planting_kinds import plant
from simulation.protocol import protocol
from simulation.records import Records
from simulation.sites import Site, make_site, register
from simulation.subjects import make_person
from simulation.truth import Truth, defect_truth, file_truth, subject_truth
from simulation.visits import make_stay

# A fixed date, so that the same arguments give the same files on any day.
LAST_DELIVERY = date(2026, 6, 30)


@dataclass(frozen=True)
class SimulatedTrial:
    """What was written, and where."""

    landing: Path
    sites_file: Path
    truth: Path
    sites: int
    subjects: int
    nights: tuple[date, ...]
    rows: int
    """Rows in the last night's deliveries."""
    defects: int


def simulate(
    out: Path,
    *,
    sites: int,
    subjects: int,
    seed: int,
    nights: int = 1,
    clean: bool = False,
    last_delivery: date = LAST_DELIVERY,
) -> SimulatedTrial:
    """Write deliveries (landing/), the site register (sites.yml) and the truth (truth/) below a folder.

    The same arguments give the same bytes. A subject's draws depend on the seed, its site and its
    number alone; how many subjects a site screens decides only how densely they follow each other.
    """
    last_day = last_delivery.toordinal()
    dates = list(range(last_day - nights + 1, last_day + 1))
    dealer = Dealer(clean, sites)
    all_sites = [make_site(seed, number) for number in range(1, sites + 1)]
    truth = Truth([], [])
    landing = out / "landing"
    rows = 0
    for site in all_sites:
        share = subjects // sites + (1 if site.number <= subjects % sites else 0)
        taken = [make_subject(seed, site, number, share, dates, dealer, truth) for number in range(1, share + 1)]
        of_files = file_defects(site.number, clean, nights)
        truth.defects += [file_truth(site, defect, last_day) for defect in of_files]
        rows += write_site(landing, site, taken, dates, of_files)
    sites_file = out / "sites.yml"
    sites_file.write_text(register(all_sites), encoding="utf-8")
    truth.write(out / "truth")
    return SimulatedTrial(
        landing=landing,
        sites_file=sites_file,
        truth=out / "truth",
        sites=sites,
        subjects=subjects,
        nights=tuple(date.fromordinal(day) for day in dates),
        rows=rows,
        defects=len(truth.defects),
    )


def make_subject(
    seed: int, site: Site, number: int, of: int, nights: list[int], dealer: Dealer, truth: Truth
) -> Records:
    """One subject from birth to the last delivery, with its truth noted."""
    random = generator(seed, site.siteid, number)
    last_day = nights[-1]
    owed = next(dealer.owed(site.number), None)
    plan = dealer.deal(random, site.number)
    person = make_person(random, site, number, of, last_day, dealer.clean)
    course = Course(random, active=person.screen_failure != "INC03")
    stay = make_stay(random, site, person, course, plan)
    records = Records(person.subjid, tuple(protocol().columns), last_day)
    background.write(random, person, stay, records, plan)
    activity.write(random, site, stay, records)
    laboratory.write(random, site, person, stay, records)
    interrupted = treatment.write(random, site, person, stay, records, plan)
    infections = events.write(random, site, person, stay, interrupted, records)
    medication.write(random, person, course, stay, infections, records, plan)
    note_visit_outside_window(stay.outside_window.label if stay.outside_window else None, records, plan)
    plant(random, records, plan)
    if not dealer.clean:
        change(random, records, plan, nights, forced=plan.kind == owed)
    dealer.settle(plan, last_day)
    truth.subjects.append(subject_truth(site, person, course, stay, last_day))
    noted = [defect_truth(site, person.subjid, defect, nights) for defect in plan.noted]
    truth.defects += [row for row in noted if row is not None]
    return records


def note_visit_outside_window(label: str | None, records: Records, plan: Plan) -> None:
    """The visit that was made too late, once its record is entered."""
    visit = protocol().columns["sv"].index("visit")
    row = next((row for row in records.forms["sv"] if row.values[visit] == label), None)
    plan.note("visit outside its window", "sv", row, "svdtc")
