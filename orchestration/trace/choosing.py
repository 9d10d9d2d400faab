"""Why a record was chosen among the candidates, in words: the first criterion of the protocol that sets two apart.

The choice itself is read from what is published (anl01fl) and derived a second time in `again`. Where a published
choice has no reason here, the words say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from orchestration.trace.facts import COMPONENTS, Candidate
from validation.second_derivation.protocol_tables import AnalysisVisit, planned_visits, whole_limit

NO_REASON = "the protocol's order does not put it behind the chosen one"
Apart = Callable[[Candidate, Candidate], str | None]


def explained(candidates: Iterable[Candidate], visit: AnalysisVisit | None) -> dict[str, tuple[Candidate, ...]]:
    """The candidates of each component with the reason in words, the chosen one first; without a visit: baseline."""
    apart: Apart = _apart_before_treatment if visit is None else lambda one, other: _apart_in_window(one, other, visit)
    there = list(candidates)
    return {
        component: _explained([one for one in there if one.component == component], apart, visit is None)
        for component in COMPONENTS
    }


def days_off(candidate: Candidate, visit: AnalysisVisit) -> int:
    """Days between the record and the visit's target, negative before it."""
    return candidate.protday - visit.target_day


def _explained(candidates: Sequence[Candidate], apart: Apart, at_baseline: bool) -> tuple[Candidate, ...]:
    chosen = next((one for one in candidates if one.chosen), None)
    rest = sorted((one for one in candidates if one is not chosen), key=lambda one: (one.adt, one.row_id), reverse=True)
    if chosen is None:
        where = "up to the first infusion" if at_baseline else "in the window"
        return tuple(replace(one, why=_never(one) or f"no record {where} was chosen") for one in rest)
    reasons = [_never(one) if at_baseline and _never(one) else apart(chosen, one) for one in rest]
    others = [replace(one, why=f"not chosen: {reason or NO_REASON}") for one, reason in zip(rest, reasons, strict=True)]
    rivals = sum(not (at_baseline and _never(one)) for one in rest)
    if not rivals:
        why = "the only one before the first infusion" if at_baseline else "the only one in the window"
        why += "" if chosen.complete else ", and incomplete"
    else:
        order = "complete before incomplete, then the last" if at_baseline else _ORDER
        why = f"first of {rivals + 1}: {order}"
    return (replace(chosen, why=f"chosen: {why}"), *others)


_ORDER = "complete before incomplete, then nearest to the target day, then the later"


def _never(one: Candidate) -> str | None:
    """A record that can't be baseline at all."""
    lookback = whole_limit("baseline_lookback_days")
    return f"more than {lookback} days before the first infusion" if one.protday < -lookback else None


def _apart_before_treatment(chosen: Candidate, other: Candidate) -> str | None:
    if chosen.complete and not other.complete:
        return "incomplete, and a complete record comes first"
    if other.adt < chosen.adt:
        return "earlier, and the last one before the first infusion is baseline"
    if other.protday == 0:  # the times of day are not published, so the two reasons there can be stand together
        on_one_day = _apart_on_one_day(chosen, other) if chosen.protday == 0 else None
        after = "on the day of the first infusion, and known to be after it"
        return f"{after}; or {on_one_day}" if on_one_day else after
    return _apart_on_one_day(chosen, other) if other.adt == chosen.adt else None


def _apart_in_window(chosen: Candidate, other: Candidate, visit: AnalysisVisit) -> str | None:
    if chosen.complete and not other.complete:
        return "incomplete, and a complete record comes first"
    if chosen.complete != other.complete:
        return None
    farther = abs(days_off(other, visit)) - abs(days_off(chosen, visit))
    if farther > 0:
        return f"{farther} day{'s' if farther > 1 else ''} farther from the target day"
    if farther < 0:
        return None
    if other.adt < chosen.adt:
        return "as near to the target day, but earlier"
    return _apart_on_one_day(chosen, other) if other.adt == chosen.adt else None


def _apart_on_one_day(chosen: Candidate, other: Candidate) -> str | None:
    """Two records of one day: a scheduled visit (the later planned one) before ET before UNS."""
    first, second = _rank(chosen.visit), _rank(other.visit)
    if first < second:
        return f"on the same day, and {chosen.visit} comes before {other.visit}"
    return "on the same day under the same label, with the earlier time" if first == second else None


def _rank(visit: str) -> tuple[int, int]:
    known = planned_visits().get(visit)
    return (known.tie_rank, -known.visitnum) if known is not None else (99, 0)
