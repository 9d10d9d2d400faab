"""A load that kills itself with SIGKILL when it reports something that matches a pattern; run as a process of its own.

    python -m tests.support.killed_load PATTERN LOAD_DATE [recorded]

A kill from outside would strike somewhere near the stage meant; this one strikes exactly there, and is just as real:
no handler runs, no file is closed. `recorded`: in the Dagster instance of DAGSTER_HOME, where it stays as started.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from datetime import date

import dagster as dg

from orchestration.loading import run_load


def main(pattern: str, load_date: str, recorded: bool) -> None:
    def strike(step: str, message: str) -> None:
        if re.search(pattern, f"{step}: {message}"):
            os.kill(os.getpid(), signal.SIGKILL)

    instance = None if recorded else dg.DagsterInstance.ephemeral()
    run_load(date.fromisoformat(load_date), listener=strike, instance=instance)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], recorded="recorded" in sys.argv[3:])
