"""BICLA, LLDAS, DORIS remission and steroid sparing of random subjects, derived from their rows by the papers' words.

What belongs here: this derivation, and the published values in the same shape. It takes the choice of records, the
courses of steroids and the events from the second derivation and everything else from the rows, item by item and
grade by grade: where the SQL counts and works with sets, missing answers are filled in every possible way here. What
does not: what must hold (test_other_endpoints.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from tests.properties.both import raw_rows
from tests.properties.trials import RandomSubject
from tests.support.compiled import derived, models_read_for
from validation.second_derivation import DeliveredSubject, derive_subject
from validation.second_derivation.assessments import dated_assessments
from validation.second_derivation.baseline import baseline_record
from validation.second_derivation.bilag import Grades
from validation.second_derivation.clock import Clock
from validation.second_derivation.day_zero import find_day_zero
from validation.second_derivation.drug_tables import doses_per_14_days, drugs
from validation.second_derivation.medications import Medication, medications
from validation.second_derivation.protocol_tables import analysis_visits, limit, seed_rows
from validation.second_derivation.results import ComponentResults, SubjectDetail
from validation.second_derivation.steroids import Course, baseline_daily_mg, steroid_courses
from validation.second_derivation.usable import Row, usable_rows
from validation.second_derivation.windows import records_at_visits

Answers = tuple[bool | None, ...]
# Subject and visit -> BICLA, LLDAS, DORIS, each observed and primary; subject and "sparing" -> whether it was spared.
Results = dict[tuple[str, str], tuple[str | None, ...]]

ITEMS = list(seed_rows("sledai_items"))
MAJOR_ORGANS = [item["major_organ"] == "Y" for item in ITEMS]
CLINICAL = [item["serological"] == "N" for item in ITEMS]


def by_hand(subjects: Sequence[RandomSubject]) -> Results:
    """What the papers say of every subject with a known day 0."""
    found: Results = {}
    for subject in subjects:
        delivered = DeliveredSubject(subject.siteid, subject.subjid, subject.rows)
        derivation = derive_subject(delivered, subject.site_cut, subject.medication_until)
        clock = find_day_zero(subject.rows.get("ex", ())).clock
        if derivation is None or derivation.detail is None or clock is None:
            continue
        until = subject.site_cut or subject.medication_until
        taken = medications(usable_rows("cm", subject.rows.get("cm", ())))
        courses = Steroids(
            known=steroid_courses(taken, clock, until),
            unknown=[
                course
                for record in taken
                if not steroid_courses([record], clock, until)
                for course in steroid_courses([_with_a_dose(record)], clock, until)
            ],
            known_until=clock.protocol_day(until),
        )
        items = _items(subject, clock)
        detail = derivation.detail
        for position, visit in enumerate(derivation.visits):
            composites = (
                _bicla(detail, position),
                _lldas(detail, position, items, courses),
                _doris(detail, position, items[1][position], courses),
            )
            event = visit.reason in EVENTS
            closed = visit.mature or detail.end_of_study_day is not None
            found[derivation.usubjid, visit.avisit] = tuple(
                value for met in composites for value in (_letter(met), _letter(_primary(met, event, closed)))
            )
        last = derivation.visits[-1]
        closed = last.mature or detail.end_of_study_day is not None
        found[derivation.usubjid, "sparing"] = (
            _sparing(courses, last.reason in EVENTS, closed, detail.end_of_study_day),
        )
    return found


@dataclass(frozen=True)
class Steroids:
    """The courses of known and of unknown dose, and the protocol day up to which medication is known."""

    known: list[Course]
    unknown: list[Course]
    known_until: int

    def open_on(self, day: int) -> bool:
        """Whether something of this day's dose is unknown."""
        return day > self.known_until or any(course.covers(day) for course in self.unknown)


def _with_a_dose(record: Medication) -> Medication:
    """The record as if it said how much: prednisone 1 mg, once a day where its frequency can't be read."""
    (prednisone,) = (drug for name, drug in drugs().items() if name == "PREDNISONE")
    frequency = record.row["cmdosfrq"]
    readable = frequency if frequency in doses_per_14_days() else "QD"
    return replace(record, row={**record.row, "cmdose": "1", "cmdosu": "mg", "cmdosfrq": readable}, drug=prednisone)


EVENTS = ("DEATH", "DISCONTINUED", "TREATMENT DISCONTINUED", "PROHIBITED MEDICATION", "STEROID INCREASE")


def _primary(met: bool | None, event: bool, closed: bool) -> bool | None:
    if event:
        return False
    return False if met is None and closed else met


def _bicla(detail: SubjectDetail, position: int) -> bool | None:
    before, now = detail.baseline, detail.chosen[position]
    if before.bilag is None or now.bilag is None:
        # Without an A or B at baseline there is no response, whatever is not assessed now.
        nothing_active = before.bilag is not None and not {"A", "B", None} & set(before.bilag.value)
        bilag: bool | None = False if nothing_active else None
    else:
        bilag = every_way(_bicla_grades, before.bilag.value, now.bilag.value)
    sledai = None
    if before.sledai and now.sledai and before.sledai.value is not None and now.sledai.value is not None:
        sledai = now.sledai.value <= before.sledai.value + limit("bicla_sledai_rise_max")
    component: ComponentResults = detail.components[position]
    return _all([bilag, sledai, component.pga])


def _bicla_grades(before: Sequence[str], now: Sequence[str]) -> tuple[bool, ...]:
    """Active at baseline; all of it improved; no new A and at most one new B."""
    pairs = list(zip(before, now, strict=True))
    improved = all({"A": then > "A", "B": then > "B"}.get(first, True) for first, then in pairs)
    new_a = sum(then == "A" and first > "A" for first, then in pairs)
    new_b = sum(then == "B" and first > "B" for first, then in pairs)
    return (any(first in "AB" for first in before), improved, new_a == 0 and new_b <= 1)


def every_way(judge: Callable[..., tuple[bool, ...]], before: Grades, now: Grades) -> bool | None:
    """The judgement with the gaps filled in every way: decided only where all ways agree.

    Raises:
        TooManyGapsError: there are so many gaps that filling them in every way would take too long.
    """
    gaps = [(side, place) for side, grades in enumerate((before, now)) for place, g in enumerate(grades) if g is None]
    if len(gaps) > MOST_GAPS:
        raise TooManyGapsError
    verdicts = []
    for filling in product("ABCDE", repeat=len(gaps)):
        sides = [list(before), list(now)]
        for (side, place), grade in zip(gaps, filling, strict=True):
            sides[side][place] = grade
        verdicts.append(judge(*sides))
    # What no filling makes a response is none, whichever part fails in which of them.
    met = {all(parts) for parts in verdicts}
    return met.pop() if len(met) == 1 else None


MOST_GAPS = 4


class TooManyGapsError(Exception):
    """A pair of records with so many missing grades that they are not filled in one by one."""


def _lldas(
    detail: SubjectDetail, position: int, items: tuple[Answers | None, list[Answers | None]], courses: Steroids
) -> bool | None:
    chosen = detail.chosen[position]
    now = items[1][position]
    earlier = next((answers for answers in reversed(items[1][:position]) if answers is not None), items[0])
    score = chosen.sledai.value if chosen.sledai else None
    new = None
    if now is not None and earlier is not None:
        new = _all([_not(_and(here, _not(there))) for here, there in zip(now, earlier, strict=True)])
    return _all(
        [
            None if score is None else score <= limit("lldas_sledai_max"),
            None if now is None else _absent(now, MAJOR_ORGANS),
            new,
            None if chosen.pga is None or chosen.pga.value is None else chosen.pga.value <= limit("lldas_pga_max"),
            _dose_at_most(chosen.last_day, courses, limit("lldas_prednisone_max")),
        ]
    )


def _doris(detail: SubjectDetail, position: int, now: Answers | None, courses: Steroids) -> bool | None:
    chosen = detail.chosen[position]
    return _all(
        [
            None if now is None else _absent(now, CLINICAL),
            None if chosen.pga is None or chosen.pga.value is None else chosen.pga.value < limit("doris_pga_below"),
            _dose_at_most(chosen.last_day, courses, limit("doris_prednisone_max")),
        ]
    )


def _sparing(courses: Steroids, event: bool, closed: bool, end_of_study: int | None) -> str | None:
    baseline = baseline_daily_mg(courses.known)
    if baseline <= limit("steroid_low_mg"):
        return None
    if event:
        return "N"
    first, last = int(limit("sparing_first_day")), int(limit("sparing_last_day"))
    # After the end of the study nobody looks; the first day is looked at in any case.
    days = range(first, max(first, min(last, last if end_of_study is None else end_of_study)) + 1)
    highest = max(_dose(day, courses.known) for day in days)
    lowered = baseline * (1 - limit("sparing_reduction_percent") / 100)
    if highest > limit("steroid_low_mg") or highest > lowered:
        return "N"
    end = min(last, last if end_of_study is None else end_of_study)
    if end > courses.known_until or any(courses.open_on(day) for day in days if day <= courses.known_until):
        return "N" if closed else None
    return "Y"


def _dose(day: int, courses: Iterable[Course]) -> Fraction:
    return sum((course.daily_mg for course in courses if course.covers(day)), Fraction(0))


def _dose_at_most(day: int | None, courses: Steroids, highest: Fraction) -> bool | None:
    if day is None:
        return None
    if _dose(day, courses.known) > highest:
        return False
    return None if courses.open_on(day) else True


def _items(subject: RandomSubject, clock: Clock) -> tuple[Answers | None, list[Answers | None]]:
    """The answers of the baseline record and of the one chosen at each visit: the same records as for the score."""

    def read(row: Row) -> tuple[Answers, bool]:
        answers = tuple({"1": True, "0": False}.get(row[item["column_name"]] or "") for item in ITEMS)
        return answers, None not in answers

    records = dated_assessments(usable_rows("sledai", subject.rows.get("sledai", ())), "sledtc", clock, read)
    baseline = baseline_record(records)
    return baseline and baseline.value, [record and record.value for record in records_at_visits(records)]


def _absent(answers: Answers, asked: Sequence[bool]) -> bool | None:
    return _all([_not(answer) for answer, wanted in zip(answers, asked, strict=True) if wanted])


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _and(one: bool | None, other: bool | None) -> bool | None:
    return _all([one, other])


def _all(values: Sequence[bool | None]) -> bool | None:
    if False in values:
        return False
    return None if None in values else True


def _letter(value: bool | None) -> str | None:
    return None if value is None else "NY"[value]


def by_published_tables(subjects: Sequence[RandomSubject]) -> Results:
    """The same out of adeff and adresp."""
    forms, bookkeeping = raw_rows(subjects)
    assert analysis_visits()
    with derived(forms, bookkeeping, models_read_for("adeff", "adresp")) as connection:
        visits = connection.execute(
            "select usubjid, avisit, biclaoc, bicla, lldasoc, lldas, dorisoc, doris from candidate.analysis.adeff"
        ).fetchall()
        sparing = connection.execute("select usubjid, 'sparing', sparefl from candidate.analysis.adresp").fetchall()
    return {(usubjid, what): tuple(values) for usubjid, what, *values in [*visits, *sparing]}
