"""How a visit, an infusion and the components of an analysis visit read as rows of a subject's page.

What is not known is said to be unknown, never No: a component without a value may still be met. A visit's label that
the plan does not know may be anything a person has typed, so it is shown as listings show such a text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orchestration.review.pages.page import Row
from orchestration.review.pages.wording import UNKNOWN, change, quantity
from orchestration.site_listings.withheld import shown
from validation.sentences import BLANK

UNPLANNED = 90  # visit numbers from here on are ET, UNS and labels that can't be read: they have no window


def visit_row(visit: Mapping[str, Any]) -> Row:
    """One visit: when it was, how many days off its target, and what became of it."""
    outside = visit["protday"] is not None and visit["inwinfl"] == "N" and (visit["visitnum"] or UNPLANNED) < UNPLANNED
    return {
        "visit": shown(visit["visit"]) or BLANK,
        "date": _date(visit["svdt"]),
        "day": _day(visit["protday"]),
        "off target": "" if visit["daysoff"] is None else change(visit["daysoff"]),
        "status": f"{visit['status'] or UNKNOWN}{', outside its window' if outside else ''}",
    }


def infusion_row(infusion: Mapping[str, Any]) -> Row:
    """One infusion: the dose beside the plan, and the weight the plan was made of."""
    return {
        "visit": shown(infusion["visit"]) or BLANK,
        "date": _date(infusion["astdt"]),
        "day": _day(infusion["protday"]),
        "dose": _dose(infusion),
        "weight": _weight(infusion),
        "status": ", ".join(_infusion_status(infusion)),
    }


def component_row(visit: Mapping[str, Any]) -> Row:
    """One analysis visit: each component met (Y), not met (N) or unknown, its values, and the primary SRI-4."""
    new = f"{_value(visit['bilnewa'])} new A, {_value(visit['bilnewb'])} new B{_systems(visit['bilnewsys'])}"
    return {
        "visit": visit["avisit"],
        "date": _date(visit["adt"]),
        "SLEDAI-2K": _component(visit["sledfl"], _from_to(visit["sledaibl"], visit["sledai"])),
        "BILAG-2004": _component(visit["bilfl"], None if visit["bilnewa"] is None else new),
        "PGA": _component(visit["pgafl"], _from_to(visit["pgabl"], visit["pga"])),
        "SRI-4": _component(visit["sri4"], visit["reason"]),
    }


def _infusion_status(infusion: Mapping[str, Any]) -> list[str]:
    said = [str(infusion["status"])]
    if infusion["grossfl"] == "Y":
        said.append("GROSS DOSE ERROR")
    elif infusion["devfl"] == "Y":
        said.append("dose off plan")
    if infusion["latefl"] == "Y":
        said.append("outside its window")
    if infusion["intervl"] is not None:
        said.append(f"{infusion['intervl']} days after the last")
    return said


def _dose(infusion: Mapping[str, Any]) -> str:
    given = quantity(infusion["exdose"], "mg") if infusion["status"] == "GIVEN" else "none"
    off = "" if infusion["devpct"] is None else f" ({change(infusion['devpct'])} %)"
    return f"{given}, planned {quantity(infusion['plandose'], 'mg')}{off}"


def _weight(infusion: Mapping[str, Any]) -> str:
    on = f" on {infusion['weightdt']}" if infusion["weightdt"] else ""
    return f"{quantity(infusion['weight'], 'kg')}{on}"


def _component(flag: str | None, values: str | None) -> str:
    """'Y: 12 to 6'; what was not assessed is unknown and has no values."""
    return ": ".join(filter(None, (flag or UNKNOWN, values)))


def _from_to(baseline: Any, now: Any) -> str | None:
    return None if now is None else f"{_value(baseline)} to {_value(now)}"


def _value(value: Any) -> str:
    return quantity(value, places=4)


def _systems(systems: str | None) -> str:
    return f" ({systems})" if systems else ""


def _date(value: object) -> str:
    return "" if value is None else str(value)


def _day(day: int | None) -> str | int:
    return "" if day is None else day
