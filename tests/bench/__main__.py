"""The bench: `python -m tests.bench`, or `make bench`. Prints its tables as Markdown, for docs/performance.md.

For each size of the trial: a cold load, the night after with one site changed, the night after that with nothing
changed, each a `mrbs load` in a process of its own; beside them a bare `dbt build`, bare DuckDB and pandas, on the same
files in the same run. `--formats` measures the readers of site exports instead. What is measured, and how, belongs in
the modules beside this one.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta
from itertools import chain
from pathlib import Path

from orchestration.derivation.project import PROJECT_DIR
from tests.bench.formats import memory, speeds
from tests.bench.measuring import Measurement, measure
from tests.bench.plot import draw_growth
from tests.bench.trials import SIZES, BenchTrial, simulated_trial

BIN = Path(sys.executable).parent
STAGES = {
    "start": "start",
    "land": "land",
    "derive": "derive",
    "check": "check",
    "publish": "publish",
    "review": "pages and summary",
}
COLD, ONE_SITE, NOTHING = "cold load", "night after, one site changed", "night after, nothing changed"
DBT, DUCKDB, PANDAS = "bare dbt build", "bare DuckDB", "plain pandas"
# What the project promises: at which size, what against what, at most how many times as long.
PROMISES = (
    (1, COLD, DBT, 2.5),
    (100, COLD, DUCKDB, 3.0),
    (100, ONE_SITE, COLD, 0.5),
    (100, NOTHING, COLD, 0.1),
)
# The checks of a cold load, the second derivation among them, as a share of it: a third, a half.
CHECK_SHARES = ((1, 1 / 3), (100, 1 / 2))
MEMORY_PROMISE_MIB = 4096
FIGURES = "figures.json"


def measurements(trial: BenchTrial, logs: Path) -> Iterator[tuple[str, Measurement]]:
    """Every process of one size, in an order in which each finds what it needs."""
    logs.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(trial.landing, ignore_errors=True)
    shutil.rmtree(trial.folder / "warehouse", ignore_errors=True)
    trial.land(trial.first_night)

    def load(name: str, night: object, *more: str) -> tuple[str, Measurement]:
        log = logs / f"{name.replace(', ', '-').replace(' ', '-')}.log"
        return name, measure([BIN / "mrbs", "load", "--date", str(night), *more], trial.environment, log)

    yield load(COLD, trial.first_night)
    yield _bare_duckdb(trial, logs)
    yield _pandas(trial, logs)
    yield load(NOTHING + ", everything derived", trial.first_night, "--full")
    yield _dbt_build(trial, logs)
    trial.land(trial.second_night, sites=1)
    yield load(ONE_SITE, trial.second_night)
    yield load(NOTHING, trial.second_night + timedelta(days=1))


def _bare_duckdb(trial: BenchTrial, logs: Path) -> tuple[str, Measurement]:
    folder = trial.folder / "bare"
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "tests.bench.bare_duckdb", trial.landing, str(trial.first_night), folder]
    log = logs / "bare-duckdb.log"
    figure = measure(command, {}, log)
    # Compiling the project is no part of it: the process says itself how long reading and deriving took.
    return DUCKDB, replace(figure, wall=json.loads(log.read_text().splitlines()[-1])["read_and_derived"])


def _pandas(trial: BenchTrial, logs: Path) -> tuple[str, Measurement]:
    command = [sys.executable, "-m", "tests.bench.pandas_derivation", trial.landing, str(trial.first_night)]
    return PANDAS, measure(command, {}, logs / "pandas.log")


def _dbt_build(trial: BenchTrial, logs: Path) -> tuple[str, Measurement]:
    """`dbt build` on a copy of the raw rows, its project parsed before."""
    folder = trial.folder / "dbt"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(trial.folder / "warehouse" / "working.duckdb", folder / "working.duckdb")
    environment = {
        "MRBS_WORKING_FILE": str(folder / "working.duckdb"),
        "MRBS_CANDIDATE_FILE": str(folder / "candidate.duckdb"),
        "DO_NOT_TRACK": "1",
    }
    where = ["--project-dir", PROJECT_DIR, "--profiles-dir", PROJECT_DIR]
    written = ["--target-path", folder / "target", "--log-path", folder / "logs"]
    measure([BIN / "dbt", "parse", *where, *written], environment, logs / "dbt-parse.log")
    # Its log at the level at which a load writes it.
    build = [BIN / "dbt", "build", "--full-refresh", "--log-level-file", "info", *where, *written]
    return DBT, measure(build, environment, logs / "dbt-build.log")


def table(size: int, found: dict[str, Measurement]) -> Iterator[str]:
    """One size as a table: each process, its stages, and how it compares."""
    yield "| | wall s | processor s | peak MiB | " + " | ".join(STAGES.values()) + " |"
    yield "|---|" + "---:|" * (3 + len(STAGES))
    for name, figure in found.items():
        stages = [f"{figure.stages[stage]:.1f}" if stage in figure.stages else "" for stage in STAGES]
        row = [name, f"{figure.wall:.1f}", f"{figure.cpu:.1f}", f"{figure.peak_mib:,.0f}", *stages]
        yield "| " + " | ".join(row) + " |"


def promises(found: dict[int, dict[str, Measurement]]) -> Iterator[str]:
    """What was promised beside what was measured."""
    yield "| size | what | beside what | ratio of wall seconds | promised at most | |"
    yield "|---:|---|---|---:|---:|---|"
    for size, what, beside, limit in PROMISES:
        if size in found:
            ratio = found[size][what].wall / found[size][beside].wall
            yield f"| {size} | {what} | {beside} | {ratio:.2f} | {limit} | {'kept' if ratio <= limit else 'BROKEN'} |"
    for size, limit in CHECK_SHARES:
        if size in found:
            load = found[size][COLD]
            share = load.stages["check"] / load.wall
            yield f"| {size} | checks | {COLD} | {share:.2f} | {limit:.2f} | {'kept' if share <= limit else 'BROKEN'} |"
    if 100 in found:
        peak = max(figure.peak_mib for name, figure in found[100].items() if name not in (DBT, DUCKDB, PANDAS))
        kept = "kept" if peak < MEMORY_PROMISE_MIB else "BROKEN"
        yield f"| 100 | peak memory of a load | | {peak:,.0f} MiB | {MEMORY_PROMISE_MIB:,} MiB | {kept} |"


def keep(figures: dict[str, Measurement], file: Path) -> None:
    """Beside the trial they were measured on, so that a plot can show sizes that were measured one at a time."""
    file.write_text(json.dumps({name: asdict(figure) for name, figure in figures.items()}, indent=1))


def read(file: Path) -> dict[str, Measurement]:
    return {name: Measurement(**figure) for name, figure in json.loads(file.read_text()).items()}


def machine() -> str:
    model = next((line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "?")
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    return (
        f"{os.cpu_count()} cores ({model}), {memory / 1024 / 1024:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}"
    )


def _lines(file: str) -> list[str]:
    return Path(file).read_text(encoding="utf-8").splitlines() if Path(file).exists() else []


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sizes", default="1,10,100", help="times the real trial, of 1, 10 and 100 (default: all)")
    parser.add_argument("--folder", type=Path, help="where to work; simulated trials in it are used again")
    parser.add_argument("--plot", type=Path, help="draw growth over all sizes in FOLDER into this SVG file")
    parser.add_argument("--formats", action="store_true", help="the readers of site exports, not loads")
    arguments = parser.parse_args()
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="mrbs-bench-"))
    print(f"Machine: {machine()}\n", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    for line in chain(speeds(folder), [""], memory(folder)) if arguments.formats else ():
        print(line, flush=True)
    if not arguments.formats:
        bench_loads(folder, [int(size) for size in arguments.sizes.split(",")], arguments.plot)
    if arguments.folder is None:
        shutil.rmtree(folder)


def bench_loads(folder: Path, sizes: list[int], plot: Path | None) -> None:
    """Loads at these sizes, each beside what it is compared with."""
    found: dict[int, dict[str, Measurement]] = {}
    for times in sizes:
        size = SIZES[times]
        print(f"### {size.times}x: {size.subjects:,} subjects at {size.sites} sites\n", flush=True)
        trial = simulated_trial(folder / f"{times}x", size)
        found[times] = {}
        for name, figure in measurements(trial, folder / f"{times}x" / "logs"):
            print(f"({name}: {figure.wall:.1f} s)", file=sys.stderr, flush=True)
            found[times][name] = figure
        keep(found[times], folder / f"{times}x" / FIGURES)
        print(f"{trial.bytes_of(trial.first_night) / 1e6:,.0f} MB a night\n")
        print(*table(times, found[times]), "", sep="\n", flush=True)
    print(*promises(found), "", sep="\n")
    if plot:
        kept = {size: folder / f"{size.times}x" / FIGURES for size in SIZES.values()}
        draw_growth({size.subjects: read(file) for size, file in kept.items() if file.exists()}, plot)


if __name__ == "__main__":
    main()
