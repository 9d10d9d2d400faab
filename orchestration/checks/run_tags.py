"""What the run list shows of a load: how its checks ended, since Dagster calls a run with failed checks a success, and
whether it published, since a step after the publication may fail.

The words are tags of the run, which the run list shows and can be filtered by. Each check says more on its own page.
"""

from __future__ import annotations

from collections.abc import Sequence

from validation.outcome import NOT_RUN
from validation.summary import ERROR, RuleSummary

CHECKS = "mrbs/checks"
NEW_FINDINGS = "mrbs/new_findings"
OVERDUE_FINDINGS = "mrbs/overdue_findings"
DECISIONS = "mrbs/decisions"
# On every run that replaced what people read: the load's id, which names its folder in publications/.
PUBLISHED_LOAD = "mrbs/published"


def run_tags(summaries: Sequence[RuleSummary], files_damaged: int = 0) -> dict[str, str]:
    """The tags of a load whose checks came to this; `files_damaged`: files of decisions that it could not read."""
    findings = [summary for summary in summaries if not summary.blocking]
    damaged = {DECISIONS: f"{files_damaged} files can't be read"} if files_damaged else {}
    return damaged | {
        CHECKS: _checks(summaries),
        NEW_FINDINGS: str(sum(summary.new for summary in findings)),
        OVERDUE_FINDINGS: str(sum(summary.overdue for summary in findings)),
    }


def _checks(summaries: Sequence[RuleSummary]) -> str:
    """Worst first: what holds the publication back, what is red, what was not run, what is known and in time."""
    failed = [summary for summary in summaries if not summary.passed]
    broken = sorted({summary.rule.rule_id for summary in failed if summary.blocking})
    not_run = [summary for summary in failed if summary.outcome == NOT_RUN]
    ran = [summary for summary in failed if summary.outcome != NOT_RUN and not summary.blocking]
    red = [summary for summary in ran if summary.severity == ERROR]
    parts = [f"held back by {' '.join(broken)}"] if broken else []
    parts += [f"{len(red)} red"] if red else []
    parts += [f"{len(not_run)} not run"] if not_run else []
    parts += [f"{len(ran) - len(red)} known"] if len(ran) > len(red) else []
    return ", ".join(parts) or "all passed"
