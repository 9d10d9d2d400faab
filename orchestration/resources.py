"""What the steps of a load share: where the warehouse is, what day it is, the lock, and its DuckDB files.

The packaged DuckDB resource leaks its connection when an asset raises and can't open a file read-only; this one is
closed in every case. What the steps do with it belongs in `assets` and `checks`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

import dagster as dg
import duckdb
from pydantic import Field, PrivateAttr

from orchestration import progress
from orchestration.derivation.unchanged import TakenOver
from orchestration.export.sdtm_folder import sweep_sdtm_folders
from orchestration.ingestion.lock import hold_lock
from orchestration.ingestion.settings import Settings

# The pool of every step that holds the warehouse's lock: Dagster's queue starts one run of such steps at a time, and
# lets the jobs of reviewers, which need no lock, go by (dagster.yaml).
WAREHOUSE = "warehouse"


def trial_timezone() -> str:
    """The time zone in which the nightly schedule runs and a day begins: MRBS_TIMEZONE, or UTC."""
    return os.environ.get("MRBS_TIMEZONE", "UTC")


def publications_to_keep() -> int:
    """How many publications stay on disk: MRBS_KEEP_PUBLICATIONS, or 14."""
    return max(1, int(os.environ.get("MRBS_KEEP_PUBLICATIONS", "14")))


class Load(dg.ConfigurableResource):
    """One load, from its first step to its last: it holds the warehouse's lock all that time."""

    load_date: str | None = Field(
        default=None,
        description="The date this load takes as today (YYYY-MM-DD). Default: the date in the trial's time zone.",
    )
    lock_wait_seconds: int = Field(
        default=3600,
        description="How long to wait for another load on the same warehouse before giving up.",
    )
    full: bool = Field(
        default=False,
        description="Derive and check everything, also when nothing has changed since the last publication.",
    )
    _settings: Settings = PrivateAttr()
    _load_id: str = PrivateAttr()
    _inputs: str | None = PrivateAttr(default=None)
    _taken_over: TakenOver | None = PrivateAttr(default=None)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Load]:
        """Take the lock before the first step and give it back after the last, whatever happens between.

        Raises:
            LoadLocked: another load held the warehouse for longer than `lock_wait_seconds`.
        """
        self._settings = Settings.from_environment()
        run_id = context.run.run_id if context.run else "manual"
        started = datetime.now(ZoneInfo("UTC"))
        self._load_id = f"{started:%Y%m%dT%H%M%S}-{run_id[:8]}"
        with hold_lock(
            self._settings,
            owner=f"run {run_id}",
            wait_seconds=self.lock_wait_seconds,
            report=lambda message: progress.report("lock", message),
        ):
            sweep_sdtm_folders(self._settings.warehouse_dir)
            yield self

    @property
    def settings(self) -> Settings:
        return self._settings

    @property
    def load_id(self) -> str:
        return self._load_id

    @property
    def clock(self) -> date:
        """The date this load takes as today."""
        if self.load_date:
            return date.fromisoformat(self.load_date)
        return datetime.now(ZoneInfo(trial_timezone())).date()

    def found(self, inputs: str, taken_over: TakenOver | None) -> None:
        """What the derive step found out, for the steps after it. A step that is executed again by itself is told
        nothing, and does everything."""
        self._inputs, self._taken_over = inputs, taken_over

    @property
    def inputs(self) -> str | None:
        """The fingerprint of what this load derives from."""
        return self._inputs

    @property
    def taken_over(self) -> TakenOver | None:
        """The publication whose tables still hold, because nothing has changed since."""
        return self._taken_over

    @contextmanager
    def connect(self, *, candidate: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """The working file, with the candidate attached as `candidate` when asked for; closed in every case."""
        with duckdb.connect(str(self.settings.working_file)) as connection:
            if candidate:
                connection.execute(f"attach '{self.settings.candidate_file}' as candidate")
            yield connection

    def reporter(self, context: dg.OpExecutionContext | dg.AssetExecutionContext | dg.AssetCheckExecutionContext,
                 step: str) -> Callable[[str], None]:  # fmt: skip
        """A function that sends a sentence both to the run's event log and to whoever listens."""

        def tell(message: str) -> None:
            context.log.info(message)
            progress.report(step, message)

        return tell
