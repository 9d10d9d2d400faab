"""Landings that kill themselves with SIGKILL before the so-manieth call of a function; run as a process of its own.

    python -m tests.orchestration.ingestion.killed_landing FOLDER WAREHOUSE:MODULE:FUNCTION:CALL ...

Each is a process of its own, forked from this one once the imports are done. It runs no handler and closes no file:
to the disk it is what a crash would be. Prints the signal that ended each, one a line.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from orchestration.ingestion.landing import land
from orchestration.ingestion.settings import Settings


def landing_that_dies(folder: Path, warehouse: Path, module: str, function: str, call: int) -> None:
    owner = import_module(f"orchestration.ingestion.{module}")
    *path, name = function.split(".")
    for part in path:
        owner = getattr(owner, part)
    original = getattr(owner, name)
    calls = 0

    def strike(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*arguments, **named)

    setattr(owner, name, strike)
    land(Settings(folder / "landing", warehouse, folder / "sites.yml", 0), date(2026, 12, 31), "killed")


if __name__ == "__main__":
    for point in sys.argv[2:]:
        warehouse, module, function, call = point.split(":")
        process = os.fork()
        if process == 0:
            landing_that_dies(Path(sys.argv[1]), Path(warehouse), module, function, int(call))
            os._exit(0)
        _, status = os.waitpid(process, 0)
        print(os.WTERMSIG(status), flush=True)
