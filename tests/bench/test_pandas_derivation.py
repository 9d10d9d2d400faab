"""The pandas derivation against the second derivation, so that what the bench compares does the same work.

What belongs here: agreement of every value, on a simulated trial with its planted defects and on random subjects.
What does not: whether the values are right (tests/golden, tests/properties), and how long anything takes (the bench).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from simulation import simulate
from tests.bench.pandas_derivation import derive, derive_from_forms
from tests.bench.pandas_text import FORMS, form_columns
from tests.properties.trials import random_subjects
from validation.second_derivation import DeliveredSubject, SubjectDerivation, derive_subject
from validation.second_derivation.reading import trimmed

Tables = dict[str, dict[tuple[str, ...], dict[str, Any]]]  # table -> key -> column -> value

KEYS = {
    "responses": ["siteid", "usubjid", "avisit"],
    "infusions": ["siteid", "usubjid", "visit"],
    "subjects": ["siteid", "usubjid"],
}
RESPONSES = ("sri4oc", "sri4", "sri4locf", "sri5", "sri6", "sri7", "sri8", "reason")
WHAT_MUST_OCCUR: dict[str, set[Any]] = {
    "reason": {"DEATH", "DISCONTINUED", "TREATMENT DISCONTINUED", "PROHIBITED MEDICATION", "STEROID INCREASE"}
    | {"SLEDAI", "BILAG", "PGA", "MISSING", "PENDING", "RESPONDER"},
    "status": {"GIVEN", "MISSED", "NOT DUE", "PENDING"},
    "respgrp": {"RESPONSE", "NO RESPONSE", "PENDING", "HELD", None},
}
CUT_OF_RANDOM_SUBJECTS = date(2024, 12, 31)  # amid their visits, so that some are mature and others to come


def test_every_value_of_a_simulated_trial_agrees(tmp_path: Path) -> None:
    trial = simulate(tmp_path, sites=3, subjects=60, seed=1, nights=1)
    night = trial.nights[-1]
    by_pandas = _by_pandas(derive(trial.landing, night))
    by_second_derivation = _by_second_derivation(_delivered(trial.landing, night), night)
    for table in KEYS:
        assert by_pandas[table]
        assert by_pandas[table] == by_second_derivation[table]


def test_every_value_of_random_subjects_agrees() -> None:
    """They come to cases that a simulated trial hardly ever does."""
    subjects = [
        DeliveredSubject(subject.siteid, subject.subjid, subject.rows)
        for subject in random_subjects(number_of_trials=6, number=1)
    ]
    by_pandas = _by_pandas(derive_from_forms(_forms(subjects), CUT_OF_RANDOM_SUBJECTS))
    by_second_derivation = _by_second_derivation(subjects, CUT_OF_RANDOM_SUBJECTS)
    for table in KEYS:
        assert by_pandas[table] == by_second_derivation[table]
    missed = {column: wanted - _occurring(by_pandas, column) for column, wanted in WHAT_MUST_OCCUR.items()}
    assert not any(missed.values()), missed


def _occurring(tables: Tables, column: str) -> set[Any]:
    return {row[column] for rows in tables.values() for row in rows.values() if column in row}


def _by_pandas(frames: dict[str, pd.DataFrame]) -> Tables:
    tables: Tables = {}
    for table, frame in frames.items():
        plain = frame.astype(object).where(frame.notna(), None)
        assert not plain.duplicated(KEYS[table]).any()
        tables[table] = {tuple(row[key] for key in KEYS[table]): row for row in plain.to_dict("records")}
    for row in tables["subjects"].values():
        row["trtsdt"] = row["trtsdt"].date() if row["trtsdt"] is not None else None
    return tables


def _by_second_derivation(subjects: Iterable[DeliveredSubject], cut: date) -> Tables:
    tables: Tables = {table: {} for table in KEYS}
    for subject in subjects:
        derivation = derive_subject(subject, site_cut=cut)
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


def _forms(subjects: Sequence[DeliveredSubject]) -> dict[str, pd.DataFrame]:
    forms = {}
    for form in FORMS:
        rows = [
            {"siteid": subject.siteid, "subjid": subject.subjid, **row}
            for subject in subjects
            for row in subject.rows[form]
        ]
        columns = ["siteid", *form_columns(form)["column_name"]]
        forms[form] = pd.DataFrame(rows, columns=columns).replace("", None).astype("str")
    return forms


def _rows(siteid: str, derivation: SubjectDerivation) -> Iterator[tuple[str, dict[str, Any]]]:
    subject = {"siteid": siteid, "usubjid": derivation.usubjid}
    yield "subjects", {**subject, "trtsdt": derivation.trtsdt, "respgrp": derivation.respgrp}
    for infusion in derivation.infusions:
        yield "infusions", {**subject, "visit": infusion.visit, "status": infusion.status}
    for visit in derivation.visits:
        values = {column: getattr(visit, column) for column in RESPONSES}
        yield "responses", {**subject, "avisit": visit.avisit, "maturfl": "Y" if visit.mature else "N", **values}
