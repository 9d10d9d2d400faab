"""The watcher: hands bytes to the process that reads, and says when it dies, takes too long, or answers wrong."""

from __future__ import annotations

import json
import select
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parents[2]
SECONDS = 10.0  # a file of some kB takes milliseconds; another process may be busy on the machine
STARTING = 120.0


class ReaderFailedError(AssertionError):
    """Neither tables nor a refusal. `what` is the same for the same mistake, `said` is what there is to read of it."""

    def __init__(self, what: str, said: str) -> None:
        self.what, self.said = what, said
        super().__init__(f"{what}\n{said}")


class WatchedReader:
    """One process that reads, started again after each death."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self.process: subprocess.Popen[bytes] | None = None
        self.printed = tempfile.TemporaryFile()  # noqa: SIM115  # as long as this object
        self.is_new = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()
        self.printed.close()

    def ask(self, target: str, data: bytes) -> str:
        """What came of these bytes: read or refused.

        Raises:
            ReaderFailedError: neither.
        """
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(f"{target}\t{len(data)}\n".encode() + data)
            process.stdin.flush()
        except BrokenPipeError:
            raise self._died(target) from None
        limit = STARTING if self.is_new else self.seconds
        ready, _, _ = select.select([process.stdout], [], [], limit)
        if not ready:
            self.stop()
            raise ReaderFailedError(f"{target}: still reading after {limit:.0f} s", "")
        line = process.stdout.readline()
        if not line:
            raise self._died(target)
        self.is_new = False
        answer = json.loads(line)
        if answer["worn"]:
            self.stop()
        if answer["outcome"] == "wrong":
            raise ReaderFailedError(f"{target}: {answer['what']}", answer["said"])
        return str(answer["outcome"])

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process, self.is_new = None, True

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            self.printed.truncate(0)
            command = [sys.executable, "-m", "tests.fuzz.child"]
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.printed, cwd=ROOT
            )
            self.is_new = True
        return self.process

    def _died(self, target: str) -> ReaderFailedError:
        assert self.process is not None
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
        code = self.process.wait()
        self.stop()
        self.printed.seek(0)
        said = self.printed.read(2_000).decode("utf-8", "replace")
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return ReaderFailedError(f"{target}: the process died ({how})", said)
