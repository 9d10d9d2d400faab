"""Disease activity: what was assessed, when, how much of it, and around which limits of the components.

What does not belong here: why an assessment does not count (endings.py, medication.py), damage of any field
(damage.py).
"""

from __future__ import annotations

from decimal import Decimal

from tests.properties.drafts import ITEMS, SYSTEMS, TARGET, Draft, Row, items_worth
from tests.properties.situations.shared import SCHEDULED, TARGETS, situation, some_day

# A site's labels, among them some that can't be read.
LABELS = [*SCHEDULED, "D0", "SCR", "ET", "ET", "UNS", "UNS", "W 48", "w24", "W50", "Week 48"]
# BILAG grades at baseline and at a visit, in the order of the systems; a dot is a missing one.
BEFORE_AND_AFTER = [
    "DDDDDDDDD BBDDDDDDD", "DDDDDDDDD BDDDDDDDD", "DDDDDDDDD B.DDDDDDD", "ADDDDDDDD .DDDDDDDD",
    ".DDDDDDDD BDDDDDDDD", ".DDDDDDDD ADDDDDDDD", ".DDDDDDDD CDDDDDDDD", "BDDDDDDDD .DDDDDDDD",
    "ABDDDDDDD BBDDDDDDD", "ABDDDDDDD BBBDDDDDD", "AAAAAAAAA .........", "......... EEEEEEEEE",
    "BBBBBBBBB BBBBBBBBB", "BDDDDDDDD ADDDDDDDD", "CDDDDDDDD ADDDDDDDD", "A.DDDDDDD BBDDDDDDD",
    "A.DDDDDDD BBBDDDDDD", "ABCDEABCD BBBDE.BBD", "..DDDDDDD BBDDDDDDD", "..DDDDDDD BBBDDDDDD",
]  # fmt: skip


@situation
def assessments_at_edges(draft: Draft) -> None:
    """Assessments on the first and last days of windows, whatever their label says."""
    for _ in range(draft.dice.randint(1, 4)):
        day = some_day(draft)
        label, when = label_of(draft, day), draft.on(day)
        score = max(0, draft.baseline_score - draft.dice.choice([0, 3, 4, 5, 8]))
        for form in draft.dice.choice([("sledai", "bilag", "pga"), ("sledai",), ("bilag",), ("pga",)]):
            if form == "sledai":
                draft.sledai(label, when, score)
            elif form == "bilag":
                draft.bilag(label, when, some_grades(draft, "BCD"))
            else:
                draft.pga(label, when, draft.dice.choice(["1.0", "2.29", "2.3"]))


@situation
def ties(draft: Draft) -> None:
    """Records of one component as far before the target as after it, or on one day, under various labels."""
    form = draft.dice.choice(["sledai", "bilag", "pga"])
    labels = draft.dice.sample([*SCHEDULED[-8:], "ET", "UNS", "D0", "W50"], 8)
    kept = [row for row in draft.rows[form] if row["visit"] not in labels]  # a label there twice would not be used
    draft.rows[form] = kept
    for target in draft.dice.sample(TARGETS, 3):
        distance = draft.dice.choice([0, 0, 1, 5, 7])
        for _ in range(draft.dice.choice([2, 2, 3]) if len(labels) > 2 else len(labels)):
            day = target + draft.dice.choice([-distance, distance])
            when = draft.on(day, draft.dice.choice(["", "", "09:00", "15:30"]))
            if form == "sledai":
                draft.sledai(labels.pop(), when, max(0, draft.baseline_score - draft.dice.choice([3, 4, 8])))
            elif form == "bilag":
                draft.bilag(labels.pop(), when, draft.dice.choice(["DDDDDDDDD", "BDDDDDDDD", "BBDDDDDDD", "DDDDADDDD"]))
            else:
                draft.pga(labels.pop(), when, draft.dice.choice(["1.0", "2.29", "2.3"]))


@situation
def sledai_changes_by_k(draft: Draft) -> None:
    """Falls of one point less, exactly and one more than each k."""
    for row in draft.rows["sledai"]:
        if row["visit"] not in ("SCR", "D0") and draft.dice.random() < 0.7:
            fall = draft.dice.choice([4, 4, 5, 6, 7, 8]) + draft.dice.choice([-1, 0, 1])
            replace_score(draft, row, max(0, draft.baseline_score - fall))


@situation
def sledai_is_worse(draft: Draft) -> None:
    """No fall, or a rise."""
    for row in draft.rows["sledai"]:
        if row["visit"] not in ("SCR", "D0") and draft.dice.random() < 0.4:
            replace_score(draft, row, max(0, draft.baseline_score + draft.dice.choice([-1, 0, 0, 3, 40])))


@situation
def baseline_is_low(draft: Draft) -> None:
    """A baseline SLEDAI-2K at which a fall of k points is just possible, or impossible."""
    draft.baseline_score = draft.dice.choice([0, 1, 3, 4, 4, 5, 7, 8])
    for row in draft.rows["sledai"]:
        before = row["visit"] in ("SCR", "D0")
        replace_score(draft, row, draft.baseline_score if before else draft.dice.choice([0, 0, 1]))


@situation
def sledai_is_incomplete(draft: Draft) -> None:
    """Items unanswered or unreadable, with or without a complete record beside it."""
    for row in list(draft.rows["sledai"]):
        if draft.dice.random() < 0.4:
            for column in draft.dice.sample(ITEMS, draft.dice.choice([1, 1, 2, 24])):
                row[column] = draft.dice.choice([None, None, None, "2", "x", "1.0", "Y", "01"])
            if draft.dice.random() < 0.4:
                beside(draft, "sledai", row)


@situation
def bilag_is_worse(draft: Draft) -> None:
    """A and B grades, new and not new."""
    for row in draft.rows["bilag"]:
        if draft.dice.random() < 0.5:
            row.update(zip(SYSTEMS, some_grades(draft, "AABBBCDE"), strict=True))


@situation
def bilag_is_incomplete(draft: Draft) -> None:
    """Grades missing or unreadable at baseline or later, beside A and B grades."""
    baseline = [row for row in draft.rows["bilag"] if row["visit"] in ("SCR", "D0")]
    for row in list(draft.rows["bilag"]):
        if draft.dice.random() < (0.5 if row in baseline else 0.6):
            row.update(zip(SYSTEMS, some_grades(draft, "ABBCE", draft.dice.choice("DDA")), strict=True))
            for column in draft.dice.sample(SYSTEMS, draft.dice.choice([1, 1, 1, 2, 3, 9])):
                row[column] = draft.dice.choice([None, None, None, "a", "F", "AB", "1"])
            if draft.dice.random() < 0.3:
                beside(draft, "bilag", row)


@situation
def bilag_grows_together(draft: Draft) -> None:
    """Baseline and visit chosen together: systems without a grade at baseline, at the visit or at both."""
    before, after = draft.dice.choice(BEFORE_AND_AFTER).split()
    order = draft.dice.sample(range(9), 9)
    for row in draft.rows["bilag"]:
        grades = before if row["visit"] in ("SCR", "D0") else after
        row.update(
            {SYSTEMS[position]: None if grade == "." else grade for position, grade in zip(order, grades, strict=True)}
        )


@situation
def pga_rises_by_the_limit(draft: Draft) -> None:
    """Rises just below, at and just above 0.30 points, each value on a scale of its own."""
    before = Decimal(draft.dice.choice(["0", "0.9", "1.5", "2.0", "2.4", "2.7"]))
    for row in draft.rows["pga"]:
        later = row["visit"] not in ("SCR", "D0")
        rise = Decimal(draft.dice.choice(["0.29", "0.30", "0.30", "0.31", "-0.3", "0.2999", "0.3003"])) if later else 0
        row["pgascale"], row["pgares"] = on_a_scale(draft, before + rise)


@situation
def pga_is_unusable(draft: Draft) -> None:
    """Off its scale, without a scale, not a number, at the ends of the scale, oddly written."""
    for row in list(draft.rows["pga"]):
        if draft.dice.random() < 0.4:
            row["pgascale"], row["pgares"] = draft.dice.choice(
                [
                    ("0-3", "3.01"), ("0-3", "-0.01"), ("0-10", "10.1"), ("0-100", "101"), (None, "1.0"),
                    ("VAS", "1.0"), ("0-3", None), ("0-3", "1,0"), ("0-3", "high"), ("0-3", "3"), ("0-10", "10"),
                    ("0-100", "100"), ("0-3", "0"), ("0-3", "-0"), ("0-3", "+1.5"), ("0-3", "001.50"), ("0-3", "1e0"),
                    ("0–3", "1.0"), ("0-100", "33.333333"), ("0-10", "6.6666666"), ("0-3", "1."),
                    ("0-3", ".5"), ("0-3", "1234567890"),
                ]
            )  # fmt: skip
            if draft.dice.random() < 0.4:
                beside(draft, "pga", row)


@situation
def a_component_is_not_assessed(draft: Draft) -> None:
    """Rows of one component are not there: at some visits, from some visit on, at baseline, or at all."""
    form = draft.dice.choice(["sledai", "bilag", "pga"])
    which = draft.dice.choice(["some", "late", "baseline", "all"])
    last = draft.dice.choice(TARGETS)
    draft.rows[form] = [
        row
        for row in draft.rows[form]
        if not (
            which == "all"
            or (which == "some" and draft.dice.random() < 0.5)
            or (which == "baseline" and row["visit"] in ("SCR", "D0"))
            or (which == "late" and TARGET.get(row["visit"] or "", 0) > last)
        )
    ]


@situation
def visits_are_not_assessed(draft: Draft) -> None:
    """From some visit on, or here and there, nothing was assessed."""
    last, here_and_there = draft.dice.choice(TARGETS), draft.dice.random() < 0.5
    gone = {visit for visit in SCHEDULED if (draft.dice.random() < 0.4 if here_and_there else TARGET[visit] > last)}
    for form in ("sledai", "bilag", "pga"):
        draft.rows[form] = [row for row in draft.rows[form] if row["visit"] not in gone]


@situation
def baseline_days(draft: Draft) -> None:
    """Records at and beyond the ends of the look-back, and on the day of the infusion with and without a time."""
    for form in draft.dice.choice([("sledai", "bilag", "pga"), ("sledai",), ("bilag",), ("pga",)]):
        if draft.dice.random() < 0.6:
            draft.rows[form] = [row for row in draft.rows[form] if row["visit"] not in ("SCR", "D0")]
        for _ in range(draft.dice.randint(1, 3)):
            day = draft.dice.choice([-36, -35, -34, -14, -1, 0, 0, 0, 0])
            time = draft.dice.choice(["", "09:59", "10:00", "10:00:30", "10:01", "23:59"]) if day == 0 else ""
            label = draft.dice.choice(["SCR", "D0", "UNS", "UNS", "ET", "W2"])
            if form == "sledai":
                row = draft.sledai(label, draft.on(day, time), draft.dice.choice([8, 11, 12, 13, 20]))
                if draft.dice.random() < 0.3:
                    row[draft.dice.choice(ITEMS)] = None
            elif form == "bilag":
                row = draft.bilag(label, draft.on(day, time), some_grades(draft, "ABCDE"))
                if draft.dice.random() < 0.3:
                    row[draft.dice.choice(SYSTEMS)] = None
            else:
                draft.pga(label, draft.on(day, time), draft.dice.choice(["2.0", "0.7", "0.71", "0.69", "9"]))


@situation
def late_assessments(draft: Draft) -> None:
    """Assessments after the last window."""
    for day in draft.dice.sample([350, 351, 364, 400], 2):
        label = draft.dice.choice(["UNS", "ET", "W48", "W44"])
        draft.sledai(label, draft.on(day), 0)
        draft.bilag(label, draft.on(day), "DDDDDDDDD")
        draft.pga(label, draft.on(day), "0.5")


def label_of(draft: Draft, day: int) -> str:
    """Mostly the visit that is planned around that day, sometimes any label."""
    if draft.dice.random() < 0.5:
        return draft.dice.choice(LABELS)
    return min(SCHEDULED, key=lambda visit: abs(TARGET[visit] - day))


def some_grades(draft: Draft, letters: str, mild: str = "D") -> list[str]:
    """Mostly the mild grade, with one to four of the letters."""
    grades = [mild] * 9
    for _ in range(draft.dice.randint(1, 4)):
        grades[draft.dice.randrange(9)] = draft.dice.choice(letters)
    return grades


def replace_score(draft: Draft, row: Row, score: int) -> None:
    row |= items_worth(score, draft.dice)


def beside(draft: Draft, form: str, row: Row) -> None:
    """A complete record a few days away from this one."""
    when = draft.on(TARGET.get(row["visit"] or "", -7) + draft.dice.choice([-3, -1, 0, 1, 5]))
    label = draft.dice.choice(["UNS", "ET"])
    if form == "sledai":
        draft.sledai(label, when, max(0, draft.baseline_score - draft.dice.choice([0, 4, 6])))
    elif form == "bilag":
        draft.bilag(label, when, "DDDDDDDDD")
    else:
        draft.pga(label, when, draft.dice.choice(["1.0", "2.5"]))


def on_a_scale(draft: Draft, score: Decimal) -> tuple[str, str]:
    """A score of 0-3 points as it is written on one of the scales; 0-3 where another can't state it exactly."""
    scale, factor = draft.dice.choice([("0-3", Decimal(1)), ("0-10", Decimal("0.3")), ("0-100", Decimal("0.03"))])
    value = score / factor
    if value * factor != score or len(str(value)) > 8:
        scale, value = "0-3", score
    return scale, f"{value:f}"
