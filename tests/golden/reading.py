"""Reads the golden cases: YAML entries become cases with subjects, days become dates.

What belongs here: the notation described in ``cases/README.md``. What does not: writing files (``trial.py``) and
comparing results (``comparison.py``). YAML is read without any typing: ``Y``, ``1.50`` and ``2024-03`` stay text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
CASES_FOLDER = FOLDER / "cases"
SUBJECT_KEYS = {"given", "instead", "improved", "expect"}
CASE_KEYS = {"id", "name", "why", "day0", "cut", "deliveries", "subjects", "for_each"} | SUBJECT_KEYS
DAY = re.compile(r"^day (-?\d+)(?: (\d\d:\d\d))?$")

Row = dict[str, str]
Tables = dict[str, list[Row]]


@dataclass(frozen=True)
class Delivery:
    """One delivery of a case's site, and what is wrong with it on purpose."""

    delivered: date
    leave_out: frozenset[str] = frozenset()
    files: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Subject:
    """One subject of a case: rows as the case writes them, and the rows expected of the published tables."""

    subjid: str
    label: str
    rows: Tables
    expect: dict[str, list[Row] | str]


@dataclass(frozen=True)
class Case:
    """One trap, which is one site of the golden trial."""

    siteid: str
    name: str
    why: str
    day0: date
    deliveries: tuple[Delivery, ...]
    subjects: tuple[Subject, ...]
    source: str

    def usubjid(self, subject: Subject) -> str:
        return f"MRBS-{self.siteid}-{subject.subjid}"

    def dated(self, value: str) -> str:
        """``day 14`` as an ISO date of this case; any other value as it is."""
        return dated(value, self.day0)


def load_yaml(path: Path) -> Any:
    """A YAML file with every scalar as text."""
    with path.open(encoding="utf-8") as lines:
        return yaml.load(lines, Loader=yaml.BaseLoader)


def dated(value: str, day0: date) -> str:
    match = DAY.match(value)
    if match is None:
        return value
    on = (day0 + timedelta(days=int(match[1]))).isoformat()
    return f"{on}T{match[2]}" if match[2] else on


def read_cases(folder: Path = CASES_FOLDER) -> list[Case]:
    """All cases, in the order of their files."""
    standard = load_yaml(FOLDER / "standard.yml")
    return [read_case(entry, path.name, standard) for path in sorted(folder.glob("*.yml")) for entry in load_yaml(path)]


def read_case(entry: dict[str, Any], source: str, standard: dict[str, Any]) -> Case:
    unknown = set(entry) - CASE_KEYS
    if unknown:
        raise ValueError(f"{source}, {entry.get('id')}: unknown keys {sorted(unknown)}")
    day0 = date.fromisoformat(entry["day0"])
    deliveries = tuple(
        Delivery(
            delivered=date.fromisoformat(dated(delivery["date"], day0)),
            leave_out=frozenset(delivery.get("leave_out", [])),
            files=delivery.get("files", {}),
        )
        for delivery in entry.get("deliveries") or [{"date": entry.get("cut", standard["late_cut"])}]
    )
    subjects = tuple(
        read_subject(f"{number:04d}", label, parts, standard)
        for number, (label, parts) in enumerate(parts_of(entry).items(), start=1)
    )
    return Case(entry["id"], entry["name"], entry["why"], day0, deliveries, subjects, source)


def parts_of(entry: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Of each subject, by label: what the case says of all its subjects, and what it adds for this one."""
    shared = {key: entry[key] for key in SUBJECT_KEYS if key in entry}
    if "for_each" in entry:
        return {", ".join(values.values()): [filled_in(shared, values)] for values in entry["for_each"]}
    return {label: [shared, own] for label, own in entry.get("subjects", {"": {}}).items()}


def filled_in(part: Any, values: Row) -> Any:
    """The part of a case with ``<name>`` replaced by each value."""
    if isinstance(part, dict):
        return {key: filled_in(inner, values) for key, inner in part.items()}
    if isinstance(part, list):
        return [filled_in(inner, values) for inner in part]
    return re.sub(r"<(\w+)>", lambda match: values[match[1]], part)


def read_subject(subjid: str, label: str, parts: list[dict[str, Any]], standard: dict[str, Any]) -> Subject:
    unknown = {key for part in parts for key in part} - SUBJECT_KEYS
    if unknown:
        raise ValueError(f"{label}: unknown keys {sorted(unknown)}")
    rows: Tables = {form: list(standard_rows) for form, standard_rows in standard["standard_subject"].items()}
    for part in parts:
        rows |= {form: list(instead) for form, instead in part.get("instead", {}).items()}
    for part in parts:
        for form, given in part.get("given", {}).items():
            rows[form] = rows.get(form, []) + given
    improved = {visit: forms for part in parts for visit, forms in part.get("improved", {}).items()}
    for visit, forms in improved.items():
        for form in standard["improved"] if forms == "all" else forms.split():
            target = standard["target_days"][visit]
            rows[form] = [*rows.get(form, []), {"visit": visit, "day": target, **standard["improved"][form]}]
    expect: dict[str, list[Row] | str] = {}
    for part in parts:
        for table, expected in part.get("expect", {}).items():
            earlier = expect.get(table, [])
            expect[table] = expected if isinstance(expected, str) or isinstance(earlier, str) else earlier + expected
    return Subject(subjid, label, rows, expect)
