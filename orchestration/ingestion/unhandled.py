"""Which deliveries a load has to look at: those with something that was not handled yet, and those about which an
earlier answer no longer holds. What becomes of them is decided in `intake`."""

from __future__ import annotations

import duckdb

from orchestration.ingestion import bookkeeping
from orchestration.ingestion.deliveries import LandedDelivery, Landing
from orchestration.ingestion.outcome import LoadContext, Task
from orchestration.ingestion.records import Knowledge

# Answers that depend on how a file was read.
READING_RULES = ("DEL01", "DEL02", "DEL03", "DEL07", "DEL13")


def tasks(
    connection: duckdb.DuckDBPyConnection, context: LoadContext, knowledge: Knowledge, landing: Landing
) -> list[Task]:
    """In the order of their dates, with what was said about each before."""
    found = [
        (delivery, all_anew)
        for delivery in landing.deliveries
        for has_news, all_anew in [_has_news(context, knowledge, delivery)]
        if has_news or all_anew
    ]
    verdicts, missing = bookkeeping.verdicts_about(connection, [delivery.key for delivery, _ in found])
    due = [
        Task(delivery, verdicts.get(delivery.key, []), missing.get(delivery.key, set()), all_anew)
        for delivery, all_anew in found
    ]
    return sorted(due, key=lambda task: (task.delivery.delivered, task.delivery.siteid))


def _has_news(context: LoadContext, knowledge: Knowledge, delivery: LandedDelivery) -> tuple[bool, bool]:
    """Whether something in the delivery was not handled yet, and whether an earlier answer no longer holds."""
    seen = knowledge.seen.get(delivery.key, {})
    refused = knowledge.refused.get(delivery.key, set())
    news = any(
        file.problem is not None or file.name not in seen or seen[file.name].state != file.state
        for file in delivery.files
    )
    unusable = context.register.unusable.get(delivery.siteid)
    if delivery.siteid not in context.register.sites and unusable is None:
        # Deliveries that were taken while the site was in the register stay what they are.
        return news or not (seen or any(verdict.rule_id == "DEL09" for verdict in refused)), False
    names_changed = {file.name for file in delivery.files if file.problem is None} != seen.keys()
    anew = any(
        verdict.rule_id == "DEL09"
        or (verdict.form is None and verdict.rule_id == "DEL01" and verdict.reason != unusable)
        or (verdict.rule_id == "DEL12" and delivery.delivered <= context.clock)
        or (verdict.rule_id == "DEL05" and (news or names_changed))
        for verdict in refused
    )
    return news or not delivery.files, anew or _is_read_otherwise(context, knowledge, delivery, unusable)


def _is_read_otherwise(
    context: LoadContext, knowledge: Knowledge, delivery: LandedDelivery, unusable: str | None
) -> bool:
    """Whether the register, or what was approved since, may make something of a file that was of no use before. Of a
    delivery that is not the latest nothing is taken any more."""
    latest = knowledge.latest.get(delivery.siteid)
    if unusable is not None or (latest is not None and delivery.delivered < latest):
        return False
    seen = knowledge.seen.get(delivery.key, {})
    holds_others = any(
        file.name in seen and seen[file.name].forms not in {None, ",".join(file.forms)} for file in delivery.files
    )
    return holds_others or any(
        verdict.form is not None
        and verdict.sha256 is not None
        and verdict.rule_id in READING_RULES
        and verdict.reading != context.readings.fingerprint(delivery.siteid, verdict.form)
        for verdict in knowledge.refused.get(delivery.key, ())
    )
