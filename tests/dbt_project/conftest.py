"""What the tests of the models share: the subjects of all endpoint tests."""

from __future__ import annotations

import duckdb
import pytest

from tests.dbt_project.written_trial import Derived


@pytest.fixture
def endpoint(written_trial: duckdb.DuckDBPyConnection) -> Derived:
    """What was derived of the subjects written down with endpoint_subject."""
    return Derived(written_trial)
