"""ODM-XML 1.3.2 of a data capture system: visits are events, records are forms or repeating groups of items.

What belongs here: the structure of the clinical data. What does not: the description of forms before it
(odm_metadata.py).

A form with numbered records has a FormData per record; of any other form, the records of a visit are the repeats of
one group of items. An unscheduled visit is a repeat of its event, by date.
"""

from typing import Any

from simulation.dialects.contract import codes, contract, has_visit, sequence_of
from simulation.dialects.dialect import STUDY, CannotCarryError, Entry, File, Forms, Night, records
from simulation.dialects.odm_metadata import ODM, VENDOR, add_study, form_oid, item_oid, items_of

LOG = "SE.LOG"
LOG_FORMS = ("mh", "cm", "ae", "ds")
EVENTS = {visit: f"SE.{visit}" for visit in codes("VISIT")}

Record = dict[str, str]
Occurrence = tuple[str, str]
"""An event and its repeat key."""


class Odm:
    """One file with everything, and with what a vendor adds to it."""

    def write(self, forms: Forms, night: Night) -> dict[str, File]:
        from lxml import etree  # type: ignore[import-untyped]

        root = etree.Element(f"{{{ODM}}}ODM", nsmap={None: ODM, "edc": VENDOR})
        for name, value in {
            "ODMVersion": "1.3.2", "FileType": "Snapshot", "FileOID": f"{STUDY}.{night.siteid}.{night.day}",
            "CreationDateTime": f"{night.day}T02:00:00", "SourceSystem": "Site EDC", f"{{{VENDOR}}}Edition": "7",
        }.items():  # fmt: skip
            root.set(name, value)
        add_study(root, {form: table.header for form, table in forms.items()}, [*EVENTS.values(), LOG])
        clinical = etree.SubElement(root, f"{{{ODM}}}ClinicalData", StudyOID=STUDY, MetaDataVersionOID="MDV.1")
        try:
            for subject, occurrences in placed(forms).items():
                add_subject(clinical, subject, occurrences)
        except ValueError as error:  # a character that XML can't have
            raise CannotCarryError(str(error)) from None
        content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
        return {f"{STUDY}_{night.siteid}.xml": File(content, records(forms))}

    def entry(self) -> Entry:
        forms = {form: form_entry(form) for form in contract()}
        visits = {event: visit for visit, event in EVENTS.items()}
        return {"format": "odm", "file": f"{STUDY}_*.xml", "visits": visits, "forms": forms}


def form_entry(form: str) -> Entry:
    columns = {item_oid(form, name): name for name in items_of(form, contract()[form])}
    return {"sheet": form_oid(form), "columns": columns}


def placed(forms: Forms) -> dict[str, dict[Occurrence, dict[str, list[Record]]]]:
    """The records of every subject, by event and form, each in the order of the forms."""
    days = unscheduled_days(forms)
    subjects: dict[str, dict[Occurrence, dict[str, list[Record]]]] = {}
    for form, table in forms.items():
        for record in table.named():
            subject = record["subjid"]
            visit = record.get("visit", "SCR")
            event = LOG if form in LOG_FORMS else EVENTS.get(visit, visit)
            repeat = 1 + days[subject].index(day_of(form, record)) if visit == "UNS" else 1
            at_event = subjects.setdefault(subject, {}).setdefault((event, str(repeat)), {})
            at_event.setdefault(form, []).append(record)
    return subjects


def unscheduled_days(forms: Forms) -> dict[str, list[str]]:
    """The days of each subject's unscheduled visits, in their order."""
    days: dict[str, set[str]] = {}
    for form, table in forms.items():
        if has_visit(form):
            for record in table.named():
                if record["visit"] == "UNS":
                    days.setdefault(record["subjid"], set()).add(day_of(form, record))
    return {subject: sorted(found) for subject, found in days.items()}


def day_of(form: str, record: Record) -> str:
    """The day that a record of a visit is dated."""
    dated = next(name for name, column in contract()[form].items() if column.is_date)
    return record.get(dated, "")[:10]


def add_subject(clinical: Any, subject: str, occurrences: dict[Occurrence, dict[str, list[Record]]]) -> None:
    from lxml import etree

    node = etree.SubElement(clinical, f"{{{ODM}}}SubjectData", SubjectKey=subject)
    node.set(f"{{{VENDOR}}}StudySubjectID", subject)
    for (event, repeat), forms in occurrences.items():
        at_event = etree.SubElement(
            node, f"{{{ODM}}}StudyEventData", StudyEventOID=event, StudyEventRepeatKey=repeat
        )  # fmt: skip
        for form, filled in forms.items():
            sequence = sequence_of(form)
            if sequence is None:
                add_form(at_event, form, "1", filled)
                continue
            for record in filled:
                if not record[sequence]:
                    raise CannotCarryError(f"{form}: a record of subject {subject} has no number")
                add_form(at_event, form, record[sequence], [record])


def add_form(at_event: Any, form: str, repeat: str, filled: list[Record]) -> None:
    from lxml import etree

    node = etree.SubElement(at_event, f"{{{ODM}}}FormData", FormOID=form_oid(form), FormRepeatKey=repeat)
    node.set(f"{{{VENDOR}}}Status", "complete")
    for number, record in enumerate(filled, start=1):
        group = etree.SubElement(
            node, f"{{{ODM}}}ItemGroupData", ItemGroupOID=f"IG.{form.upper()}", ItemGroupRepeatKey=str(number)
        )
        for name in items_of(form, record):
            if record[name]:
                etree.SubElement(group, f"{{{ODM}}}ItemData", ItemOID=item_oid(form, name), Value=record[name])
