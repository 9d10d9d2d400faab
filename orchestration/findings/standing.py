"""How findings stand: as published, with what people have decided since, and what can be decided about them.

Reads the published database and the files of decisions, never the working file: so it never waits for a load. The
sentences of a refusal say what is there instead. Writing decisions belongs in `deciding` and `importing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

import duckdb

from orchestration.findings.decision_files import DecisionFileDamagedError, read_decisions
from orchestration.ingestion.settings import Settings
from orchestration.summary import open_published
from validation.catalogue import rule_by_id
from validation.decisions import ACCEPT, ACCEPTED, COMMENT, OPEN, REOPEN, REOPENED, RESOLVED, Decision, effect_of

# The status a finding must have.
DECIDABLE = {ACCEPT: (OPEN, ACCEPTED), REOPEN: (ACCEPTED,), COMMENT: (OPEN, ACCEPTED, RESOLVED)}
# Of all findings of a rule at a site, those that are meant.
MEANT = {ACCEPT: (OPEN,), REOPEN: (ACCEPTED,), COMMENT: (OPEN, ACCEPTED)}
_INVARIANT = (
    "{rule} is an invariant: when it fails, the warehouse is wrong and nothing is published, so nobody can accept it; "
    "tell the data engineers"
)


class DecisionRefusedError(ValueError):
    """This can't be decided; the message says why and what could be."""


@dataclass(frozen=True)
class Finding:
    """One finding; `status` is what it will be when the next load has taken in what has been decided."""

    finding_id: str
    rule_id: str
    siteid: str | None
    status: str
    value: str | None
    message: str


class Standing:
    """The published findings and the decisions that no load has taken in yet."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, decisions: list[Decision], damaged: Sequence[Exception] = ()
    ) -> None:
        self.connection = connection
        self.damaged = [str(error) for error in damaged]
        self.last_load: date = connection.execute("select clockdt from metadata.run").fetchall()[0][0]
        self.effects = self._effects()
        self.known = self.effects.keys() | {decision.decision_id for decision in decisions}
        self._waiting: dict[str, list[Decision]] = {}
        for decision in decisions:
            if decision.decision_id not in self.effects:
                self._waiting.setdefault(decision.finding_id, []).append(decision)

    def _effects(self) -> dict[str, str]:
        """What came of each decision that a load has taken in. A publication can be older than that table."""
        try:
            rows = self.connection.execute("select decision_id, effect from quality.decisions").fetchall()
        except duckdb.CatalogException:
            return {}
        return dict(rows)

    def findings(self, finding_ids: Iterable[str]) -> dict[str, Finding]:
        """Those of these findings that there are, by their ids."""
        found = self._read("finding_id in (select unnest($ids))", {"ids": list(finding_ids)})
        return {finding.finding_id: finding for finding in found}

    def findings_of(self, rule_id: str, siteid: str) -> list[Finding]:
        return self._read("rule_id = $rule and siteid = $site", {"rule": rule_id, "site": siteid})

    def waiting(self) -> list[tuple[Decision, Finding]]:
        """The decisions that no load has taken in yet, oldest first, and the findings that they are about."""
        findings = self.findings(self._waiting)
        decisions = [decision for made in self._waiting.values() for decision in made]
        return [
            (decision, findings[decision.finding_id])
            for decision in sorted(decisions, key=lambda decision: decision.decided_at)
            if decision.finding_id in findings  # one that the ledger has lost waits until it is there again
        ]

    def _read(self, condition: str, given: dict[str, object]) -> list[Finding]:
        rows = self.connection.execute(
            f"""
            select finding_id, rule_id, siteid, status, value, message
            from quality.findings where {condition} order by finding_id
            """,
            given,
        ).fetchall()
        return [self._as_decided(Finding(*row)) for row in rows]

    def _as_decided(self, finding: Finding) -> Finding:
        for decision in self._waiting.get(finding.finding_id, ()):
            effect = effect_of(decision, finding.status, finding.value, self.last_load)
            if effect in (ACCEPTED, REOPENED):
                finding = replace(finding, status=ACCEPTED if effect == ACCEPTED else OPEN)
        return finding

    def no_such_finding(self, finding_id: str) -> str:
        """A sentence for an id that is no finding's."""
        rule_id = finding_id.partition("-")[0].upper()
        rule = rule_by_id().get(rule_id)
        if rule is not None and rule.blocking:
            return f"{finding_id} is no finding: {_INVARIANT.format(rule=rule_id)}"
        counts = self._count("rule_id = $rule", "status", {"rule": rule_id})
        if not counts:
            return f"there is no finding {finding_id}; `mrbs findings --status ALL` lists those there are, by their ids"
        return (
            f"there is no finding {finding_id}; of {rule_id} there are {_in_words(counts)}, and "
            f"`mrbs findings --rule {rule_id} --status ALL` lists them"
        )

    def nothing_to_decide(self, kind: str, rule_id: str, siteid: str) -> str:
        """A sentence for a rule and a site at which nothing can be decided."""
        rule = rule_by_id().get(rule_id)
        if rule is None:
            there = ", ".join(self._count("status <> 'RESOLVED'", "rule_id", {})) or "none"
            return f"there is no rule {rule_id}; rules with findings that are not resolved: {there}"
        if rule.blocking:
            return _INVARIANT.format(rule=rule_id)
        sites = [row[0] for row in self.connection.execute(SITES).fetchall()]
        if siteid not in sites:
            return f"there is no site {siteid}; sites that delivered or have findings: {', '.join(sites) or 'none'}"
        given: dict[str, object] = {"rule": rule_id, "site": siteid}
        here = _in_words(self._count("rule_id = $rule and siteid = $site", "status", given))
        elsewhere = self._count("rule_id = $rule and status <> 'RESOLVED'", "siteid", {"rule": rule_id})
        return (
            f"{rule_id} has nothing to {kind.lower()} at {siteid}: there it has {here}; findings of it that are not "
            f"resolved, by site: {_in_words(elsewhere)}"
        )

    def _count(self, condition: str, column: str, given: dict[str, object]) -> dict[str, int]:
        query = f"select {column}, count(*) from quality.findings where {condition} group by {column} order by {column}"
        rows = self.connection.execute(query, given).fetchall()
        return {str(name): count for name, count in rows}


SITES = """
select siteid from quality.findings where siteid is not null
union
select siteid from quality.deliveries where siteid is not null
order by siteid
"""


@contextmanager
def standing(settings: Settings, *, whatever_is_damaged: bool = False) -> Iterator[Standing]:
    """How findings stand now. Who only shows it goes on without damaged files, and shows that (`damaged`).

    Raises:
        FileNotFoundError: nothing has been published yet.
        DecisionFileDamagedError: a file of decisions can't be read.
    """
    damaged: list[DecisionFileDamagedError] = []
    decisions = read_decisions(settings, damaged if whatever_is_damaged else None)
    with open_published(settings.published_file) as connection:
        yield Standing(connection, decisions, damaged)


def objection(kind: str, by: str, reason: str, until: date | None, last_load: date) -> str | None:
    """What is wrong with a decision, whatever it is about; None when nothing is."""
    if not by:
        return "a decision needs the name of who decides (by)"
    if not reason:
        return "a decision needs a reason"
    if kind == ACCEPT and until is None:
        return "an acceptance needs the last day on which it holds (until), written like 2026-11-21"
    if kind != ACCEPT and until is not None:
        return f"only an acceptance has a last day (until); this is to {kind.lower()}"
    if until is not None and until < last_load:
        return f"until {until} is before the latest load ({last_load}): an acceptance needs a last day still to come"
    return None


def objection_to(kind: str, finding: Finding) -> str | None:
    """Why this can't be decided about this finding; None when it can."""
    if finding.status in DECIDABLE[kind]:
        return None
    if finding.status == RESOLVED:
        return f"{finding.finding_id} is RESOLVED: its data are mended, and it opens by itself when they break again"
    return f"{finding.finding_id} is {finding.status}: only an accepted finding can be reopened"


def _in_words(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items()) or "none"
