"""What the tests of the models share: the subjects of all endpoint tests, derived by one dbt build."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.dbt_project.endpoint_tables import Endpoint


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """Every subject that a collected test module wrote down with endpoint_subject."""
    derived = Endpoint(tmp_path_factory.mktemp("endpoint"))
    yield derived
    derived.close()
