"""The asset and its sensor: one report a publication, none where nothing has changed, and no part of the load."""

from pathlib import Path

import dagster as dg
import pytest

from orchestration.assets.opened import DATABASE_KEY
from orchestration.assets.report import REPORT_KEY, report_step
from orchestration.automation.jobs import NIGHTLY_LOAD
from orchestration.automation.report_runs import report_after_publication
from orchestration.definitions import defs
from tests.orchestration.report.small_publication import LOAD_ID, always, publish_report_tables


def made(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """The metadata of a materialization."""
    monkeypatch.setenv("MRBS_WAREHOUSE_DIR", str(warehouse))
    result = dg.materialize([report_step], instance=dg.DagsterInstance.ephemeral())
    assert result.success
    (event,) = result.asset_materializations_for_node("write_report")
    return {name: value.value for name, value in event.metadata.items()}


def test_it_is_made_once_for_the_same_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse = publish_report_tables(tmp_path / "warehouse", always(subjects=0))
    first = made(warehouse, monkeypatch)
    file = warehouse / "reports" / f"{LOAD_ID}.html"
    assert first["report"] == str(file)
    assert (first["load"], first["figures"], first["figures_without_data"]) == (LOAD_ID, 13, 13)
    assert first["bytes"] == file.stat().st_size
    before = file.stat().st_mtime_ns
    publish_report_tables(tmp_path / "warehouse", always(subjects=0), "20260702T020000-1b2c3d4e")
    again = made(warehouse, monkeypatch)
    assert again == {"report": str(file), "made": "not again: same tables"}
    assert file.stat().st_mtime_ns == before


def test_a_publication_asks_for_its_report_once() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_sensor_context(
            instance=instance, definitions=defs, sensor_name=report_after_publication.name
        )
        assert not asked(context)
        instance.report_runless_asset_event(dg.AssetMaterialization(DATABASE_KEY, metadata={"load": LOAD_ID}))
        (request,) = asked(context)
        assert request.run_key == LOAD_ID


def asked(context: dg.SensorEvaluationContext) -> list[dg.RunRequest]:
    return list(report_after_publication.evaluate_tick(context).run_requests or [])


def test_no_load_waits_for_it() -> None:
    load = defs.resolve_job_def(NIGHTLY_LOAD)
    assert REPORT_KEY not in load.asset_layer.executable_asset_keys
    assert defs.resolve_job_def("report").asset_layer.executable_asset_keys == {REPORT_KEY}
    assert report_after_publication.default_status == dg.DefaultSensorStatus.RUNNING
