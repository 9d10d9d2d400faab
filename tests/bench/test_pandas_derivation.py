"""The pandas derivation against the second derivation, so that what the bench compares does the same work.

What belongs here: agreement of every value on a simulated trial with its planted defects. What does not: whether the
values are right (the golden cases and the random trials see to that), and how long anything takes (the bench).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from simulation import simulate
from tests.bench.pandas_derivation import derive
from tests.bench.pandas_text import FORMS
from validation.second_derivation import DeliveredSubject, SubjectDerivation, derive_subject
from validation.second_derivation.reading import trimmed

Tables = dict[str, dict[tuple[str, ...], dict[str, Any]]]  # table -> key -> column -> value

KEYS = {
    "responses": ["siteid", "usubjid", "avisit"],
    "infusions": ["siteid", "usubjid", "visit"],
    "subjects": ["siteid", "usubjid"],
}
RESPONSES = ("sri4oc", "sri4", "sri4locf", "sri5", "sri6", "sri7", "sri8", "reason")
WHAT_MUST_OCCUR = {
    "reason": {"DISCONTINUED", "TREATMENT DISCONTINUED", "PROHIBITED MEDICATION", "STEROID INCREASE"}
    | {"SLEDAI", "BILAG", "PGA", "MISSING", "PENDING", "RESPONDER"},
    "status": {"GIVEN", "MISSED", "NOT DUE", "PENDING"},
    "respgrp": {"RESPONSE", "NO RESPONSE", "PENDING", "HELD", None},
}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Tables, Tables]:
    trial = simulate(tmp_path_factory.mktemp("trial"), sites=3, subjects=60, seed=11, nights=1)
    night = trial.nights[-1]
    return _by_pandas(derive(trial.landing, night)), _by_second_derivation(trial.landing, night)


def test_every_value_agrees(both: tuple[Tables, Tables]) -> None:
    by_pandas, by_second_derivation = both
    for table in KEYS:
        assert by_pandas[table] == by_second_derivation[table]


def test_what_must_be_compared_occurs(both: tuple[Tables, Tables]) -> None:
    occurring: dict[str, set[Any]] = {column: set() for column in WHAT_MUST_OCCUR}
    for rows in both[1].values():
        for row in rows.values():
            for column in occurring.keys() & row.keys():
                occurring[column].add(row[column])
    assert {column: wanted - occurring[column] for column, wanted in WHAT_MUST_OCCUR.items()} == {
        column: set() for column in WHAT_MUST_OCCUR
    }


def _by_pandas(frames: dict[str, pd.DataFrame]) -> Tables:
    tables: Tables = {}
    for table, frame in frames.items():
        plain = frame.astype(object).where(frame.notna(), None)
        assert not plain.duplicated(KEYS[table]).any()
        tables[table] = {tuple(row[key] for key in KEYS[table]): row for row in plain.to_dict("records")}
    for row in tables["subjects"].values():
        row["trtsdt"] = row["trtsdt"].date() if row["trtsdt"] is not None else None
    return tables


def _by_second_derivation(landing: Path, night: date) -> Tables:
    tables: Tables = {table: {} for table in KEYS}
    for subject in _delivered(landing, night):
        derivation = derive_subject(subject, site_cut=night)
        if derivation is not None:
            for table, row in _rows(subject.siteid, derivation):
                tables[table][tuple(row[key] for key in KEYS[table])] = row
    return tables


def _delivered(landing: Path, night: date) -> Iterator[DeliveredSubject]:
    for site in sorted(landing.iterdir()):
        subjects: dict[str, dict[str, list[dict[str, str | None]]]] = {}
        for form in FORMS:
            with (site / night.isoformat() / f"{form}.csv").open(encoding="utf-8-sig", newline="") as handle:
                for row in csv.DictReader(handle):
                    if subjid := trimmed(row["subjid"]):
                        subjects.setdefault(subjid, {}).setdefault(form, []).append({**row})
        for subjid, rows in subjects.items():
            yield DeliveredSubject(site.name, subjid, rows)


def _rows(siteid: str, derivation: SubjectDerivation) -> Iterator[tuple[str, dict[str, Any]]]:
    subject = {"siteid": siteid, "usubjid": derivation.usubjid}
    yield "subjects", {**subject, "trtsdt": derivation.trtsdt, "respgrp": derivation.respgrp}
    for infusion in derivation.infusions:
        yield "infusions", {**subject, "visit": infusion.visit, "status": infusion.status}
    for visit in derivation.visits:
        values = {column: getattr(visit, column) for column in RESPONSES}
        yield "responses", {**subject, "avisit": visit.avisit, "maturfl": "Y" if visit.mature else "N", **values}
