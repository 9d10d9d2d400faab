"""A load whose process was killed is found by its process and closed; a living one is left alone."""

from __future__ import annotations

import os
import subprocess
import sys

import dagster as dg
import pytest

from orchestration.automation.dead_loads import fail_dead_loads
from orchestration.automation.jobs import NIGHTLY_LOAD


@dg.op
def nothing() -> None:
    """An op to make a job of."""


@dg.job(name=NIGHTLY_LOAD)
def a_load() -> None:
    """A job with the load's name."""
    nothing()


def started_run(instance: dg.DagsterInstance, pid: int) -> str:
    """A run that process `pid` has started and not ended."""
    from dagster._core.events import DagsterEvent, EngineEventData

    run = instance.create_run_for_job(a_load)
    for kind in (dg.DagsterEventType.PIPELINE_START, dg.DagsterEventType.ENGINE_EVENT):
        event = DagsterEvent(
            event_type_value=kind.value,
            job_name=NIGHTLY_LOAD,
            event_specific_data=EngineEventData(metadata={}) if kind == dg.DagsterEventType.ENGINE_EVENT else None,
            pid=pid,
        )
        instance.report_dagster_event(event, run_id=run.run_id)
    return run.run_id


def a_dead_process() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def a_zombie() -> int:
    """Killed, and not collected by its parent: it still has an entry in the process table."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    return child.pid


@pytest.mark.parametrize("process", [a_dead_process, a_zombie])
def test_a_dead_load_is_failed(process: object) -> None:
    assert callable(process)
    with dg.instance_for_test() as instance:
        run_id = started_run(instance, process())
        assert fail_dead_loads(instance) == [run_id]
        run = instance.get_run_by_id(run_id)
        assert run is not None
        assert run.status == dg.DagsterRunStatus.FAILURE


def test_a_living_load_is_left_alone() -> None:
    with dg.instance_for_test() as instance:
        run_id = started_run(instance, os.getpid())
        assert fail_dead_loads(instance) == []
        run = instance.get_run_by_id(run_id)
        assert run is not None
        assert run.status == dg.DagsterRunStatus.STARTED


def test_a_load_that_was_being_cancelled_is_cancelled() -> None:
    with dg.instance_for_test() as instance:
        run_id = started_run(instance, a_dead_process())
        run = instance.get_run_by_id(run_id)
        assert run is not None
        instance.report_run_canceling(run)
        assert fail_dead_loads(instance) == [run_id]
        closed = instance.get_run_by_id(run_id)
        assert closed is not None
        assert closed.status == dg.DagsterRunStatus.CANCELED
