"""Defects of a delivery in any form: duplicates, values that can't be read, blanks, incomplete keys.

What does not belong here: what a rule makes of one form's odd values (the modules beside this one).
"""

from __future__ import annotations

from tests.properties.drafts import FORMS, Draft, Row
from tests.properties.situations.shared import BLANKS, UNREADABLE_DATES, situation

UNREADABLE_NUMBERS = ["5,0", ".5", "5.", "5e1", "1 000", "ten", "--5", "1234567890", "５", "NaN", "inf", "0x10", "<5"]
UNREADABLE_CODES = ["y", "1.0", "yes", "Y N", "x", "0-3 ", "01", "ＹＹ", "a", "F", "-", "NA"]


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
