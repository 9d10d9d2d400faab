"""The review pages, made when somebody asks for them: after decisions, or to see one again. A load logs them by itself
(`orchestration.assets.review_pages`). What stands on a page belongs in `pages`.
"""

from typing import Any

import dagster as dg

from orchestration.findings.standing import standing
from orchestration.ingestion.settings import Settings
from orchestration.review import specs
from orchestration.review.logging_pages import result
from orchestration.review.pages import clean_subjects, landing_page, site_page, subject_page
from orchestration.review.pages.trace import subject_and_visit, trace_page


@dg.multi_asset(name="landing_page", specs=[specs.LANDING_PAGE])
def landing() -> dg.MaterializeResult[Any]:
    """The landing page as of the last load, with the decisions that the next one will take in."""
    with standing(Settings.from_environment(), whatever_is_damaged=True) as now:
        return result(landing_page(now.connection, now))


@dg.multi_asset(name="clean_subjects", specs=[specs.CLEAN_SUBJECTS])
def clean() -> dg.MaterializeResult[Any]:
    """The tracker as of the last load."""
    with standing(Settings.from_environment(), whatever_is_damaged=True) as now:
        return result(clean_subjects(now.connection))


@dg.multi_asset(name="site", specs=[specs.SITE])
def site(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """The page of the site that was chosen."""
    with standing(Settings.from_environment(), whatever_is_damaged=True) as now:
        return result(site_page(now.connection, context.partition_key))


@dg.multi_asset(name="subject", specs=[specs.SUBJECT])
def subject(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """The page of the subject that was chosen; the job `subject_page` makes it for one that can't be chosen yet."""
    with standing(Settings.from_environment(), whatever_is_damaged=True) as now:
        return result(subject_page(now.connection, context.partition_key))


@dg.multi_asset(name="response_trace", specs=[specs.TRACE])  # the job has the name `trace`
def traced(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """The trace that was chosen; the job `trace` makes it for a subject and a visit that can't be chosen yet."""
    usubjid, visit = subject_and_visit(context.partition_key)
    return result(trace_page(Settings.from_environment(), usubjid, visit).page)


PAGES = [landing, clean, site, subject, traced]
