"""A load that kills itself with SIGKILL when it reports something that matches a pattern; run as a process of its own.

    python -m tests.support.killed_load PATTERN LOAD_DATE

A kill from outside would strike somewhere near the stage meant; this one strikes exactly there, and is just as real:
no handler runs, no file is closed.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from datetime import date

from orchestration.loading import run_load


def main(pattern: str, load_date: str) -> None:
    def strike(step: str, message: str) -> None:
        if re.search(pattern, f"{step}: {message}"):
            os.kill(os.getpid(), signal.SIGKILL)

    run_load(date.fromisoformat(load_date), listener=strike)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
