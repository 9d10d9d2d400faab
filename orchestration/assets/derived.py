"""The second step: one `dbt build` from raw to analysis. The derivations are SQL, in dbt_project/models.

The whole graph is one step and can't be run in parts: the published tables are a function of raw as a whole, and a
table that was rebuilt alone would disagree with its neighbours. On a night on which nothing has changed, the tables of
the last publication are that function's value already, and are taken over (derivation.unchanged).
"""

import shutil
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from graphlib import TopologicalSorter
from typing import Any

import dagster as dg
from dagster_dbt import build_dbt_asset_specs

from orchestration.assets.translator import WarehouseTranslator, asset_key
from orchestration.derivation.project import load_manifest, table_of
from orchestration.derivation.unchanged import CLOCK_MODEL, TakenOver
from orchestration.ingestion.settings import Settings
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
        from orchestration.derivation.build import NodeResult, build
        from orchestration.derivation.rows_read import remember_reader

        settings = load.settings
        report = load.reporter(context, "derive")
        report("looking for what has changed since the last publication")
        _remove_candidate(settings)
        taken_over, read_again = _look_for_changes(load)
        select = None
        if taken_over:
            report(f"nothing has changed since load {taken_over.load_id}: its tables are taken over")
            shutil.copyfile(taken_over.database, settings.candidate_file)
            select = [CLOCK_MODEL]
        logs_dir = settings.warehouse_dir / "logs"
        results = build(settings.working_file, settings.candidate_file, logs_dir, report, select, read_again)
        built: dict[str, NodeResult] = {result.unique_id: result for result in results}
        with load.connect(candidate=True) as connection:
            if read_again:
                remember_reader(connection)
            for unique_id, node in _in_order(manifest, context.assets_def.keys):
                metadata: dict[str, Any] = {}
                if unique_id in built:
                    metadata["seconds"] = built[unique_id].seconds
                elif taken_over:
                    metadata["taken_over_from"] = taken_over.load_id
                else:
                    raise RuntimeError(f"dbt built everything but {unique_id}, and does not say why")
                # Counting a view is running it: at 18,000 subjects all of them took half a minute.
                if node["config"]["materialized"] != "view":
                    catalog = "candidate" if node["database"] == "candidate" else "working"
                    query = f"select count(*) from {catalog}.{node['schema']}.{table_of(node)}"
                    row = connection.execute(query).fetchone()
                    metadata["dagster/row_count"] = row[0] if row else 0
                yield dg.MaterializeResult(asset_key=asset_key(node), metadata=metadata)

    return derive


def _in_order(manifest: dict[str, Any], keys: AbstractSet[dg.AssetKey]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The nodes that are assets, each after those it is made of: the order in which Dagster wants to be told."""
    nodes = manifest["nodes"]
    depends_on = {unique_id: node["depends_on"].get("nodes", ()) for unique_id, node in sorted(nodes.items())}
    for unique_id in TopologicalSorter(depends_on).static_order():
        if unique_id in nodes and asset_key(nodes[unique_id]) in keys:
            yield unique_id, nodes[unique_id]


def _remove_candidate(settings: Settings) -> None:
    for leftover in (settings.candidate_file, settings.candidate_file.with_suffix(".duckdb.wal")):
        leftover.unlink(missing_ok=True)


def _look_for_changes(load: Load) -> tuple[TakenOver | None, bool]:
    """The publication to take over, or None (then the working file's tables belong to none any more), and whether rows
    that were read before must be read again."""
    from orchestration.derivation.rows_read import forget_reader, read_by_this_code
    from orchestration.derivation.unchanged import (
        forget_publication,
        inputs_fingerprint,
        publication_to_take_over,
    )
    from orchestration.ingestion.forms import form_names
    from validation.ledger import repeatable

    with load.connect() as connection:
        inputs = inputs_fingerprint(connection, form_names(load.settings.seeds_dir))
        taken_over = publication_to_take_over(load.settings, connection, inputs)
        if load.full or not repeatable(connection):
            taken_over = None
        read_again = taken_over is None and (load.full or not read_by_this_code(connection))
        if taken_over is None:
            forget_publication(connection)
        if read_again:
            forget_reader(connection)
    load.found(inputs, taken_over)
    return taken_over, read_again


def derive_step() -> dg.AssetsDefinition:
    """The step over the project as it stands on disk."""
    return build_derive_step(load_manifest())
