"""Prohibited drugs and steroids, around the first infusion, around visits and around the limits.

What does not belong here: ends (endings.py).
"""

from __future__ import annotations

from decimal import Decimal

from tests.properties.drafts import Draft
from tests.properties.situations.shared import TARGETS, UNREADABLE_DATES, situation

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
