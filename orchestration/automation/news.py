"""After every load, what is new, to a webhook and by e-mail: a sensor, off until somebody switches it on.

Dagster OSS tells nobody of failed checks that don't block. Each channel keeps its own place in the cursor, so a mail
server that is down costs the webhook nothing, and the mail goes out when it is up again. What is said belongs in
`news_text`, how it is sent in `channels`.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from orchestration.automation.channels import channels
from orchestration.automation.jobs import NIGHTLY_LOAD
from orchestration.automation.news_text import News, news_of_failure, news_of_load
from orchestration.ingestion.settings import Settings

ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
NOBODY = "switched on, but nobody to tell: set MRBS_NEWS_WEBHOOK or MRBS_NEWS_MAIL_TO (docs/running-nightly.md)"


class NotToldError(RuntimeError):
    """No channel could be reached."""


@dg.sensor(
    name="news",
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Posts what is new after every load (webhook, e-mail). First set MRBS_NEWS_WEBHOOK or _MAIL_TO.",
)
def news(context: dg.SensorEvaluationContext) -> Iterator[dg.SkipReason]:
    """Tell every channel of every load that has ended since it was last told."""
    told = {name: datetime.fromisoformat(moment) for name, moment in json.loads(context.cursor or "{}").items()}
    problems: list[str] = []
    sent = 0
    there = channels()
    for channel in there:
        # A channel that is new hears of the loads to come, not of years of nights.
        told.setdefault(channel.name, datetime.now(UTC))
        try:
            for moment, text in _ended_since(context.instance, told[channel.name]):
                channel.send(text)
                told[channel.name] = moment
                sent += 1
        except OSError as error:
            problems.append(f"{channel.name}: {error}")
    if problems and not sent:
        # A red tick; the cursor stays where it was, and the next tick tries again.
        raise NotToldError(f"trying again at the next tick: {'; '.join(problems)}")
    context.update_cursor(json.dumps({name: moment.isoformat() for name, moment in sorted(told.items())}))
    if problems:
        yield dg.SkipReason(f"{sent} messages sent; trying again: {'; '.join(problems)}")
    else:
        yield dg.SkipReason(f"{sent} messages sent" if there else NOBODY)


def _ended_since(instance: dg.DagsterInstance, since: datetime) -> Iterator[tuple[datetime, News]]:
    """Loads that have ended since, the oldest first, each with what there is to say of it."""
    records = instance.get_run_records(
        filters=dg.RunsFilter(job_name=NIGHTLY_LOAD, statuses=ENDED, updated_after=since),
        order_by="update_timestamp",
        ascending=True,
    )
    for record in records:
        run = record.dagster_run
        if run.status == dg.DagsterRunStatus.SUCCESS:
            yield record.update_timestamp, news_of_load(Settings.from_environment().published_file)
        else:
            yield record.update_timestamp, news_of_failure(run.run_id, run.status.value, run.tags)
