"""What a rule found on one table in one night. Merging it with the nights before belongs in `validation.ledger`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from validation.rule import Rule, asset_path

if TYPE_CHECKING:
    import polars as pl

PASSED = "PASSED"
FAILED = "FAILED"
NOT_RUN = "NOT_RUN"  # its table or a column is missing: neither passed nor failed

# One row per violation; source_file and source_row say where the record stands in the latest delivery that held it.
VIOLATION_COLUMNS = (
    "rule_id",
    "form",
    "siteid",
    "usubjid",
    "visit",
    "record_key",
    "row_id",
    "field",
    "value",
    "message",
    "source_file",
    "source_row",
)


@dataclass(frozen=True)
class RuleOutcome:
    """One rule on one table: whether it ran, on how many rows, and every violation it found."""

    rule: Rule
    table: str
    outcome: str
    rows_checked: int
    violations: pl.DataFrame
    reason: str = ""

    @property
    def passed(self) -> bool:
        return self.outcome == PASSED

    @property
    def ran(self) -> bool:
        return self.outcome != NOT_RUN

    @property
    def blocks(self) -> bool:
        """Whether this stops the publication: an invariant that is broken, or that nobody could look at."""
        return self.rule.blocking and not self.passed

    @property
    def asset_path(self) -> tuple[str, str]:
        return asset_path(self.table)

    @property
    def failing_records(self) -> int:
        """Records with at least one violation, however many of their fields are concerned."""
        return self.violations.select("siteid", "form", "record_key").n_unique()
