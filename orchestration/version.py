"""Which code made a publication: the package's version and a hash over everything that can change a result."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from orchestration.derivation.project import project_fingerprint

PACKAGE = "mrbs-trial-data-warehouse"
CODE_FOLDERS = ("orchestration", "validation")


def code_version() -> str:
    """For example 0.1.0+3f2a9c1b7d04: the hash is over the dbt project and the Python that runs it.

    A hash of the files rather than a commit: it also tells a changed working copy, and needs no git.
    """
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256(project_fingerprint().encode())
    for folder in CODE_FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return f"{_package_version()}+{digest.hexdigest()[:12]}"


def _package_version() -> str:
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return "0"
