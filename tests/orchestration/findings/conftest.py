"""What the tests of decisions share."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.orchestration.findings.reviewed_trial import ReviewedTrial, at

FIRST = date(2026, 3, 2)


@pytest.fixture
def trial(tmp_path: Path) -> ReviewedTrial:
    """After the first night: two findings at S01, one at S02."""
    trial = ReviewedTrial(tmp_path)
    trial.load(FIRST, at("S01", 1), at("S01", 2), at("S02", 1))
    return trial
