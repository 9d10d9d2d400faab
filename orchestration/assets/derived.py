"""The second step: one `dbt build` from raw to analysis. The derivations are SQL, in dbt_project/models.

The whole graph is one step and can't be run in parts: the published tables are a function of raw as a whole, and a
table that was rebuilt alone would disagree with its neighbours.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg
from dagster_dbt import build_dbt_asset_specs

from orchestration.assets.translator import WarehouseTranslator, asset_key
from orchestration.derivation.project import load_manifest
from orchestration.resources import Load

# Views over published tables, made for an invariant alone. As assets they would stand downstream of the tables whose
# blocking checks they feed, in the same step: a circle.
NOT_ASSETS = "chk_subject_tables chk_sources"


def build_derive_step(manifest: dict[str, Any]) -> dg.AssetsDefinition:
    """The multi-asset that builds every seed and model of `manifest`."""
    specs = build_dbt_asset_specs(manifest=manifest, dagster_dbt_translator=WarehouseTranslator(), exclude=NOT_ASSETS)

    @dg.multi_asset(name="derive", specs=specs, can_subset=False)
    def derive(context: dg.AssetExecutionContext, load: Load) -> Iterator[dg.MaterializeResult[Any]]:
        """Type the current raw rows, derive visits, dosing and the endpoint, and write the candidate."""
        from orchestration.derivation.build import build

        settings = load.settings
        for leftover in (settings.candidate_file, settings.candidate_file.with_suffix(".duckdb.wal")):
            leftover.unlink(missing_ok=True)
        report = load.reporter(context, "derive")
        results = build(settings.working_file, settings.candidate_file, settings.warehouse_dir / "logs", report)
        nodes, asset_keys = manifest["nodes"], context.assets_def.keys
        with load.connect(candidate=True) as connection:
            for result in results:
                node = nodes.get(result.unique_id)
                if node is None or asset_key(node) not in asset_keys:
                    continue
                metadata: dict[str, Any] = {"seconds": result.seconds}
                # Counting a view is running it: at 18,000 subjects all of them took half a minute.
                if node["config"]["materialized"] != "view":
                    catalog = "candidate" if node["database"] == "candidate" else "working"
                    query = f"select count(*) from {catalog}.{result.schema}.{result.table}"
                    row = connection.execute(query).fetchone()
                    metadata["dagster/row_count"] = row[0] if row else 0
                yield dg.MaterializeResult(asset_key=asset_key(node), metadata=metadata)

    return derive


def derive_step() -> dg.AssetsDefinition:
    """The step over the project as it stands on disk."""
    return build_derive_step(load_manifest())
