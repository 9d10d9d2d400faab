"""Rounds of Hypothesis against one reader, for so many seconds; what fails is made small and kept as a file."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Flaky

from tests.fuzz.damage import damaged
from tests.fuzz.targets import Target
from tests.fuzz.watched import ReaderFailedError, WatchedReader

EXAMPLES = 500  # a round; then Hypothesis begins anew with another seed
SMALLER = 60.0  # seconds to make one finding small


class OutOfTimeError(BaseException):
    """No Exception, so that Hypothesis lets it pass."""


@dataclass
class Finding:
    """The smallest bytes that were found for a mistake."""

    data: bytes
    said: str
    seed: int


@dataclass
class Tally:
    """What came of the files of one reader."""

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0  # seconds
    slowest_data: bytes = b""
    findings: dict[str, Finding] = field(default_factory=dict)


def throw(
    target: Target, reader: WatchedReader, seconds: float, first_seed: int, report: Callable[[Tally], None]
) -> Tally:
    """Damaged files for so many seconds; after each round `report` hears how it stands."""
    tally = Tally()
    until = time.monotonic() + seconds
    number = first_seed
    while time.monotonic() < until:
        before = set(tally.findings)
        try:
            _round(target, reader, tally, number, until)
        except OutOfTimeError:
            pass
        except (ReaderFailedError, Flaky):  # memory and time fail now and then
            until += 0 if set(tally.findings) == before else 1  # a finding's shrinking has eaten its time
        number += 1
        report(tally)
    return tally


def _round(target: Target, reader: WatchedReader, tally: Tally, number: int, until: float) -> None:
    known = set(tally.findings)
    ends = until

    @seed(number)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
        print_blob=False,
    )
    @given(data=damaged(target.examples()))
    def one(data: bytes) -> None:
        nonlocal ends
        if time.monotonic() > ends:
            raise OutOfTimeError
        began, is_starting = time.monotonic(), reader.is_new
        try:
            tally.outcomes[reader.ask(target.name, data)] += 1
            if not is_starting and time.monotonic() - began > tally.slowest:
                tally.slowest, tally.slowest_data = time.monotonic() - began, data
        except ReaderFailedError as failure:
            tally.outcomes["failed"] += 1
            if failure.what in known:
                return  # said before, and one is enough
            kept = tally.findings.get(failure.what)
            if kept is None:
                ends = max(ends, time.monotonic() + SMALLER)
            if kept is None or len(data) < len(kept.data):
                tally.findings[failure.what] = Finding(data, failure.said, number)
            raise

    one()


def keep(findings: dict[str, Finding], folder: Path) -> list[Path]:
    """Each finding as two files: the bytes, and what was said of them."""
    paths = []
    for what, finding in findings.items():
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{hashlib.sha256(finding.data).hexdigest()[:12]}.bytes"
        path.write_bytes(finding.data)
        path.with_suffix(".txt").write_text(f"{what}\nseed {finding.seed}\n\n{finding.said}\n", encoding="utf-8")
        paths.append(path)
    return paths
