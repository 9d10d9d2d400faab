"""One landing as a process of its own, for tests in which the machine around it is the point.

    python -m tests.orchestration.ingestion.one_landing FOLDER LOAD_ID

Prints what the load tells, then its summary; what stops it ends the process with its sentence.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from orchestration.ingestion.landing import land
from orchestration.ingestion.settings import Settings

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    settings = Settings(folder / "landing", folder / "warehouse", folder / "sites.yml", 0)
    print(land(settings, date(2026, 12, 31), sys.argv[2], print).sentence())
