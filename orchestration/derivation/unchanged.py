"""Has anything changed since the last publication? When nothing has, its tables are taken over instead of made again.

The published tables are a pure function of raw, of the code with its protocol, and of the date the load takes as
today. The date reaches only metadata.run, the ages of findings and the site indicators; what people decide about
findings only their status and the indicators. So a night on which no site delivered anything new needs no derivation.
What a load does instead stands in its steps (assets, checks); here is only how it knows.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

import duckdb

from orchestration.ingestion.settings import Settings
from orchestration.publication.publish import CURRENT, FILE, MANIFEST
from orchestration.version import code_version

# Tables that are written anew all the same: they carry the date or what people decide, or cost Python no time.
ALWAYS_WRITTEN = frozenset(
    {
        "metadata.run",
        "metadata.dictionary",
        "quality.decisions",
        "quality.findings",
        "quality.rule_runs",
        "quality.rules",
        "quality.site_indicators",
        "quality.site_indicators_history",
    }
)
# Libraries that could make another table out of the same rows.
LIBRARIES = ("duckdb", "dbt-core", "dbt-duckdb", "polars", "pandera")


@dataclass(frozen=True)
class TakenOver:
    """The publication whose tables still hold, and the load that made it."""

    load_id: str
    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / FILE


def code_with_libraries() -> str:
    """What a value that was read, derived or judged hangs on besides the rows it came from."""
    return ", ".join([code_version(), *(f"{library} {version(library)}" for library in LIBRARIES)])


def inputs_fingerprint(connection: duckdb.DuckDBPyConnection) -> str:
    """A hash of everything a publication hangs on but the date: what every site has delivered (as `sites_changed`
    wrote it down), the code, the protocol and the libraries."""
    row = connection.execute(
        "select string_agg(concat_ws(' ', coalesce(siteid, '-'), inputs), ',' order by siteid) "
        "from working.derivation.sites_now"
    ).fetchone()
    return hashlib.sha256(f"{code_with_libraries()}\n{row[0] if row else None}".encode()).hexdigest()


def remember_publication(connection: duckdb.DuckDBPyConnection, load_id: str, fingerprint: str) -> None:
    """Called once the publication stands: a load killed before this derives everything again."""
    connection.execute("create schema if not exists working.derivation")
    connection.execute(
        "create or replace table working.derivation.published as select ? as load_id, ? as inputs",
        [load_id, fingerprint],
    )


def forget_publication(connection: duckdb.DuckDBPyConnection) -> None:
    """Called before anything is derived: from now on the tables in the working file belong to no publication."""
    connection.execute("drop table if exists working.derivation.published")


def take_over(connection: duckdb.DuckDBPyConnection, clock: date) -> None:
    """Make a copied candidate this night's: the date it took as today is all that its tables say of a night."""
    connection.execute("update candidate.metadata.run set clockdt = ?", [clock])


def publication_to_take_over(
    settings: Settings, connection: duckdb.DuckDBPyConnection, fingerprint: str
) -> TakenOver | None:
    """The current publication when it was made of the same inputs and is still there whole; else None."""
    try:
        row = connection.execute("select load_id, inputs from working.derivation.published").fetchone()
    except duckdb.CatalogException:
        return None
    current = settings.warehouse_dir / CURRENT
    if row is None or row[1] != fingerprint or not current.exists() or current.resolve().name != row[0]:
        return None
    taken_over = TakenOver(row[0], current.resolve())
    whole = taken_over.database.exists() and (taken_over.folder / MANIFEST).exists()
    return taken_over if whole else None
