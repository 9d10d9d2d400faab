"""What a format can't carry, said in full: every column and the first row, so that one export shows all of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Violation:
    """One thing that a format can't carry. `column` is empty for the table itself; `first_row` counts from 1 in key
    order and is empty where the description is at fault and no value; `values` is how many are concerned."""

    table: str
    column: str
    what: str
    first_row: int | None = None
    values: int | None = None

    @property
    def sentence(self) -> str:
        place = f"{self.table}.{self.column}" if self.column else self.table
        where = f" (row {self.first_row:,})" if self.first_row else ""
        if self.values is not None and self.values > 1:
            where = f" ({self.values:,} values, the first in row {self.first_row:,})"
        return f"{place}: {self.what}{where}"


class CannotCarryError(RuntimeError):
    """A table that a format can't carry as it is. No file of it was written."""

    def __init__(self, violations: list[Violation]) -> None:
        super().__init__("; ".join(violation.sentence for violation in violations))
        self.violations = violations


@dataclass(frozen=True)
class Replacement:
    """One text that was asked to be written in ASCII: what it was and what stands in the file instead."""

    table: str
    column: str
    row: int
    was: str
    became: str
