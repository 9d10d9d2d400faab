"""A review page in Dagster's words: a materialization whose metadata the asset's page shows inline.

Several pages at once (after a load, after a decision) are logged as events of one unpartitioned step, also those of the
partitioned asset `review/site`: a partitioned asset inside the nightly job would make the whole job partitioned.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import dagster as dg

from orchestration.findings.standing import Standing, standing
from orchestration.ingestion.settings import Settings
from orchestration.review import specs
from orchestration.review.pages import Page, SitePages, clean_subjects, landing_page, sites


def as_metadata(page: Page) -> dict[str, dg.MetadataValue]:
    """Text and tables inline, counts as numbers, which Dagster plots over nights."""
    tables = {
        name: dg.MetadataValue.table(
            [dg.TableRecord(dict(row)) for row in rows],
            dg.TableSchema([dg.TableColumn(column, "text") for column in next(iter(rows), {})]),
        )
        for name, rows in page.tables.items()
    }
    counts = {name: dg.MetadataValue.int(count) for name, count in page.counts.items()}
    return {"page": dg.MetadataValue.md(page.text), **tables, **counts}


def materialized(spec: dg.AssetSpec, page: Page, partition: str | None = None) -> dg.AssetMaterialization:
    """The event that puts a page on its asset."""
    return dg.AssetMaterialization(asset_key=spec.key, partition=partition, metadata=as_metadata(page))


def log_pages(context: dg.OpExecutionContext | dg.AssetExecutionContext, settings: Settings) -> Page:
    """Log the landing page, the tracker and every site's page, from what is published; gives back the landing page.

    Raises:
        FileNotFoundError: nothing has been published yet.
    """
    with standing(settings, whatever_is_damaged=True) as now:
        landing = landing_page(now.connection, now)
        context.log_event(materialized(specs.LANDING_PAGE, landing))
        context.log_event(materialized(specs.CLEAN_SUBJECTS, clean_subjects(now.connection)))
        log_sites(context, now, sites(now.connection))
    return landing


def log_sites(context: dg.OpExecutionContext | dg.AssetExecutionContext, now: Standing, siteids: Iterable[str]) -> None:
    """Log the pages of these sites, each as its partition."""
    there = list(siteids)
    context.instance.add_dynamic_partitions(str(specs.SITES.name), there)
    pages = SitePages(now.connection)
    for siteid in there:
        context.log_event(materialized(specs.SITE, pages.page(siteid), siteid))


def result(page: Page) -> dg.MaterializeResult[Any]:
    """A page as the result of the asset that was asked for."""
    return dg.MaterializeResult(metadata=as_metadata(page))
