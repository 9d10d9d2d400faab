"""mrbs as a person runs it: in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def mrbs(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """One command under these settings (environment variables), with its exit code and what it printed."""
    return subprocess.run(
        [sys.executable, "-m", "orchestration.cli", *arguments],
        env={**os.environ, **settings},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
