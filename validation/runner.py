"""Running a stage: every rule of the stage over every table it looks at, told apart as passed, failed or not run.

Each table is read once (DuckDB to Arrow to Polars) and costs one Pandera call. What came of it in earlier nights
belongs in `validation.ledger`. Polars and Pandera are imported on the first call: together they take seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from validation import contracts
from validation.catalogue import rules as all_rules
from validation.outcome import NOT_RUN, RuleOutcome
from validation.rule import PUBLISHED_SCHEMAS, STAGES, Rule, qualified_name

if TYPE_CHECKING:
    import duckdb
    import polars as pl

# What a record is known by; null in a table that has no such column.
IDENTITY = ("form", "siteid", "usubjid", "visit", "record_key", "row_id")
# What else `validation.looking` says a violation's visit and record with, where a table has it.
TOLD_WITH = ("avisit", "visit_delivered", "quarantine_rule")


def run_stage(
    stage: str,
    connection: duckdb.DuckDBPyConnection,
    frames: Mapping[str, Any] | None = None,
    rules: Sequence[Rule] | None = None,
) -> list[RuleOutcome]:
    """Run every rule of a stage and return one outcome per rule and table, in the order of the catalogue.

    `connection` is DuckDB with the working file as `working` and the candidate attached as `candidate`. `frames` hands
    over tables that stand in no file (name to rows, as mappings or anything Polars reads): ingestion's open delivery
    problems. `rules` replaces the catalogue, for tests.
    """
    if stage not in STAGES:
        raise ValueError(f"No stage is called {stage}: there are {', '.join(STAGES)}.")
    concerned = [rule for rule in (all_rules() if rules is None else rules) if rule.stage == stage]
    tables = dict.fromkeys(table for rule in concerned for table in rule.tables)
    by_place: dict[tuple[str, str], RuleOutcome] = {}
    for table in tables:
        on_table = [rule for rule in concerned if table in rule.tables]
        for outcome in _look_at_table(table, on_table, connection, frames or {}):
            by_place[outcome.rule.rule_id, table] = outcome
    ordered = [by_place[rule.rule_id, table] for rule in concerned for table in rule.tables]
    return _with_positions(connection, ordered)


def _look_at_table(
    table: str, rules: Sequence[Rule], connection: duckdb.DuckDBPyConnection, frames: Mapping[str, Any]
) -> list[RuleOutcome]:
    import duckdb

    from validation.looking import look_at

    if table in frames:
        frame = _as_frame(table, frames[table])
        available, problem = set(frame.columns), ""
    else:
        available, problem = _columns_of(connection, table)
    reasons = {rule.rule_id: problem or _missing(rule, table, available) for rule in rules}
    runnable = [rule for rule in rules if not reasons[rule.rule_id]]
    outcomes = [_not_run(rule, table, reasons[rule.rule_id]) for rule in rules if reasons[rule.rule_id]]
    if not runnable:
        return outcomes
    if table not in frames:
        try:
            frame = _read(connection, table, runnable, available)
        except duckdb.Error as error:
            # One of its values stops the query that derives it: that is this table's trouble, not the night's.
            return [_not_run(rule, table, reasons[rule.rule_id] or _unreadable(table, error)) for rule in rules]
    absent = [column.name for column in contracts.contract_of(table) if column.name in {*IDENTITY} - available]
    return outcomes + [_counted(outcome, connection) for outcome in look_at(table, frame, runnable, absent)]


def _counted(outcome: RuleOutcome, connection: duckdb.DuckDBPyConnection) -> RuleOutcome:
    """The outcome with its rows counted where they are, when its table holds only what is wrong."""
    import duckdb

    queries = {look.counted_by for look in outcome.rule.looks_at(outcome.table)} - {None}
    try:
        counts = [connection.execute(str(query)).fetchone() for query in queries]
    except (duckdb.CatalogException, duckdb.BinderException):
        return outcome
    return replace(outcome, rows_checked=sum(count[0] for count in counts if count)) if counts else outcome


def _columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[set[str], str]:
    """The columns of a table or view, or why it can't be read."""
    import duckdb

    try:
        rows = connection.execute(f"describe {qualified_name(table)}").fetchall()
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        return set(), _unreadable(table, error)
    return {row[0] for row in rows}, ""


def _unreadable(table: str, error: Exception) -> str:
    return f"{table} can't be read: {str(error).splitlines()[0]}"


def _missing(rule: Rule, table: str, available: set[str]) -> str:
    needed = {column for look in rule.looks_at(table) for column in look.columns}
    missing = sorted(needed - available)
    return f"{table} has no column {', '.join(missing)}." if missing else ""


def _read(
    connection: duckdb.DuckDBPyConnection, table: str, rules: Sequence[Rule], available: set[str]
) -> pl.DataFrame:
    """The table with the identity of its records and every column that a rule or its contract needs, read once.

    A column that only the contract names, and that may be null, is there with its type and without its values.
    """
    contract = contracts.contract_of(table)
    needed = {column for rule in rules for look in rule.looks_at(table) for column in look.columns}
    needed |= {column.name for column in contract if column.never_null} | set(contracts.key_of(table)) | set(TOLD_WITH)
    identity = _identity(table, available)
    columns = [f"{expression} as {name}" for name, expression in identity.items()]
    columns += [f'"{column}"' for column in sorted(needed & available - set(identity))]
    only_typed = {column.name for column in contract} & available - needed - set(identity)
    columns += [f'case when false then "{column}" end as "{column}"' for column in sorted(only_typed)]
    return connection.execute(f"select {', '.join(columns)} from {qualified_name(table)}").pl()


def _identity(table: str, available: set[str]) -> dict[str, str]:
    """How each identity column reads in SQL; a published table has a key and a source row instead of a record."""
    schema, name = table.split(".")
    identity = {column: column if column in available else "cast(null as varchar)" for column in IDENTITY}
    if "form" not in available:
        identity["form"] = f"'{name.removeprefix('typed_')}'"
    if schema in PUBLISHED_SCHEMAS and "srcid" in available:
        identity["row_id"] = "srcid"
    return identity


def _as_frame(table: str, rows: Any) -> pl.DataFrame:
    """Rows handed over, with whatever is missing of a record's identity."""
    import polars as pl

    frame = pl.DataFrame(rows, infer_schema_length=None)
    if not frame.columns:  # no rows at all, so nobody said which columns they would have had
        columns = {column for rule in all_rules() for look in rule.looks_at(table) for column in look.columns}
        frame = pl.DataFrame(schema=dict.fromkeys(sorted(columns), pl.String))
    return frame.with_columns(
        (pl.col(column) if column in frame.columns else pl.lit(None)).cast(pl.String).alias(column)
        for column in IDENTITY
    )


def _not_run(rule: Rule, table: str, reason: str) -> RuleOutcome:
    from validation.looking import no_violations

    return RuleOutcome(rule, table, NOT_RUN, 0, no_violations(), reason)


def _with_positions(connection: duckdb.DuckDBPyConnection, outcomes: list[RuleOutcome]) -> list[RuleOutcome]:
    from validation.positions import with_positions

    return with_positions(connection, outcomes)
