"""The simulated trial as a whole: simulate() is the only door to this package.

What belongs here: going through the sites and subjects in order and handing each to the modules that
know it. What does not: anything about one subject or one form. A site is written and forgotten
before the next begins, so memory does not grow with the trial.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random

from simulation.corrections import Corrections
from simulation.course import Course
from simulation.defects import Dealer, Plan
from simulation.deliveries import write_site
from simulation.dialects.catalogue import CANONICAL, MIXED, dealt
from simulation.dialects.dialect import CannotCarryError
from simulation.draws import generator
from simulation.enrolment import screening_days, site_sizes
from simulation.file_defects import file_defects, fit_to_spoil
from simulation.forms import activity, background, events, laboratory, medication, treatment
from simulation.planting_kinds import plant
from simulation.protocol import protocol
from simulation.record_truth import change_truth, defect_truth, file_truth
from simulation.records import Records
from simulation.sites import Site, make_site, register
from simulation.subjects import make_person
from simulation.truth import Truth, late_entry_truth, site_truth, subject_truth
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
    dialects: tuple[str, ...]
    """How each site writes, in their order."""


def simulate(
    out: Path,
    *,
    sites: int,
    subjects: int,
    seed: int,
    nights: int = 1,
    clean: bool = False,
    last_delivery: date = LAST_DELIVERY,
    dialects: Sequence[str] = (CANONICAL,),
    plain_numbers: bool = False,
) -> SimulatedTrial:
    """Write deliveries (landing/), the site register (sites.yml) and the truth (truth/) below a folder.

    The same arguments give the same bytes. A subject's draws depend on the seed, its site and its number
    alone; how many subjects a site screens decides only when. The calendar is fixed: a later last delivery
    shows the same trial further on (in a clean trial byte for byte; defects are planted in what is there).

    `dialects` are dealt to the sites in turn and change nothing but how they write. With `mixed`, a site whose dialect
    can't carry its data (a planted error may be such) sends canonical CSV. `plain_numbers` writes 2 where a site would
    write 2.0, so that systems that store numbers and those that store text deliver the same to the letter.

    Raises:
        CannotCarryError: a dialect that was asked for by name can't.
    """
    last_day = last_delivery.toordinal()
    dates = list(range(last_day - nights + 1, last_day + 1))
    dealer = Dealer(clean, sites)
    all_sites = [make_site(seed, number, dialect) for number, dialect in enumerate(dealt(dialects, sites), 1)]
    truth = Truth()
    landing = out / "landing"
    rows = 0
    written: list[Site] = []
    for site, size in zip(all_sites, site_sizes(seed, sites, subjects), strict=True):
        screenings = screening_days(seed, site.siteid, size)
        taken = [make_subject(seed, site, *screening, dates, dealer, truth) for screening in enumerate(screenings, 1)]
        of_files = [defect for defect in file_defects(site.number, clean, nights) if fit_to_spoil(defect, taken, dates)]
        truth.defects += [file_truth(site, defect, last_day) for defect in of_files]
        try:
            rows += write_site(landing, site, taken, dates, of_files, plain_numbers)
        except CannotCarryError:
            if MIXED not in dialects:
                raise
            site = replace(site, dialect=CANONICAL)
            rows += write_site(landing, site, taken, dates, of_files, plain_numbers)
        truth.sites.append(site_truth(site, screenings))
        written.append(site)
    sites_file = out / "sites.yml"
    sites_file.write_text(register(written), encoding="utf-8")
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
        dialects=tuple(site.dialect for site in written),
    )


def make_subject(
    seed: int, site: Site, number: int, screening: int, nights: list[int], dealer: Dealer, truth: Truth
) -> Records:
    """One subject from birth to the last delivery, with its truth noted.

    Each part of a life has draws of its own, so that nothing a delivery shows depends on how many more follow.
    """

    def draws(part: str) -> Random:
        return generator(seed, site.siteid, number, part)

    last_day = nights[-1]
    owed = next(dealer.owed(site.number), None)
    plan = dealer.deal(draws("defect"), site.number)
    person = make_person(draws("person"), number, screening, dealer.clean)
    random = draws("course")
    course = Course(random, active=person.screen_failure != "INC03")
    stay = make_stay(random, site, person, course, plan)
    records = Records(person.subjid, tuple(protocol().columns), last_day)
    background.write(draws("background"), person, stay, records, plan)
    activity.write(draws("activity"), site, stay, records)
    laboratory.write(draws("laboratory"), site, person, stay, records)
    interrupted = treatment.write(draws("treatment"), site, person, stay, records, plan)
    infections = events.write(draws("events"), site, person, stay, interrupted, records)
    medication.write(draws("medication"), person, course, stay, infections, records, plan)
    note_visit_outside_window(stay.outside_window.label if stay.outside_window else None, records, plan)
    plant(draws("planting"), records, plan)
    if not dealer.clean:
        made = Corrections(draws("corrections"), records, plan).make(
            nights, dealer.changes_due, mends=plan.kind != owed
        )
        truth.changes += [change_truth(site, person.subjid, change) for change in made]
    dealer.settle(plan, last_day)
    truth.subjects.append(subject_truth(site, person, course, stay, last_day))
    truth.late_entries += late_entry_truth(site, person, stay, last_day)
    noted = [defect_truth(site, person.subjid, defect, nights) for defect in plan.noted]
    truth.defects += [row for row in noted if row is not None]
    return records


def note_visit_outside_window(label: str | None, records: Records, plan: Plan) -> None:
    """The visit that was made too late, once its record is entered."""
    visit = protocol().columns["sv"].index("visit")
    row = next((row for row in records.forms["sv"] if row.values[visit] == label), None)
    plan.note("visit outside its window", "sv", row, "svdtc")
