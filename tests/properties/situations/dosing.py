"""Day 0, infusions and visits.

What does not belong here: assessments (activity.py), ends (endings.py).
"""

from __future__ import annotations

from tests.properties.drafts import TARGET, Draft
from tests.properties.situations.shared import SCHEDULED, UNREADABLE_DATES, situation


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
