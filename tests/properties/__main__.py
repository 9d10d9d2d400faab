"""`python -m tests.properties`: random trials for as long as a person likes; fails when the derivations disagree.

What belongs here: the command line and its report. What does not: how a trial is drawn and compared (agreement.py).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence

from tests.properties.agreement import derive_trials, occurrences, told

TRIALS_AT_ONCE = 8


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    started, derived = time.monotonic(), 0
    found: Counter[str] = Counter()
    never_taken: set[str] | None = None
    round_number = 0
    while derived < options.examples:
        trials = derive_trials(TRIALS_AT_ONCE, options.seed + round_number)
        round_number += 1
        derived += len(trials.subjects)
        found += occurrences(trials.second)
        not_taken = set(trials.branches_not_taken)
        never_taken = not_taken if never_taken is None else never_taken & not_taken
        disagreeing = trials.disagreeing()
        print(f"{derived:>8} subjects, {time.monotonic() - started:.0f} s, {len(disagreeing)} disagree", flush=True)
        if disagreeing:
            print(told(disagreeing))
            return 1
    for name, count in sorted(found.items()):
        print(f"{count:>8}  {name}")
    for branch in sorted(never_taken or ()):
        print(f"never taken: {branch}")
    return 1 if never_taken else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.properties",
        description="Derive random subjects twice, by the second derivation and by SQL, and compare.",
        epilog="Exit code: 0 they agree and every branch was taken, 1 not, 2 the command was not understood.",
    )
    parser.add_argument("--examples", metavar="N", type=int, default=20_000, help="subjects to derive (default: 20000)")
    parser.add_argument("--seed", metavar="S", type=int, default=1, help="number of the first trial (default: 1)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
