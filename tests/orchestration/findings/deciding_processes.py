"""Processes that keep decisions, for tests that kill them or let several run at once.

    python -m tests.orchestration.findings.deciding_processes die WAREHOUSE STEP CALL ...
    python -m tests.orchestration.findings.deciding_processes go-on WAREHOUSE NAME

`die`: for each step and call one process, forked once the imports are done, that keeps one act of many decisions and
strikes itself with SIGKILL before that call of that step; prints the signal that ended each. `go-on`: act after act
without end; prints the number of each act once it is kept.
"""

from __future__ import annotations

import os
import signal
import sys
from itertools import count
from pathlib import Path
from typing import Any

from orchestration.findings import decision_files
from orchestration.findings.decision_files import decision_id, utc_now, write_decisions
from orchestration.ingestion.settings import Settings
from validation.decisions import COMMENT, Decision

DECISIONS_OF_AN_ACT = 300
STEPS = {
    "open": (Path, "open"),
    "fsync": (os, "fsync"),
    "fchmod": (os, "fchmod"),
    "replace": (Path, "replace"),
    "sync folder": (decision_files, "sync_folder"),
}


def act(name: str, number: int) -> list[Decision]:
    """One act: many decisions of one person."""
    moment = utc_now()
    return [
        Decision(
            decision_id=decision_id(f"VAL02-{which}", COMMENT, name, f"act {number}", None, moment.isoformat()),
            decided_at=moment,
            decision=COMMENT,
            finding_id=f"VAL02-{which}",
            rule_id="VAL02",
            siteid="S01",
            value=None,
            decided_by=name,
            reason=f"act {number}",
            until=None,
            taken_from="command line",
        )
        for which in range(DECISIONS_OF_AN_ACT)
    ]


def settings_of(warehouse: str | Path) -> Settings:
    return Settings(Path(), Path(warehouse), Path())


def die(warehouse: str, step: str, call: int) -> None:
    owner, name = STEPS[step]
    original = getattr(owner, name)
    calls = count(1)

    def strike(*arguments: Any, **named: Any) -> Any:
        if next(calls) == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*arguments, **named)

    setattr(owner, name, strike)
    write_decisions(settings_of(warehouse), act("killed", call))


def main(what: str, warehouse: str, *more: str) -> None:
    if what == "go-on":
        for number in count():
            write_decisions(settings_of(warehouse), act(more[0], number))
            print(number, flush=True)
    for step, call in zip(more[::2], more[1::2], strict=True):
        process = os.fork()
        if process == 0:
            die(warehouse, step, int(call))
            os._exit(0)
        _, status = os.waitpid(process, 0)
        print(os.WTERMSIG(status), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
