"""The two derivations of random subjects, brought to one shape.

What belongs here: deriving many subjects at once, by the SQL that dbt compiles and by the second derivation, into
outcomes that can be compared. What does not: what must hold of the outcomes.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import duckdb

from tests.properties.drafts import FORMS, Row
from tests.properties.trials import RandomSubject
from tests.support.compiled import derived, models_read_for
from validation.second_derivation import DeliveredSubject, SubjectDerivation, derive_subject

RESPONSES = ("sri4oc", "sri4", "sri4locf", "sri5", "sri6", "sri7", "sri8")
VISIT_COLUMNS = (*RESPONSES, "reason", "maturfl")


@dataclass(frozen=True)
class Outcome:
    """What a derivation says about one subject; `visits` and `infusions` are empty without a known day 0."""

    trtsdt: date | None
    respgrp: str | None
    icedt: date | None
    iceterm: str | None
    visits: Mapping[str, Mapping[str, str | None]]  # analysis visit -> column -> value
    infusions: Mapping[str, str]  # visit label -> status

    def values(self) -> dict[str, Any]:
        """Every value under a name of its own: `sri4 at Week 48`, `status of W12`."""
        named = {field.name: getattr(self, field.name) for field in fields(self)[:4]}
        for avisit, columns in self.visits.items():
            named |= {f"{column} at {avisit}": value for column, value in columns.items()}
        return named | {f"status of {visit}": status for visit, status in self.infusions.items()}


def differences(first: Outcome | None, second: Outcome | None) -> dict[str, tuple[Any, Any]]:
    """What the two say differently, by name; a subject that only one of them publishes differs in `published`."""
    if first is None or second is None:
        return {} if first is second else {"published": (first is not None, second is not None)}
    left, right = first.values(), second.values()
    names = dict.fromkeys([*left, *right])
    return {
        name: (left.get(name, "no row"), right.get(name, "no row"))
        for name in names
        if left.get(name, "no row") != right.get(name, "no row")
    }


def by_second_derivation(subjects: Sequence[RandomSubject]) -> list[Outcome | None]:
    """One outcome a subject, None for one that has no place in the published tables."""
    return [
        _from_second(derive_subject(_delivered(subject), subject.site_cut, subject.medication_until))
        for subject in subjects
    ]


def by_sql(subjects: Sequence[RandomSubject]) -> list[Outcome | None]:
    """The same, out of the published tables."""
    forms, bookkeeping = raw_rows(subjects)
    with derived(forms, bookkeeping, models_read_for("adsl", "adsri", "adex")) as connection:
        outcomes = dict(_published(connection))
    return [outcomes.get(_usubjid(subject)) for subject in subjects]


def _usubjid(subject: RandomSubject) -> str:
    return f"MRBS-{subject.siteid}-{subject.subjid}"


def _delivered(subject: RandomSubject) -> DeliveredSubject:
    return DeliveredSubject(subject.siteid, subject.subjid, subject.rows)


def _from_second(derivation: SubjectDerivation | None) -> Outcome | None:
    if derivation is None:
        return None
    visits = {
        visit.avisit: {
            **{column: getattr(visit, column) for column in (*RESPONSES, "reason")},
            "maturfl": "Y" if visit.mature else "N",
        }
        for visit in derivation.visits
    }
    infusions = {infusion.visit: infusion.status for infusion in derivation.infusions}
    return Outcome(derivation.trtsdt, derivation.respgrp, derivation.icedt, derivation.iceterm, visits, infusions)


def raw_rows(subjects: Sequence[RandomSubject]) -> tuple[dict[str, list[Row]], dict[str, list[dict[str, Any]]]]:
    """The raw tables of these subjects, each site cut where its subjects say."""
    forms: dict[str, list[Row]] = {form: [] for form in FORMS}
    for subject in subjects:
        for form, rows in subject.rows.items():
            copies: Counter[str] = Counter()
            for row in rows:
                content = _fingerprint(form, row)
                copies[content] += 1
                row_id = f"{content}-{subject.siteid}-{subject.subjid}-{copies[content]}"
                forms[form].append({"row_id": row_id, "siteid": subject.siteid, "subjid": subject.subjid, **row})
    sites = {subject.siteid: subject for subject in subjects}
    # A site without a cut: of one form every file was refused.
    in_force = [
        {"siteid": siteid, "form": form, "delivered": subject.medication_until if form == "cm" else subject.site_cut}
        for siteid, subject in sites.items()
        for form in (FORMS if subject.site_cut else ["cm"])
    ]
    deliveries = [
        {"siteid": siteid, "form": "lb", "delivered": "2024-01-01", "status": "REFUSED"}
        for siteid, subject in sites.items()
        if not subject.site_cut
    ]
    return forms, {"in_force": in_force, "deliveries": deliveries, "positions": []}


def _fingerprint(form: str, row: Row) -> str:
    """A hash of what was delivered, as a load makes it, so that the order of rows can't matter."""
    content = "\x1f".join([form, *(f"{column}={value}" for column, value in sorted(row.items()))])
    return hashlib.md5(content.encode(), usedforsecurity=False).hexdigest()


def _published(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, Outcome]]:
    visits: dict[str, dict[str, dict[str, str | None]]] = {}
    columns = ", ".join(VISIT_COLUMNS)
    for usubjid, avisit, *values in connection.execute(
        f"select usubjid, avisit, {columns} from candidate.analysis.adsri order by usubjid, avisitn"
    ).fetchall():
        visits.setdefault(usubjid, {})[avisit] = dict(zip(VISIT_COLUMNS, values, strict=True))
    infusions: dict[str, dict[str, str]] = {}
    for usubjid, visit, status in connection.execute(
        "select usubjid, visit, status from candidate.analysis.adex where plannum is not null order by usubjid, plannum"
    ).fetchall():
        infusions.setdefault(usubjid, {})[visit] = status
    for usubjid, trtsdt, respgrp, icedt, iceterm in connection.execute(
        "select usubjid, trtsdt, respgrp, icedt, iceterm from candidate.analysis.adsl"
    ).fetchall():
        of_visits, of_infusions = visits.get(usubjid, {}), infusions.get(usubjid, {})
        yield usubjid, Outcome(trtsdt, respgrp, icedt, iceterm, of_visits, of_infusions)
