"""Makes one thing wrong, derives what hangs on it again, and asks whether a golden case notices.

What belongs here: applying a mutation and undoing it. Each is one transaction that is taken back, so nothing is rebuilt
to restore what was there. What does not: which mutations there are (`catalogue/*.yml`).
"""

from __future__ import annotations

import multiprocessing
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import duckdb

from tests.mutants.golden_trial import CATALOG, Expectations, GoldenTrial
from tests.mutants.mutations import Mutation, places_of
from tests.support.compiled import CompiledModel, from_model_on, run, with_query


class MutationError(ValueError):
    """A mutation that can't be applied or built: a mistake of the list, which shows nothing about the cases."""


class Outcome(StrEnum):
    """What became of a mutation."""

    KILLED = "killed"
    SURVIVED = "SURVIVED"
    BUILD_FAILED = "BUILD FAILED"


@dataclass(frozen=True)
class Verdict:
    """One mutation, tried: which subjects noticed it, and what the first of them saw."""

    mutation: Mutation
    outcome: Outcome
    noticed_by: tuple[str, ...] = ()
    difference: str = ""
    seconds: float = 0.0


class Workbench:
    """A copy of the golden trial of its own, on which one mutation after the other is tried."""

    def __init__(self, trial: GoldenTrial, folder: Path) -> None:
        self._models = trial.models
        self._expectations = Expectations(trial.cases)
        copied = folder / "working.duckdb"
        shutil.copyfile(trial.file, copied)
        self._connection = duckdb.connect()
        self._connection.execute("set threads = 1")
        self._connection.execute(f"attach '{copied}' as {CATALOG}")
        self._connection.execute(f"use {CATALOG}")

    def close(self) -> None:
        self._connection.close()

    def not_met(self) -> dict[str, str]:
        """What is not as expected while nothing is wrong: has to be nothing."""
        return self._expectations.not_met(self._connection)

    def attempt(self, mutation: Mutation) -> Verdict:
        """Apply, derive, compare, take back."""
        started = time.monotonic()
        self._connection.begin()
        try:
            affected = self._apply(mutation)
            run(self._connection, affected)
            tables = [model.table for model in affected if model.schema == "analysis"]
            noticed = self._expectations.not_met(self._connection, tables)
        except (duckdb.Error, MutationError) as error:
            return Verdict(mutation, Outcome.BUILD_FAILED, (), str(error), time.monotonic() - started)
        finally:
            self._connection.rollback()
        outcome = Outcome.KILLED if noticed else Outcome.SURVIVED
        first = next(iter(noticed.values()), "")
        return Verdict(mutation, outcome, tuple(noticed), first, time.monotonic() - started)

    def _apply(self, mutation: Mutation) -> list[CompiledModel]:
        """The models to build again, changed where the mutation says so."""
        if mutation.seed:
            return self._apply_to_seed(mutation)
        query = next((model.query for model in self._models if model.name == mutation.model), "")
        places = places_of(mutation.original, query)
        if len(places) != 1:
            raise MutationError(f"stands {len(places)} times in {mutation.model}: {mutation.original}")
        return with_query(from_model_on(self._models, mutation.model), mutation.model, places[0], mutation.mutated)

    def _apply_to_seed(self, mutation: Mutation) -> list[CompiledModel]:
        condition = " and ".join(f"cast({column} as varchar) = ?" for column in mutation.row)
        self._connection.execute(
            f"update protocol.{mutation.seed} set {mutation.column} = ? where {condition}",
            [mutation.mutated, *mutation.row.values()],
        )
        relation = f'"protocol"."{mutation.seed}"'
        readers = [model.name for model in self._models if relation in model.query]
        affected = {model.name for reader in readers for model in from_model_on(self._models, reader)}
        return [model for model in self._models if model.name in affected]


@contextmanager
def workbench(trial: GoldenTrial) -> Iterator[Workbench]:
    """A workbench with a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="mrbs-mutants-") as folder:
        bench = Workbench(trial, Path(folder))
        try:
            yield bench
        finally:
            bench.close()


def try_all(trial: GoldenTrial, mutations: Iterable[Mutation], jobs: int = 1) -> Iterator[Verdict]:
    """A verdict for each mutation, in the order of the list.

    Raises:
        RuntimeError: a case is not met although nothing is wrong, or no longer met after the last mutation.
    """
    mutations = list(mutations)
    with workbench(trial) as bench:
        _check_that_nothing_is_wrong(bench, "before the first mutation")
        if jobs == 1 or len(mutations) < 2:
            yield from map(bench.attempt, mutations)
            _check_that_nothing_is_wrong(bench, "after the last mutation")
            return
    # Started anew and not forked: a process that has DuckDB's threads must not be copied.
    processes = multiprocessing.get_context("spawn")
    with processes.Pool(jobs, _start_worker, (trial,)) as pool:
        yield from pool.imap(_attempt_in_worker, mutations)


def _check_that_nothing_is_wrong(bench: Workbench, when: str) -> None:
    not_met = bench.not_met()
    if not_met:
        lines = "\n".join(f"  {subject}: {difference}" for subject, difference in not_met.items())
        raise RuntimeError(f"{when}, these are not as expected:\n{lines}")


_of_this_worker: list[Workbench] = []


def _start_worker(trial: GoldenTrial) -> None:
    folder = Path(tempfile.mkdtemp(prefix="worker-", dir=trial.file.parent))
    _of_this_worker.append(Workbench(trial, folder))


def _attempt_in_worker(mutation: Mutation) -> Verdict:
    return _of_this_worker[0].attempt(mutation)
