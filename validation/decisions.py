"""What people decide about findings, and what a decision does to one: accept, reopen, comment.

A decision is about one finding and the value a person saw. An acceptance takes the finding out of the open counts until
its value changes, it is mended, the day it holds until has passed, or a person reopens it; whatever ended it, it does
not come back into force by itself. A comment changes no status. Every decision is kept in working.ledger.decisions with
the effect it had when it was taken in, and never changed.

Where decisions are kept until a load takes them in, and who may make which, belongs to `orchestration.findings`; how a
finding opens and resolves belongs in `validation.ledger`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import polars as pl

# What a finding is.
OPEN = "OPEN"
RESOLVED = "RESOLVED"
ACCEPTED = "ACCEPTED"  # by a person, with a reason
STATUSES = (OPEN, RESOLVED, ACCEPTED)

# What a person decides.
ACCEPT = "ACCEPT"
REOPEN = "REOPEN"
COMMENT = "COMMENT"
KINDS = (ACCEPT, REOPEN, COMMENT)

# What came of it, besides ACCEPTED, and RESOLVED where it had been mended meanwhile.
REOPENED = "REOPENED"
NOTED = "NOTED"
VALUE_CHANGED = "VALUE CHANGED"
EXPIRED = "EXPIRED"
NOT_ACCEPTED = "NOT ACCEPTED"


@dataclass(frozen=True)
class Decision:
    """One decision about one finding. `value` is what the person saw, `until` the last day of an acceptance,
    `decided_at` a moment in UTC without a zone, `taken_from` the command line or a file and its row."""

    decision_id: str
    decided_at: datetime
    decision: str
    finding_id: str
    rule_id: str
    siteid: str | None
    value: str | None
    decided_by: str
    reason: str
    until: date | None
    taken_from: str


TABLE = """
create table if not exists working.ledger.decisions (
    decision_id varchar not null, decided_at timestamp not null, decision varchar not null, finding_id varchar not null,
    rule_id varchar not null, siteid varchar, value varchar, decided_by varchar not null, reason varchar not null,
    until date, taken_from varchar not null, effect varchar not null, applied_on date not null
)
"""

DECIDED = """
update working.ledger.findings as findings
set
    status = decided.status,
    decision_id = decided.decision_id,
    opened = case when findings.status = 'ACCEPTED' and decided.status = 'OPEN' then $clock else findings.opened end
from decided_findings as decided
where findings.finding_id = decided.finding_id
"""

# Through its last day an acceptance holds; the first load dated later opens the finding again.
EXPIRE = """
update working.ledger.findings as findings
set status = 'OPEN', decision_id = null, opened = $clock
from working.ledger.decisions as decisions
where
    findings.status = 'ACCEPTED'
    and decisions.decision_id = findings.decision_id
    and decisions.until < $clock
"""


def apply_decisions(connection: duckdb.DuckDBPyConnection, decisions: Sequence[Decision], clock: date) -> int:
    """Take in what the ledger has not taken in yet, end what has expired, and give back how many were new.

    Runs inside the transaction of `merge_findings`, after the night's sightings. A decision about a finding that the
    ledger does not know (its working file was lost) waits until the finding is there again.
    """
    connection.execute(TABLE)
    taken = {row[0] for row in connection.execute("select decision_id from working.ledger.decisions").fetchall()}
    waiting = [decision for decision in decisions if decision.decision_id not in taken]
    found = _findings(connection, waiting)
    new = [decision for decision in waiting if decision.finding_id in found]
    if new:
        _take_in(connection, new, found, clock)
    connection.execute(EXPIRE, {"clock": clock})
    return len(new)


def effect_of(decision: Decision, status: str, value: str | None, clock: date) -> str:
    """What a decision does to a finding of this status and value on this date."""
    if decision.decision == COMMENT:
        return NOTED
    if decision.decision == REOPEN:
        return REOPENED if status == ACCEPTED else NOT_ACCEPTED
    if status == RESOLVED:
        return RESOLVED
    if decision.value != value:
        return VALUE_CHANGED
    if decision.until is not None and decision.until < clock:
        return EXPIRED
    return ACCEPTED


@dataclass
class _Finding:
    status: str
    value: str | None
    decision_id: str | None


def _findings(connection: duckdb.DuckDBPyConnection, decisions: Sequence[Decision]) -> dict[str, _Finding]:
    rows = connection.execute(
        """
        select finding_id, status, value, decision_id
        from working.ledger.findings
        where finding_id in (select unnest($finding_ids))
        """,
        {"finding_ids": [decision.finding_id for decision in decisions]},
    ).fetchall()
    return {finding_id: _Finding(*rest) for finding_id, *rest in rows}


def _take_in(
    connection: duckdb.DuckDBPyConnection, decisions: Sequence[Decision], found: dict[str, _Finding], clock: date
) -> None:
    """One after the other, in the order in which they were made."""
    import polars as pl

    rows = []
    for decision in decisions:
        finding = found[decision.finding_id]
        effect = effect_of(decision, finding.status, finding.value, clock)
        if effect == ACCEPTED:
            finding.status, finding.decision_id = ACCEPTED, decision.decision_id
        elif effect == REOPENED:
            finding.status, finding.decision_id = OPEN, None
        rows.append((*astuple(decision), effect, clock))
    changed = [(finding_id, finding.status, finding.decision_id) for finding_id, finding in found.items()]
    text = dict.fromkeys(("finding_id", "status", "decision_id"), pl.String)
    connection.register("new_decisions", pl.DataFrame(rows, schema=_types(), orient="row").to_arrow())
    connection.register("decided_findings", pl.DataFrame(changed, schema=text, orient="row").to_arrow())
    try:
        connection.execute("insert into working.ledger.decisions by name from new_decisions")
        connection.execute(DECIDED, {"clock": clock})
    finally:
        connection.unregister("new_decisions")
        connection.unregister("decided_findings")


def _types() -> dict[str, pl.DataType]:
    """The columns of a decision that is taken in, in the order of its fields."""
    import polars as pl

    names = [*(field.name for field in fields(Decision)), "effect", "applied_on"]
    types: dict[str, pl.DataType] = dict.fromkeys(names, pl.String())
    return {**types, "decided_at": pl.Datetime("us"), "until": pl.Date(), "applied_on": pl.Date()}
