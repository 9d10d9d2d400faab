"""What sites change in what they have sent before: corrections and removals from night to night.

What belongs here: later versions of rows, some of which mend a planted defect, and the note of each
change. What does not: data that were simply not there yet (each row carries the day it was entered),
and how often (rates.py). Few rows change in a night, so that no form loses as much as a file that was
cut short; yet each kind of change that needs no defect happens once at least, also in a small trial.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from simulation import rates
from simulation.defects import Plan
from simulation.draws import between, chance
from simulation.protocol import protocol
from simulation.records import Records, Row


@dataclass(frozen=True)
class Change:
    """One row that a site changed or took back, on the first night that shows it so."""

    kind: str
    form: str
    row: Row
    """The row as it was delivered before."""
    night: int
    field: str
    after: Any


class Corrections:
    """The changes of one subject's rows."""

    def __init__(self, random: Random, records: Records, plan: Plan) -> None:
        self.random = random
        self.records = records
        self.plan = plan
        self.made: list[Change] = []

    def make(self, nights: list[int], due: set[str], mends: bool) -> list[Change]:
        """Let the site change some rows on the nights after the first, and the kinds that are still due."""
        for night in nights[1:]:
            for rate, change in (
                (rates.PULSE_CORRECTED, self.correct_pulse),
                (rates.ASSESSMENT_CORRECTED, self.correct_assessment),
                (rates.RESULT_REMOVED, self.remove_result),
            ):
                if chance(self.random, rate.share) or rate.name in due:
                    before = len(self.made)
                    change(rate.name, night)
                    if len(self.made) > before:
                        due.discard(rate.name)
        if len(nights) > 1 and chance(self.random, rates.DEFECT_MENDED.share) and mends:
            self.mend(nights[between(self.random, 1, len(nights) - 1)])
        return self.made

    def correct_pulse(self, kind: str, night: int) -> None:
        """A pulse was read wrongly."""
        row = self.known("vs", {"vstestcd": "PULSE"}, night)
        if row is not None:
            self.correct(kind, "vs", row, "vsorres", night, lambda pulse: pulse + 4)

    def correct_assessment(self, kind: str, night: int) -> None:
        """A physician moves a mark."""
        row = self.known("pga", {}, night)
        if row is not None:
            self.correct(kind, "pga", row, "pgares", night, one_step_off)

    def remove_result(self, kind: str, night: int) -> None:
        """A result that belonged to somebody else is taken back."""
        row = self.known("lb", {"lbtestcd": "LYM"}, night)
        if row is not None:
            row.removed = night
            self.made.append(Change(kind, "lb", row, night, "", ""))

    def correct(self, kind: str, form: str, row: Row, field: str, night: int, corrected: Callable[[Any], Any]) -> None:
        """From this night on the row shows another value."""
        at = protocol().columns[form].index(field)
        values = [*row.values[:at], corrected(row.values[at]), *row.values[at + 1 :]]
        if self.records.replace(form, row, night, values) is not None:
            self.made.append(Change(kind, form, row, night, field, values[at]))

    def mend(self, night: int) -> None:
        """The site mends a defect: from this night on the row says what is right."""
        for defect in self.plan.noted:
            if defect.right is not None and defect.row.shown(night - 1) and defect.row.removed > night:
                at = protocol().columns[defect.form].index(defect.field)
                self.records.replace(defect.form, defect.row, night, defect.right)
                kind = rates.DEFECT_MENDED.name
                self.made.append(Change(kind, defect.form, defect.row, night, defect.field, defect.right[at]))

    def known(self, form: str, fit: dict[str, str], night: int) -> Row | None:
        """One row with these values that was there the night before and still is, and whose record has no defect."""
        columns = protocol().columns[form]
        spoiled = {self.key(defect.form, defect.row) for defect in self.plan.noted}
        rows = [
            row
            for row in self.records.forms[form]
            if row.shown(night - 1)
            and row.removed > night
            and all(row.values[columns.index(column)] == value for column, value in fit.items())
            and (not spoiled or self.key(form, row) not in spoiled)
        ]
        return rows[int(self.random.random() * len(rows))] if rows else None

    def key(self, form: str, row: Row) -> tuple[Any, ...]:
        """What a record is known by."""
        columns = protocol().columns[form]
        return (form, *(row.values[columns.index(column)] for column in protocol().keys[form]))


def one_step_off(marked: str) -> str:
    """One step of the scale less, or more where nothing is less."""
    step = Decimal(1).scaleb(int(Decimal(marked).as_tuple().exponent))
    value = Decimal(marked)
    return f"{value - step if value >= step else value + step:f}"
