"""What is published of the ledger, every column with a comment: quality.findings, decisions, rules and rule_runs.

All are whole tables, written anew by every load in the order of their keys. quality.rule_runs is the index of every
rule and table that should have run; it is made from the catalogue, so a rule that was lost on the way stands there as
not run, and quality.rules counts what stands there. What a finding is, and how it lives from night to night, belongs in
`validation.ledger`, what a decision does to it in `validation.decisions`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from validation.catalogue import rules

if TYPE_CHECKING:
    import duckdb

# Column, type (with NOT NULL where it must hold) and what it means.
FINDINGS_COLUMNS = (
    ("finding_id", "varchar not null", "Stable id of the finding: same rule, same record, same field"),
    ("rule_id", "varchar not null", "Rule that found it, see quality.rules"),
    ("severity", "varchar not null", "CRITICAL: can't be used; MAJOR: a query to the site; MINOR: worth a look"),
    ("stage", "varchar not null", "Where it was found: RAW, STAGING or ANALYSIS"),
    ("form", "varchar", "Form the record belongs to; empty for a whole delivery"),
    ("siteid", "varchar", "Site that delivered the record"),
    ("usubjid", "varchar", "Subject in question"),
    ("visit", "varchar", "Visit label of the record"),
    ("record_key", "varchar", "Key of the record within its form and site"),
    ("field", "varchar", "Column or columns in question"),
    ("value", "varchar", "The value in question, as delivered"),
    ("message", "varchar not null", "One sentence a site can act on"),
    ("source_file", "varchar", "File of the latest delivery that held the record"),
    ("source_row", "integer", "Row in that file as a spreadsheet shows it (the header is row 1)"),
    ("first_seen", "date not null", "Date of the load that first found it"),
    ("opened", "date not null", "Date of the load that last opened it: first seen, come back, or accepted no longer"),
    ("last_seen", "date not null", "Date of the latest load that found it"),
    ("resolved_at", "date", "Date of the load that no longer found it; empty while it is open"),
    ("reopened", "integer not null", "How often it came back after it had been resolved"),
    ("status", "varchar not null", "OPEN, RESOLVED or ACCEPTED"),
    ("days_open", "integer not null", "Days since it was first seen, until it was resolved or until the latest load"),
    ("response_due", "date not null", "Day by which an answer is due: finding_response_days after it was last opened"),
    ("overdue", "varchar not null", "Y when it is open and its response date has passed, else N"),
    ("decision_id", "varchar", "The acceptance that is in force, see quality.decisions; empty when none is"),
)
DECISIONS_COLUMNS = (
    ("decision_id", "varchar not null", "Id of the decision"),
    ("decided_at", "timestamp not null", "When it was made, in UTC"),
    ("decision", "varchar not null", "ACCEPT, REOPEN or COMMENT"),
    ("finding_id", "varchar not null", "The finding it is about, see quality.findings"),
    ("rule_id", "varchar not null", "Rule that found it, see quality.rules"),
    ("siteid", "varchar", "Site that delivered the record"),
    ("value", "varchar", "The value in question when it was decided about"),
    ("decided_by", "varchar not null", "Who decided"),
    ("reason", "varchar not null", "Why"),
    ("until", "date", "Last day on which the acceptance holds; empty but for ACCEPT"),
    ("taken_from", "varchar not null", "Where it came from: the command line, or a file and its row"),
    (
        "effect",
        "varchar not null",
        "What came of it: ACCEPTED, REOPENED, NOTED; or nothing, because meanwhile: VALUE CHANGED, EXPIRED, RESOLVED; "
        "NOT ACCEPTED: there was nothing to reopen",
    ),
    ("applied_on", "date not null", "Date of the load that took it in"),
)
RULES_COLUMNS = (
    ("rule_id", "varchar not null", "Id of the rule"),
    ("title", "varchar not null", "What the rule is called"),
    ("severity", "varchar not null", "CRITICAL, MAJOR, MINOR, or INVARIANT, which stops the publication"),
    ("stage", "varchar not null", "What it looks at: RAW as delivered, STAGING typed rows, ANALYSIS published tables"),
    ("form", "varchar not null", "Form it looks at; * for several"),
    ("description", "varchar not null", "What the rule expects, in a sentence"),
    ("source", "varchar not null", "Where the rule comes from"),
    ("passed", "integer not null", "Tables on which it passed in the latest load"),
    ("failed", "integer not null", "Tables on which it failed in the latest load"),
    ("not_run", "integer not null", "Tables it could not look at in the latest load: neither passed nor failed"),
    ("records_looked_at", "bigint not null", "Records it looked at in the latest load, over all its tables"),
    ("records_failed", "bigint not null", "Records of them that are not as expected, accepted ones included"),
)
RULE_RUNS_COLUMNS = (
    ("rule_id", "varchar not null", "Id of the rule, see quality.rules"),
    ("looked_at", "varchar not null", "Table that it looks at"),
    ("outcome", "varchar not null", "PASSED, FAILED, or NOT_RUN: neither the one nor the other, see reason"),
    ("records_looked_at", "bigint not null", "Records it looked at in the latest load"),
    ("records_failed", "bigint not null", "Records of them that are not as expected, accepted ones included"),
    ("reason", "varchar", "Why it was not run; empty when it ran"),
)
# Every table written here with its columns, for whoever describes what is published.
TABLES = {
    "findings": FINDINGS_COLUMNS,
    "decisions": DECISIONS_COLUMNS,
    "rules": RULES_COLUMNS,
    "rule_runs": RULE_RUNS_COLUMNS,
}
LOST = "It was not run in the latest load."
COMMENTS = {
    "findings": "One row per finding, for as long as the trial lasts: what is wrong, where, since when",
    "decisions": "One row per decision of a person about a finding, and what came of it; rows are only ever added",
    "rules": "One row per rule: what it expects, and on how many tables it passed, failed or was not run",
    "rule_runs": "One row per rule and table that it should have looked at in the latest load, and what came of it",
}


def write_quality(connection: duckdb.DuckDBPyConnection) -> None:
    """Copy the ledger into candidate.quality.findings, decisions, rules and rule_runs, in one transaction."""
    connection.execute("begin transaction")
    try:
        connection.execute("create schema if not exists candidate.quality")
        _copy(connection, "findings", FINDINGS_COLUMNS, key="finding_id")
        _copy(connection, "decisions", DECISIONS_COLUMNS, key="decision_id")
        _create(connection, "rule_runs", RULE_RUNS_COLUMNS)
        _fill(connection, "rule_runs", RULE_RUNS_COLUMNS, _rule_runs(connection))
        _create(connection, "rules", RULES_COLUMNS)
        _fill(connection, "rules", RULES_COLUMNS, _rules_with_counts(connection))
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


def _copy(
    connection: duckdb.DuckDBPyConnection, table: str, columns: tuple[tuple[str, str, str], ...], key: str
) -> None:
    _create(connection, table, columns)
    names = ", ".join(name for name, _, _ in columns)
    rows = f"select {names} from working.ledger.{table} order by {key}"
    connection.execute(f"insert into candidate.quality.{table} {rows}")


def _create(connection: duckdb.DuckDBPyConnection, table: str, columns: tuple[tuple[str, str, str], ...]) -> None:
    name = f"candidate.quality.{table}"
    definitions = ", ".join(f"{column} {data_type}" for column, data_type, _ in columns)
    connection.execute(f"create or replace table {name} ({definitions})")
    connection.execute(f"comment on table {name} is {_quoted(COMMENTS[table])}")
    for column, _, comment in columns:
        connection.execute(f"comment on column {name}.{column} is {_quoted(comment)}")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _fill(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: tuple[tuple[str, str, str], ...],
    rows: list[tuple[object, ...]],
) -> None:
    import polars as pl

    # As a frame: a statement per row takes seconds.
    frame = pl.DataFrame(rows, schema=[name for name, _, _ in columns], orient="row", infer_schema_length=None)
    connection.register("published_rows", frame.to_arrow())
    connection.execute(f"insert into candidate.quality.{table} from published_rows")
    connection.unregister("published_rows")


def _rule_runs(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    """A row for every rule and table of the catalogue, whether or not the latest load has an outcome for it."""
    rows = connection.execute(
        """
        with failed as (
            select rule_id, looked_at, count(distinct (siteid, form, record_key)) as records
            from working.ledger.last_violations
            group by rule_id, looked_at
        )
        select
            runs.rule_id, runs.looked_at, runs.outcome, runs.rows_checked,
            coalesce(failed.records, runs.violations) as records_failed, -- an invariant's are in no ledger
            runs.reason
        from working.ledger.last_run as runs
        left join failed on failed.rule_id = runs.rule_id and failed.looked_at = runs.looked_at
        """
    ).fetchall()
    ran = {(rule_id, table): (rule_id, table, *rest) for rule_id, table, *rest in rows}
    index = sorted((rule.rule_id, table) for rule in rules() for table in rule.tables)
    return [ran.get(place, (*place, "NOT_RUN", 0, 0, LOST)) for place in index]


def _rules_with_counts(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    counted = connection.execute(
        """
        select
            rule_id,
            count(*) filter (where outcome = 'PASSED'),
            count(*) filter (where outcome = 'FAILED'),
            count(*) filter (where outcome = 'NOT_RUN'),
            cast(sum(records_looked_at) as bigint),
            cast(sum(records_failed) as bigint)
        from candidate.quality.rule_runs
        group by rule_id
        """
    ).fetchall()
    counts = {rule_id: numbers for rule_id, *numbers in counted}
    return [
        (
            rule.rule_id,
            rule.title,
            rule.severity,
            rule.stage,
            rule.form,
            rule.description,
            rule.source,
            *counts[rule.rule_id],
        )
        for rule in sorted(rules(), key=lambda rule: rule.rule_id)
    ]
