"""The ledger of findings: what has been found, when first and last, and whether it is still so.

A finding is the same finding from night to night: same rule, same record, same field. It opens by itself, resolves when
a rule that ran no longer finds it, and reopens when it comes back; its age counts from when it was first seen. A rule
that could not run resolves nothing. Invariants are no findings: they are not about a site's data, and stop the
publication; of them only the outcome is kept.

A finding asks a site for an answer from the day it was last opened: first seen, come back, or accepted no longer. Its
response date is so many days later (protocol_parameters: finding_response_days); open and past it, it is overdue.

The clock is the date the load takes as today, never the machine's. What people decide about a finding belongs in
`validation.decisions`, what is published of the ledger in `validation.quality`, what a monitor is told in
`validation.summary`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from validation import protocol
from validation.catalogue import rules
from validation.decisions import ACCEPTED, OPEN, RESOLVED, STATUSES, Decision, apply_decisions
from validation.outcome import FAILED, PASSED, VIOLATION_COLUMNS, RuleOutcome
from validation.quality import write_quality
from validation.rule import INVARIANT

if TYPE_CHECKING:
    import duckdb
    import polars as pl

__all__ = [
    "ACCEPTED",
    "OPEN",
    "RESOLVED",
    "STATUSES",
    "merge_findings",
    "outcomes_of_last_run",
    "repeatable",
    "write_quality",
]

FINDINGS = """
create table if not exists working.ledger.findings (
    finding_id varchar not null, rule_id varchar not null, looked_at varchar not null, severity varchar not null,
    stage varchar not null, form varchar, siteid varchar, usubjid varchar, visit varchar, record_key varchar,
    field varchar, row_id varchar, value varchar, message varchar not null, source_file varchar, source_row integer,
    first_seen date not null, opened date not null, last_seen date not null, resolved_at date,
    reopened integer not null, status varchar not null, days_open integer not null
)
"""
# decision_id: the acceptance in force. Added to the ledgers of warehouses that are older than these columns.
COLUMNS_ADDED = ("response_due date", "overdue varchar", "decision_id varchar")
RULE_RUNS = """
create table if not exists working.ledger.rule_runs (
    clock date not null, rule_id varchar not null, looked_at varchar not null, outcome varchar not null,
    rows_checked bigint not null, violations bigint not null, reason varchar
)
"""

# The id a finding keeps: readable by its rule, and the same on every machine.
FINDING_ID = """
rule_id || '-' || left(md5(concat_ws(
    '|', rule_id, coalesce(siteid, ''), coalesce(form, ''), coalesce(record_key, ''), coalesce(field, '')
)), 16)
"""

SIGHTINGS = f"""
create or replace temp table sightings as
select {FINDING_ID} as finding_id, *
from violations
"""

# Seen before: everything that is said of it is refreshed; a resolved one is open again, and so is an accepted one
# whose value has changed.
SEEN_AGAIN = """
update working.ledger.findings as findings
set
    severity = sightings.severity,
    stage = sightings.stage,
    looked_at = sightings.looked_at,
    usubjid = sightings.usubjid,
    visit = sightings.visit,
    row_id = sightings.row_id,
    value = sightings.value,
    message = sightings.message,
    source_file = sightings.source_file,
    source_row = sightings.source_row,
    opened = case
        when findings.status = 'RESOLVED' then $clock
        when findings.status = 'ACCEPTED' and findings.value is distinct from sightings.value then $clock
        else findings.opened
    end,
    reopened = findings.reopened + case when findings.status = 'RESOLVED' then 1 else 0 end,
    status = case
        when findings.status = 'ACCEPTED' and findings.value is not distinct from sightings.value then 'ACCEPTED'
        else 'OPEN'
    end,
    decision_id = case when findings.value is not distinct from sightings.value then findings.decision_id end,
    last_seen = $clock,
    resolved_at = null
from sightings
where findings.finding_id = sightings.finding_id
"""

SEEN_FOR_THE_FIRST_TIME = """
insert into working.ledger.findings by name
select
    finding_id, rule_id, looked_at, severity, stage, form, siteid, usubjid, visit, record_key, field, row_id, value,
    message, source_file, source_row, $clock as first_seen, $clock as opened, $clock as last_seen, 0 as reopened,
    'OPEN' as status, 0 as days_open
from sightings
where finding_id not in (select finding_id from working.ledger.findings)
order by finding_id
"""

# Gone: its rule looked at its table tonight, and did not find it.
NO_LONGER_SEEN = """
update working.ledger.findings as findings
set status = 'RESOLVED', resolved_at = $clock, decision_id = null
from runs
where
    findings.status <> 'RESOLVED'
    and findings.rule_id = runs.rule_id
    and findings.looked_at = runs.looked_at
    and runs.outcome <> 'NOT_RUN'
    and findings.finding_id not in (select finding_id from sightings)
"""

# What a night on which nothing has changed repeats.
LAST_RUN = "create or replace table working.ledger.last_run as from runs"

AGE = """
update working.ledger.findings
set
    days_open = cast(coalesce(resolved_at, $clock) - first_seen as integer),
    response_due = opened + $response_days,
    overdue = case when status = 'OPEN' and $clock > opened + $response_days then 'Y' else 'N' end
"""


def merge_findings(
    connection: duckdb.DuckDBPyConnection,
    outcomes: Sequence[RuleOutcome],
    clock: date,
    decisions: Sequence[Decision] = (),
) -> int:
    """Merge a night's outcomes and what people have decided into working.ledger, in one transaction.

    Merging the same ones again changes nothing. Gives back how many of the decisions were new.
    """
    violations = _violations(outcomes)
    connection.register("all_violations", violations.to_arrow())
    connection.register("violations", _each_finding_once(violations).to_arrow())
    connection.register("runs", _runs(outcomes).to_arrow())
    connection.execute("begin transaction")
    try:
        connection.execute("create schema if not exists working.ledger")
        connection.execute(FINDINGS)
        for column in COLUMNS_ADDED:
            connection.execute(f"alter table working.ledger.findings add column if not exists {column}")
        connection.execute(RULE_RUNS)
        connection.execute(SIGHTINGS)
        for statement in (SEEN_AGAIN, SEEN_FOR_THE_FIRST_TIME, NO_LONGER_SEEN):
            connection.execute(statement, {"clock": clock} if "$clock" in statement else {})
        applied = apply_decisions(connection, decisions, clock)
        response_days = int(protocol.limits()("finding_response_days"))
        connection.execute(AGE, {"clock": clock, "response_days": response_days})
        connection.execute(
            """
            delete from working.ledger.rule_runs as earlier
            where clock = $clock
                and exists (
                    select 1 from runs where runs.rule_id = earlier.rule_id and runs.looked_at = earlier.looked_at
                )
            """,
            {"clock": clock},
        )
        connection.execute("insert into working.ledger.rule_runs select $clock, * from runs", {"clock": clock})
        connection.execute(LAST_RUN)
        connection.execute("create or replace table working.ledger.last_violations as from all_violations")
        connection.execute("drop table temp.sightings")
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    finally:
        for frame in ("all_violations", "violations", "runs"):
            connection.unregister(frame)
    return applied


def repeatable(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the last run looked at every table of every rule, and broke no invariant."""
    import duckdb

    try:
        rows = connection.execute("select rule_id, looked_at, outcome from working.ledger.last_run").fetchall()
    except duckdb.CatalogException:
        return False
    outcomes = {(rule_id, table): outcome for rule_id, table, outcome in rows}
    return all(
        outcomes.get((rule.rule_id, table)) in ((PASSED,) if rule.blocking else (PASSED, FAILED))
        for rule in rules()
        for table in rule.tables
    )


def outcomes_of_last_run(connection: duckdb.DuckDBPyConnection) -> list[RuleOutcome]:
    """What the rules found when they last ran, in the order of the catalogue: for a night on which nothing of what
    they look at has changed. Only after `repeatable`."""
    import polars as pl

    found = connection.execute("from working.ledger.last_violations").pl()
    rows = connection.execute("from working.ledger.last_run").fetchall()
    runs = {(rule_id, table): rest for rule_id, table, *rest in rows}
    outcomes = []
    for rule in rules():
        for table in rule.tables:
            outcome, rows_checked, _, reason = runs[rule.rule_id, table]
            of_this = found.filter((pl.col("rule_id") == rule.rule_id) & (pl.col("looked_at") == table))
            violations = of_this.select(VIOLATION_COLUMNS)
            outcomes.append(RuleOutcome(rule, table, outcome, rows_checked, violations, reason or ""))
    return outcomes


def _violations(outcomes: Sequence[RuleOutcome]) -> pl.DataFrame:
    """Every violation of the night with its rule's words."""
    import polars as pl

    worded = [
        outcome.violations.select(*VIOLATION_COLUMNS).with_columns(
            pl.lit(outcome.table).alias("looked_at"),
            pl.lit(outcome.rule.severity).alias("severity"),
            pl.lit(outcome.rule.stage).alias("stage"),
        )
        for outcome in outcomes
        if outcome.rule.severity != INVARIANT
    ]
    if not worded:
        text = dict.fromkeys((*VIOLATION_COLUMNS, "looked_at", "severity", "stage"), pl.String())
        return pl.DataFrame(schema={**text, "source_row": pl.Int32()})
    return pl.concat(worded)


def _each_finding_once(violations: pl.DataFrame) -> pl.DataFrame:
    """A rule that looks at two tables can find one defect in both."""
    return violations.unique(["rule_id", "siteid", "form", "record_key", "field"], keep="first", maintain_order=True)


def _runs(outcomes: Sequence[RuleOutcome]) -> pl.DataFrame:
    import polars as pl

    rows = [
        (
            outcome.rule.rule_id,
            outcome.table,
            outcome.outcome,
            outcome.rows_checked,
            outcome.violations.height,
            outcome.reason or None,
        )
        for outcome in outcomes
    ]
    schema = {
        "rule_id": pl.String,
        "looked_at": pl.String,
        "outcome": pl.String,
        "rows_checked": pl.Int64,
        "violations": pl.Int64,
        "reason": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")
