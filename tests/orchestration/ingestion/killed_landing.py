"""A landing that kills itself with SIGKILL before the so-manieth call of a function; run as a process of its own.

    python -m tests.orchestration.ingestion.killed_landing FOLDER WAREHOUSE MODULE FUNCTION CALL

No handler runs and no file is closed: to the disk it is the same as a power failure of this process.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from orchestration.ingestion import land
from orchestration.ingestion.settings import Settings


def main(folder: Path, warehouse: Path, module: str, function: str, call: int) -> None:
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
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5]))
