"""Release and withdraw: people decide, the next load applies it, and what was in force before comes back."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from orchestration.ingestion.decision_log import FILE, standing_decisions
from orchestration.ingestion.decisions import DecisionRefusedError, list_deliveries, release, withdraw
from orchestration.ingestion.lock import LoadLocked, hold_lock
from tests.orchestration.ingestion.landing_folder import LandingFolder, assessments, subjects

DAY1, DAY2, DAY3 = date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 3)


def held_trial(trial: LandingFolder) -> LandingFolder:
    """S01: ten subjects, then two: held."""
    trial.deliver("S01", "2026-06-01", dm=subjects(10), pga=assessments(5))
    trial.deliver("S01", "2026-06-02", dm=subjects(2), pga=assessments(6))
    trial.load()
    assert ("2026-06-02", "dm", "HELD", "DEL07") in trial.statuses()
    return trial


def test_a_released_delivery_counts_from_the_next_load_on(trial: LandingFolder) -> None:
    held_trial(trial)
    lines = release(trial.settings, "S01", DAY2, None, "Dr Meier", "eight were screen failures")
    assert len(lines) == 1
    assert "dm" in lines[0]
    assert len(trial.current()) == 10, "not before the next load"
    assert [file.decided for file in list_deliveries(trial.settings, status="HELD")] == ["LOADED"]
    trial.load()
    assert len(trial.current()) == 2
    assert trial.problems() == []
    reason = trial.query("select reason from raw.deliveries where form = 'dm' and delivered = '2026-06-02'")[0][0]
    assert reason.startswith("released by Dr Meier: eight were screen failures; it lost 8 of 10 rows")
    trial.deliver("S01", "2026-06-03", dm=subjects(2), pga=assessments(6))
    trial.load()
    assert ("2026-06-03", "dm", "UNCHANGED", None) in trial.statuses(), "compared with what was released"


def test_the_same_bytes_are_released_under_every_later_date(trial: LandingFolder) -> None:
    held_trial(trial)
    trial.deliver("S01", "2026-06-03", dm=subjects(2), pga=assessments(7))
    trial.load()
    release(trial.settings, "S01", DAY2, "dm", "Dr Meier", "right")
    trial.load()
    assert ("2026-06-03", "dm", "UNCHANGED", "DEL07") in trial.statuses()
    assert trial.query("select delivered from raw.in_force where form = 'dm'") == [(DAY3,)]
    assert trial.problems() == []


def test_a_withdrawn_held_delivery_stays_out(trial: LandingFolder) -> None:
    held_trial(trial)
    withdraw(trial.settings, "S01", DAY2, "dm", "Dr Meier", "cut short")
    trial.load()
    assert ("2026-06-02", "dm", "WITHDRAWN", "DEL07") in trial.statuses()
    assert len(trial.current()) == 10
    assert trial.problems() == []


def test_withdrawing_the_latest_delivery_brings_back_the_state_before(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-06-01", dm=subjects(3), pga=assessments(5))
    trial.load()
    before = [trial.current(columns="row_id"), trial.current("pga", "row_id")]
    trial.deliver("S01", "2026-06-02", dm=subjects(3, sex="M"), pga=assessments(6))
    trial.load()
    withdraw(trial.settings, "S01", DAY2, None, "Dr Meier", "another study's data")
    trial.load()
    assert [trial.current(columns="row_id"), trial.current("pga", "row_id")] == before
    assert trial.query("select distinct delivered from raw.in_force") == [(DAY1,)]
    as_of = "select count(*), min(sex) from raw.dm where opened <= '{0}' and (closed is null or closed > '{0}')"
    assert [trial.query(as_of.format(day)) for day in (DAY1, DAY2, DAY3)] == [[(3, "F")]] * 3
    assert trial.query("select latest_delivered, latest_sha256 = first_sha256, count(*) from raw.positions group by all"
                       " order by all") == [(DAY1, True, 8), (DAY2, True, 4)]  # fmt: skip
    # The decision is about those bytes; a corrected export under the same date is taken.
    trial.deliver("S01", "2026-06-02", dm=subjects(4), pga=assessments(6))
    trial.load()
    assert len(trial.current()) == 4
    assert len(trial.current("pga", "visit")) == 5


def test_a_withdrawal_is_taken_back_by_a_release(trial: LandingFolder) -> None:
    trial.deliver("S01", "2026-06-01", dm=subjects(3))
    trial.load()
    withdraw(trial.settings, "S01", DAY1, "dm", "Dr Meier", "wrong")
    trial.load()
    assert trial.current() == []
    assert trial.query("from raw.in_force") == []
    release(trial.settings, "S01", DAY1, "dm", "Dr Meier", "right after all")
    trial.load()
    assert len(trial.current()) == 3


def test_history_is_rebuilt_from_archive_landing_and_decisions_alone(trial: LandingFolder) -> None:
    """The working file is lost: the same deliveries and decisions give the same current rows again."""
    held_trial(trial)
    release(trial.settings, "S01", DAY2, None, "Dr Meier", "right")
    withdraw(trial.settings, "S01", DAY2, "pga", "Dr Meier", "wrong")
    trial.load()

    def current_state() -> list[list[tuple[object, ...]]]:
        in_force = trial.query("from raw.in_force order by all")
        return [trial.current(columns="row_id"), trial.current("pga", "row_id"), in_force]

    before = current_state()
    trial.settings.working_file.unlink()
    trial.load()
    assert current_state() == before


def test_deciding_again_changes_nothing(trial: LandingFolder) -> None:
    held_trial(trial)
    release(trial.settings, "S01", DAY2, None, "Dr Meier", "right")
    trial.load()
    before = trial.everything()
    trial.load()
    assert trial.everything() == before


REFUSED = [
    (release, "S09", DAY1, None, "no delivery of S09 is known"),
    (release, "S01", DAY3, None, "S01 has no delivery of 2026-06-03; latest: 2026-06-02, 2026-06-01"),
    (release, "S01", DAY1, "ae", "S01 has no delivery of 2026-06-01 with ae"),
    (release, "S01", DAY1, "dm", "nothing to release: dm is LOADED; only what is HELD or WITHDRAWN can be"),
    (withdraw, "S02", DAY1, None, "nothing to withdraw: dm is REFUSED; only what is LOADED, UNCHANGED or HELD"),
]


@pytest.mark.parametrize(("decide", "siteid", "delivered", "form", "message"), REFUSED)
def test_what_can_not_be_decided(decide, siteid, delivered, form, message, trial: LandingFolder) -> None:  # type: ignore[no-untyped-def]
    trial.deliver("S02", "2026-06-01", dm=b"")
    held_trial(trial)
    with pytest.raises(DecisionRefusedError, match=message):
        decide(trial.settings, siteid, delivered, form, "Dr Meier", "because")
    assert not (trial.settings.decisions_dir / FILE).exists()


def test_a_decision_needs_a_name_and_a_reason_and_something_that_still_matters(trial: LandingFolder) -> None:
    held_trial(trial)
    for name, reason in (("", "because"), ("Dr Meier", "  ")):
        with pytest.raises(DecisionRefusedError, match="name of who decides and a reason"):
            release(trial.settings, "S01", DAY2, None, name, reason)
    trial.deliver("S01", "2026-06-03", dm=subjects(11), pga=assessments(6))
    trial.load()
    with pytest.raises(DecisionRefusedError, match="dm of 2026-06-03 has been accepted since"):
        release(trial.settings, "S01", DAY2, None, "Dr Meier", "late")


def test_a_half_written_decision_was_never_made(trial: LandingFolder) -> None:
    held_trial(trial)
    release(trial.settings, "S01", DAY2, None, "Dr Meier", "right")
    log = trial.settings.decisions_dir / FILE
    line = log.read_bytes()
    log.write_bytes(line + line[:40])
    withdraw(trial.settings, "S01", DAY2, "pga", "Dr Meier", "wrong")
    assert [decision.decision for decision in standing_decisions(trial.settings).values()] == ["release", "withdraw"]


def test_deciding_never_waits_for_a_load(trial: LandingFolder) -> None:
    """A load of another process holds the warehouse: deliveries are read as last published, or not at all."""
    held_trial(trial)
    holder = subprocess.Popen(
        [sys.executable, "-c", "import sys, time; from pathlib import Path\n"
         "from orchestration.ingestion.lock import hold_lock; from orchestration.ingestion.settings import Settings\n"
         "with hold_lock(Settings(Path(), Path(sys.argv[1]), Path()), 'run 1'):\n"
         "    print('held', flush=True); time.sleep(60)",
         str(trial.settings.warehouse_dir)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(LoadLocked, match=rf"run 1 \(process {holder.pid}, since "):
            release(trial.settings, "S01", DAY2, None, "Dr Meier", "right")
        publish_deliveries(trial)
        assert release(trial.settings, "S01", DAY2, None, "Dr Meier", "right")
    finally:
        holder.kill()
        holder.wait()
    with hold_lock(trial.settings, "run 2"):
        pass  # the kernel gave the lock back


def publish_deliveries(trial: LandingFolder) -> None:
    import duckdb

    with duckdb.connect(str(trial.settings.published_file)) as connection:
        connection.execute(f"attach '{trial.settings.working_file}' as working (read_only)")
        connection.execute("create schema quality")
        connection.execute("create table quality.deliveries as from working.raw.deliveries")
