"""What the tests of decisions share."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.orchestration.findings.reviewed_trial import ReviewedTrial, at

FIRST = date(2026, 3, 2)


@pytest.fixture(scope="session")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """After the first night: two findings at S01, one at S02."""
    folder = tmp_path_factory.mktemp("reviewed")
    ReviewedTrial(folder).load(FIRST, at("S01", 1), at("S01", 2), at("S02", 1))
    return folder


@pytest.fixture
def trial(first_night: Path, tmp_path: Path) -> ReviewedTrial:
    """A copy of it, the test's own."""
    shutil.copytree(first_night, tmp_path, dirs_exist_ok=True)
    return ReviewedTrial(tmp_path)
