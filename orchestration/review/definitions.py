"""The code location `review`: the pages and jobs of monitors, wired together, and nothing that could load anything."""

from __future__ import annotations

import dagster as dg

from orchestration.review.assets import PAGES
from orchestration.review.jobs import JOBS

defs = dg.Definitions(assets=PAGES, jobs=JOBS, executor=dg.in_process_executor)
