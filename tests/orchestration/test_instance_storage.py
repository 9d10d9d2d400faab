"""Dagster's storage with a connection that stays open: the same files, and either class reads what the other wrote."""

import shutil
from pathlib import Path

import dagster as dg
import pytest

import orchestration
from orchestration.instance_storage import FILES_KEPT_OPEN, ReusingEventLogStorage

OURS = Path(orchestration.__file__).with_name("dagster.yaml")


@dg.asset(check_specs=[dg.AssetCheckSpec("known", asset="subjects")])
def subjects():  # type: ignore[no-untyped-def]  # Dagster would take an annotation for the type of an output
    check = dg.AssetCheckResult(check_name="known", passed=True)
    return dg.MaterializeResult(metadata={"dagster/row_count": 3}, check_results=[check])


def instance(home: Path, configuration: str, monkeypatch: pytest.MonkeyPatch) -> dg.DagsterInstance:
    home.mkdir(exist_ok=True)
    (home / "dagster.yaml").write_text(configuration)
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    return dg.DagsterInstance.get()


def events(of: dg.DagsterInstance, run_id: str) -> list[str]:
    return [record.event_log_entry.message for record in of.get_records_for_run(run_id).records]


def test_either_storage_reads_what_the_other_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    with instance(home, OURS.read_text(), monkeypatch) as ours:
        assert isinstance(ours.event_log_storage, ReusingEventLogStorage)
        by_ours = dg.materialize([subjects], instance=ours).run_id
        seen_by_ours = events(ours, by_ours)
    with instance(home, "telemetry: {enabled: false}", monkeypatch) as dagsters_own:
        assert not isinstance(dagsters_own.event_log_storage, ReusingEventLogStorage)
        assert events(dagsters_own, by_ours) == seen_by_ours
        by_dagster = dg.materialize([subjects], instance=dagsters_own).run_id
        seen_by_dagster = events(dagsters_own, by_dagster)
    with instance(home, OURS.read_text(), monkeypatch) as ours:
        assert events(ours, by_dagster) == seen_by_dagster
        latest = ours.get_latest_materialization_event(dg.AssetKey("subjects"))
        assert latest is not None
        assert latest.run_id == by_dagster


def test_only_the_latest_runs_stay_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with instance(tmp_path / "home", OURS.read_text(), monkeypatch) as ours:
        runs = [dg.materialize([subjects], instance=ours).run_id for _ in range(FILES_KEPT_OPEN + 2)]
        storage = ours.event_log_storage
        assert isinstance(storage, ReusingEventLogStorage)
        assert len(storage._open) <= FILES_KEPT_OPEN
        assert all(events(ours, run_id) for run_id in runs)
        assert len(storage._open) <= FILES_KEPT_OPEN


def test_a_folder_that_is_moved_is_read_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with instance(tmp_path / "home", OURS.read_text(), monkeypatch) as ours:
        run_id = dg.materialize([subjects], instance=ours).run_id
    shutil.move(tmp_path / "home", tmp_path / "moved")
    with instance(tmp_path / "moved", OURS.read_text(), monkeypatch) as moved:
        assert events(moved, run_id)
