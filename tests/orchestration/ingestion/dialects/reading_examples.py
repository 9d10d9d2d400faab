"""How tests of dialects write a register entry and look at what comes of a file. No assertions here."""

from __future__ import annotations

from typing import Any

import yaml

from orchestration.ingestion.dialects.approved import NOTHING_APPROVED, Approved
from orchestration.ingestion.dialects.read_forms import read_form, read_forms
from orchestration.ingestion.dialects.reading import Reading
from orchestration.ingestion.reader import FileRefusedError, FormContent
from orchestration.ingestion.site_entries import SiteEntry


def site_of(entry: str) -> SiteEntry:
    """A site as the register would write it, without its name."""
    return SiteEntry.model_validate({"name": "Site 1", **(yaml.safe_load(entry) or {})})


def reading_of(form: str, entry: str, approved: Approved = NOTHING_APPROVED) -> Reading:
    """How a form of such a site is read."""
    return Reading(form, site_of(entry), approved)


def rows_of(
    form: str, entry: str, data: bytes | str, columns: str, approved: Approved = NOTHING_APPROVED
) -> list[tuple[Any, ...]]:
    """These columns of what comes of a file."""
    delivered = data if isinstance(data, bytes) else data.encode()
    content = read_form(delivered, reading_of(form, entry, approved))
    return content.frame.select(columns.split()).rows()


def forms_of(entry: str, data: bytes, *forms: str) -> dict[str, FormContent | FileRefusedError | None]:
    """What one file holds of several forms."""
    return read_forms(data, [reading_of(form, entry) for form in forms])
