"""`mrbs verify`: what is published beside a second derivation of it, outside a load.

A load does the same as rule INV08 before it publishes. This is for a person who wants to see it for the publication
that stands, or for everyone from the first raw row on. It publishes nothing and opens no finding.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from orchestration.ingestion.lock import hold_lock
from orchestration.ingestion.settings import Settings
from orchestration.publication.publish import CURRENT, FILE

RULE = "INV08"


class NothingPublishedError(RuntimeError):
    """There is no publication to verify."""


@dataclass(frozen=True)
class Verification:
    """What was compared and what differs: one sentence a value, with the subject, the visit and both values."""

    load_id: str
    is_latest_load: bool
    subjects: int
    derived_again: int
    values_compared: int
    disagreements: tuple[str, ...]


def verify_published(
    settings: Settings,
    everyone: bool,
    wait_seconds: int = 0,
    report: Callable[[str], None] = lambda message: None,
) -> Verification:
    """Derive a second time whom raw has changed, or `everyone`, and compare all of it with the current publication.

    Raises:
        NothingPublishedError: nothing was ever published.
        LoadLocked: a load is under way, and still was after `wait_seconds`.
    """
    from validation.agreement import comparison_frames, renew
    from validation.catalogue import rule_by_id
    from validation.rule import ANALYSIS
    from validation.runner import run_stage

    published = settings.warehouse_dir / CURRENT
    if not published.exists():
        raise NothingPublishedError(f"nothing is published in {settings.warehouse_dir} yet: run `mrbs load` first")
    load_id = published.resolve().name
    with (
        hold_lock(settings, owner="mrbs verify", wait_seconds=wait_seconds, report=report),
        duckdb.connect(str(settings.working_file)) as connection,
    ):
        connection.execute(f"attach '{published / FILE}' as candidate (read_only)")
        latest = connection.execute("select max_by(load_id, started_at) from raw.loads").fetchone()
        renewal = renew(connection, everyone=everyone, report=report)
        frames = comparison_frames(connection)
        outcomes = run_stage(ANALYSIS, connection, frames=frames, rules=[rule_by_id()[RULE]])
    return Verification(
        load_id=load_id,
        is_latest_load=latest == (load_id,),
        subjects=renewal.subjects,
        derived_again=renewal.derived_again,
        values_compared=sum(outcome.rows_checked for outcome in outcomes),
        disagreements=tuple(text for outcome in outcomes for text in outcome.violations.get_column("message")),
    )
