"""Saying what a load is doing, while it does it.

A step reports sentences; whoever started the load decides where they go: `mrbs load` prints them, a run that the
Dagster daemon started writes them to its event log. Final figures belong in metadata and the summary, not here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[str, str], None]

_listeners: list[Listener] = []


def report(step: str, message: str) -> None:
    """Tell every listener that `step` has come to `message`."""
    for listener in _listeners:
        listener(step, message)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Send what is reported inside the block to `listener`."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
