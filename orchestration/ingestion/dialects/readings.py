"""The readings of every form of every site: from the register and from what people approved about columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from orchestration.ingestion.dialects.approved import NOTHING_APPROVED, Approved
from orchestration.ingestion.dialects.delivery_files import forms_by_file
from orchestration.ingestion.dialects.reading import Reading
from orchestration.ingestion.forms import form_names
from orchestration.ingestion.register import Register
from orchestration.ingestion.settings import SEEDS_DIR
from orchestration.ingestion.site_entries import SiteEntry

FormKey = tuple[str, str]


class Readings:
    """How each form of each site is read. A site that isn't in the register has none."""

    def __init__(
        self,
        register: Register,
        register_folder: Path,
        approved: Mapping[FormKey, Approved] | None = None,
        seeds_dir: Path = SEEDS_DIR,
    ) -> None:
        self._register = register
        self._folder = register_folder
        self._approved = approved or {}
        self._seeds_dir = seeds_dir
        self._made: dict[FormKey, Reading] = {}

    def of(self, siteid: str, form: str) -> Reading | None:
        """How a form of a site is read."""
        made = self._made.get((siteid, form))
        if made is None:
            site = self._register.sites.get(siteid)
            if site is None:
                return None
            approved = self._approved.get((siteid, form), NOTHING_APPROVED)
            made = Reading(form, site, approved, self._dictionary(site), self._seeds_dir)
            self._made[siteid, form] = made
        return made

    def of_file(self, siteid: str, name: str) -> list[Reading]:
        """How each form is read that a file is said to hold, by its name."""
        site = self._register.sites.get(siteid)
        held = forms_by_file(site, [name], form_names(self._seeds_dir))[name] if site is not None else ()
        return [reading for form in held if (reading := self.of(siteid, form)) is not None]

    def fingerprint(self, siteid: str, form: str) -> str | None:
        """What tells how a form is read from how it was read before; None is canonical CSV."""
        reading = self.of(siteid, form)
        return None if reading is None else reading.fingerprint

    def _dictionary(self, site: SiteEntry) -> Path | None:
        return None if site.dictionary is None else self._folder / site.dictionary
