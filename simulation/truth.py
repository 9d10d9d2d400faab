"""The truth beside the deliveries: who the subjects and sites really are, and what was done to their data.

What belongs here: the tables of the truth, and latent facts that no form shows. What does not: what was
done to single records (record_truth.py); an endpoint worked out from the forms. The intended outcome
comes from the latent course alone, so the observed one differs now and then.
"""

from dataclasses import dataclass, field
from pathlib import Path

from simulation.course import Course
from simulation.deliveries import as_csv
from simulation.protocol import protocol
from simulation.records import iso, yes_no
from simulation.sites import Site
from simulation.subjects import Person
from simulation.visits import Stay

TruthRow = tuple[object, ...]

COLUMNS = {
    "sites": [
        "site", "screened", "first_screening", "pga_scale", "weight_in_pounds", "complement_in_mg_dl",
        "protein_in_mg", "notes_times", "mean_entry_lag", "manifest", "dialect",
    ],
    "subjects": [
        "site", "subject", "usubjid", "screened", "screen_failure", "trtsdt", "responding", "activity_baseline",
        "activity_week48", "flares", "organ_flares", "treatment_end", "treatment_end_reason", "study_end",
        "study_end_reason", "intended_week48",
    ],
    "defects": [
        "site", "subject", "form", "key", "field", "value", "kind", "rule", "first_delivered", "last_delivered",
    ],
    "changes": ["site", "subject", "form", "key", "kind", "night", "field", "before", "after"],
    "late_entries": ["site", "subject", "form", "visit", "visit_date", "entered", "days"],
}  # fmt: skip


@dataclass
class Truth:
    """The rows of the truth tables."""

    sites: list[TruthRow] = field(default_factory=list)
    subjects: list[TruthRow] = field(default_factory=list)
    defects: list[TruthRow] = field(default_factory=list)
    changes: list[TruthRow] = field(default_factory=list)
    late_entries: list[TruthRow] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        """Write each as CSV."""
        folder.mkdir(parents=True, exist_ok=True)
        for table, columns in COLUMNS.items():
            (folder / f"{table}.csv").write_bytes(as_csv(columns, getattr(self, table)))


def site_truth(site: Site, screenings: list[int]) -> TruthRow:
    """One site: how many it screens, and its habits."""
    habits = (site.weight_in_pounds, site.complement_in_mg_dl, site.protein_in_mg, site.notes_times)
    return (
        site.siteid,
        len(screenings),
        iso(screenings[0]) if screenings else "",
        site.pga_scale,
        *map(yes_no, habits),
        f"{site.mean_entry_lag:.2f}",
        yes_no(site.manifest),
        site.dialect,
    )


def subject_truth(site: Site, person: Person, course: Course, stay: Stay, last_day: int) -> TruthRow:
    """One subject. Ends that lie after the last delivery are told too: nobody else knows them yet."""
    infused = person.screen_failure is None and person.first_infusion <= last_day
    treatment, study = stay.treatment_end or (None, ""), stay.study_end or (None, "")
    final = protocol().visits[-1].target
    stays = treatment[1] == study[1] == "COMPLETED"
    outcome = "" if person.screen_failure else "RESPONSE" if course.responding and stays else "NO RESPONSE"
    return (
        site.siteid,
        person.subjid,
        f"MRBS-{site.siteid}-{person.subjid}",
        iso(person.screening),
        person.screen_failure or "",
        iso(person.first_infusion) if infused else "",
        yes_no(course.responding),
        f"{course.start:.3f}",
        f"{course.activity(final):.3f}",
        len(course.flares),
        len(course.organ_flares),
        "" if treatment[0] is None else iso(treatment[0]),
        treatment[1],
        "" if study[0] is None else iso(study[0]),
        study[1],
        outcome,
    )


def late_entry_truth(site: Site, person: Person, stay: Stay, last_day: int) -> list[TruthRow]:
    """The forms of a subject's visits that were entered late, or that the site still owes on the last night."""
    return [
        (site.siteid, person.subjid, visit.late_form, visit.label, iso(visit.day),
         iso(visit.entered_in(visit.late_form)), visit.late_by)
        for visit in stay.visits
        if visit.late_form and visit.day <= last_day
    ]  # fmt: skip
