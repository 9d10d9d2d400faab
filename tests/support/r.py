"""R in a test, where the machine has it: a script in a process of its own, and a clear reason where there is none.

From Debian: r-base-core, r-cran-dplyr, r-cran-dbi, r-cran-haven. What a script computes belongs to the test.
"""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest


@cache
def missing(*packages: str) -> str:
    """Why a script that needs these packages can't run here; empty where it can."""
    if shutil.which("Rscript") is None:
        return "there is no R here (on Debian: apt-get install r-base-core r-cran-dplyr r-cran-dbi r-cran-haven)"
    asked = "; ".join(f'if (!requireNamespace("{name}", quietly = TRUE)) cat("{name} ")' for name in packages)
    said = subprocess.run(["Rscript", "--vanilla", "-e", asked], capture_output=True, text=True, check=True)
    return f"R has no package {said.stdout.strip()} here" if said.stdout.strip() else ""


def run_r(script: str, folder: Path, *packages: str) -> str:
    """What the script printed, run in this folder; the test is skipped where it can't run."""
    if reason := missing(*packages):
        pytest.skip(reason)
    file = folder / "script.R"
    file.write_text(script, encoding="utf-8")
    done = subprocess.run(["Rscript", "--vanilla", file.name], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
