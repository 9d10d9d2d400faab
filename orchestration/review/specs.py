"""The review pages as assets: their keys, partitions and words. What stands on them belongs in `pages`."""

from __future__ import annotations

import dagster as dg

from orchestration.assets.opened import DATABASE_KEY

# A site is a partition since its first load, a subject since somebody asked for its page.
SITES = dg.DynamicPartitionsDefinition(name="review_site")
SUBJECTS = dg.DynamicPartitionsDefinition(name="review_subject")
TRACES = dg.DynamicPartitionsDefinition(name="review_trace")


def _spec(name: str, description: str, partitions: dg.PartitionsDefinition | None = None) -> dg.AssetSpec:
    return dg.AssetSpec(
        key=["review", name],
        deps=[DATABASE_KEY],
        description=description,
        group_name="review",
        kinds={"markdown"},
        owners=["team:monitoring"],
        partitions_def=partitions,
        tags={"layer": "review", "study": "mrbs"},
    )


LANDING_PAGE = _spec(
    "landing_page",
    "Begin here: what is new tonight, what is overdue, what is open by site and rule, what is settled, who is late.",
)
SITE = _spec("site", "One site: its open findings, deliveries, indicators. Choose the site under Partitions.", SITES)
CLEAN_SUBJECTS = _spec(
    "clean_subjects", "Who is complete through week 48 with nothing open, and what the others are waiting for."
)
SUBJECT = _spec(
    "subject",
    "One subject: visits, infusions, components and findings in order. The job `subject_page` makes it on request.",
    SUBJECTS,
)
TRACE = _spec(
    "trace",
    "The proof of one subject's response at a visit, derived again from the delivered rows. The job `trace` makes it.",
    TRACES,
)
