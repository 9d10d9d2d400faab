"""The demo: a simulated trial, two successive nights of its deliveries through the real load.

Only the story of the demo stands here; it does nothing that a user could not do with mrbs simulate and mrbs load.
"""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

from orchestration.terminal import console, errors, progress_display

# ("mixed",) lets each of the first sites write in another way (docs/simulation.md).
DEMO_DIALECTS = ("mixed",)
DEMO_FOLDERS = ("simulated", "landing", "warehouse", "sites.yml")


def demo_environment(folder: Path) -> dict[str, str]:
    """The settings under which the demo's folders are a warehouse."""
    folder = folder.resolve()
    return {
        "MRBS_LANDING_DIR": str(folder / "landing"),
        "MRBS_WAREHOUSE_DIR": str(folder / "warehouse"),
        "MRBS_SITES_FILE": str(folder / "sites.yml"),
        "MRBS_SETTLE_SECONDS": "0",
        "DAGSTER_HOME": str(folder / "dagster"),
    }


def run_demo(folder: Path, sites: int, subjects: int, seed: int) -> int:
    """Simulate, then land and load one night after the other; returns the exit code of the first load that fails."""
    from orchestration.loading import Outcome, run_load
    from orchestration.publication.publish import DATABASE
    from orchestration.summary import print_summary

    _clear(folder)
    console.rule("A simulated trial")
    nights = _simulate(folder, sites, subjects, seed)
    os.environ.update(demo_environment(folder))
    for number, night in enumerate(nights, 1):
        console.rule(f"Night {number} of {len(nights)}: deliveries of {night}")
        _land(folder, night)
        with progress_display() as listener:
            result = run_load(night, listener=listener)
        if result.outcome is not Outcome.PUBLISHED:
            errors.print(*result.messages, sep="\n", markup=False, style="red")
            return int(result.outcome)
        print_summary(console, folder / "warehouse" / DATABASE)
    _next_steps(folder)
    return 0


def _clear(folder: Path) -> None:
    """An earlier demo goes; a folder that is not a demo is left alone.

    Raises:
        ValueError: the folder holds something else.
    """
    known = {*DEMO_FOLDERS, "dagster"}
    if folder.exists():
        strangers = [path.name for path in folder.iterdir() if path.name not in known]
        if strangers:
            raise ValueError(f"{folder} is not an earlier demo (it holds {strangers[0]}); name another folder")
        # The Dagster instance stays: a running `make ui` has it open, and it keeps the history of its runs.
        for name in DEMO_FOLDERS:
            path = folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)


def _simulate(folder: Path, sites: int, subjects: int, seed: int) -> list[date]:
    import simulation

    console.print(f"{subjects} subjects at {sites} sites, enrolled over two years, seed {seed}")
    simulation.simulate(
        folder / "simulated", sites=sites, subjects=subjects, seed=seed, nights=2, dialects=DEMO_DIALECTS
    )
    shutil.copy(folder / "simulated" / "sites.yml", folder / "sites.yml")
    deliveries = (folder / "simulated" / "landing").glob("*/*/")
    return sorted({date.fromisoformat(path.name) for path in deliveries})


def _land(folder: Path, night: date) -> None:
    for delivery in (folder / "simulated" / "landing").glob(f"*/{night}"):
        shutil.copytree(delivery, folder / "landing" / delivery.parent.name / delivery.name)


def _next_steps(folder: Path) -> None:
    settings = " ".join(
        f"{name}={os.path.relpath(value)}" for name, value in demo_environment(folder).items() if "/" in value
    )
    console.rule("What now")
    console.print("[bold]make ui[/bold]  Dagster on this demo, at http://127.0.0.1:3000")
    console.print("On the command line, for this shell:")
    console.print(f"  source .venv/bin/activate; export {settings} MRBS_SETTLE_SECONDS=0")
    console.print('  mrbs query "select avisit, estimator, n, rate, cilow, cihigh from analysis.srisum"')
    console.print("  mrbs findings --severity CRITICAL")
    console.print("  mrbs delivery list --status REFUSED")
    console.print("  mrbs --help")
    console.print("The tables are described in docs/reading-the-tables.md and in metadata.dictionary.")
