"""Publication over hand-made candidates: what is whole is published in one step, what isn't replaces nothing."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.ingestion.settings import Settings
from orchestration.publication.parquet import write_parquet
from orchestration.publication.publish import SameTables, publish
from orchestration.publication.tables import PublishedTable
from orchestration.publication.verify import VerificationError, verify

ADSL = PublishedTable("analysis", "adsl", ("usubjid",), ("usubjid", "age"))


def settings_in(folder: Path) -> Settings:
    return Settings(folder / "landing", folder, folder / "sites.yml")


def make_candidate(file: Path, *rows: tuple[str, int], columns: str = "usubjid varchar, age integer") -> Path:
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"create schema analysis; create table analysis.adsl ({columns})")
        for row in rows:
            connection.execute("insert into analysis.adsl values (?, ?)", row)
    return file


def ages(database: Path) -> list[int]:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{database}' as mrbs (read_only)")
        return [row[0] for row in connection.execute("select age from mrbs.analysis.adsl order by age").fetchall()]


def test_the_second_publication_replaces_the_first(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    for load_id, age in (("20260101T000000-a", 30), ("20260102T000000-b", 31)):
        make_candidate(settings.candidate_file, ("MRBS-S01-1", age))
        published = publish(settings, load_id, keep=14, report=print, tables=[ADSL])
    assert ages(published.database) == [31]
    assert ages(tmp_path / "mrbs.duckdb") == [31]
    assert ages(tmp_path / "publications" / "20260101T000000-a" / "mrbs.duckdb") == [30]
    assert not settings.candidate_file.exists()


def test_an_open_reader_keeps_the_file_it_opened(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    make_candidate(settings.candidate_file, ("MRBS-S01-1", 30))
    publish(settings, "20260101T000000-a", keep=1, report=print, tables=[ADSL])
    with (tmp_path / "analysis.duckdb").open("rb") as reader:
        before = reader.read()
        make_candidate(settings.candidate_file, ("MRBS-S01-1", 31))
        publish(settings, "20260102T000000-b", keep=1, report=print, tables=[ADSL])
        reader.seek(0)
        assert reader.read() == before
    assert ages(tmp_path / "analysis.duckdb") == [31]


def test_a_candidate_without_a_table_replaces_nothing(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    make_candidate(settings.candidate_file, ("MRBS-S01-1", 30))
    publish(settings, "20260101T000000-a", keep=14, report=print, tables=[ADSL])
    duckdb.connect(str(settings.candidate_file)).close()
    with pytest.raises(VerificationError, match=r"analysis\.adsl is missing"):
        publish(settings, "20260102T000000-b", keep=14, report=print, tables=[ADSL])
    assert ages(tmp_path / "analysis.duckdb") == [30]


def test_a_missing_column_and_a_repeated_key_are_faults(tmp_path: Path) -> None:
    narrow = make_candidate(tmp_path / "narrow.duckdb", columns="usubjid varchar, years integer")
    with pytest.raises(VerificationError, match="its contract says"):
        verify(narrow, [ADSL])
    repeated = make_candidate(tmp_path / "repeated.duckdb", ("MRBS-S01-1", 30), ("MRBS-S01-1", 31))
    with pytest.raises(VerificationError, match="more than one row for a key"):
        verify(repeated, [ADSL])
    whole = make_candidate(tmp_path / "whole.duckdb", ("MRBS-S01-1", 30))
    assert verify(whole, [ADSL]) == {"analysis.adsl": 1}


def test_parquet_does_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    rows = [(f"MRBS-S01-{number}", 20 + number) for number in range(50)]
    forwards = make_candidate(tmp_path / "forwards.duckdb", *rows)
    backwards = make_candidate(tmp_path / "backwards.duckdb", *reversed(rows))
    assert write_parquet(forwards, tmp_path / "a", [ADSL]) == write_parquet(backwards, tmp_path / "b", [ADSL])


def test_what_a_killed_publication_left_behind_is_cleared_away(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    leftover = tmp_path / "publications" / "20260101T000000-a.partial"
    leftover.mkdir(parents=True)
    (leftover / "mrbs.duckdb").write_bytes(b"half")
    (tmp_path / ".current.new").symlink_to("publications/20260101T000000-a")
    make_candidate(settings.candidate_file, ("MRBS-S01-1", 30))
    publish(settings, "20260102T000000-b", keep=14, report=print, tables=[ADSL])
    assert ages(tmp_path / "analysis.duckdb") == [30]
    assert [path.name for path in (tmp_path / "publications").iterdir()] == ["20260102T000000-b"]


def test_parquet_is_the_same_bytes_with_any_number_of_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over several row groups, in a file whose rows stand in another order."""
    file = tmp_path / "candidate.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(
            "create schema analysis; create table analysis.adsl as "
            "select md5(number::varchar) as usubjid, (number % 90)::integer as age from range(600_000) as n(number)"
        )
    connect = duckdb.connect

    def with_threads(threads: int) -> dict[str, str]:
        monkeypatch.setattr(duckdb, "connect", lambda *_, **__: connect(config={"threads": threads}))
        return write_parquet(file, tmp_path / f"parquet-{threads}", [ADSL])

    assert with_threads(1) == with_threads(2) == with_threads(5)


def test_the_files_of_tables_that_are_the_same_are_shared(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    make_candidate(settings.candidate_file, ("MRBS-S01-0001", 30))
    first = publish(settings, "20260101T000000-aaaaaaaa", 5, print, [ADSL])
    make_candidate(settings.candidate_file, ("MRBS-S01-0001", 30))
    folder = (tmp_path / "current").resolve()
    second = publish(
        settings, "20260102T000000-bbbbbbbb", 1, print, [ADSL], same=SameTables(folder, frozenset({"analysis.adsl"}))
    )
    assert second.sha256 == first.sha256
    assert not folder.exists(), "pruned"
    # The file outlives the publication that wrote it.
    with duckdb.connect() as connection:
        parquet = tmp_path / "parquet" / "analysis" / "adsl.parquet"
        assert connection.execute(f"select age from '{parquet}'").fetchall() == [(30,)]
