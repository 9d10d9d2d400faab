"""`python -m tests.fuzz`: damaged files at every reader for some minutes; fails when one neither reads nor refuses.

What belongs here: the command line, progress and report. How files are damaged and readers watched is beside it.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.rounds import Finding, Tally, keep, throw
from tests.fuzz.targets import Target, targets
from tests.fuzz.watched import ReaderFailedError, WatchedReader

KEPT = Path("fuzz-findings")
SLOW = 1.0  # seconds: no finding, but its bytes are kept


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    known = targets()
    chosen = options.reader or list(known)
    unknown = [name for name in chosen if name not in known]
    if unknown:
        print(f"no such reader: {', '.join(unknown)}; there are: {'; '.join(known)}", file=sys.stderr)
        return 2
    with WatchedReader() as reader:
        if options.replay is not None:
            return _replayed([known[name] for name in chosen], reader, options.replay.read_bytes())
        if "sas7bdat" not in known:
            print("SAS data sets are left out: MRBS_SAS_SAMPLES names no folder with some that SAS wrote", flush=True)
        seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 31)
        print(f"{len(chosen)} readers, {options.seconds} s in all, seed {seed}", flush=True)
        return _thrown([known[name] for name in chosen], reader, options.seconds / len(chosen), seed, options.keep)


def _thrown(chosen: list[Target], reader: WatchedReader, seconds: float, seed: int, folder: Path) -> int:
    found: dict[str, Tally] = {}
    for target in chosen:
        started = time.monotonic()

        def progress(tally: Tally, target: Target = target, started: float = started) -> None:
            if sys.stderr.isatty():
                done = sum(tally.outcomes.values())
                print(f"\r{target.name}: {done} files, {time.monotonic() - started:.0f} s", end="", file=sys.stderr)

        found[target.name] = tally = throw(target, reader, seconds, seed, progress)
        print(f"\r{_line(target.name, tally)}, {time.monotonic() - started:.0f} s", flush=True)
        if tally.slowest > SLOW:
            keep({"slow": Finding(tally.slowest_data, f"{tally.slowest:.2f} s", seed)}, folder)
        for (what, finding), path in zip(tally.findings.items(), keep(tally.findings, folder), strict=True):
            print(f"    {what}: {finding.said.strip()[:300]}\n    {len(finding.data)} bytes: {path}")
    files = sum(sum(tally.outcomes.values()) for tally in found.values())
    findings = sum(len(tally.findings) for tally in found.values())
    print(f"{files:,} files at {len(found)} readers: {findings or 'no'} findings")
    return 1 if findings else 0


def _line(name: str, tally: Tally) -> str:
    counts = ", ".join(f"{tally.outcomes[outcome]:,} {outcome}" for outcome in ("read", "refused", "failed"))
    slowest = f"slowest {tally.slowest:.2f} s, {len(tally.slowest_data):,} bytes"
    return f"{name}: {sum(tally.outcomes.values()):,} files ({counts}; {slowest})"


def _replayed(chosen: list[Target], reader: WatchedReader, data: bytes) -> int:
    failed = 0
    for target in chosen:
        try:
            print(f"{target.name}: {reader.ask(target.name, data)}")
        except ReaderFailedError as failure:
            failed = 1
            print(failure)
    return failed


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz",
        description="Throw damaged files at every reader of a site's files, in a process that is watched.",
        epilog="Exit code: 0 every file was read or refused, 1 not, 2 the command was not understood.",
    )
    parser.add_argument("--seconds", metavar="S", type=int, default=240, help="shared among readers (default: 240)")
    parser.add_argument("--reader", metavar="NAME", action="append", help="only this one (may be given again)")
    parser.add_argument("--seed", metavar="N", type=int, help="to begin as another run did (default: drawn)")
    parser.add_argument("--keep", metavar="FOLDER", type=Path, default=KEPT, help=f"for findings (default: {KEPT})")
    parser.add_argument("--replay", metavar="FILE", type=Path, help="read these bytes with each reader instead")
    return parser


if __name__ == "__main__":
    sys.exit(main())
