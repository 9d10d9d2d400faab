"""Readers beside the plain library that reads the same file, and how much memory files of gigabytes take.

Each reading is a process of its own, ours and the plain one in turn, and what is quoted is the median of the ratios of
such pairs: a machine that is busy for a while is so for both. What reads is format_reader, what is read format_files.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.format_files import GIGABYTE, ROWS, huge_csv, huge_odm, written
from tests.bench.format_reader import PLAIN

MEMORY_PROMISE_MIB = 1024
PAIRS = 5


HUGE: list[tuple[str, str, str, Callable[[Path], int]]] = [
    ("ODM-XML", "odm", "xml", lambda path: huge_odm(path, GIGABYTE)),
    ("CSV", "csv", "csv", lambda path: huge_csv(path, 2 * GIGABYTE, "utf-8")),
    ("CSV in GB18030", "csv-gb18030", "csv", lambda path: huge_csv(path, 2 * GIGABYTE, "gb18030")),
]


@dataclass(frozen=True)
class Reading:
    """What one process said of itself."""

    rows: int
    seconds: float
    peak_mib: float


def reading(how: str, name: str, path: Path) -> Reading:
    command = [sys.executable, "-m", "tests.bench.format_reader", how, name, str(path)]
    return Reading(**json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def speeds(folder: Path, pairs: int = PAIRS) -> Iterator[str]:
    """A line for each format: rows a second of both, and the ratio."""
    titles = [
        "format",
        "rows",
        "file MB",
        "ours, rows/s",
        "plain, rows/s",
        "times as long",
        "peak MiB, ours",
        "plain",
        "",
    ]
    yield f"| {' | '.join(titles)} |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---|"
    for name in ROWS:
        path = written(folder, name)
        for how in ("ours", "batches") if name in ("csv", "csv-gb18030") else ("ours",):
            found = [(reading(how, name, path), reading("plain", name, path)) for _ in range(pairs)]
            ours, plain = zip(*found, strict=True)
            assert {one.rows for one in (*ours, *plain)} == {ROWS[name]}, "one of them does not read it whole"
            ratio = median(a.seconds / b.seconds for a, b in found)
            low, high = min(a.seconds / b.seconds for a, b in found), max(a.seconds / b.seconds for a, b in found)
            shown = [
                name + (", in pieces" if how == "batches" else ""), f"{ROWS[name]:,}",
                f"{path.stat().st_size / 1e6:,.0f}",
                *(f"{ROWS[name] / median(one.seconds for one in side):,.0f}" for side in (ours, plain)),
                f"{ratio:.2f} ({low:.2f} to {high:.2f})",
                *(f"{median(one.peak_mib for one in side):,.0f}" for side in (ours, plain)), PLAIN[name][0],
            ]  # fmt: skip
            yield "| " + " | ".join(shown) + " |"


def memory(folder: Path) -> Iterator[str]:
    """A line for each huge file and each way to read it; the files are deleted at once."""
    yield "| file | GB | read by | rows | s | peak MiB | promised at most | |"
    yield "|---|---:|---|---:|---:|---:|---:|---|"
    for title, name, ending, write in HUGE:
        path = folder / f"huge-{name}.{ending}"
        rows = write(path)
        try:
            for how, what in (("batches", "the reader"), ("inspect", "mrbs inspect"), ("long", "mrbs inspect --long")):
                found = reading(how, name, path)
                assert how != "batches" or found.rows == rows
                kept = "kept" if found.peak_mib < MEMORY_PROMISE_MIB else "BROKEN"
                yield (
                    f"| {title} | {path.stat().st_size / 1e9:.2f} | {what} | {rows:,} | {found.seconds:.0f} | "
                    f"{found.peak_mib:,.0f} | {MEMORY_PROMISE_MIB:,} | {kept} |"
                )
        finally:
            path.unlink()
