"""Errors of entry about when a subject came, and what it was given: VIS and DOS.

What belongs here: which field of sv, ex, vs, pga or dm such an error strikes, and what then stands in it. What does
not: the tools for it (planting.py), the other errors (planting_kinds.py), deviations of the course itself (visits.py).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from simulation.planting import Planter, given, moved, post_baseline, post_baseline_done
from simulation.protocol import protocol
from simulation.records import iso

Named = dict[str, Any]

TOO_SHORT = timedelta(minutes=20)
# So long ago an infusion was surely due: the window, the lag of entry and a few days more.
SURELY_DUE_DAYS = 30
WEIGHT_FACTOR = Decimal("1.3")


def visit_moved(planter: Planter, kind: str, days: int) -> None:
    """A visit dated so many days after the planned visit before it."""
    row = planter.choose("sv", post_baseline_done)
    if row is None:
        return
    values = planter.named("sv", row)
    planned = [planter.named("sv", other) for other in planter.records.forms["sv"]]
    days_before = [
        other["svdtc"]
        for other in planned
        if other["visit"] not in ("UNS", "ET") and other["svoccur"] == "Y" and other["svdtc"] < values["svdtc"]
    ]
    values["svdtc"] = day_moved(max(days_before), days)
    planter.swap(kind, "sv", row, "svdtc", list(values.values()))


def day_moved(day: str, days: int) -> str:
    """A date without time, some days later."""
    return moved(f"{day}T00:00", days)[:10]


def assessment_off(planter: Planter, kind: str) -> None:
    """A global assessment dated a few days before its visit; the time of day stays."""

    def wrong(row: Named) -> str:
        return day_moved(row["pgadtc"][:10], -5) + str(row["pgadtc"][10:])

    planter.spoil(kind, "pga", "pgadtc", wrong, post_baseline)


def diagnosis_before_birth(planter: Planter, kind: str) -> None:
    planter.spoil(kind, "dm", "slediagdtc", lambda row: str(row["brthyr"] - 1), lambda row: True)


def too_short(planter: Planter, kind: str) -> None:
    def wrong(row: Named) -> str:
        return (datetime.fromisoformat(row["exstdtc"]) + TOO_SHORT).isoformat(timespec="minutes")

    planter.spoil(kind, "ex", "exendtc", wrong, lambda row: given(row) and row["exadj"] == "NONE")


def vial_too_few(planter: Planter, kind: str) -> None:
    """Vials are chosen with the least waste: one less is always too few."""
    planter.spoil(
        kind, "ex", "exvial120", lambda row: row["exvial120"] - 1, lambda row: given(row) and row["exvial120"] > 0
    )


def infusion_not_recorded(planter: Planter, kind: str) -> None:
    """An infusion that was due long ago, and is not the last one (treatment may have ended with that)."""
    long_ago = iso(planter.records.last_day - SURELY_DUE_DAYS)
    last = max((planter.named("ex", row)["exstdtc"] for row in planter.records.forms["ex"]), default="")
    row = planter.choose("ex", lambda row: given(row) and row["exstdtc"] < min(last, long_ago))
    if row is None:
        return
    label = planter.named("ex", row)["visit"]
    visit = planter.choose("sv", lambda other: str(other["visit"]) == label)
    planter.drop("ex", lambda other: str(other["visit"]) == label)
    planter.plan.note(kind, "sv", visit, "exoccur")


def weight_slipped(planter: Planter, kind: str) -> None:
    def wrong(row: Named) -> Decimal:
        return (Decimal(row["vsorres"]) * WEIGHT_FACTOR).quantize(Decimal("0.1"))

    planter.spoil(kind, "vs", "vsorres", wrong, lambda row: post_baseline(row) and str(row["vstestcd"]) == "WEIGHT")


def weights_left_out(planter: Planter, kind: str) -> None:
    """No weight on the day of an infusion nor in the weeks before it, but one before these."""
    row = planter.choose("ex", lambda row: given(row) and row["visit"] not in ("W2", "W4"))
    if row is None:
        return
    day = planter.named("ex", row)["exstdtc"][:10]
    first = day_moved(day, -protocol().whole("weight_age_days"))
    planter.drop("vs", lambda other: str(other["vstestcd"]) == "WEIGHT" and first <= other["vsdtc"] <= day)
    planter.plan.note(kind, "ex", row, "weight")


PLANTERS: dict[str, Callable[[Planter, str], None]] = {
    "visit missed without a reason": lambda p, kind: p.spoil(
        kind, "sv", "svreasnd", "", lambda row: str(row["svoccur"]) == "N"
    ),
    "visit before the one before it": lambda p, kind: visit_moved(p, kind, -2),
    "two visits on one date": lambda p, kind: visit_moved(p, kind, 0),
    "assessment off its visit": assessment_off,
    "date in the future": lambda p, kind: p.spoil(
        kind, "vs", "vsdtc", lambda row: day_moved(row["vsdtc"], 3650), lambda row: str(row["vstestcd"]) == "TEMP"
    ),
    "date before birth": diagnosis_before_birth,
    "infusion much too short": too_short,
    "infusion without a dose": lambda p, kind: p.spoil(kind, "ex", "exdose", "", given),
    "dose of an infusion not given": lambda p, kind: p.spoil(kind, "ex", "exoccur", "N", given),
    "a vial too few": vial_too_few,
    "infusion without a record": infusion_not_recorded,
    "weight slipped": weight_slipped,
    "weights left out": weights_left_out,
}
