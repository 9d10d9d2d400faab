"""The Dagster code location: every asset, check, job, schedule and sensor of the warehouse, wired together.

Nothing is decided here; look in `assets`, `checks` and `automation`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg

from orchestration.assets.derived import derive_step
from orchestration.assets.publication import publish_step
from orchestration.assets.raw import land
from orchestration.assets.report import report_step
from orchestration.assets.review_pages import review_step
from orchestration.automation.dead_loads import dead_load_sweep
from orchestration.automation.jobs import nightly_load
from orchestration.automation.news import news
from orchestration.automation.report_runs import report_after_publication, report_job
from orchestration.automation.schedules import nightly_schedule
from orchestration.checks.rules import check_step
from orchestration.resources import Load


def build_defs(overrides: Mapping[str, Any] | None = None) -> dg.Definitions:
    """The code location; `overrides` replaces resources by name (tests)."""
    return dg.Definitions(
        assets=[land, derive_step(), publish_step(), review_step, report_step],
        asset_checks=[check_step()],
        jobs=[nightly_load, report_job],
        schedules=[nightly_schedule],
        sensors=[dead_load_sweep, news, report_after_publication],
        resources={"load": Load.configure_at_launch(), **(overrides or {})},
        executor=dg.in_process_executor,
    )


defs = build_defs()
