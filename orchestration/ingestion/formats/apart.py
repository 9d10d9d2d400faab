"""A reader in a process of its own: for libraries in C, where a damaged file may end the process that reads it.

Then the file is refused, and the load goes on. One process serves one file after the other, so that only the first of a
load waits for it to start; it ends when whoever started it does. What is read there is read by the format's own module.
"""

from __future__ import annotations

import atexit
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib import import_module
from typing import IO, Any

from orchestration.ingestion.formats.refusal import FileRefusedError, refusing, unreadable
from orchestration.ingestion.formats.tables import FORMATS, ReadAs, Source, SourceTable

SECONDS = 600.0  # for one data set; a million records take seconds


class _Helper:
    """The process, and who may talk to it: one at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.owner = 0

    def running(self) -> subprocess.Popen[bytes]:
        """The process, started if there is none. One that a fork left over belongs to the other process."""
        if self.process is None or self.owner != os.getpid() or self.process.poll() is not None:
            search = os.pathsep.join(path for path in sys.path if path)
            self.process = subprocess.Popen(
                [sys.executable, "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": search},
            )
            self.owner = os.getpid()
        return self.process

    def stop(self) -> None:
        if self.process is not None and self.owner == os.getpid():
            self.process.kill()
            self.process.communicate()
        self.process = None


_helper = _Helper()
atexit.register(_helper.stop)


def read_apart(source: Source, read_as: ReadAs) -> Iterator[SourceTable]:
    """What the format's module reads, in the other process: all of it before the first table is given.

    Raises:
        FileRefusedError: as there, or the process died or did not come to an end.
    """
    yield from _read(source, read_as)


def _read(source: Source, read_as: ReadAs) -> list[SourceTable]:
    tables: list[SourceTable] = []
    with _helper.lock:
        process = _helper.running()
        assert process.stdin is not None
        assert process.stdout is not None
        is_over = False
        try:
            try:
                pickle.dump((source, read_as), process.stdin)
                process.stdin.flush()
            except BrokenPipeError:
                raise _died(process) from None
            while not is_over:
                what, value = _answer(process, process.stdout)
                is_over = what != "table"
                if what == "table":
                    tables.append(value)
        finally:
            if not is_over:
                _helper.stop()
    if what == "refused":
        raise FileRefusedError(*value)
    return tables


def _answer(process: subprocess.Popen[bytes], answers: IO[bytes]) -> tuple[str, Any]:
    was_late = threading.Event()

    def stop() -> None:
        was_late.set()
        process.kill()

    timer = threading.Timer(SECONDS, stop)
    timer.start()
    try:
        what, value = pickle.load(answers)
        return str(what), value
    except (EOFError, pickle.UnpicklingError):
        if was_late.is_set():
            raise unreadable(f"reading it did not come to an end in {SECONDS:.0f} seconds") from None
        raise _died(process) from None
    finally:
        timer.cancel()


def _died(process: subprocess.Popen[bytes]) -> FileRefusedError:
    code = process.wait()
    how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return unreadable(f"what reads it broke down over it ({how}): the file is damaged, or holds what no other did")


def main() -> None:
    """In the other process: read what is asked for, until nobody can ask any more."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    while True:
        try:
            source, read_as = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        what, module = FORMATS[read_as.format]
        answer: tuple[str, Any] = ("end", None)
        try:
            with refusing(what):
                reader = import_module(f"orchestration.ingestion.formats.{module}")
                for table in reader.read(source, read_as):
                    pickle.dump(("table", table), answers)
        except FileRefusedError as refusal:
            answer = ("refused", (refusal.rule_id, str(refusal)))
        pickle.dump(answer, answers)
        answers.flush()


if __name__ == "__main__":
    main()
