"""The decision, the rules and the values of a trace in words that a clinician can follow."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from orchestration.trace.facts import Trace
from validation.sentences import written

UNKNOWN = "unknown"
MET = {"Y": "met", "N": "NOT met", None: UNKNOWN}
ANSWER = {"Y": "RESPONSE", "N": "NO RESPONSE", None: "PENDING"}


def decision(trace: Trace) -> str:
    """Why the subject is what it is at this visit, in one sentence."""
    result = trace.result
    reason = result["reason"]
    if result["icefl"] == "Y":
        event = next((one for one in trace.events if one.counts and one.term == reason), None)
        when = f" from {event.icedt} (day {event.protday}) on" if event else ""
        assessed = result["adt"] or f"the target day {trace.window.target_day}"
        return (
            f"No response: {reason} makes every visit a non-response{when}, and this one counts as of {assessed}; "
            f"the components alone: {_observed(trace)}."
        )
    if reason in ("SLEDAI", "BILAG", "PGA"):
        return f"No response: {_observed(trace)}; one component that is not met is enough, whatever the others are."
    if reason == "MISSING":
        closed = "mature" if result["maturfl"] == "Y" else "closed, as the subject has left the study"
        return f"No response: {_observed(trace)}; what is unknown counts as non-response once the visit is {closed}."
    if reason == "PENDING":
        return f"Not known yet: {_observed(trace)}; the visit is still open, so it may yet be assessed."
    return f"Response: {_observed(trace)}; and no intercurrent event counts against the visit."


def _observed(trace: Trace) -> str:
    return ", ".join(component_sentence(trace, component) for component in ("SLEDAI", "BILAG", "PGA"))


def component_sentence(trace: Trace, component: str) -> str:
    """'SLEDAI-2K fell by 6, from 10 to 4 (met)'."""
    result = trace.result
    if component == "BILAG":
        return f"BILAG-2004 {bilag_change(trace)} ({MET[result['bilfl']]})"
    name, before, now, change, flag = (
        ("SLEDAI-2K", "sledaibl", "sledai", "sledchg", "sledfl")
        if component == "SLEDAI"
        else ("PGA", "pgabl", "pga", "pgachg", "pgafl")
    )
    if result[change] is None:
        missing = " and ".join(
            word for word, column in (("baseline", before), ("this visit", now)) if result[column] is None
        )
        return f"{name} {UNKNOWN} (no complete value at {missing})"
    moved = f"{fell_or_rose(result[change])}, from {number(result[before])} to {number(result[now])}"
    return f"{name} {moved} ({MET[result[flag]]})"


def fell_or_rose(change: Decimal | int) -> str:
    """'fell by 6', 'rose by 0.3', 'stayed'."""
    if change == 0:
        return "stayed"
    return f"fell by {number(-change)}" if change < 0 else f"rose by {number(change)}"


def bilag_change(trace: Trace) -> str:
    """'has 1 new A and no new B (mucocutaneous)'."""
    result = trace.result
    if result["bilnewa"] is None:
        return "can't be compared, as a record is absent"
    counts = [f"{result[column] or 'no'} new {grade}" for column, grade in (("bilnewa", "A"), ("bilnewb", "B"))]
    known = "has" if result["bilfl"] is not None else "has, over the systems known at both,"
    systems = ", ".join(grades.system.lower() for grades in trace.grades if grades.new)
    return f"{known} {' and '.join(counts)}{f' in {systems}' if systems else ''}"


def component_rule(limits: Mapping[str, Any], component: str) -> str:
    """What a component asks for, with the numbers of this publication."""
    if component == "SLEDAI":
        return f"a fall by at least {number(limits['sri_points'])} points"
    if component == "BILAG":
        allowed = number(limits["bilag_new_b_allowed"])
        return f"no new A (A now, B to E at baseline) and at most {allowed} new B (B now, C to E at baseline)"
    return f"a rise by less than {limits['pga_worsening']:.2f} on the 0-3 scale"


def event_rule(trace: Trace, term: str) -> str:
    """What makes an event of this kind."""
    limits, steroid = trace.limits, trace.subject["blsteroid"]
    return {
        "DEATH": "an end of study by death, from its date on",
        "DISCONTINUED": "any end of study other than completed, from its date on",
        "TREATMENT DISCONTINUED": "any end of treatment other than completed, from its date on",
        "PROHIBITED MEDICATION": (
            "a cytotoxic, or a biologic other than belimumab, that starts on or after the first infusion, or an "
            "immunosuppressant not in use at baseline that starts after it; what is unknown of a start counts early"
        ),
        "STEROID INCREASE": (
            f"the first day from day {number(limits['steroid_rule_day'])} on with a systemic steroid dose above both "
            f"{number(limits['steroid_increase_factor'])} times baseline and baseline plus "
            f"{number(limits['steroid_increase_mg'])} mg (baseline: {number(steroid)} mg of prednisone a day)"
        ),
    }[term]


def number(value: Decimal | int | None) -> str:
    """A number as a person writes it; what is not known is said to be unknown."""
    return UNKNOWN if value is None else written(value)


def verdict(trace: Trace) -> str:
    """Whether the decision comes out the same when it is derived again."""
    again = trace.recomputation
    if again.not_now is not None:
        return f"NOT RECOMPUTED: {again.not_now}"
    if again.agrees:
        return f"AGREES: derived again from the delivered rows, all {len(again.compared)} values are the same."
    told = "; ".join(
        f"{value.what} is {value.published or UNKNOWN} as published and {value.again or UNKNOWN} when derived again"
        for value in again.differing
    )
    return f"DISAGREES in {len(again.differing)} of {len(again.compared)} values: {told}."
