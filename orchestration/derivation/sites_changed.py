"""Which sites have news since the last publication: the largest tables keep the rows of all others (docs/adr/0012).

What a site's rows in those tables hang on is what the site delivered, the code and the protocol, so each load writes
down a fingerprint of every site, with its own name; it means something to a later load only when the publication of
that name is the current one and the code is the same. Which tables keep rows, and how, is said in dbt (the incremental
models of the published schemas, macros/delivered.sql). Whether anything has changed at all belongs in `unchanged`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from orchestration.derivation.project import published_models
from orchestration.derivation.unchanged import code_with_libraries
from orchestration.ingestion.settings import Settings
from orchestration.publication.publish import CURRENT, FILE

BOOKKEEPING = ("in_force", "deliveries", "notes")
# With more than one in so many sites changed, making the tables anew is as quick, and leaves a file without gaps.
ONE_IN = 3


def database_to_start_from(settings: Settings, connection: duckdb.DuckDBPyConnection) -> Path | None:
    """The published database whose rows of unchanged sites still hold; None when too much has changed, or all of it.

    Writes working.derivation.changed_sites, which the incremental models read: every site whose fingerprint is
    another one than at that publication, new sites and sites that are gone among them.
    """
    try:
        row = connection.execute("select any_value(load_id), any_value(code) from working.derivation.sites").fetchone()
    except duckdb.CatalogException:
        return None
    current = settings.warehouse_dir / CURRENT
    database = current.resolve() / FILE
    if row is None or row[1] != code_with_libraries() or current.resolve().name != row[0] or not database.exists():
        return None
    connection.execute(
        """
        create or replace table working.derivation.changed_sites as
        select coalesce(now.siteid, known.siteid) as siteid
        from working.derivation.sites_now as now
        full join working.derivation.sites as known on now.siteid = known.siteid
        where now.inputs is distinct from known.inputs and coalesce(now.siteid, known.siteid) is not null
        """
    )
    sites = connection.execute(
        "select siteid from working.derivation.sites_now union select siteid from working.derivation.sites"
    ).fetchall()
    return database if len(changed_sites(connection)) * ONE_IN <= len(sites) else None


def changed_sites(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The sites that `database_to_start_from` found changed, in order."""
    rows = connection.execute("select siteid from working.derivation.changed_sites order by siteid").fetchall()
    return [siteid for (siteid,) in rows]


def look_at_sites(connection: duckdb.DuckDBPyConnection, forms: Iterable[str]) -> None:
    """Write working.derivation.sites_now: a fingerprint of what each site has delivered, as it stands.

    The current rows of every form, and what is known of the site's deliveries. A siteid of NULL holds what is known of
    no site.
    """
    said = [
        f"select siteid, '{form}' as about, hash(count(*), bit_xor(hash(row_id))) as inputs "
        f"from raw.{form} where closed_load is null group by siteid"
        for form in forms
    ]
    said += [
        f"select siteid, '{table}', hash(count(*), bit_xor(hash(line))) from raw.{table} as line group by siteid"
        for table in BOOKKEEPING
    ]
    connection.execute("create schema if not exists working.derivation")
    connection.execute(
        "create or replace table working.derivation.sites_now as "
        f"select siteid, bit_xor(hash(about, inputs)) as inputs from ({' union all '.join(said)}) "
        "group by siteid"
    )


def remember_sites(connection: duckdb.DuckDBPyConnection, load_id: str) -> None:
    """Called when this load's candidate is complete. Should it never be published, no publication bears its name."""
    connection.execute(
        "create or replace table working.derivation.sites as "
        "select ? as load_id, ? as code, siteid, inputs from working.derivation.sites_now",
        [load_id, code_with_libraries()],
    )


def keep_only_rows_that_hold(connection: duckdb.DuckDBPyConnection, manifest: dict[str, Any]) -> None:
    """Of a copied candidate, leave only the tables whose models keep rows: all others are made anew in their place."""
    kept = {
        name for name, node in published_models(manifest).items() if node["config"]["materialized"] == "incremental"
    }
    tables = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'candidate'"
    ).fetchall()
    for (table,) in tables:
        if table not in kept:
            connection.execute(f"drop table candidate.{table}")
