"""Errors of entry in disease activity and laboratory results, and in the text itself, by their names in defects.py.

What belongs here: which field an error strikes, and what then stands in it. What does not: the tools for it
(planting.py), and the errors in everything else (planting_kinds.py).
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from simulation.planting import Fit, Planter, at_first_infusion, post_baseline
from simulation.protocol import protocol

Named = dict[str, Any]

TOO_EARLY = 9  # days; two more than the components of a visit may lie apart
SAME_IN_OTHER_UNIT = {"g/L": ("mg/dL", Decimal(100)), "mg/dL": ("g/L", Decimal("0.01"))}


def shifted(text: str, days: int) -> str:
    """A date some days later; the time of day stays, where there is one."""
    return (date.fromisoformat(text[:10]) + timedelta(days=days)).isoformat() + text[10:]


def shown_results(planter: Planter, *tests: str) -> set[str]:
    """The days on which the last delivery shows a result of one of the tests."""
    rows = [planter.named("lb", row) for row in planter.records.forms["lb"] if row.shown(planter.records.last_day)]
    return {row["lbdtc"] for row in rows if row["lbtestcd"] in tests}


def never_involved(planter: Planter, kind: str) -> None:
    """E for a system that was involved at the first infusion, and so can't be E again."""
    rows = {row["visit"]: row for row in (planter.named("bilag", row) for row in planter.records.forms["bilag"])}
    systems = [name for name, grade in rows.get("D0", {}).items() if grade in ("A", "B", "C", "D")]
    if systems:
        planter.spoil(kind, "bilag", systems[0], "E", post_baseline)


def other_answer(planter: Planter, kind: str, item: int, answer: int, *tests: str) -> None:
    """One answer the other way round, and the site's total with it, at a visit with a result that says so."""
    column, weight = f"sledai{item}", protocol().sledai_weights[item - 1]
    measured = shown_results(planter, *tests)

    def fit(row: Named) -> bool:
        return post_baseline(row) and row[column] == 1 - answer and row["sledtc"][:10] in measured

    row = planter.choose("sledai", fit)
    if row is not None:
        values = planter.named("sledai", row)
        total = values["sledtot"] + (weight if answer else -weight)
        planter.swap(kind, "sledai", row, column, list({**values, column: answer, "sledtot": total}.values()))


def too_early(planter: Planter, kind: str) -> None:
    planter.spoil(kind, "pga", "pgadtc", lambda row: shifted(row["pgadtc"], -TOO_EARLY), post_baseline)


def no_assessment_at_the_end(planter: Planter, kind: str) -> None:
    """No PGA anywhere in the window of week 48, which the end of the study has closed."""
    infusion = planter.choose("ex", at_first_infusion)
    examined = planter.choose("sledai", lambda row: row["visit"] == "W48")
    ended = planter.choose("ds", lambda row: row["dscat"] == "STUDY")
    if infusion is None or examined is None or ended is None:
        return
    start = planter.named("ex", infusion)["exstdtc"]

    def in_the_window(row: Named) -> bool:
        return shifted(start, 323)[:10] <= str(row["pgadtc"])[:10] <= shifted(start, 350)[:10]

    if planter.drop("pga", in_the_window):
        planter.plan.note(kind, "sledai", examined, "pga")


def after_baseline(test: str) -> Fit:
    """Results of one test after the first infusion."""
    return lambda row: post_baseline(row) and row["lbtestcd"] == test


def limits_reversed(planter: Planter, kind: str) -> None:
    row = planter.choose("lb", after_baseline("PLT"))
    if row is not None:
        values = planter.named("lb", row)
        turned = {**values, "lbnrlo": values["lbnrhi"], "lbnrhi": values["lbnrlo"]}
        planter.swap(kind, "lb", row, "lbnrlo", list(turned.values()))


def other_unit(planter: Planter, kind: str) -> None:
    """The same result in another unit than the site's, its limits with it."""
    row = planter.choose("lb", after_baseline("C3"))
    if row is None:
        return
    values = planter.named("lb", row)
    unit, factor = SAME_IN_OTHER_UNIT[values["lborresu"]]
    for name in ("lborres", "lbnrlo", "lbnrhi"):
        values[name] = f"{(Decimal(values[name]) * factor).normalize():f}"
    planter.swap(kind, "lb", row, "lborresu", list({**values, "lborresu": unit}.values()))


PLANTERS: dict[str, Callable[[Planter, str], None]] = {
    "never involved after all": never_involved,
    "item without its laboratory": lambda p, kind: other_answer(p, kind, 23, 1, "PLT"),
    "laboratory without its item": lambda p, kind: other_answer(p, kind, 21, 0, "DSDNA"),
    "component of another day": too_early,
    "no global assessment at week 48": no_assessment_at_the_end,
    "limit of normal left out": lambda p, kind: p.spoil(kind, "lb", "lbnrlo", "", after_baseline("C3")),
    "limits the wrong way round": limits_reversed,
    "unit changes": other_unit,
    "pressure ten times too high": lambda p, kind: p.spoil(
        kind,
        "vs",
        "vsorres",
        lambda row: int(row["vsorres"]) * 10,
        lambda row: post_baseline(row) and row["vstestcd"] == "DIABP",
    ),
    "blanks around a name": lambda p, kind: p.spoil(
        kind, "cm", "cmtrt", lambda row: f" {row['cmtrt']} ", lambda row: row["cmtrt"] != ""
    ),
    "letter lost on the way": lambda p, kind: p.spoil(
        kind, "cm", "cmindc", lambda row: f"{row['cmindc'][:-1]}\ufffd", lambda row: row["cmindc"] == "SLE"
    ),
}
