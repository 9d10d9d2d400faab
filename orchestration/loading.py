"""One load through the Dagster job, in this process: what `mrbs load`, the demo and the tests call.

The run is recorded in the Dagster instance of DAGSTER_HOME like any other, so the UI shows it. What the load does
stands in `assets` and `checks`; how its outcome reads on a terminal stands in `summary`.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration import progress
from orchestration.ingestion.settings import Settings
from validation.catalogue import rule_by_id

if TYPE_CHECKING:
    from dagster import DagsterInstance, ExecuteInProcessResult


class Outcome(IntEnum):
    """How a load ended; the values are the exit codes of `mrbs load`."""

    PUBLISHED = 0
    FAILED = 1
    HELD_BACK = 2
    WITHOUT_PAGES = 3  # published, and then the monitors' pages could not be made


@dataclass(frozen=True)
class LoadResult:
    """A finished load: `messages` say what went wrong, one sentence each."""

    outcome: Outcome
    run_id: str
    messages: tuple[str, ...] = ()


def prepare_dagster_home(settings: Settings) -> Path:
    """DAGSTER_HOME, or a folder beside the warehouse; an empty one gets this project's dagster.yaml."""
    home = Path(os.environ.get("DAGSTER_HOME") or settings.warehouse_dir / "dagster").resolve()
    home.mkdir(parents=True, exist_ok=True)
    os.environ["DAGSTER_HOME"] = str(home)
    if not (home / "dagster.yaml").exists():
        shutil.copy(Path(__file__).with_name("dagster.yaml"), home / "dagster.yaml")
    return home


def open_instance(home: Path) -> DagsterInstance:
    """The Dagster instance of DAGSTER_HOME, opened by one process at a time.

    The first one makes its SQLite tables, and Dagster does not expect company: of two loads that began together on a
    new folder, one failed with "table backfill_tags already exists".
    """
    import dagster as dg

    with (home / "opening.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        return dg.DagsterInstance.get()


def run_load(
    load_date: date | None = None,
    lock_wait_seconds: int = 3600,
    listener: progress.Listener = lambda step, message: None,
    instance: DagsterInstance | None = None,
    full: bool = False,
) -> LoadResult:
    """Run one load over the folders that the environment names.

    `full` derives and checks everything, also when nothing has changed. The run is recorded in `instance`; the
    default is the one in DAGSTER_HOME.

    Raises:
        SettingsError: the environment names something that isn't there.
    """
    settings = Settings.from_environment()
    settings.warehouse_dir.mkdir(parents=True, exist_ok=True)
    home = prepare_dagster_home(settings)
    listener("start", "starting Dagster")
    from orchestration.automation.dead_loads import fail_dead_loads
    from orchestration.automation.jobs import NIGHTLY_LOAD
    from orchestration.checks.run_tags import PUBLISHED_LOAD
    from orchestration.definitions import defs

    config: dict[str, object] = {"lock_wait_seconds": lock_wait_seconds, "full": full}
    if load_date is not None:
        config["load_date"] = load_date.isoformat()
    with instance or open_instance(home) as recorded_in, progress.listening(listener):
        for run_id in fail_dead_loads(recorded_in):
            listener("start", f"load {run_id[:8]} had been killed: marked as failed, its work is done again now")
        result = defs.resolve_job_def(NIGHTLY_LOAD).execute_in_process(
            instance=recorded_in,
            run_config={
                "resources": {"load": {"config": config}},
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            },
            tags={"mrbs/started_by": "mrbs load"},
            raise_on_error=False,
        )
        run = recorded_in.get_run_by_id(result.run_id)
        return _result(result, published=run is not None and PUBLISHED_LOAD in run.tags)


def _result(result: ExecuteInProcessResult, *, published: bool) -> LoadResult:
    if result.success:
        return LoadResult(Outcome.PUBLISHED, result.run_id)
    broken = [
        f"{evaluation.check_name} on {evaluation.asset_key.to_user_string()}: {evaluation.description}"
        for evaluation in result.get_asset_check_evaluations()
        if not evaluation.passed and rule_by_id()[evaluation.check_name].blocking
    ]
    if broken:
        return LoadResult(Outcome.HELD_BACK, result.run_id, tuple(broken))
    outcome = Outcome.WITHOUT_PAGES if published else Outcome.FAILED
    return LoadResult(outcome, result.run_id, tuple(_failures(result)))


def _failures(result: ExecuteInProcessResult) -> list[str]:
    """The innermost message of every failure: what a person can act on, without Dagster's wrapping."""
    import dagster as dg

    messages: list[str] = []
    for event in result.all_events:
        if event.event_type in {dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.RUN_FAILURE}:
            error = getattr(event.event_specific_data, "error", None)
            while error is not None and error.cause is not None:
                error = error.cause
            if error is not None:
                messages.append(error.message.strip())
    return list(dict.fromkeys(messages)) or ["the load failed; its run in Dagster says where"]
