"""The lock, the archive and the settings: small things that everything rests on."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import pytest

from orchestration.ingestion.archive import Archive, ArchiveDamagedError, Arrival
from orchestration.ingestion.lock import LoadLocked, hold_lock, lock_holder
from orchestration.ingestion.settings import Settings, SettingsError


def settings_in(folder: Path) -> Settings:
    return Settings(folder / "landing", folder / "warehouse", folder / "sites.yml")


def test_a_second_load_is_told_who_holds_the_warehouse(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    message = rf"run 1 \(process {os.getpid()}, since 20"
    with hold_lock(settings, "run 1"), pytest.raises(LoadLocked, match=message) as e, hold_lock(settings, "run 2"):
        pass
    assert e.value.holder is not None
    assert e.value.holder.owner == "run 1"
    with hold_lock(settings, "run 3"):
        holder = lock_holder(settings)
        assert holder is not None
        assert holder.owner == "run 3"
    assert lock_holder(settings) is None


def test_a_load_waits_for_the_one_before(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    told: list[str] = []
    first_may_end = threading.Event()

    def first() -> None:
        with hold_lock(settings, "run 1"):
            started.set()
            first_may_end.wait(10)

    started = threading.Event()
    thread = threading.Thread(target=first)
    thread.start()
    started.wait(10)

    def report(message: str) -> None:
        told.append(message)
        first_may_end.set()

    with hold_lock(settings, "run 2", wait_seconds=10, report=report):
        pass
    thread.join()
    assert len(told) == 1
    assert told[0].startswith("waiting for run 1 (process ")


def test_the_archive_gives_back_what_it_got_and_notices_damage(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    data = b"subjid\n1\n"
    sha256 = hashlib.sha256(data).hexdigest()
    archive.store(data, sha256)
    archive.store(data, sha256)
    archive.store(b"", hashlib.sha256(b"").hexdigest())
    assert archive.read(sha256) == data
    assert [path.name for path in archive.path_of(sha256).parent.iterdir()] == [sha256], "no temporary file stays"
    assert archive.path_of(sha256).stat().st_mode & 0o222 == 0
    archive.path_of(sha256).chmod(0o644)
    archive.path_of(sha256).write_bytes(b"subjid\n2\n")
    with pytest.raises(ArchiveDamagedError, match="no longer has the bytes"):
        archive.read(sha256)
    with pytest.raises(ArchiveDamagedError, match="can't give back"):
        archive.read("0" * 64)


def test_the_index_of_arrivals_survives_a_torn_line(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    arrivals = [Arrival("S01", date(2026, 6, day), 'd"m.csv', "ab" * 32, 7) for day in (1, 2)]
    archive.record(arrivals[:1])
    index = tmp_path / "archive" / "arrivals.jsonl"
    index.write_bytes(index.read_bytes() + b'{"siteid": "S0')
    archive.record(arrivals[1:])
    archive.record([])
    assert list(archive.arrivals()) == arrivals


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    settings = Settings.from_environment({"MRBS_LANDING_DIR": str(tmp_path), "MRBS_SETTLE_SECONDS": "0"})
    assert settings.landing_dir == tmp_path
    assert settings.settle_seconds == 0
    assert Settings.from_environment({}).settle_seconds == 300
    assert Settings.from_environment({}).working_file == Path.cwd() / "warehouse" / "working.duckdb"
    for wrong in ("-1", "5 min", "1.5"):
        with pytest.raises(SettingsError, match=r"MRBS_SETTLE_SECONDS is .*whole number of seconds"):
            Settings.from_environment({"MRBS_SETTLE_SECONDS": wrong})


def test_ingestion_is_imported_without_anything_heavy() -> None:
    code = (
        "import sys; import orchestration.ingestion, orchestration.ingestion.settings, orchestration.ingestion.lock, "
        "orchestration.ingestion.forms; heavy = {'dagster', 'dbt', 'pandera', 'polars', 'duckdb', 'pandas'} & "
        "set(sys.modules); assert not heavy, heavy; import orchestration.ingestion.landing; "
        "assert not {'dagster', 'dbt', 'pandera', 'pandas'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
