"""The one schedule: every night at two, in the trial's time zone (MRBS_TIMEZONE), on from the first start."""

from __future__ import annotations

import dagster as dg

from orchestration.automation.jobs import nightly_load
from orchestration.resources import trial_timezone

nightly_schedule = dg.ScheduleDefinition(
    name="every_night_at_two",
    job=nightly_load,
    cron_schedule="0 2 * * *",
    execution_timezone=trial_timezone(),
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="The nightly load. A night that was missed is not lost: the next load takes every delivery it finds.",
)
