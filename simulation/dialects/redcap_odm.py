"""REDCap's ODM-XML of a classic project: no events, forms directly under the subject, every record an instance.

What belongs here: this file. What does not: the project's codes (redcap.py), ODM as other systems write it (odm.py).

Without events the visit is a field of its own, called after its form: a field's name is unique in a project.
"""

from collections import Counter
from typing import Any

from simulation.dialects.contract import contract, has_visit
from simulation.dialects.dialect import STUDY, CannotCarryError, Entry, File, Forms, Night, records
from simulation.dialects.odm_metadata import ODM, items_of
from simulation.dialects.redcap import COMPLETE, RECORD_ID, SPELLING, form_entry, instance, spelled

REDCAP = "https://projectredcap.org"


class RedcapOdm:
    """A classic project, where everything with a visit repeats."""

    def write(self, forms: Forms, night: Night) -> dict[str, File]:
        from lxml import etree  # type: ignore[import-untyped]

        root = etree.Element(f"{{{ODM}}}ODM", nsmap={None: ODM, "redcap": REDCAP})
        for name, value in {
            "ODMVersion": "1.3.1", "FileType": "Snapshot", "FileOID": "000-00-0000", "SourceSystem": "REDCap",
            "SourceSystemVersion": "14.5.0", "CreationDateTime": f"{night.day}T02:00:00", "Description": STUDY,
        }.items():  # fmt: skip
            root.set(name, value)
        self._add_fields(root, forms)
        clinical = etree.SubElement(root, f"{{{ODM}}}ClinicalData", StudyOID=f"Project.{STUDY}")
        clinical.set("MetaDataVersionOID", "Metadata.MRBS")
        try:
            self._add_records(clinical, forms)
        except ValueError as error:  # a character that XML can't have
            raise CannotCarryError(str(error)) from None
        content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
        return {f"{STUDY}_{night.day}_0200.REDCap.xml": File(content, records(forms))}

    def entry(self) -> Entry:
        forms = {}
        for form in contract():
            forms[form] = form_entry(form)
            if has_visit(form):
                forms[form]["columns"] = {visit_field(form): "visit"}
        return {"format": "odm", "file": f"{STUDY}_*.REDCap.xml", **SPELLING.entry(), "forms": forms}

    def _add_fields(self, root: Any, forms: Forms) -> None:
        from lxml import etree

        study = etree.SubElement(root, f"{{{ODM}}}Study", OID=f"Project.{STUDY}")
        version = etree.SubElement(study, f"{{{ODM}}}MetaDataVersion", OID="Metadata.MRBS", Name=STUDY)
        version.set(f"{{{REDCAP}}}RecordIdField", RECORD_ID)
        fields = {form: fields_of(form, table.header) for form, table in forms.items()}
        for form in fields:
            about = etree.SubElement(version, f"{{{ODM}}}FormDef", OID=f"Form.{form}", Name=form, Repeating="Yes")
            about.set(f"{{{REDCAP}}}FormName", form)
            etree.SubElement(about, f"{{{ODM}}}ItemGroupRef", ItemGroupOID=f"{form}.all", Mandatory="No")
        for form, names in fields.items():
            group = etree.SubElement(version, f"{{{ODM}}}ItemGroupDef", OID=f"{form}.all", Name=form, Repeating="No")
            for name in names:
                etree.SubElement(group, f"{{{ODM}}}ItemRef", ItemOID=name, Mandatory="No")
        for names in fields.values():
            for name in names:
                etree.SubElement(version, f"{{{ODM}}}ItemDef", OID=name, Name=name, DataType="text")

    def _add_records(self, clinical: Any, forms: Forms) -> None:
        from lxml import etree

        subjects: dict[str, Any] = {}
        counted: Counter[tuple[str, str]] = Counter()
        for form, table in forms.items():
            for record in spelled(form, table).named():
                subject = record["subjid"]
                if subject not in subjects:
                    subjects[subject] = etree.SubElement(clinical, f"{{{ODM}}}SubjectData", SubjectKey=subject)
                    subjects[subject].set(f"{{{REDCAP}}}RecordIdField", RECORD_ID)
                counted[subject, form] += 1
                filled = etree.SubElement(subjects[subject], f"{{{ODM}}}FormData", FormOID=f"Form.{form}")
                filled.set("FormRepeatKey", instance(form, record, counted[subject, form]))
                group = etree.SubElement(filled, f"{{{ODM}}}ItemGroupData", ItemGroupOID=f"{form}.all")
                values = {name: record["visit" if name == visit_field(form) else name]
                          for name in fields_of(form, table.header)[:-1]}  # fmt: skip
                head = {RECORD_ID: subject} if form == "dm" else {}
                for name, value in {**head, **values, f"{form}_complete": COMPLETE}.items():
                    etree.SubElement(group, f"{{{ODM}}}ItemData", ItemOID=name, Value=value)


def visit_field(form: str) -> str:
    return f"{form}_visit"


def fields_of(form: str, header: list[str]) -> list[str]:
    """The form's fields: its items, the visit where there is one, and whether it is complete."""
    visit = [visit_field(form)] if has_visit(form) else []
    return [*visit, *items_of(form, header), f"{form}_complete"]
