"""The indicators as the seed site_indicators declares them. No number of theirs stands anywhere else.

How a kind of indicator is compared belongs in `validation.indicators.limits`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from validation.protocol import SEEDS

RATE, PROPORTION, MEDIAN = "RATE", "PROPORTION", "MEDIAN"
HIGH, BOTH = "HIGH", "BOTH"


@dataclass(frozen=True)
class Indicator:
    """One indicator: a row of the seed, with its columns. `level` is a probability, on each side; `per` is exact."""

    indicator: str
    title: str
    definition: str
    numerator: str
    denominator: str
    per: Fraction
    unit: str
    kind: str
    direction: str
    level: float
    minimum: int


@cache
def indicators() -> tuple[Indicator, ...]:
    """Every indicator, in the order of the seed."""
    with (SEEDS / "site_indicators.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(
            Indicator(
                indicator=row["indicator"],
                title=row["title"],
                definition=row["definition"],
                numerator=row["numerator"],
                denominator=row["denominator"],
                per=Fraction(row["per"]),
                unit=row["unit"],
                kind=row["kind"],
                direction=row["direction"],
                level=float(row["level"]),
                minimum=int(row["minimum"]),
            )
            for row in csv.DictReader(handle)
        )
