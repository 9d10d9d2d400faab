"""The golden trial, loaded once for all golden tests."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.golden.comparison import connect
from tests.golden.reading import read_cases
from tests.golden.trial import LOAD_DATE, build_trial


@pytest.fixture(scope="session")
def golden_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to what the load of all golden cases published, attached as ``mrbs``."""
    from tests.support.load import load_landing

    folder = tmp_path_factory.mktemp("golden")
    landing, register = build_trial(read_cases(), folder)
    connection = connect(load_landing(landing, register, folder / "warehouse", LOAD_DATE))
    yield connection
    connection.close()
