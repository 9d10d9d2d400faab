"""Looking at one table: read once, one Pandera call over all the rules on it, every violation traced to its record.

How Pandera is used here, and why:
- The frame is eager: on a LazyFrame Pandera silently skips every check of values.
- All expectations hang on one column, the row number. So a failure case is the row's number and nothing else (on a
  whole frame Pandera would write every failing row out as JSON), and it leads back to the record.
- A missing value never passes by itself: Pandera's own `ignore_na` is off, and what an expectation leaves unknown
  is a violation.
- An error inside an expectation is no violation, though Pandera reports it like one: that rule was not run, and says
  why; the others on the table were.
Which rules there are belongs in `validation.rulebook`, which tables belong to a stage in `validation.runner`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrorReason, SchemaErrors

from validation import contracts, protocol
from validation.outcome import FAILED, NOT_RUN, PASSED, RuleOutcome
from validation.rule import Look, Rule
from validation.sentences import plain, sentence, whole_sentence

if TYPE_CHECKING:
    from pandera.errors import SchemaError

ROW_NUMBER = "row_number"

VIOLATION_SCHEMA = {
    "rule_id": pl.String,
    "form": pl.String,
    "siteid": pl.String,
    "usubjid": pl.String,
    "visit": pl.String,
    "record_key": pl.String,
    "row_id": pl.String,
    "field": pl.String,
    "value": pl.String,
    "message": pl.String,
}

POLARS_TYPES: dict[str, pl.DataType] = {
    "varchar": pl.String(),
    "integer": pl.Int32(),
    "bigint": pl.Int64(),
    "date": pl.Date(),
    "timestamp": pl.Datetime("us"),
    "boolean": pl.Boolean(),
}


def no_violations() -> pl.DataFrame:
    return pl.DataFrame(schema=VIOLATION_SCHEMA)


def look_at(table: str, frame: pl.DataFrame, rules: Sequence[Rule], absent: Sequence[str] = ()) -> list[RuleOutcome]:
    """Every rule on this table over its frame, which must hold the identity columns and all that the looks need.

    `absent` are columns of the table's contract that the table itself lacks, though the frame has them (empty) as a
    record's identity. A rule with an expectation that can't be evaluated is NOT_RUN, with the reason.
    """
    frame = frame.with_row_index(ROW_NUMBER)
    names = {f"{rule.rule_id}/{number}": (rule, look) for rule in rules for number, look in _looks(rule, table)}
    failures, contract_errors, not_evaluated = _validate(
        table, frame, {name: look for name, (_, look) in names.items()}
    )
    contract_errors += [(column, "is missing") for column in absent]
    reasons = {}
    for name, problem in not_evaluated.items():
        rule, look = names[name]
        reasons[rule.rule_id] = f"What {table} must hold in {look.field} can't be evaluated: {problem}"
    checked = _rows_checked(frame, table, [rule for rule in rules if rule.rule_id not in reasons])
    outcomes = []
    for rule in rules:
        if rule.rule_id in reasons:
            outcomes.append(RuleOutcome(rule, table, NOT_RUN, 0, no_violations(), reasons[rule.rule_id]))
            continue
        found = [
            violation
            for name, (owner, look) in names.items()
            if owner is rule and name in failures
            for violation in _violations(rule, look, frame, failures[name])
        ]
        if any(look.expectation is None for look in rule.looks_at(table)):
            found += [_contract_violation(rule, table, *error) for error in contract_errors]
        outcomes.append(
            RuleOutcome(
                rule=rule,
                table=table,
                outcome=FAILED if found else PASSED,
                rows_checked=checked[rule.rule_id],
                violations=pl.DataFrame(found, schema=VIOLATION_SCHEMA, orient="row") if found else no_violations(),
            )
        )
    return outcomes


def _looks(rule: Rule, table: str) -> list[tuple[int, Look]]:
    return [(number, look) for number, look in enumerate(rule.looks_at(table)) if look.expectation is not None]


def _validate(
    table: str, frame: pl.DataFrame, looks: Mapping[str, Look]
) -> tuple[dict[str, list[int]], list[tuple[str, str]], dict[str, str]]:
    """One Pandera call: the numbers of the failing rows by look, (column, problem) where the contract is broken, and
    by look why it could not be evaluated."""
    checks = [pa.Check(_check(look), name=name, ignore_na=False) for name, look in looks.items()]
    columns = {ROW_NUMBER: pa.Column(pl.UInt32, checks=checks)}
    columns |= {column.name: _contracted(column, frame) for column in contracts.contract_of(table)}
    try:
        pa.DataFrameSchema(columns, name=table).validate(frame, lazy=True)
    except SchemaErrors as errors:
        return _sorted_out(errors.schema_errors)
    return {}, [], {}


def _check(look: Look) -> Any:
    # Inside the call: an expectation that can't even be written down is Pandera's to report, like any other error.
    return lambda data: data.lazyframe.select(_holds(look))


def _holds(look: Look) -> pl.Expr:
    """The expectation where the look applies; unknown is a violation, and so is not knowing whether it applies."""
    assert look.expectation is not None
    limits = protocol.limits()
    holds = look.expectation(pl.col, limits).fill_null(False)
    if look.applies is None:
        return holds
    return ~look.applies(pl.col, limits).fill_null(True) | holds


def _contracted(column: contracts.ContractColumn, frame: pl.DataFrame) -> pa.Column:
    actual = frame.schema.get(column.name)
    if column.type == "decimal":
        # Of any precision: how many places a number has is said by the table's own documentation.
        return pa.Column(
            actual if isinstance(actual, pl.Decimal) else pl.Decimal(18, 6), nullable=not column.never_null
        )
    return pa.Column(POLARS_TYPES.get(column.type, actual), nullable=not column.never_null)


def _sorted_out(
    errors: list[SchemaError],
) -> tuple[dict[str, list[int]], list[tuple[str, str]], dict[str, str]]:
    """Pandera's errors as failing row numbers by look, as breaches of the contract, and as looks without an answer."""
    failures: dict[str, list[int]] = {}
    breaches: list[tuple[str, str]] = []
    not_evaluated: dict[str, str] = {}
    for error in errors:
        if error.reason_code == SchemaErrorReason.CHECK_ERROR:
            not_evaluated[error.check.name] = str(error.failure_cases).splitlines()[0]
        elif error.reason_code == SchemaErrorReason.DATAFRAME_CHECK:
            failures[error.check.name] = error.failure_cases.get_column(ROW_NUMBER).to_list()
        elif error.reason_code == SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME:
            breaches.append((str(error.failure_cases), "is missing"))
        elif error.reason_code == SchemaErrorReason.SERIES_CONTAINS_NULLS:
            breaches.append((str(error.schema.name), f"is empty in {error.failure_cases.height:,} rows"))
        else:
            breaches.append((str(error.schema.name), f"should be {error.schema.dtype}, is {error.failure_cases}"))
    return failures, breaches, not_evaluated


def _rows_checked(frame: pl.DataFrame, table: str, rules: Sequence[Rule]) -> dict[str, int]:
    limits = protocol.limits()

    def looked_at(rule: Rule) -> pl.Expr:
        looks = rule.looks_at(table)
        if any(look.applies is None for look in looks):
            return pl.lit(frame.height)
        applies = [look.applies(pl.col, limits).fill_null(True) for look in looks if look.applies is not None]
        return pl.any_horizontal(applies).sum()

    if not rules:
        return {}
    return frame.select(looked_at(rule).cast(pl.Int64).alias(rule.rule_id) for rule in rules).row(0, named=True)


def _violations(rule: Rule, look: Look, frame: pl.DataFrame, numbers: Sequence[int]) -> list[tuple[Any, ...]]:
    limits_in_words = protocol.limits().in_words()
    table = look.table
    found = []
    for row in frame[list(numbers)].iter_rows(named=True):
        visit = _visit(row)
        words = {**limits_in_words, "table": table}
        middle = sentence(look.message, row, words)
        found.append(
            (
                rule.rule_id,
                row["form"],
                row["siteid"],
                row["usubjid"],
                visit,
                _record_key(table, row),
                row["row_id"],
                sentence(look.field, row, words),
                plain(row[look.value]) if look.value else None,
                whole_sentence(middle, row["siteid"], row["usubjid"], visit),
            )
        )
    return found


def _visit(row: Mapping[str, Any]) -> str | None:
    """The visit a person looks for: the analysis visit, the label, or the label as delivered if it can't be read."""
    return row.get("avisit") or row["visit"] or row.get("visit_delivered")


def _record_key(table: str, row: Mapping[str, Any]) -> str | None:
    """The record's key, in an analysis table the table's; a row whose key is incomplete is told by its row id."""
    record_key: str | None = row["record_key"]
    key = contracts.key_of(table)
    if record_key is None and key:
        return " | ".join("" if row.get(column) is None else str(row[column]) for column in key)
    if row.get("quarantine_rule") == "VAL01":
        return f"{record_key} (row {row['row_id'][:12]})"
    return record_key


def _contract_violation(rule: Rule, table: str, column: str, problem: str) -> tuple[Any, ...]:
    message = f"{table}: column {column} {problem}"
    return (rule.rule_id, table, None, None, None, table, None, column, problem, message)
