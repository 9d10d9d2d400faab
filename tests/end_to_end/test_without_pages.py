"""A load whose last step fails: the monitors' pages can't be made, and what was published stands and is said to."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest
from typer.testing import CliRunner

from orchestration.automation.news_text import news_of_failure
from orchestration.checks.run_tags import PUBLISHED_LOAD
from orchestration.cli import app
from orchestration.review import logging_pages
from tests.end_to_end.conftest import Trial
from tests.support.load import environment_of, published

pytestmark = pytest.mark.slow


def test_published_without_pages_is_neither_a_success_nor_a_failed_load(
    clean_trial: Trial, clean_warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that a site or a person could do makes the pages fail, so here the step is made to."""
    warehouse, night = tmp_path / "warehouse", clean_trial.nights[-1] + timedelta(days=1)
    landing = clean_trial.land(tmp_path / "landing", *clean_trial.nights)
    shutil.copytree(clean_warehouse, warehouse, symlinks=True)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(logging_pages, "log_pages", fail)
    with environment_of(landing, clean_trial.sites_file, warehouse):
        ended = CliRunner().invoke(app, ["load", "--date", str(night)])
        with dg.DagsterInstance.get() as instance:
            (run,) = instance.get_runs()
    assert ended.exit_code == 3
    said = " ".join(ended.output.split())
    assert "Published, but the monitors' pages could not be made." in said
    assert "No space left on device" in said
    assert "Nothing was replaced" not in said
    with published(warehouse / "analysis.duckdb") as connection:
        assert connection.execute("select clockdt from metadata.run").fetchall() == [(night,)]
    assert run.status == dg.DagsterRunStatus.FAILURE
    assert (warehouse / "publications" / run.tags[PUBLISHED_LOAD]).is_dir()
    assert "It published, but the monitors' pages" in news_of_failure(run.run_id, run.status.value, run.tags).text
