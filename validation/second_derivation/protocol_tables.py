"""The protocol's tables as the second derivation uses them, read once from the seed files.

What belongs here: typed views of seeds that validation.protocol does not offer. What does not: drugs and doses
(drug_tables.py), any number of its own, and any rule that uses these numbers.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from validation.protocol import SCENARIO, SEEDS, limits

_scenario = ContextVar("scenario", default=SCENARIO)


@dataclass(frozen=True)
class AnalysisVisit:
    """A post-baseline analysis visit and its window, in protocol days."""

    avisit: str
    week: int
    target_day: int
    first_day: int
    last_day: int


@dataclass(frozen=True)
class PlannedVisit:
    """A visit label of the trial; days are protocol days, None where the label has none."""

    visit: str
    visitnum: int
    target_day: int | None
    last_day: int | None
    infusion: int | None
    tie_rank: int


def limit(parameter: str) -> Fraction:
    """A limit of the scenario at hand, exact."""
    return _limit(_scenario.get(), parameter)


def whole_limit(parameter: str) -> int:
    """A limit that counts something (days, points, grades) and so must be a whole number."""
    return _whole_limit(_scenario.get(), parameter)


def analysis_visits() -> tuple[AnalysisVisit, ...]:
    """The analysis visits of the scenario at hand, in the order of their weeks."""
    return _analysis_visits(_scenario.get())


@contextmanager
def scenario(name: str) -> Iterator[None]:
    """Everything derived meanwhile is derived under this scenario instead of the trial's own analysis."""
    before = _scenario.set(name)
    try:
        yield
    finally:
        _scenario.reset(before)


@cache
def _limit(scenario: str, parameter: str) -> Fraction:
    return Fraction(limits(scenario)(parameter))


@cache
def _whole_limit(scenario: str, parameter: str) -> int:
    value = _limit(scenario, parameter)
    if value.denominator != 1:
        raise ValueError(f"protocol parameter {parameter} is {value}, not a whole number")
    return value.numerator


@cache
def _analysis_visits(scenario: str) -> tuple[AnalysisVisit, ...]:
    visits = [
        AnalysisVisit(
            avisit=row["avisit"],
            week=int(row["avisitn"]),
            target_day=int(row["target_day"]),
            first_day=int(row["window_first_day"]),
            last_day=int(row["window_last_day"]),
        )
        for row in seed_rows("analysis_visits")
        if row["scenario"] == scenario
    ]
    return tuple(sorted(visits, key=lambda visit: visit.week))


@cache
def planned_visits() -> dict[str, PlannedVisit]:
    """The visit labels, by label."""
    return {
        row["visit"]: PlannedVisit(
            visit=row["visit"],
            visitnum=int(row["visitnum"]),
            target_day=whole_or_none(row["target_day"]),
            last_day=whole_or_none(row["window_last_day"]),
            infusion=whole_or_none(row["plannum"]),
            tie_rank=int(row["tie_rank"]),
        )
        for row in seed_rows("planned_visits")
    }


@cache
def sledai_weights() -> tuple[tuple[str, int], ...]:
    """Column and weight in points of each SLEDAI-2K item."""
    return tuple((row["column_name"], int(row["weight"])) for row in seed_rows("sledai_items"))


@cache
def bilag_columns() -> tuple[str, ...]:
    """The column of each BILAG-2004 system."""
    return tuple(row["column_name"] for row in seed_rows("bilag_systems"))


@cache
def bilag_grades() -> tuple[str, ...]:
    """The BILAG-2004 grades from the most to the least severe."""
    return tuple(row["grade"] for row in seed_rows("bilag_grades"))


@cache
def pga_scales() -> dict[str, tuple[Fraction, Fraction]]:
    """Scale as delivered -> its highest value, and the factor to the 0-3 scale."""
    return {row["scale"]: (Fraction(row["scale_max"]), Fraction(row["factor"])) for row in seed_rows("pga_scales")}


def whole_or_none(text: str) -> int | None:
    """A whole number of a seed, None where the field is empty."""
    return int(text) if text else None


def seed_rows(seed: str) -> Iterator[dict[str, str]]:
    """The rows of a seed file."""
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)
