"""`python -m tests.mutants`: tries every mutation of the catalogue on the golden trial; fails when one survives.

What belongs here: the command line and its report. What does not: what a mutation is, and how it is tried.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.golden.reading import Case, read_cases
from tests.mutants.golden_trial import build_golden_trial
from tests.mutants.mutations import Mutation, read_mutations
from tests.mutants.running import Outcome, Verdict, try_all


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    mutations = read_mutations()
    if options.only:
        unknown = set(options.only) - {mutation.id for mutation in mutations}
        if unknown:
            print(f"No mutation is called {', '.join(sorted(unknown))}; --list shows them all.", file=sys.stderr)
            return 2
        mutations = [mutation for mutation in mutations if mutation.id in options.only]
    if options.list:
        for mutation in mutations:
            print(f"{mutation.id:<40} {mutation.place:<26} {mutation.wrong}")
        return 0
    return run_list(mutations, options.jobs)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutants",
        description="Make the SQL wrong in one place after the other and show that a golden case notices each.",
        epilog="Exit code: 0 all noticed, 1 something survived or did not build, 2 the command was not understood.",
    )
    parser.add_argument("--only", metavar="ID", action="append", help="try only this mutation (may be repeated)")
    parser.add_argument("--jobs", metavar="N", type=int, default=2, help="processes to use (default: 2)")
    parser.add_argument("--list", action="store_true", help="list the mutations and try none")
    return parser


def run_list(mutations: Sequence[Mutation], jobs: int, cases: Sequence[Case] | None = None) -> int:
    """Try these mutations on all cases (or those given) and report each; 0 when every one was noticed."""
    started = time.monotonic()
    verdicts: list[Verdict] = []
    with tempfile.TemporaryDirectory(prefix="mrbs-mutants-") as folder:
        trial = build_golden_trial(Path(folder), read_cases() if cases is None else cases)
        seconds = time.monotonic() - started
        print(f"The golden trial stands after {seconds:.0f} s. {len(mutations)} mutations:", flush=True)
        for number, verdict in enumerate(try_all(trial, mutations, jobs), start=1):
            verdicts.append(verdict)
            print(f"{number:>4}  {_line(verdict)}", flush=True)
    _summary(verdicts)
    print(f"{time.monotonic() - started:.0f} s in all.")
    return 0 if all(verdict.outcome is Outcome.KILLED for verdict in verdicts) else 1


def _line(verdict: Verdict) -> str:
    tried = f"{verdict.mutation.id:<40} {verdict.seconds:4.1f} s  {verdict.outcome}"
    if verdict.outcome is Outcome.KILLED:
        more = f" and {len(verdict.noticed_by) - 1} more" if len(verdict.noticed_by) > 1 else ""
        return f"{tried} by {verdict.noticed_by[0]}{more}: {verdict.difference}"
    reason = verdict.difference.splitlines()[0] if verdict.difference else verdict.mutation.wrong
    return f"{tried}: {reason}"


def _summary(verdicts: Sequence[Verdict]) -> None:
    counts = Counter((verdict.mutation.topic, verdict.outcome) for verdict in verdicts)
    print(f"\n{'topic':<24}" + "".join(f"{outcome:>14}" for outcome in Outcome))
    for topic in sorted({verdict.mutation.topic for verdict in verdicts}):
        print(f"{topic:<24}" + "".join(f"{counts[topic, outcome]:>14}" for outcome in Outcome))
    totals = Counter(verdict.outcome for verdict in verdicts)
    print(f"{'all':<24}" + "".join(f"{totals[outcome]:>14}" for outcome in Outcome))
    for verdict in verdicts:
        if verdict.outcome is not Outcome.KILLED:
            print(f"\n{verdict.outcome}: {verdict.mutation.id} in {verdict.mutation.place}: {verdict.mutation.wrong}")
            print(f"  {verdict.mutation.original}\n  -> {verdict.mutation.mutated}")
            if verdict.difference:
                print(f"  {verdict.difference}")


if __name__ == "__main__":
    sys.exit(main())
