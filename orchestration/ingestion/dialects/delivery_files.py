"""Which file of a delivery holds which forms: by the names that the register gives them, else <form>.<ending>.

Names only; no file is opened. Case is no difference, since it is none on the machines that files come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from orchestration.ingestion.dialects.reading import CANONICAL
from orchestration.ingestion.site_entries import NOTHING_PARTICULAR, SiteEntry

ENDINGS = {
    "csv": "csv",
    "xlsx": "xlsx",
    "xpt": "xpt",
    "sas7bdat": "sas7bdat",
    "parquet": "parquet",
    "dataset-json": "json",
    "odm": "xml",
    "redcap": "csv",
}


def forms_by_file(site: SiteEntry | None, names: Iterable[str], forms: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """The forms that each of these files is said to hold, in the order of the contract. A site that isn't in the
    register is looked at as a canonical one, so that what it sent can be named."""
    site = site or CANONICAL
    patterns: dict[str, list[str]] = {}
    for form in forms:
        patterns.setdefault(pattern_of(site, form).lower(), []).append(form)
    shells = [pattern for pattern in patterns if any(sign in pattern for sign in "*?[")]
    return {name: _forms_of(name.lower(), patterns, shells) for name in names}


def _forms_of(name: str, patterns: Mapping[str, list[str]], shells: Iterable[str]) -> tuple[str, ...]:
    """Most names stand in the register word for word, so only those with * and ? are compared as a shell would."""
    held = list(patterns.get(name, ()))
    held += [form for shell in shells if shell != name and fnmatchcase(name, shell) for form in patterns[shell]]
    return tuple(held)


def pattern_of(site: SiteEntry, form: str) -> str:
    """What the file of a form is called; * and ? stand for anything, as in a shell."""
    entry = site.forms.get(form, NOTHING_PARTICULAR)
    return entry.file or site.file or f"{form}.{ENDINGS[site.format]}"
