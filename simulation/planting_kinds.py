"""Each error of entry, by its name in the table of kinds (defects.py).

What belongs here: which field of which form an error strikes, and what then stands in it. What does
not: the tools for it (planting.py), errors in who may take part (planting_eligibility.py), errors of
when a subject came and what it was given (planting_visits_dosing.py), errors in disease activity,
laboratory and text (planting_activity.py), kinds that are deviations of the course itself (a visit out
of its window, a steroid increase: visits.py and forms/), and errors of whole files (file_defects.py).
"""

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from simulation import planting_activity, planting_eligibility, planting_visits_dosing
from simulation.defects import Plan
from simulation.planting import (
    Planter,
    at_baseline,
    at_first_infusion,
    given,
    moved,
    post_baseline,
    post_baseline_done,
)
from simulation.protocol import protocol
from simulation.records import Records, Row

Named = dict[str, Any]

# Beyond the widest window, whichever day of it the infusion was on.
LATER_BY = 15


def anyone(row: Named) -> bool:
    """Any row will do."""
    return True


def worse_scale(row: Named) -> str:
    """Another scale than the one the site uses."""
    return "0-10" if row["pgascale"] != "0-10" else "0-100"


def beyond_scale(row: Named) -> str:
    """A tenth beyond the end of the scale."""
    return str(protocol().pga_maxima[row["pgascale"]] * Decimal("1.1"))


def key_part_blank(planter: Planter, kind: str) -> None:
    planter.spoil(kind, "lb", "visit", "", post_baseline)


def row_twice(planter: Planter, kind: str) -> None:
    row = planter.choose("lb", post_baseline)
    if row is not None:
        planter.plan.note(kind, "lb", planter.copy("lb", row), "")


def two_answers(planter: Planter, kind: str) -> None:
    row = planter.choose("pga", post_baseline)
    if row is not None:
        other = "0.7" if planter.named("pga", row)["pgares"] != "0.7" else "0.8"
        planter.plan.note(kind, "pga", planter.copy("pga", row, pgares=other), "pgares")


def subject_not_in_dm(planter: Planter, kind: str) -> None:
    row = planter.choose("vs", post_baseline)
    if row is not None:
        stranger = "9" + planter.records.subjid[1:]
        planter.plan.note(kind, "vs", planter.copy("vs", row, subjid=stranger), "subjid")


def infusion_ends_first(planter: Planter, kind: str) -> None:
    planter.spoil(kind, "ex", "exendtc", lambda row: moved(row["exstdtc"], -1), given)


def medication_ends_first(planter: Planter, kind: str) -> None:
    def wrong(row: Named) -> str:
        return moved(row["cmstdtc"] + "T00:00", -40)[:10]

    planter.spoil(kind, "cm", "cmendtc", wrong, lambda row: row["cmendtc"] != "" and len(row["cmstdtc"]) == 10)


def first_infusion_elsewhere(planter: Planter, kind: str) -> None:
    """The infusion of D0 is recorded as an unscheduled one."""
    planter.spoil(kind, "ex", "visit", "UNS", at_first_infusion)


def dose_off(planter: Planter, kind: str) -> None:
    planter.spoil(kind, "ex", "exdose", lambda row: row["exdose"] * 6 // 5, given)


def dose_ten_times(planter: Planter, kind: str) -> None:
    planter.spoil(kind, "ex", "exdose", lambda row: row["exdose"] * 10, given)


def no_weight(planter: Planter, kind: str) -> None:
    infusion = planter.choose("ex", at_first_infusion)
    if infusion is not None:
        planter.drop("vs", lambda row: at_baseline(row) and row["vstestcd"] == "WEIGHT")
        planter.plan.note(kind, "ex", infusion, "exdose")


def infusion_late(planter: Planter, kind: str) -> None:
    """An infusion long after its visit, yet before the next one."""
    row = planter.choose("ex", given)
    if row is None:
        return
    values = planter.named("ex", row)
    later = {name: moved(values[name], LATER_BY) for name in ("exstdtc", "exendtc")}
    row_of_next = [other for other in planter.records.forms["ex"] if other.entered > row.entered]
    if later["exstdtc"][:10] < as_day(planter, row_of_next):
        row.entered += LATER_BY
        planter.swap(kind, "ex", row, "exstdtc", list({**values, **later}.values()))


def as_day(planter: Planter, rows: list[Row]) -> str:
    """The day of the next infusion given, as text; the empty text when there is none yet."""
    days = [planter.named("ex", row)["exstdtc"][:10] for row in rows]
    return min((day for day in days if day), default="")


def no_global_assessment(planter: Planter, kind: str) -> None:
    infusion = planter.choose("ex", at_first_infusion)
    if infusion is not None and planter.drop("pga", at_baseline):
        planter.plan.note(kind, "ex", infusion, "pga")


def steroid_with(planter: Planter, kind: str, field: str, value: str) -> None:
    def daily(row: Named) -> bool:
        return (row["cmclas"], row["cmdosfrq"]) == ("CORTICOSTEROID", "QD")

    planter.spoil(kind, "cm", field, value, daily)


def ongoing(row: Named) -> bool:
    """A medication that goes on."""
    return str(row["cmongo"]) == "Y"


PLANTERS: dict[str, Callable[[Planter, str], None]] = {
    **planting_activity.PLANTERS,
    "key part blank": key_part_blank,
    "sex not in the codelist": lambda p, kind: p.spoil(kind, "dm", "sex", "Female", anyone),
    "grade not in the codelist": lambda p, kind: p.spoil(kind, "bilag", "bilmuco", "F", post_baseline),
    "visit label not in the codelist": lambda p, kind: p.spoil(
        kind, "vs", "visit", lambda row: f"WEEK {row['visit'][1:]}", post_baseline
    ),
    "number with its unit in the cell": lambda p, kind: p.spoil(
        kind, "vs", "vsorres", lambda row: f"{row['vsorres']} {row['vsorresu']}", lambda row: row["vstestcd"] == "TEMP"
    ),
    "day that the calendar lacks": lambda p, kind: p.spoil(
        kind, "sv", "svdtc", lambda row: row["svdtc"][:4] + "-02-30", post_baseline_done
    ),
    "date written the local way": lambda p, kind: p.spoil(
        kind, "sv", "svdtc", lambda row: "/".join(reversed(row["svdtc"].split("-"))), post_baseline_done
    ),
    "month without a day": lambda p, kind: p.spoil(
        kind, "bilag", "bildtc", lambda row: row["bildtc"][:7], post_baseline
    ),
    "unit nobody knows": lambda p, kind: p.spoil(
        kind, "lb", "lborresu", "arb. units", lambda row: post_baseline(row) and row["lbtestcd"] == "C3"
    ),
    "row twice": row_twice,
    "two answers to one question": two_answers,
    "subject not in dm": subject_not_in_dm,
    "medication ends before it starts": medication_ends_first,
    "infusion ends before it starts": infusion_ends_first,
    "first infusion without a day": lambda p, kind: p.spoil(
        kind, "ex", "exstdtc", lambda row: row["exstdtc"][:7], at_first_infusion
    ),
    "first infusion recorded elsewhere": first_infusion_elsewhere,
    "dose off the plan": dose_off,
    "dose ten times too high": dose_ten_times,
    "no weight before the first infusion": no_weight,
    "infusion outside its window": infusion_late,
    "no global assessment at baseline": no_global_assessment,
    "total differs from the items": lambda p, kind: p.spoil(
        kind, "sledai", "sledtot", lambda row: row["sledtot"] + 2, post_baseline
    ),
    "item unanswered": lambda p, kind: p.spoil(kind, "sledai", "sledai17", "", post_baseline),
    "grade left out": lambda p, kind: p.spoil(kind, "bilag", "bilcard", "", post_baseline),
    "assessment off its scale": lambda p, kind: p.spoil(kind, "pga", "pgares", beyond_scale, post_baseline),
    "scale changes": lambda p, kind: p.spoil(kind, "pga", "pgascale", worse_scale, post_baseline),
    "steroid without a dose": lambda p, kind: steroid_with(p, kind, "cmdose", ""),
    "steroid nobody knows": lambda p, kind: steroid_with(p, kind, "cmtrt", "STEROID TABLETS"),
    "steroid without a route": lambda p, kind: steroid_with(p, kind, "cmroute", ""),
    "medication without an end": lambda p, kind: p.spoil(kind, "cm", "cmongo", "N", ongoing),
    **planting_eligibility.PLANTERS,
    **planting_visits_dosing.PLANTERS,
}


def plant(random: Random, records: Records, plan: Plan) -> None:
    """Plant the kind meant for this subject, if it is an error of entry and a record is fit for it.

    Only in subjects who were infused: most rules say nothing of the others.
    """
    if plan.kind in PLANTERS and records.forms["ex"]:
        PLANTERS[plan.kind](Planter(random, records, plan), plan.kind)
