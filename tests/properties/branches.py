"""Which branches of the second derivation some subjects reach.

What belongs here: measuring (with coverage.py), and naming what was not reached. What does not: which subjects, and
what they show.
"""

from __future__ import annotations

import json
import pkgutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import coverage

import validation.second_derivation as measured

FOLDER = Path(measured.__file__).parent
ROOT = FOLDER.parents[1]

# Branches that no delivered data can reach: file and text of the line -> why.
UNREACHABLE: dict[tuple[str, str], str] = {
    ("protocol_tables.py", "if value.denominator != 1:"): "guards against a seed, which is no delivered data",
}


@contextmanager
def measured_branches() -> Iterator[list[str]]:
    """While the block runs, branches are counted; after it the list names those that were not taken.

    Everything the second derivation remembers is forgotten first: an answer out of a cache takes no branch.
    """
    _forget()
    not_taken: list[str] = []
    measuring = coverage.Coverage(branch=True, include=[f"{FOLDER}/*"], data_file=None, config_file=False)
    measuring.start()
    try:
        yield not_taken
    finally:
        measuring.stop()
    not_taken.extend(_not_taken(measuring))


def _forget() -> None:
    for module in pkgutil.iter_modules([str(FOLDER)], f"{measured.__name__}."):
        for value in vars(import_module(module.name)).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def _not_taken(measuring: coverage.Coverage) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "branches.json"
        measuring.json_report(outfile=str(report))
        files = json.loads(report.read_text())["files"]
    for name, found in sorted(files.items()):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        for start, end in found["missing_branches"]:
            text = lines[start - 1].strip()
            if (Path(name).name, text) not in UNREACHABLE:
                where = "the end" if end < 0 else f"line {end}"
                yield f"{name}:{start}: never goes to {where}: {text}"
