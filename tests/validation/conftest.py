"""What the tests of the ledger share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty working file with an empty candidate."""
    with duckdb.connect(tmp_path / "working.duckdb") as connection:
        connection.execute(f"attach '{tmp_path / 'candidate.duckdb'}' as candidate")
        yield connection
