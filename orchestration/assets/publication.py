"""The last step: findings, rules, site indicators and dictionary join the candidate, which replaces what people open.

It depends on the published tables, whose invariants are blocking checks: when one fails, this step does not run and
the last good publication stays. The work is `publication.publish`.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from orchestration.assets.opened import DATABASE_KEY, PARQUET_KEY
from orchestration.assets.translator import asset_key
from orchestration.checks.run_tags import PUBLISHED_LOAD
from orchestration.derivation.candidate import CHECKED, PUBLISHED, require_candidate, set_candidate
from orchestration.derivation.project import load_manifest, published_models
from orchestration.derivation.unchanged import ALWAYS_WRITTEN
from orchestration.publication.publish import SameTables
from orchestration.publication.tables import WRITTEN_BY_PYTHON, published_tables
from orchestration.resources import WAREHOUSE, Load, publications_to_keep

DESCRIPTIONS = {
    "quality.decisions": "Every decision of a person about a finding: who, why, until when, and what came of it.",
    "quality.findings": "Every finding of every rule, for as long as the trial lasts: what, where, since when.",
    "quality.rule_runs": "Every rule and table that should have run tonight: passed, failed, or not run and why.",
    "quality.rules": "Every rule: what it looks for, and on how many tables it passed, failed or was not run.",
    "quality.site_indicators": "Every site beside all others: findings, missed visits and so on; who stands out.",
    "quality.site_indicators_history": "The site indicators of every night: how each site has gone.",
    "metadata.dictionary": "Every published table and column: label, type, unit, origin and derivation.",
}


def publication_specs(manifest: dict[str, Any]) -> list[dg.AssetSpec]:
    """The tables Python adds to the candidate, and the two things people open."""
    models = [asset_key(node) for node in published_models(manifest).values()]
    added = [
        dg.AssetSpec(
            key=[table.schema, table.name],
            group_name=table.schema,
            deps=models,
            kinds={"duckdb", "python"},
            owners=["team:monitoring"],
            description=DESCRIPTIONS[table.qualified_name],
            tags={"layer": table.schema, "study": "mrbs"},
            metadata={"dagster/table_name": f"analysis.{table.qualified_name}"},
        )
        for table in WRITTEN_BY_PYTHON
    ]
    tables = [*models, *(spec.key for spec in added)]
    opened = [
        (DATABASE_KEY, "duckdb", "analysis.duckdb, the database that statisticians open: read-only, replaced whole."),
        (
            PARQUET_KEY,
            "parquet",
            "The same tables as Parquet files, in key order, for R, SAS and anything else.",
        ),
    ]
    return added + [
        dg.AssetSpec(
            key=key,
            group_name="publication",
            deps=tables,
            kinds={kind},
            owners=["team:statistics"],
            description=text,
            tags={"layer": "publication", "study": "mrbs"},
        )
        for key, kind, text in opened
    ]


def build_publish_step(manifest: dict[str, Any]) -> dg.AssetsDefinition:
    """The multi-asset that completes, verifies and publishes the candidate."""

    @dg.multi_asset(name="publish", specs=publication_specs(manifest), can_subset=False, pool=WAREHOUSE)
    def publish(context: dg.AssetExecutionContext, load: Load) -> Iterator[dg.MaterializeResult[Any]]:
        """Complete the candidate, verify it, write Parquet beside it and put it where people look."""
        from orchestration.derivation.unchanged import remember_publication
        from orchestration.ingestion.bookkeeping import finish_load
        from orchestration.publication.dictionary import write_dictionary
        from orchestration.publication.publish import publish as publish_candidate
        from validation.indicators import write_site_indicators
        from validation.quality import write_quality

        report = load.reporter(context, "publish")
        with load.connect() as connection:
            require_candidate(connection, CHECKED)
        with load.connect(candidate=True) as connection:
            write_quality(connection)
            write_site_indicators(connection, load.clock)
            write_dictionary(connection, manifest)
        published = publish_candidate(
            load.settings, load.load_id, publications_to_keep(), report, same=_same_tables(load)
        )
        context.instance.add_run_tags(context.run.run_id, {PUBLISHED_LOAD: load.load_id})
        with load.connect() as connection:
            set_candidate(connection, PUBLISHED)
            finish_load(connection, load.load_id, "PUBLISHED")
            if load.inputs:
                remember_publication(connection, load.load_id, load.inputs)
        for table in WRITTEN_BY_PYTHON:
            yield dg.MaterializeResult(
                asset_key=[table.schema, table.name],
                metadata={"dagster/row_count": published.rows[table.qualified_name]},
            )
        hashes = [
            dg.TableRecord({"table": name, "rows": published.rows[name], "sha256": published.sha256[name][:16]})
            for name in sorted(published.rows)
        ]
        yield dg.MaterializeResult(
            asset_key=DATABASE_KEY,
            metadata={
                "load": load.load_id,
                "file": dg.MetadataValue.path(str(published.database)),
                "tables": dg.MetadataValue.table(hashes),
            },
        )
        folder = load.settings.warehouse_dir / "parquet"
        yield dg.MaterializeResult(asset_key=PARQUET_KEY, metadata={"folder": dg.MetadataValue.path(str(folder))})

    return publish


def _same_tables(load: Load) -> SameTables | None:
    """Which tables the candidate shares with the publication it was copied from."""
    if load.taken_over is None:
        return None
    names = {table.qualified_name for table in published_tables()} - ALWAYS_WRITTEN
    return SameTables(load.taken_over.folder, frozenset(names))


def publish_step() -> dg.AssetsDefinition:
    """The step over the project as it stands on disk."""
    return build_publish_step(load_manifest())
