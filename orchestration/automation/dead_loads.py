"""Loads whose process is gone: found and marked failed, so that they never hold the queue.

Dagster's default launcher does not watch its processes from outside: a run whose process was killed stays "started"
and, with one load at a time, the next one waits for it for ever. What a load leaves behind on disk needs no
clearing away; the next load starts from the last committed state.
"""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg

UNFINISHED = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]


def fail_dead_loads(instance: dg.DagsterInstance) -> list[str]:
    """Mark every started run whose process no longer lives on this machine as failed; returns their run ids.

    Every run, not only the nightly job's: a single step that somebody runs by hand holds the queue like a load.
    """
    dead = []
    for run in instance.get_runs(filters=dg.RunsFilter(statuses=UNFINISHED)):
        process = _process_of(instance, run.run_id)
        if process is None or _is_alive(process):
            continue
        message = f"The process of this run (pid {process}) is gone: it was killed. The next load repeats its work."
        if run.status == dg.DagsterRunStatus.CANCELING:
            instance.report_run_canceled(run, message=message)
        else:
            instance.report_run_failed(run, message=message)
        dead.append(run.run_id)
    return dead


def _process_of(instance: dg.DagsterInstance, run_id: str) -> int | None:
    """The pid that last wrote an event of the run; None before its process has written one."""
    processes = [
        entry.dagster_event.pid
        for entry in instance.all_logs(run_id, of_type=dg.DagsterEventType.ENGINE_EVENT)
        if entry.dagster_event is not None and entry.dagster_event.step_key is None
    ]
    started = [
        entry.dagster_event.pid
        for entry in instance.all_logs(run_id, of_type=dg.DagsterEventType.RUN_START)
        if entry.dagster_event is not None
    ]
    return (started or processes or [None])[-1]


def _is_alive(process: int) -> bool:
    """A zombie (killed, not yet collected by its parent) does not count as alive."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return _exists(process) if not Path("/proc/self").exists() else False
    return status.rpartition(")")[2].split()[0] not in {"Z", "X"}


def _exists(process: int) -> bool:
    """For systems without /proc."""
    import os

    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@dg.sensor(
    name="dead_load_sweep",
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Marks a load whose process was killed as failed, so that the next one starts.",
)
def dead_load_sweep(context: dg.SensorEvaluationContext) -> Iterator[dg.SkipReason]:
    """Every half minute; costs one query when nothing is wrong."""
    dead = fail_dead_loads(context.instance)
    yield dg.SkipReason(f"marked as failed: {', '.join(dead)}" if dead else "no dead loads")
