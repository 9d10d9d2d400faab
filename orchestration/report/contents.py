"""What a figure of the report is made of: heading, definition, drawings, notes and a table, all of it text.

What belongs here: these shapes, and how numbers are written. What does not: markup (whoever writes the page escapes
everything), a query, a chart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import altair as alt

UNKNOWN = "–"
Chart = alt.Chart | alt.LayerChart | alt.FacetChart


@dataclass(frozen=True)
class Layout:
    """How much room a drawing has. Each is drawn twice, so that its text is legible on a desk and on a phone."""

    name: str
    width: int

    @property
    def narrow(self) -> bool:
        return self.name == "narrow"

    def pick(self, wide: Any, narrow: Any) -> Any:
        """One of the two, by layout."""
        return narrow if self.narrow else wide


WIDE, NARROW = Layout("wide", 720), Layout("narrow", 330)


@dataclass(frozen=True)
class Drawing:
    """One chart: `label` is what it shows in a sentence, for who can't see it; `caption` stands above it
    where a figure has several."""

    label: str
    draw: Callable[[Layout], Chart]
    caption: str = ""


@dataclass(frozen=True)
class Table:
    """The numbers behind a figure. A column whose cells are all numbers stands right."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """One figure. Without drawings, `missing` says in words what is not there yet."""

    name: str
    heading: str
    definition: str
    drawings: Sequence[Drawing] = ()
    notes: Sequence[str] = ()
    table: Table | None = None
    missing: str = ""

    def __post_init__(self) -> None:
        if bool(self.drawings) == bool(self.missing):
            raise ValueError(f"{self.name}: either drawings, or a sentence on what is missing.")


def whole(value: int | None) -> str:
    """18000 is '18,000'."""
    return UNKNOWN if value is None else f"{value:,}"


def decimals(value: Decimal | float | None, digits: int) -> str:
    """Rounded half away from zero, as everywhere in this trial; -0.0 is 0.0."""
    if value is None:
        return UNKNOWN
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return f"{rounded + 0:,}".replace("-", "−")


def percent(part: int, of: int) -> str:
    """'42.9 %' of three in seven; unknown of none."""
    return f"{decimals(Decimal(100 * part) / of, 1)} %" if of else UNKNOWN


def share(value: Decimal | None) -> str:
    """A published rate between 0 and 1 in percent."""
    return UNKNOWN if value is None else f"{decimals(100 * value, 1)} %"


def count_of(number: int, one: str, many: str | None = None) -> str:
    """'1 subject', '3 subjects'."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
