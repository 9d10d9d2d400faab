"""The nine subjects, and a trial without anybody, each published once. Not to be written to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.report.published import Published, open_for_report
from tests.orchestration.report.nine_subjects import NINE
from tests.orchestration.report.small_publication import always, publish_report_tables


@pytest.fixture(scope="session")
def nine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_report_tables(tmp_path_factory.mktemp("report") / "nine", NINE)


@pytest.fixture(scope="session")
def nobody(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_report_tables(tmp_path_factory.mktemp("report") / "nobody", always(subjects=0))


@pytest.fixture
def published(nine: Path) -> Iterator[Published]:
    with open_for_report(nine) as opened:
        yield opened
