"""The one lock of a warehouse: whoever holds it may write, and everybody else can see who that is.

The kernel gives the lock back when its holder dies, however it dies; so a killed load never blocks the next.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from orchestration.ingestion.settings import Settings

POLL_SECONDS = 0.2


@dataclass(frozen=True)
class LockHolder:
    """Who holds the lock, as that process wrote it down."""

    owner: str
    pid: int
    since: str

    def __str__(self) -> str:
        return f"{self.owner} (process {self.pid}, since {self.since})"


class LoadLocked(RuntimeError):  # noqa: N818 - it says what is so, not that something went wrong
    """Somebody else holds the warehouse."""

    def __init__(self, holder: LockHolder | None) -> None:
        self.holder = holder
        super().__init__(f"the warehouse is in use by {holder or 'another process'}; try again when it has finished")


@contextmanager
def hold_lock(
    settings: Settings,
    owner: str,
    wait_seconds: float = 0,
    report: Callable[[str], None] = lambda message: None,
) -> Iterator[None]:
    """Hold the warehouse alone; wait for it up to `wait_seconds`, saying once whom for.

    Raises:
        LoadLocked: it was still held after that time.
    """
    settings.warehouse_dir.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(settings.lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _wait_for(descriptor, settings, wait_seconds, report)
        _write_holder(descriptor, LockHolder(owner, os.getpid(), datetime.now(UTC).isoformat(timespec="seconds")))
        try:
            yield
        finally:
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def lock_holder(settings: Settings) -> LockHolder | None:
    """Who wrote himself into the lock file last; None when nobody did. A killed holder is still named here."""
    try:
        return LockHolder(**json.loads(settings.lock_file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _wait_for(descriptor: int, settings: Settings, wait_seconds: float, report: Callable[[str], None]) -> None:
    deadline = time.monotonic() + wait_seconds
    told: LockHolder | None = None
    waiting = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = lock_holder(settings)
            if time.monotonic() >= deadline:
                raise LoadLocked(holder) from None
            if not waiting or holder != told:
                report(f"waiting for {holder or 'another process'}, which holds the warehouse")
                waiting, told = True, holder
            time.sleep(min(POLL_SECONDS, max(0.0, deadline - time.monotonic())))
        else:
            return


def _write_holder(descriptor: int, holder: LockHolder) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(asdict(holder)).encode(), 0)
