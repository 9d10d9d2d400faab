"""A load that kills itself with SIGKILL when it reports something that matches a pattern, in a process of its own.

    python -m tests.support.killed_load PATTERN LOAD_DATE [recorded]

A kill from outside would strike somewhere near the stage meant; this one strikes exactly there, and is just as real:
no handler runs, no file is closed. `recorded`: in the Dagster instance of DAGSTER_HOME, where it stays as started.
`kill_a_load` does the same for a test that kills many: its processes are forked from one that has imported everything.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import sys
from collections.abc import Mapping
from datetime import date

import dagster as dg

from orchestration.loading import run_load


def main(pattern: str, load_date: str, recorded: bool) -> None:
    def strike(step: str, message: str) -> None:
        if re.search(pattern, f"{step}: {message}"):
            os.kill(os.getpid(), signal.SIGKILL)

    instance = None if recorded else dg.DagsterInstance.ephemeral()
    run_load(date.fromisoformat(load_date), listener=strike, instance=instance)


def kill_a_load(pattern: str, load_date: date, settings: Mapping[str, str]) -> None:
    """Run a load with these settings (environment variables) and wait until it has killed itself."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(
        [__name__, "orchestration.definitions", "orchestration.derivation.build", "dbt.cli.main"]
    )
    load = processes.Process(target=_with_settings, args=(dict(settings), pattern, str(load_date)))
    load.start()
    load.join()
    assert load.exitcode == -signal.SIGKILL, f"the stage was never reached: {pattern}"


def _with_settings(settings: dict[str, str], pattern: str, load_date: str) -> None:
    os.environ.update(settings)
    main(pattern, load_date, recorded=False)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], recorded="recorded" in sys.argv[3:])
