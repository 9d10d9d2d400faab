"""What the tests of the ledger and of the rules share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.validation.written_subjects import Outcomes, outcomes_of


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty working file with an empty candidate."""
    with duckdb.connect(tmp_path / "working.duckdb") as connection:
        connection.execute(f"attach '{tmp_path / 'candidate.duckdb'}' as candidate")
        yield connection


@pytest.fixture(scope="session")
def outcomes(written_trial: duckdb.DuckDBPyConnection) -> Outcomes:
    return outcomes_of(written_trial)
