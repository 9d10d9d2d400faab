"""Small subjects as sites would deliver them, for the tests of the second derivation.

What belongs here: rows by protocol day, with one ordinary subject to start from. What does not: expected values; they
stand in the tests, worked out by hand.

The ordinary subject is first infused on 2026-01-05 at 10:00. Baseline (day -7): SLEDAI-2K 12 (arthritis 4, proteinuria
4, rash 2, low complement 2), BILAG all D, PGA 2.0 on the 0-3 scale.
"""

from __future__ import annotations

from datetime import date, timedelta

from validation.second_derivation import (
    DeliveredSubject,
    SubjectDerivation,
    VisitResponse,
    derive_subject,
)

Row = dict[str, str | None]

DAY_ZERO = date(2026, 1, 5)
LATE_CUT = date(2027, 12, 31)  # everything is mature by then

BASELINE_ITEMS = (9, 13, 15, 20)  # 4 + 4 + 2 + 2 = 12
FOUR_LESS = (9, 15, 20)  # 4 + 2 + 2 = 8
THREE_LESS = (9, 13, 22)  # 4 + 4 + 1 = 9
ALL_D = "DDDDDDDDD"
BILAG_COLUMNS = (
    "bilconst",
    "bilmuco",
    "bilneuro",
    "bilmusc",
    "bilcard",
    "bilgast",
    "bilopht",
    "bilrenal",
    "bilhaem",
)


def on(day: int, time: str = "") -> str:
    """The text of a protocol day, with a time if given."""
    return (DAY_ZERO + timedelta(days=day)).isoformat() + (f"T{time}" if time else "")


def infusion(visit: str, when: str | None, occurred: str | None = "Y", dose: str | None = "600") -> Row:
    return {"subjid": "001", "visit": visit, "exoccur": occurred, "exstdtc": when, "exdose": dose, "exdosu": "mg"}


def sledai(visit: str, when: str | None, items: tuple[int, ...], missing: tuple[int, ...] = ()) -> Row:
    row: Row = {"subjid": "001", "visit": visit, "sledtc": when, "sledtot": "99"}
    for item in range(1, 25):
        row[f"sledai{item:02}"] = None if item in missing else ("1" if item in items else "0")
    return row


def bilag(visit: str, when: str | None, grades: str = ALL_D) -> Row:
    """Grades in the order of the systems; - is a missing one."""
    row: Row = {"subjid": "001", "visit": visit, "bildtc": when}
    row.update({column: None if grade == "-" else grade for column, grade in zip(BILAG_COLUMNS, grades, strict=True)})
    return row


def pga(visit: str, when: str | None, value: str | None = "1.0", scale: str | None = "0-3") -> Row:
    return {"subjid": "001", "visit": visit, "pgadtc": when, "pgares": value, "pgascale": scale}


def responder_at(visit: str, day: int) -> dict[str, list[Row]]:
    """The three assessments of a visit at which SRI-4 (but not SRI-5) is met: a fall of exactly 4."""
    return {
        "sledai": [sledai(visit, on(day), FOUR_LESS)],
        "bilag": [bilag(visit, on(day))],
        "pga": [pga(visit, on(day))],
    }


def medication(sequence: str, name: str | None, drug_class: str | None, start: str | None, **other: str | None) -> Row:
    return {"subjid": "001", "cmseq": sequence, "cmtrt": name, "cmclas": drug_class, "cmstdtc": start, **other}


def steroid(sequence: str, start: str | None, end: str | None, dose: str | None, **other: str | None) -> Row:
    """Prednisone by mouth once a day, unless told otherwise."""
    row = medication(sequence, "Prednisone", "CORTICOSTEROID", start, cmendtc=end, cmdose=dose)
    return {**row, "cmdosu": "mg", "cmdosfrq": "QD", "cmroute": "ORAL", **other}


def end(category: str, how: str, when: str | None) -> Row:
    return {"subjid": "001", "dscat": category, "dsdecod": how, "dsdtc": when}


def subject(*parts: dict[str, list[Row]], with_baseline: bool = True, **forms: list[Row]) -> DeliveredSubject:
    """The ordinary subject with further rows; later parts add to earlier ones."""
    rows: dict[str, list[Row]] = {"dm": [{"subjid": "001", "sex": "F"}], "ex": [infusion("D0", on(0, "10:00"))]}
    if with_baseline:
        rows["sledai"] = [sledai("SCR", on(-7), BASELINE_ITEMS)]
        rows["bilag"] = [bilag("SCR", on(-7))]
        rows["pga"] = [pga("SCR", on(-7), "2.0")]
    for part in (*parts, forms):
        for form, added in part.items():
            rows[form] = [*rows.get(form, []), *added]
    return DeliveredSubject("S01", "001", rows)


def derived(delivered: DeliveredSubject, cut: date | None = LATE_CUT) -> SubjectDerivation:
    result = derive_subject(delivered, cut)
    assert result is not None
    return result


def at(avisit: str, delivered: DeliveredSubject, cut: date | None = LATE_CUT) -> VisitResponse:
    """The response at one analysis visit."""
    return next(visit for visit in derived(delivered, cut).visits if visit.avisit == avisit)


def day_of_steroid_increase(*records: Row, cut: date | None = LATE_CUT) -> int | None:
    """Protocol day of the event, None without one."""
    result = derived(subject(cm=list(records)), cut)
    assert result.iceterm in (None, "STEROID INCREASE")
    return (result.icedt - DAY_ZERO).days if result.icedt is not None else None
