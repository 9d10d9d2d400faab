"""How one form of one site is read: the register's entry and what was approved about its columns, in one value.

Two readings with the same fingerprint make the same rows of the same bytes. A load keeps the fingerprint beside what it
read, so that the same bytes are read again when the register says something else. Canonical CSV has no fingerprint.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from orchestration.ingestion.dialects.approved import NOTHING_APPROVED, Approved
from orchestration.ingestion.formats.tables import ReadAs
from orchestration.ingestion.forms import FormColumn, columns_of
from orchestration.ingestion.settings import SEEDS_DIR
from orchestration.ingestion.site_entries import NOTHING_PARTICULAR, FormEntry, SiteEntry

# Whatever else an entry says (who the site is, where the file lies) makes no other rows of the same bytes.
NOT_READING = {"name", "every_days", "file", "forms", "visits", "dictionary"}
VISIT_COLUMN = "visit"
# One more whenever the code makes other rows of the same bytes: then they are read again.
VERSION = 1
# The table of a form in these formats is called by something else than the form.
UNNAMED_TABLES = ("csv", "parquet")

CANONICAL = SiteEntry(name="canonical")


@dataclass(frozen=True)
class Reading:
    """How to read one form of one site. `dictionary` is the path of REDCap's data dictionary."""

    form: str
    site: SiteEntry
    approved: Approved = NOTHING_APPROVED
    dictionary: Path | None = None
    seeds_dir: Path = SEEDS_DIR

    @cached_property
    def entry(self) -> FormEntry:
        return self.site.forms.get(self.form, NOTHING_PARTICULAR)

    @cached_property
    def contract(self) -> tuple[FormColumn, ...]:
        """The form's columns, as the contract has them."""
        return columns_of(self.form, self.seeds_dir)

    @property
    def is_shared(self) -> bool:
        """Whether the form's file holds other forms too."""
        return self.site.file is not None and self.entry.file is None

    @cached_property
    def fingerprint(self) -> str | None:
        """What tells readings apart; None for canonical CSV."""
        says: dict[str, Any] = self.site.model_dump(exclude=NOT_READING, exclude_defaults=True)
        says |= {"form": own} if (own := self.entry.model_dump(exclude={"file"}, exclude_defaults=True)) else {}
        if self.is_shared:
            says["shared"] = True
        if self.site.visits and self.has_visit:
            says["visits"] = self.site.visits
        if self.dictionary is not None:
            says["dictionary"] = _content_of(self.dictionary)
        for what in ("used", "absent"):
            if approved := getattr(self.approved, what):
                says[what] = sorted(approved.items() if isinstance(approved, dict) else approved)
        if not says:
            return None
        says["version"] = VERSION
        says["contract"] = [(column.column_name, column.type, column.codelist) for column in self.contract]
        return hashlib.md5(json.dumps(says, sort_keys=True).encode(), usedforsecurity=False).hexdigest()

    def as_json(self) -> str:
        """All of it, so that it can be made again when the register says something else."""
        site = self.site.model_dump(exclude_defaults=True, exclude={"forms"})
        entry = self.entry.model_dump(exclude_defaults=True)
        approved = {
            what: value if isinstance(value, dict) else sorted(value)
            for what, value in vars(self.approved).items()
            if value and what != "known"
        }
        dictionary = str(self.dictionary) if self.dictionary is not None else None
        return json.dumps({"site": site, "entry": entry, "approved": approved, "dictionary": dictionary})

    @classmethod
    def from_json(cls, form: str, text: str, seeds_dir: Path = SEEDS_DIR) -> Reading:
        """What `as_json` wrote."""
        says = json.loads(text)
        site = SiteEntry.model_validate({**says["site"], "forms": {form: says["entry"]}})
        approved: dict[str, Any] = {
            what: value if isinstance(value, dict) else frozenset(value) for what, value in says["approved"].items()
        }
        dictionary = Path(says["dictionary"]) if says["dictionary"] is not None else None
        return cls(form, site, Approved(**approved), dictionary, seeds_dir)

    @property
    def has_visit(self) -> bool:
        return any(column.column_name == VISIT_COLUMN for column in self.contract)

    @property
    def table(self) -> str:
        """The name of the form's sheet, data set or form in its file, in lower case."""
        return (self.entry.sheet or self.form).strip().lower()

    @cached_property
    def read_as(self) -> ReadAs:
        """What the reader of the format is told. One file is read once for all forms that agree in this."""
        return replace(self.site.read_as(self.entry), dictionary=self.dictionary)


def _content_of(dictionary: Path) -> str:
    try:
        return hashlib.md5(dictionary.read_bytes(), usedforsecurity=False).hexdigest()
    except OSError as error:
        return f"unreadable: {error.strerror}"  # whoever reads the file will say so
