"""The whole nightly load in the temporary warehouse, and what a data engineer needs of it: rows kept out of the
analysis and open findings, where a wrong map, date format or unit shows at once.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from orchestration.dry_run.temporary import Temporary
from orchestration.progress import Listener
from orchestration.summary import SEVERITIES, open_published

ROWS_SHOWN = 3
QUARANTINED = f"""
with numbered as (
    select
        *,
        -- A value stands in quotes or brackets; without it the reason says what kind of mistake it is.
        regexp_replace(reason, '''[^'']*''|"[^"]*"|\\([^)]*\\)', '…', 'g') as kind
    from quality.quarantine
    where list_contains($forms, form)
)

select
    form, rule_id, count(*) as rows,
    list((source_file, source_row, reason) order by source_file, source_row)[:{ROWS_SHOWN}]
from numbered
group by form, rule_id, kind
order by form, rows desc, rule_id, kind
"""
OPEN_RULES = """
select rule_id, severity, count(*), count(*) filter (where not list_contains($known, finding_id)),
    arg_min(message, (list_contains($known, finding_id), finding_id))
from quality.findings
where status = 'OPEN'
group by rule_id, severity
"""


class KeptRow(NamedTuple):
    """A row that is kept out of the analysis: where it stands, and why."""

    file: str | None
    row: int | None
    reason: str


class KeptOut(NamedTuple):
    """Rows of a form that are kept out for the same kind of reason: how many, and the first of them."""

    form: str
    rule_id: str
    rows: int
    first: tuple[KeptRow, ...]


class OpenRule(NamedTuple):
    """The open findings of a rule. `new` are those that are not open in what is published now; `example` is one."""

    rule_id: str
    severity: str
    open: int
    new: int
    example: str


@dataclass(frozen=True)
class WholeLoad:
    """What came of the load. Without a publication, `messages` say what went wrong, and there is nothing else."""

    published: bool
    messages: tuple[str, ...] = ()
    kept_out: tuple[KeptOut, ...] = ()
    open_rules: tuple[OpenRule, ...] = ()


def run_whole_load(
    temporary: Temporary, clock: date, forms: Collection[str], known: Collection[str], listener: Listener
) -> WholeLoad:
    """Derive, check and publish what has landed in the temporary warehouse. `forms` are those whose rows are of
    interest; `known` are the findings that are open without this delivery."""
    from orchestration.loading import Outcome, run_load

    with _environment(temporary.environment):
        result = run_load(clock, lock_wait_seconds=0, listener=listener)
    if result.outcome not in (Outcome.PUBLISHED, Outcome.WITHOUT_PAGES):
        return WholeLoad(published=False, messages=result.messages)
    kept_out, open_rules = _read(temporary.settings.published_file, forms, known)
    return WholeLoad(published=True, messages=result.messages, kept_out=kept_out, open_rules=open_rules)


@contextmanager
def _environment(changes: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(changes)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _read(
    published_file: Path, forms: Collection[str], known: Collection[str]
) -> tuple[tuple[KeptOut, ...], tuple[OpenRule, ...]]:
    with open_published(published_file) as connection:
        kept = connection.execute(QUARANTINED, {"forms": sorted(forms)}).fetchall()
        rules = connection.execute(OPEN_RULES, {"known": sorted(known)}).fetchall()
    kept_out = [
        KeptOut(form, rule_id, rows, tuple(KeptRow(*row) for row in first)) for form, rule_id, rows, first in kept
    ]
    return tuple(kept_out), tuple(
        sorted(
            (OpenRule(*row) for row in rules),
            key=lambda rule: (SEVERITIES.index(rule.severity), -rule.open, rule.rule_id),
        )
    )
