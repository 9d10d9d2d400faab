"""Random trials derived once for all tests of this folder."""

from __future__ import annotations

import pytest

from tests.properties.agreement import DerivedTrials, derive_trials


@pytest.fixture(scope="session")
def derived_trials() -> DerivedTrials:
    """About a thousand subjects, derived by both, the branches of the second derivation measured."""
    return derive_trials(number_of_trials=8, number=1)
