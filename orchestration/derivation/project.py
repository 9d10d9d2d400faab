"""The parsed dbt project: where it is, and a manifest that is never older than its files.

Parsing costs seconds, so it is done once and again only when a file of the project changed (told by a hash of
their contents, not by dates: a checkout changes dates). Running the project belongs in `build`.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

PROJECT_DIR = Path(__file__).resolve().parents[2] / "dbt_project"
TARGET_DIR = PROJECT_DIR / "target"
MANIFEST_FILE = TARGET_DIR / "manifest.json"
PARSED_FILE = TARGET_DIR / "partial_parse.msgpack"
FINGERPRINT_FILE = TARGET_DIR / "fingerprint.txt"

SOURCE_FOLDERS = ("models", "macros", "seeds")
AT_EXPORT = "at_export"
"""The tag of models that no load builds: those shaped for others' tools, made when somebody exports them."""


class ProjectError(RuntimeError):
    """The dbt project can't be parsed; the message is dbt's own."""


def project_fingerprint() -> str:
    """SHA-256 over the names and contents of every file that decides what the project derives."""
    files = [PROJECT_DIR / "dbt_project.yml", PROJECT_DIR / "profiles.yml"]
    for folder in SOURCE_FOLDERS:
        files += (path for path in (PROJECT_DIR / folder).rglob("*") if path.suffix in {".sql", ".yml", ".csv"})
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.relative_to(PROJECT_DIR).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def prepare_project() -> str:
    """Parse the project when its files changed since the last time; returns the fingerprint.

    Raises:
        ProjectError: dbt refused the project.
    """
    fingerprint = project_fingerprint()
    if _is_fresh(fingerprint):
        return fingerprint
    with _one_parser():
        if not _is_fresh(fingerprint):
            _parse()
            FINGERPRINT_FILE.write_text(fingerprint)
    return fingerprint


@cache
def load_manifest() -> dict[str, Any]:
    """The manifest as dbt writes it (manifest.json), parsed anew only when the project changed."""
    prepare_project()
    manifest: dict[str, Any] = json.loads(MANIFEST_FILE.read_text())
    return manifest


def published_models(manifest: dict[str, Any] | None = None) -> dict[str, dict[str, Any]]:
    """The manifest's nodes that are written into the candidate, by 'schema.table', in a fixed order."""
    return {name: node for name, node in _models_of_files(manifest) if AT_EXPORT not in node.get("tags", ())}


def models_at_export(manifest: dict[str, Any] | None = None) -> dict[str, dict[str, Any]]:
    """The nodes that only an export builds, by 'schema.table', in a fixed order."""
    return {name: node for name, node in _models_of_files(manifest) if AT_EXPORT in node.get("tags", ())}


def _models_of_files(manifest: dict[str, Any] | None) -> list[tuple[str, dict[str, Any]]]:
    """The models that are written into a file beside the working file, by their table's name."""
    models = [
        (f"{node['schema']}.{table_of(node)}", node)
        for node in (manifest or load_manifest())["nodes"].values()
        if node["resource_type"] == "model" and node["database"] == "candidate"
    ]
    return sorted(models, key=lambda named: named[0])


def table_of(node: Mapping[str, Any]) -> str:
    """The name of a node's table, which an alias may set apart from the name of its file (sources have none)."""
    return str(node.get("alias") or node["name"])


def _is_fresh(fingerprint: str) -> bool:
    return (
        MANIFEST_FILE.exists()
        and PARSED_FILE.exists()
        and FINGERPRINT_FILE.exists()
        and FINGERPRINT_FILE.read_text() == fingerprint
    )


@contextmanager
def _one_parser() -> Iterator[None]:
    """Two processes starting at once (webserver and daemon) must not write the same manifest."""
    TARGET_DIR.mkdir(parents=True, exist_ok=True)
    with (TARGET_DIR / "parse.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _parse() -> None:
    from dbt.cli.main import dbtRunner

    FINGERPRINT_FILE.unlink(missing_ok=True)
    PARSED_FILE.unlink(missing_ok=True)
    os.environ.setdefault("DO_NOT_TRACK", "1")
    result = dbtRunner().invoke(
        [
            "--quiet",
            "parse",
            "--project-dir", str(PROJECT_DIR),
            "--profiles-dir", str(PROJECT_DIR),
            "--target-path", str(TARGET_DIR),
            "--log-path", str(TARGET_DIR),
        ]
    )  # fmt: skip
    if not result.success:
        raise ProjectError(f"dbt can't parse {PROJECT_DIR}: {result.exception}")
