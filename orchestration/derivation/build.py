"""One `dbt build` inside this process: working file in, candidate file out, one result per node.

A dbt of its own would be a second Python start, a second parse and a second set of imports; handing dbt the
parsed project costs a tenth of a second instead (docs/performance.md). What the models say belongs in dbt_project.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.derivation.project import AT_EXPORT, PARSED_FILE, PROJECT_DIR, prepare_project


class DerivationError(RuntimeError):
    """dbt could not build the candidate; the message names the failing models and dbt's reasons."""


@dataclass(frozen=True)
class NodeResult:
    """What happened to one seed or model."""

    unique_id: str
    schema: str
    table: str
    status: str
    seconds: float
    message: str


def build(
    working_file: Path,
    candidate_file: Path,
    logs_dir: Path,
    report: Callable[[str], None] = lambda _: None,
    select: list[str] | None = None,
    read_again: bool = False,
) -> list[NodeResult]:
    """Run the project's seeds and models over `working_file`, writing the published tables into `candidate_file`.

    Both files are free again when this returns or raises. `select` narrows it to dbt's own selection; without it
    everything is built but what only an export asks for. With `read_again`, rows that an earlier build has read are
    read again (docs/adr/0011).

    Raises:
        DerivationError: a node failed; the others that did not depend on it were built.
    """
    from dbt.cli.main import dbtRunner

    fingerprint = prepare_project()
    os.environ["MRBS_WORKING_FILE"] = str(working_file)
    os.environ["MRBS_CANDIDATE_FILE"] = str(candidate_file)
    report(f"deriving with project {fingerprint[:12]}")
    runner = dbtRunner(manifest=_parsed_manifest(), callbacks=[_progress(report)])
    arguments = [
        # A failure is told by the exception. A quiet terminal would only drop what had been put into words for it: at
        # small sizes that was a tenth of dbt's time.
        "--log-level", "none",
        "build",
        "--project-dir", str(PROJECT_DIR),
        "--profiles-dir", str(PROJECT_DIR),
        "--target-path", str(logs_dir / "dbt"),
        "--log-path", str(logs_dir),
        "--no-write-json",
        # At its default, debug, writing the log took a fifth of dbt's time at real size.
        "--log-level-file", "info",
    ]  # fmt: skip
    arguments += ["--select", *select] if select else ["--exclude", f"tag:{AT_EXPORT}"]
    if read_again:
        arguments += ["--full-refresh"]
    try:
        outcome = runner.invoke(arguments)
    finally:
        _free_files()
    results = [_node_result(result) for result in getattr(outcome.result, "results", [])]
    if not outcome.success:
        raise DerivationError(_failure_message(outcome.exception, results))
    return results


def _parsed_manifest() -> Any:
    """The project as dbt keeps it between runs; a build given it neither parses nor compares file dates."""
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    return Manifest.from_msgpack(PARSED_FILE.read_bytes(), decoder=extended_mashumuro_decoder)


def _free_files() -> None:
    """Close dbt's connections: an adapter that stays open keeps both files locked to its configuration."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import reset_adapters

    DuckDBConnectionManager.close_all_connections()
    reset_adapters()
    DuckDBConnectionManager._ENV = None
    gc.collect()


def _progress(report: Callable[[str], None]) -> Callable[[Any], None]:
    """dbt builds in parallel, so progress is a count, every ten nodes."""
    done = 0

    def on_event(event: Any) -> None:
        nonlocal done
        if event.info.name == "NodeFinished":
            done += 1
            if done % 10 == 0:
                report(f"{done} models built")

    return on_event


def _node_result(result: Any) -> NodeResult:
    return NodeResult(
        unique_id=result.node.unique_id,
        schema=result.node.schema,
        table=result.node.alias,
        status=str(result.status),
        seconds=round(result.execution_time, 3),
        message=result.message or "",
    )


def _failure_message(exception: BaseException | None, results: list[NodeResult]) -> str:
    failed = [result for result in results if result.status in {"error", "fail", "runtime error"}]
    skipped = sum(result.status == "skipped" for result in results)
    lines = [f"{result.schema}.{result.table}: {result.message.strip()}" for result in failed]
    if exception is not None:
        lines.append(str(exception))
    if skipped:
        lines.append(f"{skipped} models that depend on these were not built")
    return "dbt could not build the candidate.\n" + "\n".join(lines)
