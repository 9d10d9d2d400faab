"""The process that reads: told a target and bytes, it answers what came of them, until its input ends.

    python -m tests.fuzz.child    in: a line TARGET TAB LENGTH, then so many bytes; out: a line of JSON

It takes at most so much more memory than it begins with (MEMORY): who asks for more gets none, and a library that can't
bear that ends the process, which its watcher notices.
"""

from __future__ import annotations

import faulthandler
import json
import os
import re
import resource
import sys
import tempfile
import traceback
from pathlib import Path

from tests.fuzz.targets import Target, outcome, targets

MEMORY = 2 << 30


def limit_memory(known: dict[str, Target], folder: Path) -> int:
    """What every library takes for itself when it reads its first file is no part of the limit."""
    for target in known.values():
        for data in target.examples():
            if data:
                outcome(target, data, folder)
    begun_with = address_space()
    resource.setrlimit(resource.RLIMIT_AS, (begun_with + MEMORY, begun_with + MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return begun_with


def address_space() -> int:
    found = re.search(r"VmSize:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) * 1024


def where(error: BaseException) -> str:
    """The innermost line of the project's own that was running."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/orchestration/" in frame.filename]
    return f"{Path(frames[-1].filename).name}: {frames[-1].name}" if frames else "the test itself"


def main() -> None:
    # A panic of a library written in Rust prints to the same place as a crash: the watcher reads it.
    faulthandler.enable()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    known = targets()
    with tempfile.TemporaryDirectory() as folder:
        begun_with = limit_memory(known, Path(folder))
        while line := sys.stdin.buffer.readline():
            name, length = line.decode().rstrip("\n").split("\t")
            data = sys.stdin.buffer.read(int(length))
            try:
                answer = {"outcome": outcome(known[name], data, Path(folder))}
            except BaseException as error:
                what = f"{type(error).__name__} in {where(error)}"
                answer = {"outcome": "wrong", "what": what, "said": str(error)[:2_000]}
            # What libraries keep of thousands of files must not be blamed on one: then another process takes over.
            worn = address_space() - begun_with > MEMORY // 2
            answers.write(json.dumps({**answer, "worn": worn}) + "\n")
            answers.flush()


if __name__ == "__main__":
    main()
