"""Decisions that people have made since the latest load: the next one takes them in, and until then they wait.

Neither a decision's reason nor a comment is shown: they are typed by people.
"""

from __future__ import annotations

from orchestration.findings.standing import Standing
from orchestration.review.pages.page import Row
from orchestration.review.pages.wording import number_of

WILL_BE = {"OPEN": "will be open", "ACCEPTED": "will be accepted", "RESOLVED": "is resolved"}


def waiting_line(waiting: list[Row]) -> list[str]:
    """A line about the waiting decisions, if there are any."""
    if not waiting:
        return []
    said = number_of(len(waiting), "decision waits", "decisions wait")
    return [f"{said} for the next load; see the last table, or `mrbs findings decisions`"]


def waiting_rows(standing: Standing) -> list[Row]:
    """One row per waiting decision, newest first; what the finding will be after all of them."""
    return [
        {
            "decision": f"{decision.decision}{f' until {decision.until}' if decision.until else ''}",
            "finding": finding.message,
            "standing": f"{WILL_BE[finding.status]} with the next load",
            "by": decision.decided_by,
            "id": finding.finding_id,
        }
        for decision, finding in reversed(standing.waiting())
    ]
