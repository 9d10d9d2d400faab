"""The response at each analysis visit ("SRI-4", "Response, missing data, and what is not known yet").

What belongs here: putting the three components together, applying events, and saying what is not known yet. What does
not: the components themselves, the events, and the choice of records.
"""

from __future__ import annotations

from collections.abc import Sequence

from validation.second_derivation.protocol_tables import AnalysisVisit, analysis_visits, whole_limit
from validation.second_derivation.results import ChosenRecords, ComponentResults, Event, VisitResponse

MISSING, PENDING, RESPONDER = "MISSING", "PENDING", "RESPONDER"


def all_met(*components: bool | None) -> bool | None:
    """Three-valued: one known failure is a failure whatever is missing; otherwise anything unknown is unknown."""
    if False in components:
        return False
    return None if None in components else True


def visit_responses(
    chosen: Sequence[ChosenRecords],
    components: Sequence[ComponentResults],
    events: Sequence[Event],
    cut_day: int | None,
    study_has_ended: bool,
) -> tuple[VisitResponse, ...]:
    """One response for each analysis visit, also for those to come; `events` in the order of reasons.

    `cut_day`: protocol day of the site cut, None when the site has none (nothing is mature then).
    """
    responses = []
    last_known: list[bool | None] = [None, None, None]  # SLEDAI, BILAG, PGA at earlier analysis visits
    for visit, records, results in zip(analysis_visits(), chosen, components, strict=True):
        mature = cut_day is not None and visit.last_day + whole_limit("entry_lag_days") < cut_day
        closed = mature or study_has_ended
        assessed_on = records.last_day if records.last_day is not None else visit.target_day
        counting = [event for event in events if event.day <= assessed_on]
        observed = [results.sledai[0], results.bilag, results.pga]
        composites = [all_met(sledai, results.bilag, results.pga) for sledai in results.sledai]
        sri4, sri5, sri6, sri7, sri8 = [_imputed(composite, bool(counting), closed) for composite in composites]
        last_known = [old if new is None else new for old, new in zip(last_known, observed, strict=True)]
        if counting:
            carried: bool | None = False
        else:
            carried = all_met(*last_known) if composites[0] is not None or closed else None
        responses.append(
            VisitResponse(
                avisit=visit.avisit,
                mature=mature,
                sri4oc=_letter(composites[0]),
                sri4=_letter(sri4),
                sri4locf=_letter(carried),
                sri5=_letter(sri5),
                sri6=_letter(sri6),
                sri7=_letter(sri7),
                sri8=_letter(sri8),
                reason=_reason(counting, observed, closed),
            )
        )
    return tuple(responses)


def response_group(responses: Sequence[VisitResponse]) -> str:
    """RESPONSE, NO RESPONSE or PENDING, from the primary response at the week of the endpoint."""
    group_of = {"Y": "RESPONSE", "N": "NO RESPONSE", None: "PENDING"}
    week = whole_limit("response_week")
    visits: tuple[AnalysisVisit, ...] = analysis_visits()
    return next(group_of[answer.sri4] for visit, answer in zip(visits, responses, strict=True) if visit.week == week)


def _imputed(composite: bool | None, event_counts: bool, closed: bool) -> bool | None:
    """Non-responder imputation: an event or a missing result at a closed visit is non-response."""
    if event_counts:
        return False
    return False if composite is None and closed else composite


def _reason(counting: Sequence[Event], observed: Sequence[bool | None], closed: bool) -> str:
    if counting:
        return counting[0].term
    for component, met in zip(("SLEDAI", "BILAG", "PGA"), observed, strict=True):
        if met is False:
            return component
    if None in observed:
        return MISSING if closed else PENDING
    return RESPONDER


def _letter(answer: bool | None) -> str | None:
    return None if answer is None else ("Y" if answer else "N")
