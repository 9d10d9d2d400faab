"""The second step: one `dbt build` from raw to analysis. The derivations are SQL, in dbt_project/models.

The whole graph is one step and can't be run in parts: the published tables are a function of raw as a whole, and a
table that was rebuilt alone would disagree with its neighbours. What of the last load is that function's value already
is kept: all tables on a night without news (derivation.unchanged), else rows that were read (derivation.rows_read) and,
in the largest tables, the rows of sites without news (derivation.sites_changed).
"""

import shutil
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import build_dbt_asset_specs

from orchestration.assets.translator import WarehouseTranslator, asset_key
from orchestration.derivation.candidate import BEGUN, DERIVED, set_candidate
from orchestration.derivation.project import AT_EXPORT, load_manifest, table_of
from orchestration.derivation.rows_read import forget_reader, read_by_this_code, remember_reader
from orchestration.derivation.sites_changed import (
    changed_sites,
    database_to_start_from,
    keep_only_rows_that_hold,
    look_at_sites,
    remember_sites,
)
from orchestration.derivation.unchanged import (
    TakenOver,
    code_with_libraries,
    forget_publication,
    inputs_fingerprint,
    publication_to_take_over,
    take_over,
)
from orchestration.ingestion.settings import Settings
from orchestration.resources import WAREHOUSE, Load

# Views over published tables, made for an invariant alone. As assets they would stand downstream of the tables whose
# blocking checks they feed, in the same step: a circle.
# Models that only an export builds are no part of a load.
NOT_ASSETS = f"chk_subject_tables chk_source_claims chk_sources chk_kept_rows tag:{AT_EXPORT}"


def build_derive_step(manifest: dict[str, Any]) -> dg.AssetsDefinition:
    """The multi-asset that builds every seed and model of `manifest`."""
    specs = build_dbt_asset_specs(manifest=manifest, dagster_dbt_translator=WarehouseTranslator(), exclude=NOT_ASSETS)

    @dg.multi_asset(name="derive", specs=specs, can_subset=False, pool=WAREHOUSE)
    def derive(context: dg.AssetExecutionContext, load: Load) -> Iterator[dg.MaterializeResult[Any]]:
        """Type the current raw rows, derive visits, dosing and the endpoint, and write the candidate."""
        report = load.reporter(context, "derive")
        report("looking for what has changed since the last publication")
        changes = _look_for_changes(load)
        _start_candidate(load, changes, manifest, report)
        built: dict[str, Any] = {} if changes.taken_over else _build(load.settings, changes, report)
        with load.connect(candidate=True) as connection:
            if code_with_libraries() != changes.code:
                raise CodeChangedError(
                    "The code changed while the load ran. Nothing was published: run the load again."
                )
            remember_sites(connection, load.load_id)
            if changes.read_again:
                remember_reader(connection)
            set_candidate(connection, DERIVED)
            for unique_id, node in _in_order(manifest, context.assets_def.keys):
                metadata: dict[str, Any] = {}
                if unique_id in built:
                    metadata["seconds"] = built[unique_id].seconds
                elif changes.taken_over:
                    metadata["taken_over_from"] = changes.taken_over.load_id
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


class CodeChangedError(RuntimeError):
    """Another version was installed during the load, so nobody could say which code made what."""


@dataclass(frozen=True)
class Changes:
    """What this load has to do with which code: nothing but take a publication over; keep the rows of sites without
    news in the database it starts from; and whether rows that were read before must be read again."""

    code: str
    taken_over: TakenOver | None
    start_from: Path | None
    read_again: bool


def _look_for_changes(load: Load) -> Changes:
    from orchestration.ingestion.forms import form_names
    from validation.ledger import repeatable

    code = code_with_libraries()
    with load.connect() as connection:
        set_candidate(connection, BEGUN)
        look_at_sites(connection, form_names(load.settings.seeds_dir))
        inputs = inputs_fingerprint(connection)
        taken_over = publication_to_take_over(load.settings, connection, inputs)
        if load.full or not repeatable(connection):
            taken_over = None
        read_again = taken_over is None and (load.full or not read_by_this_code(connection))
        start_from = None if taken_over or read_again else database_to_start_from(load.settings, connection)
        if taken_over is None:
            forget_publication(connection)
        if read_again:
            forget_reader(connection)
    load.found(inputs, taken_over)
    return Changes(code, taken_over, start_from, read_again)


def _start_candidate(load: Load, changes: Changes, manifest: dict[str, Any], report: Callable[[str], None]) -> None:
    """No candidate, or a copy of the last publication with what of it holds."""
    settings = load.settings
    for leftover in (settings.candidate_file, settings.candidate_file.with_suffix(".duckdb.wal")):
        leftover.unlink(missing_ok=True)
    if changes.taken_over:
        report(f"nothing has changed since load {changes.taken_over.load_id}: its tables are taken over")
        shutil.copyfile(changes.taken_over.database, settings.candidate_file)
        with load.connect(candidate=True) as connection:
            take_over(connection, load.clock)
    elif changes.start_from:
        shutil.copyfile(changes.start_from, settings.candidate_file)
        with load.connect(candidate=True) as connection:
            keep_only_rows_that_hold(connection, manifest)
            sites = ", ".join(changed_sites(connection))
        report(f"the largest tables keep the rows of all sites but {sites}")


def _build(settings: Settings, changes: Changes, report: Callable[[str], None]) -> dict[str, Any]:
    """What dbt says of each node, by its unique id."""
    from orchestration.derivation.build import build

    logs_dir = settings.warehouse_dir / "logs"
    results = build(settings.working_file, settings.candidate_file, logs_dir, report, read_again=changes.read_again)
    return {result.unique_id: result for result in results}


def derive_step() -> dg.AssetsDefinition:
    """The step over the project as it stands on disk."""
    return build_derive_step(load_manifest())
