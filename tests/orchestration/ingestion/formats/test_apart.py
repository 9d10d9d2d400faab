"""SAS files are read in a process of their own: whatever happens to it, the file is refused and the next is read."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.ingestion.formats import apart
from orchestration.ingestion.formats.tables import ReadAs, read_tables
from tests.orchestration.ingestion.formats.examples import whole_file
from tests.orchestration.ingestion.formats.reading import only, refused

DATA = whole_file("xpt")


def reader_of_sas() -> int:
    """The process that has just read a file."""
    assert only(DATA, format="xpt").frame.height == 3
    assert apart._helper.process is not None
    assert apart._helper.process.pid != os.getpid()
    return apart._helper.process.pid


def meanwhile(act: Callable[[], None]) -> threading.Thread:
    def later() -> None:
        time.sleep(0.5)
        act()

    thread = threading.Thread(target=later)
    thread.start()
    return thread


@pytest.mark.parametrize("how", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL])
def test_a_crash_refuses_the_file_and_the_next_is_read(how: signal.Signals) -> None:
    """Stopped before it is asked, so that the crash comes while it reads."""
    process = reader_of_sas()
    os.kill(process, signal.SIGSTOP)

    def crash() -> None:
        os.kill(process, how)
        os.kill(process, signal.SIGCONT)

    thread = meanwhile(crash)
    assert refused(DATA, rf"broke down over it \({how.name}\)", format="xpt") == "DEL01"
    thread.join()
    assert reader_of_sas() != process


def test_what_does_not_come_to_an_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    process = reader_of_sas()
    monkeypatch.setattr(apart, "SECONDS", 1.0)
    os.kill(process, signal.SIGSTOP)
    assert refused(DATA, "did not come to an end in 1 seconds", format="xpt") == "DEL01"
    monkeypatch.undo()
    assert reader_of_sas() != process


def test_a_process_that_died_between_two_files_is_replaced() -> None:
    process = reader_of_sas()
    os.kill(process, signal.SIGKILL)
    time.sleep(0.2)
    assert reader_of_sas() != process


def test_one_process_reads_file_after_file(tmp_path: Path) -> None:
    process = reader_of_sas()
    assert refused(DATA[:-1], "cut short", format="xpt") == "DEL01"
    assert refused(tmp_path, "it is a folder", format="xpt") == "DEL01"
    assert reader_of_sas() == process


def test_two_files_may_be_read_side_by_side() -> None:
    twice = DATA + DATA[3 * 80 :]
    tables = read_tables(twice, ReadAs("xpt"))
    assert next(tables).name == "VS"
    assert only(DATA, format="xpt").frame.height == 3
    assert next(tables).frame.height == 3
