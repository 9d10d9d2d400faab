"""Errors in who may take part and in how it ended: each by its name in the table of kinds (defects.py).

What belongs here: consent, criteria, history and medication before the trial, and ends of study and
treatment. What does not: errors in what was measured or given (planting_kinds.py), and the tools for
both (planting.py).
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from simulation.planting import Planter, at_first_infusion
from simulation.protocol import protocol
from simulation.records import Row

Named = dict[str, Any]

# All of them ended before the screening visit, and inside the look-back of 60 days.
HOSPITAL_DAYS_AGO, ANTI_INFECTIVE_DAYS_AGO = (50, 40), (45, 38)
RITUXIMAB_DAYS_AGO = 300


def day_of_first_infusion(planter: Planter) -> date | None:
    """The day everything is counted from, once it is recorded."""
    infusion = planter.choose("ex", at_first_infusion)
    return None if infusion is None else date.fromisoformat(planter.named("ex", infusion)["exstdtc"][:10])


def add_entry(planter: Planter, kind: str, form: str, field: str, *values: Any) -> None:
    """One more numbered entry, known since screening."""
    listed = planter.records.forms[form]
    number = 1 + max((int(row.values[1]) for row in listed), default=0)
    entered = planter.records.forms["dm"][0].entered
    planter.plan.note(kind, form, planter.records.add(form, entered, number, *values), field)


def overwrite(planter: Planter, form: str, row: Row, **changes: Any) -> None:
    """Other values in a row that no correction puts right again."""
    row.values = [changes.get(name, value) for name, value in planter.named(form, row).items()]


def three_criteria(planter: Planter, kind: str) -> None:
    """All criteria beyond the third that was met are answered with N."""
    met = [row for row in planter.records.forms["acr"] if planter.named("acr", row)["acrmet"] == "Y"]
    for row in met[3:]:
        overwrite(planter, "acr", row, acrmet="N", acrdtc="")
    planter.plan.note(kind, "acr", met[-1], "acrmet")


def not_active(planter: Planter, kind: str) -> None:
    """Of the items at the first infusion only the lightest are answered with 1, so that they stay below the limit."""
    row = planter.choose("sledai", lambda row: row["visit"] == "D0")
    if row is None:
        return
    named, total = planter.named("sledai", row), 0
    for number, weight in sorted(enumerate(protocol().sledai_weights, 1), key=lambda item: item[1]):
        name = f"sledai{number:02d}"
        keeps = named[name] == 1 and total + weight < protocol().whole("sledai_active_min")
        named[name], total = int(keeps), total + weight * keeps
    planter.swap(kind, "sledai", row, "sledtot", list({**named, "sledtot": total}.values()))


def in_hospital(planter: Planter, kind: str) -> None:
    day = day_of_first_infusion(planter)
    if day is not None:
        began, ended = (str(day - timedelta(days=days)) for days in HOSPITAL_DAYS_AGO)
        add_entry(planter, kind, "mh", "mhstdtc", "INFECTION", "Pneumonia", began, ended, "Y")


def malignancy_of_a_year(planter: Planter, kind: str) -> None:
    """In the year in which the look-back begins; nobody remembers the day."""
    day = day_of_first_infusion(planter)
    if day is not None:
        year = str(day.year - protocol().whole("malignancy_lookback_years"))
        add_entry(planter, kind, "mh", "mhstdtc", "MALIGNANCY", "Papillary carcinoma of the thyroid", year, year, "N")


def anti_infective(planter: Planter, kind: str) -> None:
    day = day_of_first_infusion(planter)
    if day is not None:
        began, ended = (str(day - timedelta(days=days)) for days in ANTI_INFECTIVE_DAYS_AGO)
        add_entry(
            planter, kind, "cm", "cmstdtc",
            "CEFTRIAXONE", "ANTI-INFECTIVE", 2000, "mg", "QD", "IV", "Pneumonia", began, ended, "N",
        )  # fmt: skip


def rituximab(planter: Planter, kind: str) -> None:
    day = day_of_first_infusion(planter)
    if day is not None:
        given = str(day - timedelta(days=RITUXIMAB_DAYS_AGO))
        add_entry(
            planter, kind, "cm", "cmstdtc",
            "RITUXIMAB", "BIOLOGIC", 1000, "mg", "ONCE", "IV", "SLE", given, given, "N",
        )  # fmt: skip


def immunodeficiency(planter: Planter, kind: str) -> None:
    add_entry(planter, kind, "mh", "mhcat", "IMMUNODEFICIENCY", "Selective IgM deficiency", "2015", "", "N")


def end_of_study(planter: Planter) -> Row | None:
    """The end of study of a subject who lives."""
    return planter.choose("ds", lambda row: row["dscat"] == "STUDY" and row["dsdecod"] != "DEATH")


def second_end(planter: Planter, kind: str) -> None:
    row = end_of_study(planter)
    if row is not None:
        is_lost = planter.named("ds", row)["dsdecod"] == "LOST TO FOLLOW-UP"
        other = "PHYSICIAN DECISION" if is_lost else "LOST TO FOLLOW-UP"
        planter.plan.note(kind, "ds", planter.copy("ds", row, dsdecod=other), "dsdecod")


def before_last(planter: Planter, form: str, column: str, days: int) -> str:
    """Some days before the last dated record of a form; nothing when there are not two."""
    dated = [planter.named(form, row)[column][:10] for row in planter.records.forms[form]]
    known = sorted(day for day in dated if day)
    return str(date.fromisoformat(known[-1]) - timedelta(days=days)) if len(known) > 1 else ""


def end_before_infusion(planter: Planter, kind: str) -> None:
    row, day = end_of_study(planter), before_last(planter, "ex", "exstdtc", 3)
    if row is not None and day:
        values = list({**planter.named("ds", row), "dsdtc": day}.values())
        planter.swap(kind, "ds", row, "dsdtc", values)


def death_before_visit(planter: Planter, kind: str) -> None:
    row, day = end_of_study(planter), before_last(planter, "sv", "svdtc", 2)
    if row is not None and day:
        overwrite(planter, "ds", row, dsdecod="DEATH", dsdtc=day)
        planter.plan.note(kind, "ds", row, "dsdtc")


def withdrawn_without_end(planter: Planter, kind: str) -> None:
    if not planter.records.forms["ds"]:
        planter.spoil(kind, "ae", "aeacn", "WITHDRAWN", lambda row: row["aeacn"] == "NONE")


def at_screening(test: str) -> Callable[[Named], bool]:
    """The result of one test at the screening visit."""
    return lambda row: (row["visit"], row["lbtestcd"]) == ("SCR", test)


def too_low(row: Named) -> str:
    """IgG just below the limit, in the site's unit."""
    grams = protocol().parameters["igg_min"] - protocol().parameters["iga_min"]
    return f"{grams * 100:.0f}" if row["lborresu"] == "mg/dL" else f"{grams:.2f}"


def criterion(name: str) -> Callable[[Named], bool]:
    """The answer to one criterion."""
    return lambda row: str(row["ietestcd"]) == name


PLANTERS: dict[str, Callable[[Planter, str], None]] = {
    "no date of consent": lambda p, kind: p.spoil(kind, "dm", "rficdtc", "", lambda row: True),
    "three criteria of four": three_criteria,
    "eighteen years old": lambda p, kind: p.spoil(kind, "dm", "age", protocol().whole("age_over"), lambda row: True),
    "not active at baseline": not_active,
    "exclusion met": lambda p, kind: p.spoil(kind, "ie", "ieorres", "Y", criterion("EXC16")),
    "criterion unanswered": lambda p, kind: p.spoil(kind, "ie", "ieorres", "", criterion("EXC07")),
    "immunoglobulin too low": lambda p, kind: p.spoil(kind, "lb", "lborres", too_low, at_screening("IGG")),
    "hepatitis B core antibody": lambda p, kind: p.spoil(kind, "lb", "lborres", "POSITIVE", at_screening("HBCAB")),
    "infection in hospital": in_hospital,
    "malignancy of a year": malignancy_of_a_year,
    "antibiotic by vein": anti_infective,
    "rituximab before": rituximab,
    "immunodeficiency denied": immunodeficiency,
    "second end of study": second_end,
    "end of study before an infusion": end_before_infusion,
    "fatal event of the living": lambda p, kind: p.spoil(
        kind, "ae", "aeout", "FATAL", lambda row: row["aeout"] == "RECOVERED"
    ),
    "withdrawn without an end": withdrawn_without_end,
    "death before a visit": death_before_visit,
}
