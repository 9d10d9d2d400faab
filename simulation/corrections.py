"""What sites change in what they have sent before: corrections and removals from night to night.

What belongs here: later versions of rows, some of which mend a planted defect. What does not: data
that were simply not there yet (each row carries the day it was entered). Few rows change in a night,
so that no form loses as much as a file that was cut short.
"""

from random import Random

from simulation.defects import Plan
from simulation.draws import between, chance
from simulation.protocol import protocol
from simulation.records import Records, Row

DEFECT_MENDED = 0.12
VALUE_CORRECTED, RESULT_REMOVED = 0.06, 0.03


def change(random: Random, records: Records, plan: Plan, nights: list[int], forced: bool) -> None:
    """Let the site change some of one subject's rows on the nights after the first."""
    for night in nights[1:]:
        if chance(random, VALUE_CORRECTED):
            correct_pulse(random, records, night)
        if chance(random, RESULT_REMOVED):
            remove_result(random, records, plan, night)
    if len(nights) > 1 and chance(random, DEFECT_MENDED) and not forced:
        mend(records, plan, nights[between(random, 1, len(nights) - 1)])


def known(random: Random, records: Records, form: str, column: str, value: str, night: int) -> Row | None:
    """One row with this value that was there the night before."""
    position = protocol().columns[form].index(column)
    rows = [row for row in records.forms[form] if row.values[position] == value and row.shown(night - 1)]
    return rows[int(random.random() * len(rows))] if rows else None


def correct_pulse(random: Random, records: Records, night: int) -> None:
    """A pulse was read wrongly."""
    row = known(random, records, "vs", "vstestcd", "PULSE", night)
    if row is not None and row.removed > night:
        values = list(row.values)
        result = protocol().columns["vs"].index("vsorres")
        values[result] = int(values[result]) + 4
        records.replace("vs", row, night, values)


def remove_result(random: Random, records: Records, plan: Plan, night: int) -> None:
    """A result that belonged to somebody else is taken back."""
    row = known(random, records, "lb", "lbtestcd", "LYM", night)
    if row is not None and all(defect.row is not row for defect in plan.noted):
        row.removed = min(row.removed, night)


def mend(records: Records, plan: Plan, night: int) -> None:
    """The site mends a defect: from this night on the row says what is right."""
    for defect in plan.noted:
        if defect.right is not None and defect.row.shown(night - 1) and defect.row.removed > night:
            records.replace(defect.form, defect.row, night, defect.right)
