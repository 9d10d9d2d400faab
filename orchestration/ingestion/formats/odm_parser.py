"""The parser of ODM-XML: pieces of a file in, one record per filled form out, and nothing kept of what has passed.

It listens to lxml's events instead of building a tree, so memory stays flat with any file, also one that is all
vendor extensions. A document type is refused as soon as it appears: ODM has none, and entities live there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from orchestration.ingestion.formats import limits
from orchestration.ingestion.formats.odm_metadata import KIND_OF, Item, Metadata
from orchestration.ingestion.formats.refusal import reason_of, unreadable

REDCAP = "https://projectredcap.org"
CLINICAL = ("SubjectData", "StudyEventData", "FormData", "ItemGroupData")
FIRST = "1"  # the key of what does not repeat, where a file gives none


@dataclass
class FormRecord:
    """One row of one form.

    `repeat` is the form's repeat key; of a repeated event 2 it is "2.1", of the third row of a repeating group of items
    "1/3". REDCap counts events and forms by one instance number, and so does its CSV: there it is that number.
    """

    number: int
    subject: str
    event: str
    form: str
    repeat: str
    values: dict[str, str] = field(default_factory=dict)


class OdmParser:
    """Feed it the file, take the records."""

    def __init__(self) -> None:
        self.metadata = Metadata()
        self._listener = _Listener(self.metadata)
        # "internal", as with False a listener hears of &amp; in an attribute as &#38;. No entity can be declared:
        # the document type, which alone could, is refused.
        self._parser: Any = etree.XMLParser(
            target=self._listener, resolve_entities="internal", no_network=True, load_dtd=False, huge_tree=False
        )

    def feed(self, data: bytes) -> None:
        try:
            self._parser.feed(data)
        except etree.XMLSyntaxError as error:
            raise unreadable(f"the XML is damaged: {reason_of(error)}") from None

    def close(self) -> None:
        try:
            self._parser.close()
        except etree.XMLSyntaxError as error:
            raise unreadable(f"the XML is not whole; was the file cut short? {reason_of(error)}") from None

    def taken(self) -> list[FormRecord]:
        records, self._listener.records = self._listener.records, []
        return records


class _Listener:
    """What lxml calls at each beginning, end and text."""

    def __init__(self, metadata: Metadata) -> None:
        self.metadata = metadata
        self.records: list[FormRecord] = []
        self.depth = 0
        self.forms = 0
        self.is_redcap = False
        self.namespace = ""
        self.local: dict[str, str | None] = {}  # by tag: its name, if it is ODM's own
        self.open: dict[str, Mapping[str, str]] = {}  # the clinical elements that are open, by name
        self.rows: dict[str, dict[str, str]] = {}  # of the open form, by repeat key of the group
        self.groups_seen: set[tuple[str, str]] = set()
        self.group_counts: Counter[str] = Counter()
        self.item_counts: Counter[str] = Counter()  # of the open form
        self.group_row: dict[str, str] = {}
        self.item: str | None = None
        self.item_depth = 0
        self.text: list[str] = []
        self.defined: tuple[str, str] = ("", "")  # the FormDef, ItemGroupDef or ItemDef that is open
        self.items_in_form = 0
        self.starts: dict[str, Callable[[Mapping[str, str]], None]] = {
            "FormDef": self._form_def,
            "ItemGroupDef": self._group_def,
            "ItemDef": self._item_def,
            "ItemGroupRef": self._group_ref,
            "ItemRef": self._item_ref,
        }

    def doctype(self, name: str, *_: object) -> None:
        raise unreadable(f"it declares a document type ({name[:40]}): ODM has none, and entities are not read")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        if self.depth > limits.XML_DEPTH:
            raise unreadable(f"its elements are nested more than {limits.XML_DEPTH} deep: no ODM file is")
        name = self.local.get(tag, "")
        if name == "":
            name = self._learn(tag, attributes)
        if name is None:
            return
        if name.startswith("ItemData"):
            self._start_item(name, attributes)
        elif name in CLINICAL:
            self._start_clinical(name, attributes)
        elif name in self.starts:
            self.starts[name](attributes)
        elif name == "TranslatedText" and self.defined[0] == "Question":
            self.text = []

    def data(self, text: str) -> None:
        if (self.item is not None and self.depth == self.item_depth) or self.defined[0] == "Question":
            self.text.append(text)

    def end(self, tag: str) -> None:
        name = self.local.get(tag)
        if name is not None:
            if self.item is not None and self.depth == self.item_depth:
                self._end_item()
            elif name == "FormData":
                self._end_form()
            elif name == "TranslatedText" and self.defined[0] == "Question":
                self._end_question()
            if name in self.open:
                del self.open[name]
        self.depth -= 1

    def close(self) -> None:
        pass

    def _learn(self, tag: str, attributes: Mapping[str, str]) -> str | None:
        """Which tags are ODM's own is what the first element says; all others are a vendor's, and passed over."""
        namespace, _, name = tag.rpartition("}")
        if self.depth == 1:
            if name != "ODM":
                raise unreadable(f"it is XML, but not ODM: its outermost element is {name[:40]}")
            version = attributes.get("ODMVersion", "1.3")
            if not version.startswith("1."):
                raise unreadable(f"it is of ODM {version[:40]}; 1.3 is read")
            self.namespace = namespace
            self.is_redcap = attributes.get("SourceSystem", "").lower().startswith("redcap")
        own = name if namespace == self.namespace else None
        if len(self.local) < limits.COLUMNS:
            self.local[tag] = own
        return own

    # The metadata

    def _form_def(self, attributes: Mapping[str, str]) -> None:
        oid = attributes.get("OID", "")
        self.defined = ("FormDef", oid)
        self.metadata.groups_of_form.setdefault(oid, [])
        name = attributes.get(f"{{{REDCAP}}}FormName")
        if name:
            self.metadata.form_names[oid] = name

    def _group_def(self, attributes: Mapping[str, str]) -> None:
        self.defined = ("ItemGroupDef", attributes.get("OID", ""))
        self.metadata.groups.setdefault(self.defined[1], [])

    def _group_ref(self, attributes: Mapping[str, str]) -> None:
        if self.defined[0] == "FormDef":
            self.metadata.groups_of_form[self.defined[1]].append(attributes.get("ItemGroupOID", ""))

    def _item_ref(self, attributes: Mapping[str, str]) -> None:
        if self.defined[0] == "ItemGroupDef":
            self.metadata.groups[self.defined[1]].append(attributes.get("ItemOID", ""))

    def _item_def(self, attributes: Mapping[str, str]) -> None:
        oid = attributes.get("OID", "")
        kind = KIND_OF.get(attributes.get("DataType", ""), "text")
        self.metadata.items[oid] = Item(attributes.get("Name", ""), kind)
        self.defined = ("Question", oid)
        self.text = []

    def _end_question(self) -> None:
        asked = " ".join("".join(self.text).split())
        if asked:
            self.metadata.items[self.defined[1]].label = asked
        self.defined = ("", "")

    # The data

    def _start_clinical(self, name: str, attributes: Mapping[str, str]) -> None:
        if attributes.get("TransactionType") == "Remove":
            raise unreadable("it tells of removals: it holds changes and not the state; ask for a snapshot")
        attributes = dict(attributes)
        if name == "SubjectData":
            if not attributes.get("SubjectKey"):
                raise unreadable("a subject has no SubjectKey")
            self.defined = ("", "")
            self.is_redcap = self.is_redcap or f"{{{REDCAP}}}RecordIdField" in attributes
            self.metadata.record_id = attributes.get(f"{{{REDCAP}}}RecordIdField", self.metadata.record_id)
        elif name == "FormData":
            if "SubjectData" not in self.open or not attributes.get("FormOID"):
                raise unreadable("a form stands outside a subject, or has no FormOID")
            self.rows, self.groups_seen, self.items_in_form = {}, set(), 0
            self.group_counts, self.item_counts = Counter(), Counter()
        elif name == "ItemGroupData" and "FormData" in self.open:
            oid, key = attributes.get("ItemGroupOID", ""), attributes.get("ItemGroupRepeatKey") or FIRST
            self.group_counts[oid] += 1
            if (oid, key) in self.groups_seen:  # a group that repeats without saying so
                key = str(self.group_counts[oid])
            self.groups_seen.add((oid, key))
            self.group_row = self.rows.setdefault(key, {})
        self.open[name] = attributes

    def _start_item(self, name: str, attributes: Mapping[str, str]) -> None:
        if "ItemGroupData" not in self.open:
            return
        if "FormData" not in self.open:
            if "SubjectData" in self.open:
                raise unreadable("an item stands outside any form")
            return  # reference data
        item = attributes.get("ItemOID")
        if not item or attributes.get("TransactionType") == "Remove":
            raise unreadable("an item has no ItemOID, or is removed: the file holds changes and not the state")
        self.items_in_form += 1
        if self.items_in_form > limits.ODM_ITEMS_PER_FORM:
            raise unreadable(f"a form has more than {limits.ODM_ITEMS_PER_FORM:,} values")
        value = attributes.get("Value")
        if attributes.get("IsNull") == "Yes":
            value = ""
        if name.endswith(("Base64Binary", "HexBinary")):
            value = "[document]"  # a file is no value; REDCap's CSV says the same of it
        self.item, self.item_depth, self.text = item, self.depth, [] if value is None else [value]
        if value is not None:
            self._end_item()

    def _end_item(self) -> None:
        item, value = self.item, "".join(self.text)
        self.item = None
        if not item or not value.strip():
            return
        if len(value.encode()) > limits.CELL_BYTES:
            raise unreadable(f"a value of {item[:40]} has more than the {limits.CELL_BYTES:,} bytes allowed")
        if item == self.metadata.record_id and value == self.open["SubjectData"]["SubjectKey"]:
            return  # REDCap repeats the subject's key as a value
        self.item_counts[item] += 1
        name = item
        if name in self.group_row:
            name = f"{self.open['ItemGroupData'].get('ItemGroupOID')}.{item}"
        if name in self.group_row:
            name = f"{item}.{self.item_counts[item]}"  # the same item twice in one group: nothing is dropped
        self.group_row[name] = value

    def _end_form(self) -> None:
        self.forms += 1
        subject, form = self.open["SubjectData"]["SubjectKey"], self.open["FormData"]
        event = self.open.get("StudyEventData", {})
        for group_key, values in (self.rows or {FIRST: {}}).items():
            repeat = self._repeat(event.get("StudyEventRepeatKey"), form.get("FormRepeatKey"), group_key)
            name = self._form_name(form["FormOID"])
            self.records.append(FormRecord(self.forms, subject, self._event_name(event), name, repeat, values))

    def _form_name(self, oid: str) -> str:
        if self.is_redcap and oid not in self.metadata.form_names:
            return oid.removeprefix("Form.")
        return self.metadata.name_of(oid)

    def _event_name(self, event: Mapping[str, str]) -> str:
        unique = event.get(f"{{{REDCAP}}}UniqueEventName")
        if unique:
            return unique
        oid = event.get("StudyEventOID", "")
        return oid.removeprefix("Event.") if self.is_redcap else oid

    def _repeat(self, event_key: str | None, form_key: str | None, group_key: str) -> str:
        event_key, form_key = event_key or FIRST, form_key or FIRST
        if self.is_redcap:
            repeat = form_key if form_key != FIRST else event_key
        else:
            repeat = form_key if event_key == FIRST else f"{event_key}.{form_key}"
        return repeat if group_key == FIRST else f"{repeat}/{group_key}"
