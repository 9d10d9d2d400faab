"""The tools with which a finished subject's rows are spoiled.

What belongs here: picking a fit record and writing an error into it. What does not: the errors
themselves (planting_kinds.py).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from simulation.defects import Defect, Plan
from simulation.protocol import protocol
from simulation.records import Records, Row

Fit = Callable[[dict[str, Any]], bool]


class Planter:
    """Spoils the rows of one subject."""

    def __init__(self, random: Random, records: Records, plan: Plan) -> None:
        self.random = random
        self.records = records
        self.plan = plan

    def named(self, form: str, row: Row) -> dict[str, Any]:
        """The values of a row by column."""
        return dict(zip(protocol().columns[form], row.values, strict=True))

    def choose(self, form: str, fit: Fit = lambda _: True) -> Row | None:
        """One row of a form, among those fit for the defect that the last delivery shows."""
        shown = [row for row in self.records.forms[form] if row.shown(self.records.last_day)]
        able = [row for row in shown if fit(self.named(form, row))]
        return able[int(self.random.random() * len(able))] if able else None

    def spoil(self, kind: str, form: str, field: str, value: Callable[[dict[str, Any]], Any] | Any, fit: Fit) -> None:
        """Write a wrong value into one field of one fit row."""
        row = self.choose(form, fit)
        if row is None:
            return
        wrong = value(self.named(form, row)) if callable(value) else value
        values = list(row.values)
        values[protocol().columns[form].index(field)] = wrong
        self.swap(kind, form, row, field, values)

    def swap(self, kind: str, form: str, row: Row, field: str, values: list[Any]) -> None:
        """Put wrong values in the place of the right ones, which are kept for a later correction."""
        right, row.values = row.values, values
        self.plan.noted.append(Defect(form, row, field, kind, right))

    def copy(self, form: str, row: Row, **changes: Any) -> Row:
        """A second row beside the first, with some values changed."""
        values = [changes.get(name, value) for name, value in self.named(form, row).items()]
        second = Row(values, row.entered)
        listed = self.records.forms[form]
        listed.insert(listed.index(row) + 1, second)
        return second

    def drop(self, form: str, fit: Fit) -> bool:
        """Leave out all rows of a form that fit; true when there were any."""
        listed = self.records.forms[form]
        kept = [row for row in listed if not fit(self.named(form, row))]
        found = len(kept) < len(listed)
        self.records.forms[form] = kept
        return found


def post_baseline(row: dict[str, Any]) -> bool:
    """A record of a planned visit after the first infusion."""
    return str(row["visit"]).startswith("W")


def given(row: dict[str, Any]) -> bool:
    """An infusion given after the first one."""
    return str(row["exoccur"]) == "Y" and post_baseline(row)


def at_first_infusion(row: dict[str, Any]) -> bool:
    """The record of the infusion at D0."""
    return str(row["visit"]) == "D0" and str(row["exoccur"]) == "Y"


def at_baseline(row: dict[str, Any]) -> bool:
    """A record at screening or at the first infusion."""
    return row["visit"] in ("SCR", "D0")


def post_baseline_done(row: dict[str, Any]) -> bool:
    """A visit after the first infusion that took place."""
    return post_baseline(row) and str(row["svoccur"]) == "Y"


def moved(text: str, days: int) -> str:
    """A date with time, some days later."""
    return (datetime.fromisoformat(text) + timedelta(days=days)).isoformat(timespec="minutes")
