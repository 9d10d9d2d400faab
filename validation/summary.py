"""What a monitor is told of a rule: one sentence with counts, the failing records, and whether to act.

"Red means act": a check is red when something is new tonight or an open finding is older than its response time, and
amber, with the counts in words, when all is known and in time. What a person has accepted is counted apart. Turning
this into Dagster's words belongs to whoever shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from validation.outcome import FAILED, NOT_RUN, RuleOutcome
from validation.rule import CRITICAL, INVARIANT, MAJOR, Rule

if TYPE_CHECKING:
    import duckdb

ERROR = "ERROR"
WARN = "WARN"
RECORDS_SHOWN = 50
SINGULAR = {"are": "is", "have": "has", "lie": "lies", "stand": "stands", "lead": "leads", "come": "comes"}


@dataclass(frozen=True)
class FailingRecord:
    """One open finding, in the few narrow columns that a table in the UI has room for. `finding_id` is how a person
    names it to decide about it; what breaks an invariant has none."""

    finding_id: str
    subject: str
    visit: str
    field: str
    value: str
    found: str
    since: date | None
    new: bool


@dataclass(frozen=True)
class SiteCount:
    """Open findings of one site, and how many of them are new tonight."""

    siteid: str
    open: int
    new: int


@dataclass(frozen=True)
class RuleSummary:
    """One rule on one table, as a person reads it. `severity` is Dagster's: ERROR means act, WARN means known."""

    rule: Rule
    table: str
    asset_path: tuple[str, str]
    outcome: str
    passed: bool
    severity: str
    blocking: bool
    sentence: str
    rows_checked: int
    failing_records: int
    open: int
    new: int
    overdue: int
    accepted: int
    records: tuple[FailingRecord, ...]
    sites: tuple[SiteCount, ...]


@dataclass(frozen=True)
class _Finding:
    siteid: str | None
    form: str | None
    usubjid: str | None
    visit: str | None
    record_key: str | None
    field: str | None
    value: str | None
    message: str
    finding_id: str = ""
    first_seen: date | None = None
    new: bool = True
    overdue: bool = False


def summarise(connection: duckdb.DuckDBPyConnection, outcomes: Sequence[RuleOutcome], clock: date) -> list[RuleSummary]:
    """One summary per outcome, in their order, from the ledger as merge_findings left it."""
    findings, accepted = _open_findings(connection, clock), _accepted(connection)
    return [
        _summary(
            outcome,
            _violations(outcome) if outcome.rule.blocking else findings.get(_place(outcome), []),
            accepted.get(_place(outcome), 0),
        )
        for outcome in outcomes
    ]


def _place(outcome: RuleOutcome) -> tuple[str, str]:
    return outcome.rule.rule_id, outcome.table


def _open_findings(connection: duckdb.DuckDBPyConnection, clock: date) -> dict[tuple[str, str], list[_Finding]]:
    """Every open finding by rule and table: those of tonight first, then what is overdue, then the newest."""
    rows = connection.execute(
        """
        select
            rule_id, looked_at, siteid, form, usubjid, visit, record_key, field, value, message, finding_id,
            first_seen, opened = $clock as is_new, overdue = 'Y' as is_overdue
        from working.ledger.findings
        where status = 'OPEN'
        order by is_new desc, is_overdue desc, opened desc, siteid, usubjid, form, record_key, field
        """,
        {"clock": clock},
    ).fetchall()
    findings: dict[tuple[str, str], list[_Finding]] = {}
    for row in rows:
        findings.setdefault((row[0], row[1]), []).append(_Finding(*row[2:]))
    return findings


def _accepted(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], int]:
    """How many findings people have accepted, by rule and table."""
    rows = connection.execute(
        """
        select rule_id, looked_at, count(*)
        from working.ledger.findings
        where status = 'ACCEPTED'
        group by rule_id, looked_at
        """
    ).fetchall()
    return {(rule_id, looked_at): count for rule_id, looked_at, count in rows}


def _violations(outcome: RuleOutcome) -> list[_Finding]:
    """What an invariant found: it is in no ledger, and what is shown is tonight's."""
    columns = ("siteid", "form", "usubjid", "visit", "record_key", "field", "value", "message")
    return [_Finding(**row) for row in outcome.violations.select(*columns).iter_rows(named=True)]


def _summary(outcome: RuleOutcome, findings: list[_Finding], accepted: int) -> RuleSummary:
    new = sum(finding.new for finding in findings)
    overdue = sum(finding.overdue for finding in findings)
    return RuleSummary(
        rule=outcome.rule,
        table=outcome.table,
        asset_path=outcome.asset_path,
        outcome=outcome.outcome,
        passed=outcome.passed,
        severity=_severity(outcome, new, overdue),
        blocking=outcome.rule.blocking,
        sentence=_sentence(outcome, findings, accepted),
        rows_checked=outcome.rows_checked,
        failing_records=outcome.failing_records,
        open=len(findings),
        new=new,
        overdue=overdue,
        accepted=accepted,
        records=tuple(_record(finding) for finding in findings[:RECORDS_SHOWN]),
        sites=_sites(findings),
    )


def _severity(outcome: RuleOutcome, new: int, overdue: int) -> str:
    if outcome.outcome == NOT_RUN or outcome.rule.severity == INVARIANT:
        return ERROR
    return ERROR if outcome.rule.severity in (CRITICAL, MAJOR) and (new or overdue) else WARN


def _records(findings: Iterable[_Finding]) -> int:
    """How many records the findings are about: one with two bad fields is one."""
    return len({(finding.siteid, finding.form, finding.record_key) for finding in findings})


def _sentence(outcome: RuleOutcome, findings: list[_Finding], accepted: int) -> str:
    records = outcome.rule.records.format(table=outcome.table.split(".")[1].removeprefix("typed_"))
    if outcome.outcome == NOT_RUN:
        return f"Not run: {outcome.reason}"
    if outcome.outcome != FAILED:
        return f"All {outcome.rows_checked:,} {records} are as expected." if outcome.rows_checked else f"No {records}."
    failing = _records(findings) or outcome.failing_records
    new = _records(finding for finding in findings if finding.new)
    overdue = _records(finding for finding in findings if finding.overdue)
    sites = len({finding.siteid for finding in findings if finding.siteid})
    where = f" at {sites} site{'s' if sites > 1 else ''}" if sites else ""
    parts = [f"{failing:,} of {outcome.rows_checked:,} {records}{where} {_fault(outcome.rule.fault, failing)}"]
    parts += [f"{new:,} new tonight"] if new and not outcome.rule.blocking else []
    parts += [f"{overdue:,} open for too long"] if overdue else []
    if accepted:
        parts.append(f"{accepted:,} more accepted" if findings else "all accepted")
    return ", ".join(parts) + "."


def _fault(fault: str, count: int) -> str:
    verb, _, rest = fault.partition(" ")
    return f"{SINGULAR[verb] if count == 1 else verb} {rest}"


def _record(finding: _Finding) -> FailingRecord:
    subject = finding.usubjid.split("-", 1)[-1] if finding.usubjid else finding.siteid
    return FailingRecord(
        finding_id=finding.finding_id,
        subject=subject or "",
        visit=finding.visit or "",
        field=finding.field or "",
        value=finding.value or "",
        found=finding.message,
        since=finding.first_seen,
        new=finding.new,
    )


def _sites(findings: Iterable[_Finding]) -> tuple[SiteCount, ...]:
    counts: dict[str, tuple[int, int]] = {}
    for finding in findings:
        number, new = counts.get(finding.siteid or "", (0, 0))
        counts[finding.siteid or ""] = (number + 1, new + finding.new)
    return tuple(SiteCount(siteid, number, new) for siteid, (number, new) in sorted(counts.items()))
