"""What the tests of review pages share."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.orchestration.review.small_publication import publication


@pytest.fixture
def published() -> Iterator[duckdb.DuckDBPyConnection]:
    """A publication without findings, subjects or deliveries."""
    with publication() as connection:
        yield connection
