"""What can happen to a subject: each situation changes a draft, at the edges where a rule begins or ends.

What belongs here: one function a situation, every choice of it thrown with the draft's dice. What does not: which
situations a subject meets, and its site's cut (trials.py); and what follows from any of it.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from tests.properties.drafts import EDGES, FORMS, ITEMS, SYSTEMS, TARGET, WINDOWS, Draft, Row, items_worth

Situation = Callable[[Draft], None]
SITUATIONS: list[Situation] = []

TARGETS = [target for _, target, _ in WINDOWS.values()]
SCHEDULED = [visit for visit in TARGET if visit != "D0"]
# A site's labels, among them some that can't be read.
LABELS = [*SCHEDULED, "D0", "SCR", "ET", "ET", "UNS", "UNS", "W 48", "w24", "W50", "Week 48"]
UNREADABLE_DATES = [
    "2026-02-30", "2026-13-01", "2026-1-5", "20260105", "05.01.2026", "2026-01-05 09:30", "2026-01-05T9:30",
    "2026-01-05T24:00", "2026-01-05T09:30Z", "2026-01-05T09:60", "1899-12-31", "2100-01-01", "2026-01", "2026", "UNK",
    "0000-00-00", "2026-13", "2026-00", "1899", "2026-01-05T", "2026-W01-1", "２０２６-01-05",
]  # fmt: skip
UNREADABLE_NUMBERS = ["5,0", ".5", "5.", "5e1", "1 000", "ten", "--5", "1234567890", "５", "NaN", "inf", "0x10", "<5"]
UNREADABLE_CODES = ["y", "1.0", "yes", "Y N", "x", "0-3 ", "01", "ＹＹ", "a", "F", "-", "NA"]
BLANKS = ["", " ", "\t", "\u00a0", "\u3000 ", "\r\n"]

CYTOTOXICS = ["Cyclophosphamide", "ENDOXAN", "chlorambucil"]
BIOLOGICS = ["Rituximab", "MABTHERA", "anifrolumab"]
BELIMUMAB = ["Belimumab", "BENLYSTA", "lymphostat-b", "贝利尤单抗"]
IMMUNOSUPPRESSANTS = ["Azathioprine", "IMURAN", "azathioprine ", "Mycophenolate mofetil", "CELLCEPT", "methotrexate"]
STRANGE_NAMES = ["Study drug 7", "herbal tea", "Imuran 50", "?"]
STEROIDS = {
    "Prednisone": "1", "prednisolone": "1", "Methylprednisolone": "1.25", "MEDROL": "1.25", "triamcinolone": "1.25",
    "Hydrocortisone": "0.25", "cortisone": "0.2", "dexamethasone": "6.667", "Betamethasone": "6.667",
    "deflazacort": "0.833",
}  # fmt: skip
ROUTES = ["ORAL", "IV", "IM", "SC", "TOPICAL", "OTHER"]
DECODES = [
    "COMPLETED", "ADVERSE EVENT", "WITHDRAWAL BY SUBJECT", "LOST TO FOLLOW-UP", "PHYSICIAN DECISION",
    "LACK OF EFFICACY", "PROTOCOL DEVIATION", "DEATH",
]  # fmt: skip

# BILAG grades at baseline and at a visit, in the order of the systems; a dot is a missing one.
BEFORE_AND_AFTER = [
    "DDDDDDDDD BBDDDDDDD", "DDDDDDDDD BDDDDDDDD", "DDDDDDDDD B.DDDDDDD", "ADDDDDDDD .DDDDDDDD",
    ".DDDDDDDD BDDDDDDDD", ".DDDDDDDD ADDDDDDDD", ".DDDDDDDD CDDDDDDDD", "BDDDDDDDD .DDDDDDDD",
    "ABDDDDDDD BBDDDDDDD", "ABDDDDDDD BBBDDDDDD", "AAAAAAAAA .........", "......... EEEEEEEEE",
    "BBBBBBBBB BBBBBBBBB", "BDDDDDDDD ADDDDDDDD", "CDDDDDDDD ADDDDDDDD", "A.DDDDDDD BBDDDDDDD",
    "A.DDDDDDD BBBDDDDDD", "ABCDEABCD BBBDE.BBD", "..DDDDDDD BBDDDDDDD", "..DDDDDDD BBBDDDDDD",
]  # fmt: skip


def situation(function: Situation) -> Situation:
    """Registers a situation."""
    SITUATIONS.append(function)
    return function


def some_day(draft: Draft) -> int:
    """A day after baseline where something begins or ends: edges of windows, targets, and the days beside them."""
    dice = draft.dice
    if dice.random() < 0.5:
        return dice.choice(EDGES)
    return dice.choice(TARGETS) + dice.choice([-7, -3, -1, 0, 0, 0, 1, 3, 7])


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


def rows_of(draft: Draft, *forms: str) -> list[Row]:
    return [row for form in forms for row in draft.rows[form]]


# --- Disease activity -------------------------------------------------------------------------------------------------


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


# --- Day 0, infusions, visits -----------------------------------------------------------------------------------------


@situation
def first_infusion_is_in_doubt(draft: Draft) -> None:
    """D0 missing, not given, without a dose, without a day, contradicted; with or without other infusions."""
    infusions, dice = draft.rows["ex"], draft.dice
    first = next((row for row in infusions if row["visit"] == "D0"), None)
    if first is None:  # another situation has spoiled it
        return
    what = dice.randrange(12)
    if what == 0:
        infusions.remove(first)
    elif what == 1:
        first["exoccur"] = dice.choice(["N", None, "y", "?"])
    elif what == 2:
        first["exdose"] = dice.choice(["0", "0.0", None, "-600", "six hundred", "600,0", "6e2", "0.0000001"])
    elif what == 3:
        first["exdosu"] = dice.choice([None, "mL", "G", "g", "MG", " mg "])
    elif what == 4:
        first["exstdtc"] = dice.choice([None, *UNREADABLE_DATES])
    elif what == 5:
        infusions.append({**first, "exdose": dice.choice(["600", "601", None])})
    elif what == 6:
        first["visit"] = dice.choice([None, "D 0", "d0", "W0", "UNS", "ET"])
    elif what == 7:
        infusions[:] = []
    elif what == 8:
        infusions[:] = [{**row, "exoccur": "N", "exdose": None} for row in infusions]
    elif what == 9:
        infusions[:] = [{**first, "visit": dice.choice(["W2", "UNS", None]), "exoccur": dice.choice(["Y", "N", None])}]
    elif what == 10:
        first["exstdtc"] = draft.on(0, dice.choice(["", "", "10:00:00", "00:00", "23:59"]))
    else:
        infusions[:] = [
            {**first, "exoccur": dice.choice(["N", None, "?"]), "exdose": dice.choice(["600", None, "0", "x"])}
        ]


@situation
def infusions_differ(draft: Draft) -> None:
    """Planned infusions given, recorded as not given, given without a dose, unreadable, repeated."""
    dice = draft.dice
    for visit in dice.sample(SCHEDULED, 8):
        row = draft.infusion(visit, draft.on(TARGET[visit] + dice.choice([-8, -7, 0, 7, 8]), "10:00"))
        what = dice.randrange(9)
        if what == 0:
            row |= {"exoccur": "N", "exdose": None, "exstdtc": dice.choice([None, row["exstdtc"]])}
        elif what == 1:
            row["exdose"] = dice.choice([None, "0", "-1", "x"])
        elif what == 2:
            row["exoccur"] = dice.choice([None, "y", "NO"])
        elif what == 3:
            row["exdosu"] = dice.choice([None, "mL", "g", "MG"])
        elif what == 4:
            row["exstdtc"] = dice.choice([None, *UNREADABLE_DATES])
        elif what == 5:
            draft.rows["ex"].append({**row, "exlot": dice.choice([None, "L2"])})
        elif what == 6:
            row["visit"] = dice.choice(["UNS", "ET", "W 8", None])


@situation
def visits_are_recorded(draft: Draft) -> None:
    """Visits done, not done and in doubt: what "last dated visit" means for an end without a date."""
    for visit in draft.dice.sample([*SCHEDULED, "ET", "UNS", "X"], 4):
        day = TARGET.get(visit, draft.dice.choice([100, 340, 500]))
        when = draft.dice.choice([draft.on(day), draft.on(day + 3), None, draft.dice.choice(UNREADABLE_DATES)])
        draft.visit(visit, when, draft.dice.choice(["Y", "Y", "N", None, "y"]))


# --- Ends -------------------------------------------------------------------------------------------------------------


@situation
def an_end(draft: Draft) -> None:
    """An end of study, of treatment or both, near an assessment, or without a date."""
    for what in draft.dice.choice([("STUDY",), ("TREATMENT",), ("STUDY", "TREATMENT")]):
        draft.end(what, draft.dice.choice(DECODES), day_of_end(draft))


@situation
def an_end_without_a_date(draft: Draft) -> None:
    """It counts from the day after the subject was last seen; some visits and infusions say nothing of that."""
    dice = draft.dice
    how = dice.choice([*DECODES, "COMPLETED", "DEATH"])
    draft.end(dice.choice(["STUDY", "TREATMENT"]), how, dice.choice([None, None, "", *UNREADABLE_DATES]))
    last = dice.choice([100, 200, 333, 335, 345])
    draft.visit("ET", draft.on(last), dice.choice(["N", "N", "Y", None, "?"]))
    if dice.random() < 0.5:
        draft.infusion("ET", draft.on(last + 2, "10:00"), dice.choice(["N", "N", "Y"]), dice.choice(["600", None]))
    for form in ("sledai", "bilag", "pga"):
        draft.rows[form] = [row for row in draft.rows[form] if TARGET.get(row["visit"] or "", 0) < last]


@situation
def completion(draft: Draft) -> None:
    """The subject completes the study: the visits that were not assessed are closed."""
    day = draft.dice.choice([84, 336, 337, 350])
    draft.end("STUDY", "COMPLETED", draft.on(day))
    if draft.dice.random() < 0.5:
        draft.end("TREATMENT", "COMPLETED", draft.on(day))


@situation
def several_ends(draft: Draft) -> None:
    """Ends that contradict each other, on one day and on several, and ends that can't be read."""
    dice = draft.dice
    shared = day_of_end(draft)
    for _ in range(dice.randint(2, 4)):
        row = draft.end(
            dice.choice(["STUDY", "STUDY", "TREATMENT"]),
            dice.choice([*DECODES, "DEATH"]),
            dice.choice([shared, day_of_end(draft)]),
        )
        what = dice.randrange(8)
        if what == 0:
            row["dsdecod"] = dice.choice(["Completed", "death", "DEAD", "OTHER"])
        elif what == 1:
            row["dscat"] = dice.choice(["study", "Study", "TREATMENT END", "X"])
        elif what == 2:
            row[dice.choice(["dscat", "dsdecod"])] = dice.choice(BLANKS)
        elif what == 3:
            draft.rows["ds"].append({**row, "dsdtc": dice.choice([row["dsdtc"], draft.on(200), None])})


@situation
def death_and_end_of_treatment(draft: Draft) -> None:
    """Death in the end of study against death in the end of treatment."""
    day = some_day(draft)
    draft.end(
        "TREATMENT",
        draft.dice.choice(["DEATH", "ADVERSE EVENT", "COMPLETED"]),
        draft.on(day + draft.dice.choice([-1, 0, 1])),
    )
    draft.end("STUDY", draft.dice.choice(["DEATH", "DEATH", "COMPLETED"]), draft.on(day))


def day_of_end(draft: Draft) -> str | None:
    choice = draft.dice.random()
    if choice < 0.2:
        return draft.dice.choice([None, None, *UNREADABLE_DATES])
    return draft.on(some_day(draft) if choice < 0.9 else draft.dice.choice([-10, 0, 1, 500]))


# --- Medication -------------------------------------------------------------------------------------------------------


@situation
def a_prohibited_drug(draft: Draft) -> None:
    """Cytotoxics, biologics, belimumab and immunosuppressants around the first infusion and around visits."""
    dice = draft.dice
    for _ in range(dice.randint(1, 2)):
        names: list[str | None] = []
        names[:], drug_class = dice.choice(
            [
                (CYTOTOXICS, "CYTOTOXIC"),
                (BIOLOGICS, "BIOLOGIC"),
                (BELIMUMAB, "BIOLOGIC"),
                (IMMUNOSUPPRESSANTS, "IMMUNOSUPPRESSANT"),
            ]
        )
        if dice.random() < 0.25:
            names[:] = dice.choice([STRANGE_NAMES, CYTOTOXICS, BELIMUMAB, [None], ["Prednisone", "hydroxychloroquine"]])
        written: str | None = drug_class
        if dice.random() < 0.3:
            written = dice.choice([None, "cytotoxic", "?", "OTHER", "CYTOTOXIC", "BIOLOGIC", "IMMUNOSUPPRESSANT"])
        row = draft.medication(dice.choice(names), written, some_start(draft))
        row["cmendtc"] = dice.choice([None, None, some_start(draft)])
        if dice.random() < 0.15:  # an end before everything that the start can be
            row |= {"cmstdtc": partly(draft, draft.on(dice.choice([31, 370]))), "cmendtc": draft.on(-40)}


@situation
def immunosuppressant_in_use_at_baseline(draft: Draft) -> None:
    """The same drug before and after the first infusion, under one name or two, its earlier use certain or not."""
    dice = draft.dice
    names = dice.choice(
        [["Azathioprine", "IMURAN", "azathioprine"], ["Mycophenolate mofetil", "CELLCEPT"], ["Drug Y", "drug y "]]
    )
    start = dice.choice([draft.on(day) for day in (-100, -1, 0, 1)] + [partly(draft, draft.on(-200)), None])
    earlier = draft.medication(dice.choice(names), dice.choice(["IMMUNOSUPPRESSANT"] * 4 + ["OTHER", None]), start)
    earlier["cmendtc"] = dice.choice(
        [
            None,
            draft.on(-1),
            draft.on(-1),
            draft.on(0),
            draft.on(5),
            partly(draft, draft.on(0)),
            partly(draft, draft.on(-60)),
            "UNK",
        ]
    )
    start = dice.choice([draft.on(day) for day in (0, 1, 100, 100)] + [partly(draft, draft.on(100)), None])
    later = draft.medication(dice.choice(names), "IMMUNOSUPPRESSANT", start)
    later["cmendtc"] = dice.choice([None, draft.on(150)])


@situation
def other_medication(draft: Draft) -> None:
    """Drugs that no rule is about."""
    draft.medication(
        draft.dice.choice(["Hydroxychloroquine", "Amoxicillin", "Vitamin D", None]),
        draft.dice.choice(["ANTIMALARIAL", "ANTI-INFECTIVE", "OTHER", None]),
        some_start(draft),
    )


def some_start(draft: Draft) -> str | None:
    """A start or an end around day 0, around visits, partial, missing or unreadable."""
    dice = draft.dice
    day = dice.choice([-200, -2, -1, 0, 0, 1, 2, *TARGETS, *(target - 1 for target in TARGETS), 351])
    choice = dice.random()
    if choice < 0.6:
        return draft.on(day)
    if choice < 0.85:
        return partly(draft, draft.on(dice.choice([-40, -31, -1, 0, 1, 31, day])))
    return dice.choice([None, None, *UNREADABLE_DATES])


def partly(draft: Draft, day: str) -> str:
    """Its month or its year; now and then a month that there is not."""
    if draft.dice.random() < 0.05:
        return day[:4] + draft.dice.choice(["-13", "-00"])
    return day[: draft.dice.choice([4, 7])]


@situation
def steroids_at_the_limit(draft: Draft) -> None:
    """A baseline dose and a later one just below, at and just above the limit, around the day the rule begins."""
    dice = draft.dice
    baseline = Decimal(dice.choice(["0", "5", "10", "12", "20", "20.0001", "40"]))
    if baseline:
        end = dice.choice([-7, -5, -2, -1, 0, 100, 167, 168, 200])
        draft.steroid(draft.on(dice.choice([-100, -7, -4, -1])), draft.on(end), str(baseline))
        if dice.random() < 0.5:  # an average over seven days, so that a part of them counts
            draft.rows["cm"][-1] |= {"cmstdtc": draft.on(-100), "cmendtc": draft.on(max(end, -1))}
    limit = max(baseline * Decimal("1.25"), baseline + 5)
    dose = limit + Decimal(dice.choice(["-0.0001", "0", "0", "0.0001", "1"]))
    start = dice.choice([1, 100, 166, 167, 168, 169, 200, 334, 335, 336, 337, 360])
    end_day = dice.choice([None, start, start + 1, 167, 168, 169, 400])
    draft.steroid(draft.on(start), None if end_day is None else draft.on(end_day), str(dose))
    if dice.random() < 0.3:
        draft.rows["cm"][-1]["cmdosfrq"] = "ONCE"
    if dice.random() < 0.3:  # not systemic, as long as its route can be read
        draft.steroid(draft.on(-30), dice.choice([None, draft.on(-1)]), "20", cmroute=dice.choice(["TOPICAL", "SC"]))


@situation
def steroids_in_every_way(draft: Draft) -> None:
    """Other drugs, units, frequencies and routes, each worth about as much as the limit leaves."""
    dice = draft.dice
    if dice.random() < 0.6:
        draft.steroid(draft.on(-30), dice.choice([None, draft.on(-1), draft.on(400)]), dice.choice(["4", "10", "20"]))
    for _ in range(dice.randint(1, 3)):
        name = dice.choice([*STEROIDS, "Prednisone"])
        frequency = dice.choice(["QD", "QD", "BID", "TID", "QOD", "QW", "ONCE"])
        per_dose = Decimal(dice.choice(["2", "2.5", "5", "5.25", "10", "15"]))
        per_dose *= Decimal({"BID": "0.5", "QOD": "2", "QW": "7"}.get(frequency, "1"))
        dose = per_dose if len(STEROIDS[name]) > 4 else per_dose / Decimal(STEROIDS[name])
        unit = dice.choice(["mg", "mg", "MG", "g", "ug", "mcg", "µg"])
        factor = Decimal({"mg": "1", "MG": "1", "g": "0.001"}.get(unit, "1000"))
        row = draft.steroid(
            dice.choice([draft.on(-30), draft.on(-7), draft.on(-3), some_start(draft), draft.on(168), draft.on(300)]),
            dice.choice([None, draft.on(-1), draft.on(168), draft.on(336), some_start(draft)]),
            f"{(dose * factor).normalize():f}", cmdosfrq=frequency, cmdosu=unit,
            cmroute=dice.choice([*ROUTES, "ORAL", "ORAL", "IV"]),
        )  # fmt: skip
        row["cmtrt"] = name


@situation
def steroids_in_doubt(draft: Draft) -> None:
    """Steroid records that lack something, carry something unreadable, or don't count."""
    dice = draft.dice
    if dice.random() < 0.5:
        draft.steroid(draft.on(-30), dice.choice([None, draft.on(400), draft.on(100)]), dice.choice(["4", "10", "20"]))
    for _ in range(dice.randint(1, 2)):
        row = draft.steroid(
            dice.choice([draft.on(-30), draft.on(168), draft.on(168), draft.on(250), some_start(draft)]),
            dice.choice([None, None, draft.on(160), draft.on(400), some_start(draft)]),
            dice.choice(["4", "6", "20"]),
        )
        doubts: list[tuple[str, list[str | None]]] = [
            ("cmroute", [None, None, "oral", "PO", "TOPICAL", "SC"]),
            ("cmdosfrq", [None, "qd", "PRN"]),
            ("cmdose", [None, "0", "-20", "20 mg", "2e1", "20.0000001"]),
            ("cmdosu", [None, "mL", "tablet", "Mg"]),
            ("cmtrt", [None, "Prednison 20", "steroid", "Azathioprine", "  Prednisone\u00a0", "强的松"]),
            ("cmclas", [None, "corticosteroid", "OTHER", "IMMUNOSUPPRESSANT", "STEROID"]),
            ("cmindc", ["premedication", "Premedication", "PREMEDICATION ", "pre-medication", "lupus"]),
            ("cmongo", ["Y", "N", None]),
        ]
        column, values = dice.choice(doubts)
        row[column] = dice.choice(values)


# --- Defects of the delivery ------------------------------------------------------------------------------------------


@situation
def duplicates(draft: Draft) -> None:
    """Rows delivered twice, the same or contradicting each other."""
    for _ in range(draft.dice.randint(1, 3)):
        form = draft.dice.choice([form for form in FORMS if draft.rows[form]])
        row = dict(draft.dice.choice(draft.rows[form]))
        if draft.dice.random() < 0.6:
            damage_value(draft, form, row)
        draft.rows[form].insert(draft.dice.randrange(len(draft.rows[form]) + 1), row)


@situation
def damage(draft: Draft) -> None:
    """Values that can't be read, or are gone, in any field."""
    for _ in range(draft.dice.randint(1, 6)):
        form = draft.dice.choice([form for form in FORMS if draft.rows[form]])
        damage_value(draft, form, draft.dice.choice(draft.rows[form]))


@situation
def blanks_around_values(draft: Draft) -> None:
    """Blanks around values, which mean nothing."""
    for form in FORMS:
        for row in draft.rows[form]:
            if draft.dice.random() < 0.3:
                column = draft.dice.choice(list(row))
                if row[column] is not None:
                    row[column] = draft.dice.choice(BLANKS) + str(row[column]) + draft.dice.choice(BLANKS)


@situation
def demography_is_in_doubt(draft: Draft) -> None:
    """The subject's own row is not there, there twice, or contradicted."""
    draft.rows["dm"] = draft.dice.choice([[], [*draft.rows["dm"] * 2], [*draft.rows["dm"], {"sex": "M"}]])


@situation
def keys_are_incomplete(draft: Draft) -> None:
    """Rows without a part of their key."""
    for form in draft.dice.sample(["sv", "ex", "sledai", "bilag", "pga", "cm", "ds"], 3):
        for row in draft.rows[form]:
            if draft.dice.random() < 0.3:
                key = {"cm": ["cmseq"], "ds": ["dscat", "dsdecod"]}.get(form, ["visit"])
                row[draft.dice.choice(key)] = draft.dice.choice(BLANKS)


def damage_value(draft: Draft, form: str, row: Row) -> None:
    """One value of the row made blank or unreadable."""
    column = draft.dice.choice([column for column in row if column != "sledtot"] or list(row))
    if column.endswith("dtc"):
        unreadable = UNREADABLE_DATES
    elif column in ("exdose", "cmdose", "pgares"):
        unreadable = UNREADABLE_NUMBERS
    else:
        unreadable = UNREADABLE_CODES
    row[column] = draft.dice.choice(unreadable) if draft.dice.random() < 0.7 else None


# --- Helpers ----------------------------------------------------------------------------------------------------------


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
