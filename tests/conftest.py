"""What tests of several folders share."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.support.shared import made_once


@pytest.fixture(scope="session")
def written_trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Every subject that a collected test module wrote down, derived by one dbt build for the whole test run."""
    from tests.dbt_project.written_trial import build_trial, open_trial

    with open_trial(made_once(tmp_path_factory, "written-trial", build_trial)) as connection:
        yield connection
