"""What a rule is: one small declaration that everything else is made from.

The asset check and its words, the row in quality.rules, the Pandera check and the sentence in a query to the site all
come from it. Rules themselves belong in `validation.rulebook`; running them belongs in `validation.runner`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from validation.protocol import Limits

# What an expectation is: given how to name a column and where the protocol's limits are, what must hold of a row.
# It must say for itself what holds when a value is missing; a row it says nothing about counts as a violation.
Columns = Callable[[str], "pl.Expr"]
Expectation = Callable[[Columns, "Limits"], "pl.Expr"]

CRITICAL = "CRITICAL"  # the value, row or file can't be used
MAJOR = "MAJOR"  # a query to the site: bears on safety, dosing or the endpoint
MINOR = "MINOR"  # worth a look
INVARIANT = "INVARIANT"  # the warehouse itself is wrong: nothing is published
SEVERITIES = (CRITICAL, MAJOR, MINOR, INVARIANT)

RAW = "RAW"  # deliveries and files; every value as delivered beside what it was read as
STAGING = "STAGING"  # typed rows, across fields and forms
ANALYSIS = "ANALYSIS"  # the published tables
STAGES = (RAW, STAGING, ANALYSIS)

PUBLISHED_SCHEMAS = ("analysis", "quality", "metadata")


@dataclass(frozen=True)
class Look:
    """One place where a rule looks: a table, the field in question, and what must hold of it.

    `columns` are those it needs besides the record's own; `message` is what a person is told when the expectation does
    not hold, with the columns in braces (subject, visit, file and row are put around it); `value` names the column that
    is shown as the value in question. A `field` in braces is taken from that column of the table. Rows for which
    `applies` does not hold are not looked at, and not counted. Without an expectation, the look is at the table's
    contract itself (its columns and types, `validation.contracts`). Where the table holds only what is wrong,
    `counted_by` is a query that counts what was looked at.
    """

    table: str
    field: str
    columns: tuple[str, ...]
    expectation: Expectation | None
    message: str
    value: str | None = None
    applies: Expectation | None = None
    counted_by: str | None = None


@dataclass(frozen=True)
class Rule:
    """One rule of the catalogue, in words and as an expectation.

    `records` and `fault` make the sentence "12 of 4,310 infusions at 3 sites are over 10 % off": `records` is a plural,
    `fault` begins with "are", "have", "lie", "stand", "lead" or "come". `source` says where the rule comes from.
    """

    rule_id: str
    title: str
    severity: str
    stage: str
    form: str
    description: str
    source: str
    records: str
    fault: str
    looks: tuple[Look, ...]

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables this rule looks at, each once, in the order of its looks."""
        return tuple(dict.fromkeys(look.table for look in self.looks))

    @property
    def blocking(self) -> bool:
        """Whether a failure stops the publication."""
        return self.severity == INVARIANT

    def looks_at(self, table: str) -> tuple[Look, ...]:
        return tuple(look for look in self.looks if look.table == table)


def asset_path(table: str) -> tuple[str, str]:
    """The asset a check on this table belongs to: the values of a form as read are the raw form's business.

    ('raw', 'ex') for staging.typed_ex, ('raw', 'deliveries') for the delivery problems, else the table's own name.
    """
    schema, name = table.split(".")
    if schema == "staging" and name.startswith("typed_"):
        return ("raw", name.removeprefix("typed_"))
    if table == "raw.delivery_problems":
        return ("raw", "deliveries")
    return (schema, name)


def qualified_name(table: str) -> str:
    """The table with its catalog: what is published is built in the candidate, all else in the working file."""
    schema = table.split(".")[0]
    return f"{'candidate' if schema in PUBLISHED_SCHEMAS else 'working'}.{table}"
