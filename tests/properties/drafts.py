"""A subject while it is being made up: rows as delivered text, written by protocol day.

What belongs here: how a row of each form is written. What does not: which rows a subject has (situations/).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

Row = dict[str, str | None]

FORMS = ("dm", "sv", "ex", "sledai", "bilag", "pga", "cm", "ds")
WEIGHTS = (8,) * 8 + (4,) * 6 + (2,) * 7 + (1,) * 3
ITEMS = tuple(f"sledai{item:02}" for item in range(1, 25))
SYSTEMS = ("bilconst", "bilmuco", "bilneuro", "bilmusc", "bilcard", "bilgast", "bilopht", "bilrenal", "bilhaem")

# Planned visit -> target day; analysis visit (by its week) -> first, target and last day of its window.
TARGET = {"D0": 0, "W2": 14, "W4": 28} | {f"W{week}": 7 * week for week in range(8, 49, 4)}
WINDOWS = {2: (1, 14, 21), 4: (22, 28, 42), 8: (43, 56, 70)} | {
    week: (7 * week - 13, 7 * week, 7 * week + 14) for week in range(12, 49, 4)
}
EDGES = sorted({day for first, _, last in WINDOWS.values() for day in (first, last)} | {0, 351})


@dataclass
class Draft:
    """Rows of one subject, and the day of its site's cut (None: the site has no cut)."""

    day_zero: date
    dice: Random
    rows: dict[str, list[Row]] = field(default_factory=lambda: {form: [] for form in FORMS})
    cut_day: int | None = 800
    baseline_score: int = 12

    def on(self, day: int, time: str = "") -> str:
        """The text of a protocol day, with a time of day if given."""
        return (self.day_zero + timedelta(days=day)).isoformat() + (f"T{time}" if time else "")

    def sledai(self, visit: str, when: str | None, score: int) -> Row:
        row: Row = {"visit": visit, "sledtc": when, "sledtot": str(score)}
        row |= items_worth(score, self.dice)
        self.rows["sledai"].append(row)
        return row

    def bilag(self, visit: str, when: str | None, grades: Sequence[str]) -> Row:
        """Grades in the order of the systems; a dot is a missing one."""
        row: Row = {"visit": visit, "bildtc": when}
        row |= {column: None if grade == "." else grade for column, grade in zip(SYSTEMS, grades, strict=True)}
        self.rows["bilag"].append(row)
        return row

    def pga(self, visit: str, when: str | None, value: str | None, scale: str | None = "0-3") -> Row:
        row: Row = {"visit": visit, "pgadtc": when, "pgares": value, "pgascale": scale}
        self.rows["pga"].append(row)
        return row

    def infusion(self, visit: str, when: str | None, occurred: str | None = "Y", dose: str | None = "600") -> Row:
        row: Row = {"visit": visit, "exoccur": occurred, "exstdtc": when, "exdose": dose, "exdosu": "mg"}
        self.rows["ex"].append(row)
        return row

    def visit(self, visit: str, when: str | None, occurred: str | None = "Y") -> Row:
        row: Row = {"visit": visit, "svdtc": when, "svoccur": occurred}
        self.rows["sv"].append(row)
        return row

    def medication(self, name: str | None, drug_class: str | None, start: str | None, **other: str | None) -> Row:
        sequence = str(len(self.rows["cm"]) + 1)
        row: Row = {"cmseq": sequence, "cmtrt": name, "cmclas": drug_class, "cmstdtc": start, **other}
        self.rows["cm"].append(row)
        return row

    def steroid(self, start: str | None, end: str | None, dose: str | None, **other: str | None) -> Row:
        """Prednisone by mouth once a day, unless told otherwise."""
        usual: Row = {"cmdosu": "mg", "cmdosfrq": "QD", "cmroute": "ORAL", "cmendtc": end, "cmdose": dose}
        return self.medication("Prednisone", "CORTICOSTEROID", start, **(usual | other))

    def end(self, what: str | None, how: str | None, when: str | None) -> Row:
        row: Row = {"dscat": what, "dsdecod": how, "dsdtc": when}
        self.rows["ds"].append(row)
        return row


def items_worth(score: int, dice: Random) -> Row:
    """The 24 items answered so that their weights add up to the score: any such set, heavier items first."""
    left, answers = score, {}
    order = sorted(range(24), key=lambda item: (-WEIGHTS[item], dice.random()))
    heavy = dice.random() < 0.5
    for item in order:
        taken = WEIGHTS[item] <= left and (heavy or WEIGHTS[item] < 8 or left > 41)
        answers[ITEMS[item]] = "1" if taken else "0"
        left -= WEIGHTS[item] if taken else 0
    assert left == 0
    return {column: answers[column] for column in ITEMS}
