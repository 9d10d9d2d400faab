"""The description of the study at the head of an ODM file: events, forms, groups and items with their questions.

What belongs here: names (OIDs) and metadata. What does not: clinical data (odm.py).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from simulation.dialects.contract import Column, column, sequence_of
from simulation.dialects.dialect import STUDY

ODM = "http://www.cdisc.org/ns/odm/v1.3"
VENDOR = "urn:site-edc:odm-extension:7"
DATA_TYPES = {
    "integer": "integer", "decimal": "float", "date": "partialDate", "partial_date": "partialDate",
    "datetime": "partialDatetime",
}  # fmt: skip


def form_oid(form: str) -> str:
    return f"F.{form.upper()}"


def item_oid(form: str, name: str) -> str:
    return f"I.{form.upper()}.{name.upper()}"


def items_of(form: str, columns: Iterable[str]) -> list[str]:
    """The columns that are items: what the places in the file do not say."""
    return [name for name in columns if name not in ("subjid", "visit", sequence_of(form))]


def add_study(root: Any, headers: Mapping[str, list[str]], events: list[str]) -> None:
    from lxml import etree  # type: ignore[import-untyped]

    def add(parent: Any, tag: str, text: str | None = None, **attributes: str) -> Any:
        node = etree.SubElement(parent, f"{{{ODM}}}{tag}", **attributes)
        node.text = text
        return node

    study = add(root, "Study", OID=STUDY)
    names = add(study, "GlobalVariables")
    for tag in ("StudyName", "StudyDescription", "ProtocolName"):
        add(names, tag, STUDY)
    version = add(study, "MetaDataVersion", OID="MDV.1", Name="1")
    protocol = add(version, "Protocol")
    for event in events:
        add(protocol, "StudyEventRef", StudyEventOID=event, Mandatory="No")
    for event in events:
        add(version, "StudyEventDef", OID=event, Name=event.removeprefix("SE."), Repeating="Yes", Type="Scheduled")
    for form in headers:
        about = add(version, "FormDef", OID=form_oid(form), Name=form, Repeating="Yes")
        add(about, "ItemGroupRef", ItemGroupOID=f"IG.{form.upper()}", Mandatory="No")
    for form, header in headers.items():
        group = add(version, "ItemGroupDef", OID=f"IG.{form.upper()}", Name=form, Repeating="Yes")
        for name in items_of(form, header):
            add(group, "ItemRef", ItemOID=item_oid(form, name), Mandatory="No")
    for form, header in headers.items():
        for name in items_of(form, header):
            add_item(add, version, item_oid(form, name), column(form, name))


def add_item(add: Any, version: Any, oid: str, about: Column) -> None:
    item = add(version, "ItemDef", OID=oid, Name=about.name, DataType=DATA_TYPES.get(about.type, "text"))
    question = add(item, "Question")
    add(question, "TranslatedText", about.label or about.name)
