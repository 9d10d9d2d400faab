"""What the tests of the models share: the subjects of all endpoint tests, derived by one dbt build."""

from __future__ import annotations

import pytest

from tests.dbt_project.endpoint_tables import ALL_SUBJECTS
from tests.dbt_project.subject_tables import Derived


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Derived:
    """Every subject that a collected test module wrote down with endpoint_subject."""
    folder = tmp_path_factory.mktemp("endpoint")
    return Derived(folder, ALL_SUBJECTS, ["+adqs", "+adsri", "+srisum"])
