"""The register in a line per site: who delivers what, and how often."""

from __future__ import annotations

from orchestration.ingestion.dialects.delivery_files import ENDINGS
from orchestration.ingestion.forms import form_names
from orchestration.ingestion.register import Register
from orchestration.ingestion.site_entries import SiteEntry


def site_lines(register: Register) -> list[tuple[str, str, str, str, str, str]]:
    """Site, name, format, its files, the forms that its entry describes, and how often it delivers."""
    return [
        (siteid, site.name, site.format, _files(site), ", ".join(site.forms) or "canonical", _how_often(site))
        for siteid, site in sorted(register.sites.items())
    ]


def _files(site: SiteEntry) -> str:
    own = [entry.file for entry in site.forms.values() if entry.file is not None]
    others = [] if len(own) == len(form_names()) else [site.file or f"<form>.{ENDINGS[site.format]}"]
    return ", ".join(dict.fromkeys([*others, *own]))


def _how_often(site: SiteEntry) -> str:
    if site.every_days is None:
        return "when it likes"
    return "every day" if site.every_days == 1 else f"every {site.every_days} days"
