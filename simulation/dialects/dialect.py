"""What every dialect takes and gives: the tables of a night in, files out, and an entry of the register.

What belongs here: the words that the dialects share. What does not: how any of them writes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

STUDY = "MRBS"

Entry = dict[str, Any]
"""What the register says of a site, beside its name."""


class CannotCarryError(ValueError):
    """A value or row that this way of writing would lose or change. The message names it."""


@dataclass(frozen=True)
class Table:
    """One form as canonical text; nothing is the empty text."""

    header: list[str]
    rows: list[list[str]]

    def named(self) -> Iterable[dict[str, str]]:
        """Each row with the names of its columns."""
        return (dict(zip(self.header, row, strict=True)) for row in self.rows)

    def column(self, name: str) -> list[str]:
        """All values of a column."""
        at = self.header.index(name)
        return [row[at] for row in self.rows]

    def filled(self) -> list[list[str | None]]:
        """The rows, with nothing as None: for formats that know it."""
        return [[value or None for value in row] for row in self.rows]


Forms = Mapping[str, Table]


@dataclass(frozen=True)
class Night:
    """Whose delivery it is, and of which day; systems write that into their files, never the time of writing."""

    siteid: str
    day: date


@dataclass(frozen=True)
class File:
    """A file of a delivery. `rows` is what a manifest says: the file's own rows, or the records of all its forms."""

    content: bytes
    rows: int


class Dialect(Protocol):
    """One way of writing."""

    def write(self, forms: Forms, night: Night) -> dict[str, File]:
        """The files of the delivery, by name.

        Raises:
            CannotCarryError: something in the forms would not arrive as it is.
        """

    def entry(self) -> Entry:
        """What the register has to say so that a load reads these files."""


def records(forms: Forms) -> int:
    """How many records there are in all forms."""
    return sum(len(table.rows) for table in forms.values())


def table_of(header: list[str], rows: Iterable[Iterable[object]]) -> Table:
    """A form as the simulator holds it, as text."""
    return Table(header, [["" if value is None else str(value) for value in row] for row in rows])
