"""After the publication: the review pages of this load, so that monitors find the night on their landing page.

What stands on them belongs in `orchestration.review`. They are made from what has been published, so a page that
can't be made fails this step alone: the publication stands.
"""

from typing import Any

import dagster as dg

from orchestration.assets.opened import DATABASE_KEY
from orchestration.resources import WAREHOUSE, Load

REVIEW_PAGES = dg.AssetSpec(
    key=["publication", "review_pages"],
    group_name="publication",
    deps=[DATABASE_KEY],
    kinds={"markdown"},
    owners=["team:monitoring"],
    description="The monitors' pages as of this load: group review in the code location `review`.",
    tags={"layer": "publication", "study": "mrbs"},
)


@dg.multi_asset(name="review", specs=[REVIEW_PAGES], can_subset=False, pool=WAREHOUSE)
def review_step(context: dg.AssetExecutionContext, load: Load) -> dg.MaterializeResult[Any]:
    """Log the landing page, the tracker of clean subjects and every site's page."""
    from orchestration.review.logging_pages import log_pages

    report = load.reporter(context, "review")
    report("writing the monitors' pages")
    landing = log_pages(context, load.settings)
    report(f"{landing.counts['new_tonight']} findings are new tonight, {landing.counts['overdue']} overdue")
    return dg.MaterializeResult(metadata={name: dg.MetadataValue.int(count) for name, count in landing.counts.items()})
