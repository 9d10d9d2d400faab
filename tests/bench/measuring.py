"""A command as a process of its own: how long it took, how much processor time and memory, and where the time went.

What a figure is compared with belongs in `__main__`.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

# A line of progress of `mrbs load`: seconds since the start, the stage, what happened.
PROGRESS = re.compile(r"^\s*([0-9.]+) s  (\w+)\s")


@dataclass(frozen=True)
class Measurement:
    """One finished process. `stages` are wall seconds by stage, in their order."""

    wall: float
    cpu: float
    peak_mib: float
    stages: dict[str, float] = field(default_factory=dict)


class CommandFailedError(RuntimeError):
    """The command that was to be measured did not work; the message ends with what it printed last."""


def measure(command: Sequence[str | Path], environment: Mapping[str, str], log: Path) -> Measurement:
    """Run a command to its end, its output kept in `log`.

    Raises:
        CommandFailedError: it ended with another exit code than 0.
    """
    with log.open("w", encoding="utf-8") as output:
        started = time.monotonic()
        process = subprocess.Popen(
            [str(part) for part in command], env={**os.environ, **environment}, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    printed = log.read_text(encoding="utf-8")
    if process.returncode != 0:
        raise CommandFailedError(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{printed[-2000:]}")
    return Measurement(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, _stages(printed, wall))


def _stages(printed: str, wall: float) -> dict[str, float]:
    """Seconds from the first line of a stage to the first line of the next."""
    begun: dict[str, float] = {}
    for line in printed.splitlines():
        found = PROGRESS.match(line)
        if found and found[2] not in begun:
            begun[found[2]] = float(found[1])
    ends = [*begun.values(), wall][1:]
    return {stage: end - begin for (stage, begin), end in zip(begun.items(), ends, strict=True)}
