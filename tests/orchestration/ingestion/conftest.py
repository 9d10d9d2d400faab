"""What the tests of ingestion share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.orchestration.ingestion.landing_folder import LandingFolder


@pytest.fixture
def trial(tmp_path: Path) -> LandingFolder:
    """An empty landing folder with two registered sites, and an empty warehouse."""
    return LandingFolder(tmp_path)
