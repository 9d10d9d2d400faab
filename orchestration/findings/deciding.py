"""Accept, reopen or comment: one finding, or all of a rule at a site.

All of a rule at a site are those a person can see now: each becomes a decision of its own, about its own value, and
what the rule finds there tomorrow is new and open. From files belongs in `importing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from orchestration.findings.decision_files import decision_id, utc_now, write_decisions
from orchestration.findings.standing import (
    MEANT,
    DecisionRefusedError,
    Finding,
    Standing,
    objection,
    objection_to,
    standing,
)
from orchestration.ingestion.settings import Settings
from validation.decisions import Decision

COMMAND_LINE = "command line"


@dataclass(frozen=True)
class About:
    """What a decision is about: a finding, or a rule at a site."""

    finding_id: str | None = None
    rule_id: str | None = None
    siteid: str | None = None


def decide(
    settings: Settings, kind: str, about: About, *, by: str, reason: str, until: date | None = None,
    taken_from: str = COMMAND_LINE,
) -> list[tuple[Decision, Finding]]:  # fmt: skip
    """Decide, and give back each decision with the finding it is about. The next load takes them in.

    `kind` is ACCEPT, REOPEN or COMMENT; `until` the last day of an acceptance.

    Raises:
        DecisionRefusedError: there is nothing like that to decide about; the message says what there is.
        FileNotFoundError: nothing has been published yet.
    """
    by, reason = one_line(by), one_line(reason)
    with standing(settings) as now:
        if wrong := objection(kind, by, reason, until, now.last_load):
            raise DecisionRefusedError(wrong)
        findings = _meant(now, kind, about)
    moment = utc_now()
    made = [make(kind, finding, by, reason, until, moment, taken_from) for finding in findings]
    write_decisions(settings, made)
    return list(zip(made, findings, strict=True))


def make(
    kind: str, finding: Finding, by: str, reason: str, until: date | None, moment: datetime, taken_from: str,
    *, once: bool = False,
) -> Decision:  # fmt: skip
    """A decision about this finding and the value it has. `once`: saying the same again is the same decision."""
    return Decision(
        decision_id=decision_id(finding.finding_id, kind, by, reason, until, "" if once else moment.isoformat()),
        decided_at=moment,
        decision=kind,
        finding_id=finding.finding_id,
        rule_id=finding.rule_id,
        siteid=finding.siteid,
        value=finding.value,
        decided_by=by,
        reason=reason,
        until=until,
        taken_from=taken_from,
    )


def one_line(text: str) -> str:
    """Words without line breaks, needless blanks and what a terminal would take for a command."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _meant(now: Standing, kind: str, about: About) -> Sequence[Finding]:
    if about.finding_id and not (about.rule_id or about.siteid):
        finding = now.findings([about.finding_id]).get(about.finding_id)
        if finding is None:
            raise DecisionRefusedError(now.no_such_finding(about.finding_id))
        if wrong := objection_to(kind, finding):
            raise DecisionRefusedError(wrong)
        return [finding]
    if about.rule_id and about.siteid and not about.finding_id:
        rule_id = about.rule_id.upper()
        findings = [one for one in now.findings_of(rule_id, about.siteid) if one.status in MEANT[kind]]
        if not findings:
            raise DecisionRefusedError(now.nothing_to_decide(kind, rule_id, about.siteid))
        return findings
    raise DecisionRefusedError("name one finding by its id, or all of a rule at a site with --rule and --site together")
