"""A subject from delivered rows to response group, one step after the other.

What belongs here: the order of the steps. What does not: any rule; each has a file of its own.
"""

from __future__ import annotations

from datetime import date

from validation.second_derivation import bilag, pga, sledai
from validation.second_derivation.assessments import dated_assessments
from validation.second_derivation.baseline import baseline_record
from validation.second_derivation.clock import Clock
from validation.second_derivation.day_zero import find_day_zero
from validation.second_derivation.delivered import DeliveredSubject
from validation.second_derivation.dosing import planned_infusions
from validation.second_derivation.endings import ending, treatment_event
from validation.second_derivation.intercurrent import earliest, intercurrent_events
from validation.second_derivation.medications import medications
from validation.second_derivation.prohibited import first_prohibited_day
from validation.second_derivation.protocol_tables import whole_limit
from validation.second_derivation.response import response_group, visit_responses
from validation.second_derivation.results import ChosenRecords, ComponentResults, SubjectDerivation, SubjectDetail
from validation.second_derivation.steroids import first_increase_day, steroid_courses
from validation.second_derivation.usable import Row, usable_rows
from validation.second_derivation.windows import records_at_visits

STUDY = "MRBS"
HELD = "HELD"
FORMS_AFTER_DAY_ZERO = ("sv", "ex", "sledai", "bilag", "pga", "cm", "ds")

UsableRows = dict[str, list[Row]]


def derive_subject(
    subject: DeliveredSubject, site_cut: date | None, medication_known_until: date | None = None
) -> SubjectDerivation | None:
    """The derivation of one subject; None when it has no usable `dm` row, as all its rows are quarantined then.

    `medication_known_until` stands in where the site has no cut: the date of its latest accepted delivery of `cm`.
    """
    if not subject.subjid or not usable_rows("dm", subject.rows.get("dm", ())):
        return None
    usubjid = f"{STUDY}-{subject.siteid}-{subject.subjid}"
    day_zero = find_day_zero(subject.rows.get("ex", ()))
    if day_zero.clock is None:
        return SubjectDerivation(usubjid, None, HELD if day_zero.ever_infused else None, (), ())
    rows = {form: usable_rows(form, subject.rows.get(form, ())) for form in FORMS_AFTER_DAY_ZERO}
    return _derive_treated(usubjid, rows, day_zero.clock, site_cut, site_cut or medication_known_until)


def _derive_treated(
    usubjid: str, rows: UsableRows, clock: Clock, site_cut: date | None, medication_known_until: date | None
) -> SubjectDerivation:
    baseline, chosen = _choose_records(rows, clock)
    components = tuple(
        ComponentResults(
            sledai=sledai.sledai_results(baseline.sledai, records.sledai),
            bilag=bilag.bilag_result(baseline.bilag, records.bilag),
            pga=pga.pga_result(baseline.pga, records.pga),
        )
        for records in chosen
    )

    end_of_study, end_of_treatment = ending(rows, clock, "STUDY"), ending(rows, clock, "TREATMENT")
    taken = medications(rows["cm"])
    events = intercurrent_events(
        end_of_study,
        treatment_event(rows, clock),
        first_prohibited_day(taken, clock) if whole_limit("medication_rule") else None,
        first_increase_day(steroid_courses(taken, clock, medication_known_until))
        if whole_limit("steroid_rule")
        else None,
    )

    cut_day = clock.protocol_day(site_cut) if site_cut is not None else None
    responses = visit_responses(chosen, components, events, cut_day, study_has_ended=end_of_study is not None)
    ends = [end.day for end in (end_of_study, end_of_treatment) if end is not None]
    first_event = earliest(events)
    return SubjectDerivation(
        usubjid=usubjid,
        trtsdt=clock.first_infusion,
        respgrp=response_group(responses),
        visits=responses,
        infusions=tuple(planned_infusions(rows["ex"], min(ends, default=None), cut_day)),
        icedt=clock.date_of(first_event.day) if first_event is not None else None,
        iceterm=first_event.term if first_event is not None else None,
        detail=SubjectDetail(
            baseline=baseline,
            chosen=chosen,
            components=components,
            events=events,
            end_of_study_day=end_of_study.day if end_of_study is not None else None,
            end_of_treatment_day=end_of_treatment.day if end_of_treatment is not None else None,
        ),
    )


def _choose_records(rows: UsableRows, clock: Clock) -> tuple[ChosenRecords, tuple[ChosenRecords, ...]]:
    """The records at baseline, and those at each analysis visit."""
    sledai_records = dated_assessments(rows["sledai"], sledai.DATE_COLUMN, clock, sledai.read_sledai)
    bilag_records = dated_assessments(rows["bilag"], bilag.DATE_COLUMN, clock, bilag.read_bilag)
    pga_records = dated_assessments(rows["pga"], pga.DATE_COLUMN, clock, pga.read_pga)
    baseline = ChosenRecords(
        baseline_record(sledai_records), baseline_record(bilag_records), baseline_record(pga_records)
    )
    at_visits = zip(
        records_at_visits(sledai_records),
        records_at_visits(bilag_records),
        records_at_visits(pga_records),
        strict=True,
    )
    return baseline, tuple(ChosenRecords(*records) for records in at_visits)
