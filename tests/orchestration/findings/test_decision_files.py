"""Decisions are kept whole or not at all: by several people at once, and by processes that are killed half way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from orchestration.findings.decision_files import FOLDER, DecisionFileDamagedError, read_decisions, write_decisions
from orchestration.ingestion.settings import Settings
from tests.orchestration.findings.deciding_processes import DECISIONS_OF_AN_ACT, STEPS, act, settings_of

COMMAND = [sys.executable, "-m", "tests.orchestration.findings.deciding_processes"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_of(tmp_path)


def kept(settings: Settings) -> Counter[tuple[str, str]]:
    """How many decisions of each act there are."""
    return Counter((decision.decided_by, decision.reason) for decision in read_decisions(settings))


def test_what_is_written_is_read_in_the_order_in_which_it_was_decided(settings: Settings) -> None:
    assert read_decisions(settings) == []
    acts = [act("A. Meyer", number) for number in range(3)]
    for one in acts:
        write_decisions(settings, one)
    assert read_decisions(settings) == [decision for one in acts for decision in one]


def test_the_same_decision_in_two_files_is_one(settings: Settings) -> None:
    """Two people who import one file at the same moment."""
    one = act("A. Meyer", 1)
    write_decisions(settings, one)
    write_decisions(settings, one)
    assert read_decisions(settings) == one


def test_a_file_is_never_written_to_again_and_strangers_are_left_alone(settings: Settings) -> None:
    file = write_decisions(settings, act("A. Meyer", 1))
    assert file.stat().st_mode & 0o777 == 0o444
    (file.parent / "notes.txt").write_text("about the findings")
    (file.parent / ".20260302T090000000000Z-00000000.jsonl").write_text('{"decision_id": "D-1", "deci')
    assert kept(settings) == {("A. Meyer", "act 1"): DECISIONS_OF_AN_ACT}


@pytest.mark.parametrize("damage", ["half", "other", "nothing"])
def test_a_damaged_file_is_named_and_not_passed_over(damage: str, settings: Settings) -> None:
    file = write_decisions(settings, act("A. Meyer", 1))
    data = file.read_bytes()
    file.chmod(0o644)
    file.write_bytes({"half": data[:-40], "other": b'{"decision": "ACCEPT"}\n', "nothing": b""}[damage])
    with pytest.raises(DecisionFileDamagedError, match=rf"{file.name} holds decisions.*Bring it back from the backup"):
        read_decisions(settings)
    # A load goes on with the others, and has it to tell.
    whole = write_decisions(settings, act("B. Roth", 2))
    assert whole.exists()
    damaged: list[DecisionFileDamagedError] = []
    assert {decision.decided_by for decision in read_decisions(settings, damaged)} == {"B. Roth"}
    assert [file.name in str(error) for error in damaged] == [True]


def test_a_full_disk_decides_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_decisions(settings, act("A. Meyer", 1))
    assert list((settings.decisions_dir / FOLDER).glob("*")) == []


@pytest.mark.slow
def test_killed_at_any_step_an_act_is_there_whole_or_not_at_all(settings: Settings) -> None:
    write_decisions(settings, act("A. Meyer", 1))
    strikes = [part for step in STEPS for part in (step, "1")]
    ended = subprocess.run(
        [*COMMAND, "die", str(settings.warehouse_dir), *strikes], capture_output=True, check=True, text=True
    ).stdout.split()
    assert ended == [str(int(signal.SIGKILL))] * len(STEPS)
    # Only the last was killed after its file had its name.
    whole = {("A. Meyer", "act 1"): DECISIONS_OF_AN_ACT, ("killed", "act 1"): DECISIONS_OF_AN_ACT}
    assert kept(settings) == whole
    write_decisions(settings, act("B. Roth", 1))
    assert kept(settings) == {**whole, ("B. Roth", "act 1"): DECISIONS_OF_AN_ACT}


@pytest.mark.slow
def test_several_people_at_once_who_are_killed_lose_nothing_that_was_kept(settings: Settings) -> None:
    people = {
        name: subprocess.Popen(
            [*COMMAND, "go-on", str(settings.warehouse_dir), name], stdout=subprocess.PIPE, text=True
        )
        for name in ("A. Meyer", "B. Roth", "C. Weiß")
    }
    for number, process in enumerate(people.values()):
        assert process.stdout is not None
        for _ in range(20 + 7 * number):
            process.stdout.readline()
        process.kill()
    promised = {name: [int(line) for line in process.communicate()[0].split()] for name, process in people.items()}
    counts = kept(settings)
    assert set(counts.values()) == {DECISIONS_OF_AN_ACT}, "an act is there whole"
    for number, (name, last) in enumerate(promised.items()):
        acts = max([*last, 20 + 7 * number - 1]) + 1
        assert {(name, f"act {which}") for which in range(acts)} <= counts.keys()
