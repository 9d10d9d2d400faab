"""The small warehouse, published once for all tests of exports. Not to be written to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.orchestration.export.small_warehouse import publish_small


@pytest.fixture(scope="session")
def small_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_small(tmp_path_factory.mktemp("export") / "warehouse")
