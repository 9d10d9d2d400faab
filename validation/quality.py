"""What is published of the ledger: quality.findings, decisions and rules in the candidate, every column with a comment.

They are whole tables, written anew by every load in the order of their keys. What a finding is, and how it lives from
night to night, belongs in `validation.ledger`, what a decision does to it in `validation.decisions`.
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
)
COMMENTS = {
    "findings": "One row per finding, for as long as the trial lasts: what is wrong, where, since when",
    "decisions": "One row per decision of a person about a finding, and what came of it; rows are only ever added",
    "rules": "One row per rule: what it expects, and on how many tables it passed, failed or was not run",
}


def write_quality(connection: duckdb.DuckDBPyConnection) -> None:
    """Copy the ledger into candidate.quality.findings, decisions and rules, in one transaction."""
    connection.execute("begin transaction")
    try:
        connection.execute("create schema if not exists candidate.quality")
        _copy(connection, "findings", FINDINGS_COLUMNS, key="finding_id")
        _copy(connection, "decisions", DECISIONS_COLUMNS, key="decision_id")
        _create(connection, "rules", RULES_COLUMNS)
        connection.executemany(
            f"insert into candidate.quality.rules values ({', '.join('?' * len(RULES_COLUMNS))})",
            _rules_with_counts(connection),
        )
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


def _rules_with_counts(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    counted = connection.execute(
        """
        select rule_id, outcome, count(*)
        from working.ledger.rule_runs
        where clock = (select max(clock) from working.ledger.rule_runs)
        group by rule_id, outcome
        """
    ).fetchall()
    counts = {(rule_id, outcome): number for rule_id, outcome, number in counted}
    rows: list[tuple[object, ...]] = []
    for rule in sorted(rules(), key=lambda rule: rule.rule_id):
        passed, failed = counts.get((rule.rule_id, "PASSED"), 0), counts.get((rule.rule_id, "FAILED"), 0)
        # A table that nobody looked at at all counts as not run, so that no rule can be lost in silence.
        not_run = len(rule.tables) - passed - failed
        words = (rule.rule_id, rule.title, rule.severity, rule.stage, rule.form, rule.description, rule.source)
        rows.append((*words, passed, failed, not_run))
    return rows
