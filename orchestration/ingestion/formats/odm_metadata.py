"""What an ODM file says about itself before the data: which items a form has, what they ask, and of which type.

Filled by the parser as it passes; a file without metadata is read all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from orchestration.ingestion.formats.tables import Kind

KIND_OF: Mapping[str, Kind] = {
    "integer": "number",
    "float": "number",
    "double": "number",
    "decimal": "number",
    "date": "date",
    "partialDate": "date",
    "incompleteDate": "date",
    "datetime": "datetime",
    "partialDatetime": "datetime",
    "incompleteDatetime": "datetime",
    "time": "time",
    "partialTime": "time",
    "incompleteTime": "time",
}


@dataclass
class Item:
    """One question."""

    label: str = ""
    kind: Kind = "text"


@dataclass
class Metadata:
    """Forms, their groups and items, by OID; and what REDCap calls its forms."""

    items: dict[str, Item] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    groups_of_form: dict[str, list[str]] = field(default_factory=dict)
    form_names: dict[str, str] = field(default_factory=dict)
    record_id: str | None = None  # the item that repeats the subject's key

    def name_of(self, form_oid: str) -> str:
        return self.form_names.get(form_oid, form_oid)

    def forms(self) -> list[str]:
        return [self.name_of(oid) for oid in self.groups_of_form]

    def items_of(self, form: str) -> dict[str, Item]:
        """The items of a form in the order of the form."""
        oids = [oid for oid in self.groups_of_form if self.name_of(oid) == form]
        items = (item for oid in oids for group in self.groups_of_form[oid] for item in self.groups.get(group, ()))
        return {item: self.items.get(item, Item()) for item in items if item != self.record_id}
