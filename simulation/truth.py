"""The truth beside the deliveries: who the subjects really are, and what was done to their data.

What belongs here: latent facts that no form shows, and every planted defect with the rule that must
find it. What does not: an endpoint worked out from the forms; the intended outcome comes from the
latent course alone, so the observed one differs now and then. A defect is listed with the rule that
has to find it; others may find it too (a dose ten times too high is also off the plan).
"""

from dataclasses import dataclass
from pathlib import Path

from simulation.course import Course
from simulation.defects import Defect
from simulation.deliveries import as_csv
from simulation.file_defects import FileDefect
from simulation.protocol import protocol
from simulation.records import Row, iso, yes_no
from simulation.sites import Site
from simulation.subjects import Person
from simulation.visits import Stay

SUBJECT_COLUMNS = [
    "site", "subject", "usubjid", "screened", "screen_failure", "trtsdt", "responding", "activity_baseline",
    "activity_week48", "treatment_end", "treatment_end_reason", "study_end", "study_end_reason", "intended_week48",
]  # fmt: skip
DEFECT_COLUMNS = [
    "site", "subject", "form", "key", "field", "value", "kind", "rule", "first_delivered", "last_delivered",
]  # fmt: skip
DATE_BELONGS_TO_KEY_AT_UNS = {"sv": "svdtc", "ex": "exstdtc", "sledai": "sledtc", "bilag": "bildtc", "pga": "pgadtc"}


@dataclass
class Truth:
    """The rows of the two truth tables."""

    subjects: list[tuple[object, ...]]
    defects: list[tuple[object, ...]]

    def write(self, folder: Path) -> None:
        """Write both as CSV."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "subjects.csv").write_bytes(as_csv(SUBJECT_COLUMNS, self.subjects))
        (folder / "defects.csv").write_bytes(as_csv(DEFECT_COLUMNS, self.defects))


def subject_truth(site: Site, person: Person, course: Course, stay: Stay, last_day: int) -> tuple[object, ...]:
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
        "" if treatment[0] is None else iso(treatment[0]),
        treatment[1],
        "" if study[0] is None else iso(study[0]),
        study[1],
        outcome,
    )


def defect_truth(site: Site, subjid: str, defect: Defect, nights: list[int]) -> tuple[object, ...] | None:
    """One planted defect; None when no delivery shows it."""
    delivered = [night for night in nights if defect.row.shown(night)]
    if not delivered:
        return None
    columns = protocol().columns[defect.form]
    value = defect.row.values[columns.index(defect.field)] if defect.field in columns else ""
    return (
        site.siteid, subjid, defect.form, record_key(defect.form, defect.row), defect.field, value, defect.kind,
        defect.rule, iso(delivered[0]), iso(delivered[-1]),
    )  # fmt: skip


def file_truth(site: Site, defect: FileDefect, night: int) -> tuple[object, ...]:
    """One defect of a whole file."""
    return (
        site.siteid, "", defect.form, f"{defect.form}.csv", defect.field, "", defect.kind, defect.rule,
        iso(night), iso(night),
    )  # fmt: skip


def record_key(form: str, row: Row) -> str:
    """The key of a row as text; at an unscheduled visit its date belongs to it."""
    named = dict(zip(protocol().columns[form], row.values, strict=True))
    parts = [str(named[column]) for column in protocol().keys[form]]
    if named.get("visit") == "UNS" and form in DATE_BELONGS_TO_KEY_AT_UNS:
        parts.append(str(named[DATE_BELONGS_TO_KEY_AT_UNS[form]]))
    return " | ".join(parts)
