"""Ends of study and of treatment: dated and not, alone and contradicting each other.

What does not belong here: other intercurrent events (medication.py).
"""

from __future__ import annotations

from tests.properties.drafts import TARGET, Draft
from tests.properties.situations.shared import BLANKS, UNREADABLE_DATES, situation, some_day

DECODES = [
    "COMPLETED", "ADVERSE EVENT", "WITHDRAWAL BY SUBJECT", "LOST TO FOLLOW-UP", "PHYSICIAN DECISION",
    "LACK OF EFFICACY", "PROTOCOL DEVIATION", "DEATH",
]  # fmt: skip


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
