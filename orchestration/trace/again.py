"""The decision derived a second time from the delivered rows, value by value beside what is published.

The rules are those of validation.second_derivation, which shares nothing with the SQL. The deliveries that count for
the site cut are those that the publication names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from orchestration.trace.facts import COMPONENTS, UNREADABLE, Candidate, Compared, Event, Grades
from orchestration.trace.raw import RawRow
from validation.agreement.kept import RESPONSES
from validation.second_derivation import DeliveredSubject, SubjectDerivation, derive_subject, site_cut
from validation.second_derivation.assessments import Assessment
from validation.second_derivation.protocol_tables import AnalysisVisit, analysis_visits, planned_visits
from validation.second_derivation.results import ChosenRecords, SubjectDetail

PLACES = 10_000
Chosen = Mapping[str, tuple[Candidate, ...]]


def derive_again(
    siteid: str, subjid: str, rows: Iterable[RawRow], accepted: Mapping[str, date | None]
) -> SubjectDerivation | None:
    """The second derivation of this subject from these rows; None when it has no usable row of dm."""
    by_form: dict[str, list[Mapping[str, str | None]]] = {}
    for row in rows:
        by_form.setdefault(row.form, []).append(row.text)
    return derive_subject(DeliveredSubject(siteid, subjid, by_form), site_cut(accepted), accepted.get("cm"))


def compare(
    derived: SubjectDerivation | None,
    subject: Mapping[str, Any],
    result: Mapping[str, Any],
    visit: AnalysisVisit,
    baseline: Chosen,
    candidates: Chosen,
    grades: Sequence[Grades],
) -> tuple[Compared, ...]:
    """Every value of the page that both derivations have."""
    if derived is None or derived.detail is None:
        return (Compared("day 0", _text(subject["trtsdt"]), _text(derived.trtsdt) if derived else None),)
    return (
        *_of_subject(derived, subject),
        *_records(derived.detail, visit, baseline, candidates),
        *_components(derived.detail, visit, result),
        *_grades(derived.detail, visit, grades),
        *_of_visit(derived, visit, result),
    )


def compare_events(events: Sequence[Event], derived: SubjectDerivation) -> Compared:
    """Every intercurrent event with its protocol day, whichever visit it counts against."""
    again = derived.detail.events if derived.detail is not None else ()
    shown = [f"{event.term} on day {event.protday}" for event in events if not event.further]
    return Compared(
        "all intercurrent events",
        "; ".join(sorted(shown)) or None,
        "; ".join(sorted(f"{event.term} on day {event.day}" for event in again)) or None,
    )


def _of_subject(derived: SubjectDerivation, subject: Mapping[str, Any]) -> Iterator[Compared]:
    for what, column in (("day 0", "trtsdt"), ("first intercurrent event", "iceterm"), ("its date", "icedt")):
        yield Compared(what, _text(subject[column]), _text(getattr(derived, column)))
    yield Compared("response group at week 48", subject["respgrp"], derived.respgrp)


def _records(detail: SubjectDetail, visit: AnalysisVisit, baseline: Chosen, candidates: Chosen) -> Iterator[Compared]:
    """Which record stands for each component: its day and the visit that the site recorded."""
    now = detail.chosen[analysis_visits().index(visit)]
    for component in COMPONENTS:
        pairs = (("baseline", baseline, detail.baseline), (visit.avisit, candidates, now))
        for when, published, again in pairs:
            shown = next((f"day {one.protday}, {one.visit}" for one in published[component] if one.chosen), None)
            record = _of(again, component)
            derived = f"day {record.day}, {_label(record.visit)}" if record is not None else None
            yield Compared(f"{component}: record chosen, {when}", shown, derived)


def _components(detail: SubjectDetail, visit: AnalysisVisit, result: Mapping[str, Any]) -> Iterator[Compared]:
    position = analysis_visits().index(visit)
    before, now, met = detail.baseline, detail.chosen[position], detail.components[position]
    values = (
        ("SLEDAI-2K at baseline", "sledaibl", _value(before.sledai)),
        (f"SLEDAI-2K at {visit.avisit}", "sledai", _value(now.sledai)),
        ("PGA at baseline", "pgabl", _value(before.pga)),
        (f"PGA at {visit.avisit}", "pga", _value(now.pga)),
    )
    for what, column, again in values:
        published = None if result[column] is None else Fraction(result[column])
        yield Compared(what, _number(published), _number(again))
    for what, column, answer in (
        ("SLEDAI-2K component met", "sledfl", met.sledai[0]),
        ("BILAG-2004 component met", "bilfl", met.bilag),
        ("PGA component met", "pgafl", met.pga),
    ):
        yield Compared(what, result[column], None if answer is None else "Y" if answer else "N")


def _grades(detail: SubjectDetail, visit: AnalysisVisit, grades: Sequence[Grades]) -> Iterator[Compared]:
    """The nine grades as one word, a dot for a missing one."""
    now = detail.chosen[analysis_visits().index(visit)].bilag
    for when, name, record in (("baseline", "baseline", detail.baseline.bilag), (visit.avisit, "now", now)):
        again = _word(record.value) if record is not None else None
        yield Compared(f"BILAG-2004 grades, {when}", _word([getattr(one, name) for one in grades]), again)


def _of_visit(derived: SubjectDerivation, visit: AnalysisVisit, result: Mapping[str, Any]) -> Iterator[Compared]:
    (again,) = [answer for answer in derived.visits if answer.avisit == visit.avisit]
    yield Compared("maturfl", result["maturfl"], "Y" if again.mature else "N")
    for name in RESPONSES:
        yield Compared(name, result[name], getattr(again, name))


def _of(records: ChosenRecords, component: str) -> Assessment[Any] | None:
    record: Assessment[Any] | None = getattr(records, component.lower())
    return record


def _value(record: Assessment[int | None] | Assessment[Fraction | None] | None) -> Fraction | None:
    return None if record is None or record.value is None else Fraction(record.value)


def _word(grades: Sequence[str | None]) -> str | None:
    return "".join(grade or "." for grade in grades) if any(grades) else None


def _label(visit: str) -> str:
    return visit if visit in planned_visits() else UNREADABLE


def _number(value: Fraction | None) -> str | None:
    """To four places, as a PGA is published (half away from zero, none is negative); the decision takes it exactly."""
    if value is None:
        return None
    places = Decimal(int(value * PLACES + Fraction(1, 2))) / PLACES
    return f"{places.normalize():f}"


def _text(value: object) -> str | None:
    return None if value is None else str(value)
