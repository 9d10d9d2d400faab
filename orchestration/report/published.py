"""The publication that the report is about: open for reading, with its run, its protocol and its data cut.

What belongs here: finding and opening it, and what several figures ask. What does not: a figure's own query.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from orchestration.export.described import analysis_tables
from orchestration.export.source import Source, open_current
from orchestration.findings.deciding import one_line
from validation.protocol import SCENARIO
from validation.second_derivation.protocol_tables import analysis_visits

Row = dict[str, Any]
READ = ("adex", "adexsum", "adsl", "adsri", "adsv", "resptab", "sensum", "srisum")
# What is read of other schemas; of analysis any table may be.
READ_BESIDE = frozenset(
    {
        "metadata.dictionary",
        "metadata.protocol_parameters",
        "metadata.run",
        "quality.deliveries",
        "quality.findings",
        "quality.quarantine",
        "quality.site_indicators",
    }
)


@dataclass(frozen=True)
class Published:
    """One publication. Texts that a site wrote come as one line without control characters."""

    source: Source

    def ask(self, query: str, **given: object) -> list[Row]:
        """The rows of a query, by column name."""
        cursor = self.source.connection.execute(query, given or None)
        names = [column[0] for column in cursor.description or ()]
        return [
            {name: one_line(value) if isinstance(value, str) else value for name, value in zip(names, row, strict=True)}
            for row in cursor.fetchall()
        ]

    @cached_property
    def run(self) -> Row:
        """metadata.run: the date taken as today, the code, how many sites and subjects."""
        (row,) = self.ask("select * from metadata.run")
        return row

    @cached_property
    def today(self) -> date:
        day: date = self.run["clockdt"]
        return day

    @cached_property
    def parameters(self) -> dict[str, Decimal]:
        """The protocol's numbers as published with these tables."""
        rows = self.ask(
            "select parameter, value from metadata.protocol_parameters where scenario = $scenario", scenario=SCENARIO
        )
        return {row["parameter"]: row["value"] for row in rows}

    def parameter(self, name: str) -> int:
        """A parameter that is a whole number."""
        return int(self.parameters[name])

    @cached_property
    def response_week(self) -> int:
        return self.parameter("response_week")

    @cached_property
    def days_until_known(self) -> int:
        """From day 0 to the first site cut with which the response week is mature.

        The windows of the analysis visits are not published; they come from the seed that the SQL joins.
        """
        (window,) = [visit for visit in analysis_visits() if visit.week == self.response_week]
        return window.last_day + self.parameter("entry_lag_days") + 1


@contextmanager
def open_for_report(warehouse: Path) -> Iterator[Published]:
    """The publication that is current now, also when a load publishes another one meanwhile.

    Raises:
        FileNotFoundError: nothing has been published yet.
        RuntimeError: it was published by another version, with other tables than the report reads.
    """
    tables = [analysis_tables()[name] for name in READ]
    with open_current(warehouse, tables) as source:
        yield Published(source)
