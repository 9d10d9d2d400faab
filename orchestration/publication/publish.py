"""The last step of a load: the closed candidate becomes what people open.

    publications/<load>/mrbs.duckdb     the candidate, verified, read-only
    publications/<load>/parquet/        the same tables as Parquet
    publications/<load>/manifest.json   row counts and SHA-256 of every table
    current                             a symbolic link to the newest publication, put in place by one rename
    analysis.duckdb, mrbs.duckdb, parquet   symbolic links through `current`, made once (docs/adr/0004)

So database and Parquet change together, in one rename. A reader that has the old file open keeps it: a rename changes
a name, never a file. Killed between any two lines below, the last publication stands and the next load publishes again.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from orchestration.ingestion.settings import Settings
from orchestration.publication.parquet import link_parquet, write_parquet
from orchestration.publication.tables import PublishedTable, published_tables
from orchestration.publication.verify import verify

DATABASE = "analysis.duckdb"
# DuckDB names a database after its file, and a database must not be called like its schema `analysis`.
FILE = "mrbs.duckdb"
CURRENT = "current"
MANIFEST = "manifest.json"
LINKS = {DATABASE: FILE, FILE: FILE, "parquet": "parquet"}
PARTIAL_SUFFIX = ".partial"


@dataclass(frozen=True)
class Publication:
    """One publication: where it is, and what it holds by 'schema.table'."""

    load_id: str
    database: Path
    rows: dict[str, int]
    sha256: dict[str, str]


@dataclass(frozen=True)
class SameTables:
    """Tables ('schema.table') that are, byte for byte, those of the publication in `folder`."""

    folder: Path
    names: frozenset[str]


def publish(
    settings: Settings,
    load_id: str,
    keep: int,
    report: Callable[[str], None],
    tables: list[PublishedTable] | None = None,
    same: SameTables | None = None,
) -> Publication:
    """Verify the candidate and put it where people look; the last `keep` publications stay on disk.

    `tables` are those that must be there; the default is every table of the dbt project and those that Python adds.
    `same` names the tables that were taken over from an earlier publication: their Parquet files are its files.

    Raises:
        VerificationError: the candidate is not whole. Nothing was replaced.
    """
    tables = published_tables() if tables is None else tables
    report("verifying the candidate")
    same_names = same.names if same else frozenset()
    rows = verify(settings.candidate_file, tables, already_verified=same_names)

    publications = settings.warehouse_dir / "publications"
    partial = publications / f"{load_id}{PARTIAL_SUFFIX}"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    changed = [table for table in tables if table.qualified_name not in same_names]
    report(f"writing {len(changed)} tables as Parquet")
    sha256 = write_parquet(settings.candidate_file, partial / "parquet", changed)
    if same:
        sha256 |= link_parquet(same.folder / "parquet", partial / "parquet", _sha256_of(same))
    manifest = {"load_id": load_id, "tables": {name: {"rows": rows[name], "sha256": sha256[name]} for name in rows}}
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")
    settings.candidate_file.rename(partial / FILE)
    (partial / FILE).chmod(0o444)
    _flush(partial)
    partial.rename(publications / load_id)
    _flush_directory(publications)

    report(f"replacing {DATABASE}")
    _replace_link(settings.warehouse_dir / CURRENT, Path("publications") / load_id)
    for name, target in LINKS.items():
        _replace_link(settings.warehouse_dir / name, Path(CURRENT) / target)
    _prune(publications, keep)
    return Publication(load_id, settings.warehouse_dir / DATABASE, rows, sha256)


def _sha256_of(same: SameTables) -> dict[str, str]:
    tables = json.loads((same.folder / MANIFEST).read_text())["tables"]
    return {name: tables[name]["sha256"] for name in same.names}


def _replace_link(link: Path, target: Path) -> None:
    if link.is_symlink() and link.readlink() == target:
        return
    new_name = link.with_name(f".{link.name}.new")
    new_name.unlink(missing_ok=True)
    new_name.symlink_to(target)
    new_name.replace(link)
    _flush_directory(link.parent)


def _prune(publications: Path, keep: int) -> None:
    """Load ids begin with the time of their load, so their names are their order."""
    folders = sorted(path for path in publications.iterdir() if path.is_dir())
    for path in [folder for folder in folders if folder.suffix == PARTIAL_SUFFIX]:
        shutil.rmtree(path)
    for path in [folder for folder in folders if folder.suffix != PARTIAL_SUFFIX][:-keep]:
        shutil.rmtree(path)


def _flush(folder: Path) -> None:
    """Onto the disk before the rename: a name must never point at bytes that a power cut can take back."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as handle:
                os.fsync(handle.fileno())
    _flush_directory(folder)


def _flush_directory(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
