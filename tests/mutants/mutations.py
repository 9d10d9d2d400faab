"""Reads the list of mutations and finds the place each of them changes.

What belongs here: the notation described in `catalogue/README.md`. What does not: building anything (`running.py`).
White space in a snippet stands for any white space, so a line broken elsewhere is still the same place.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "catalogue"
PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
MUTATION_KEYS = {"id", "model", "seed", "row", "column", "original", "mutated", "wrong", "jinja"}
LEFT_OUT_KEYS = {"model", "original", "mutated", "because", "jinja"}
LEFT_OUT_SECTIONS = ("equivalent", "out_of_reach")


@dataclass(frozen=True)
class Mutation:
    """One mistake: a piece of a model's SQL, or a value of a seed, replaced by another."""

    id: str
    original: str
    mutated: str
    wrong: str  # what goes wrong, for whom
    topic: str
    model: str = ""
    seed: str = ""
    row: Mapping[str, str] = field(default_factory=dict)  # of a seed: which rows
    column: str = ""  # of a seed
    jinja: bool = (
        False  # the model's file has jinja in this place, so that the snippet stands in the compiled query only
    )

    @property
    def place(self) -> str:
        return self.model or f"seed {self.seed}"


@dataclass(frozen=True)
class LeftOut:
    """A change that is not in the list because no golden case can tell it from the original, and why."""

    model: str
    original: str
    because: str
    topic: str
    section: str
    mutated: str = ""
    jinja: bool = False


def read_mutations(folder: Path = FOLDER) -> list[Mutation]:
    """All mutations, in the order of their files."""
    return [
        Mutation(**_known(entry, MUTATION_KEYS, path), topic=path.stem)
        for path in sorted(folder.glob("*.yml"))
        for entry in _sections(path)["mutations"]
    ]


def read_left_out(folder: Path = FOLDER) -> list[LeftOut]:
    """What no golden case can notice."""
    return [
        LeftOut(**_known(entry, LEFT_OUT_KEYS, path), topic=path.stem, section=section)
        for path in sorted(folder.glob("*.yml"))
        for section in LEFT_OUT_SECTIONS
        for entry in _sections(path).get(section, [])
    ]


def _sections(path: Path) -> dict[str, list[dict[str, Any]]]:
    """A file of the list; every scalar is text, as in the golden cases."""
    with path.open(encoding="utf-8") as lines:
        sections: dict[str, list[dict[str, Any]]] = yaml.load(lines, Loader=yaml.BaseLoader)
    unknown = sections.keys() - {"mutations", *LEFT_OUT_SECTIONS}
    if unknown:
        raise ValueError(f"{path.name}: unknown sections {sorted(unknown)}")
    return sections


def _known(entry: dict[str, Any], keys: set[str], path: Path) -> dict[str, Any]:
    unknown = entry.keys() - keys
    if unknown:
        raise ValueError(f"{path.name}, {entry.get('id', entry.get('original'))}: unknown keys {sorted(unknown)}")
    return {**entry, "jinja": entry.get("jinja") == "true"}


def places_of(snippet: str, text: str) -> list[str]:
    """Every piece of a text that is the snippet, as it stands there."""
    words = r"\s+".join(re.escape(word) for word in snippet.split())
    return [match.group() for match in re.finditer(words, text)]


def seed_rows(seed: str) -> list[dict[str, str]]:
    """The rows of a seed as text."""
    with (PROJECT / "seeds" / f"{seed}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def rows_changed(mutation: Mutation) -> list[dict[str, str]]:
    """The rows of a seed that a mutation changes."""
    return [
        row
        for row in seed_rows(mutation.seed)
        if all(row[column] == value for column, value in mutation.row.items())
        and row[mutation.column] == mutation.original
    ]
