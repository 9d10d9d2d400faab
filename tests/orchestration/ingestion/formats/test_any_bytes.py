"""Whatever bytes arrive, a reader gives tables or refuses the file in a sentence: no other error, and soon.

A little of `make fuzz` (tests/fuzz): the same readers, in a process that may die without taking the tests along.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from orchestration.ingestion.formats.tables import FORMATS, ReadAs, read_tables
from orchestration.ingestion.reader import FileRefusedError
from tests.fuzz.damage import damaged
from tests.fuzz.targets import targets
from tests.fuzz.watched import ReaderFailedError, WatchedReader
from tests.orchestration.ingestion.formats.examples import whole_file, whole_files

TARGETS = targets()
bounded = settings(
    max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink)
)


@pytest.fixture(scope="module")
def reader() -> Iterator[WatchedReader]:
    with WatchedReader() as reader:
        yield reader


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_files(name: str, reader: WatchedReader) -> None:
    @bounded
    @given(data=damaged(TARGETS[name].examples()))
    def read_or_refused(data: bytes) -> None:
        assert reader.ask(name, data) in ("read", "refused")

    read_or_refused()


@pytest.mark.parametrize("name", TARGETS)
@settings(bounded, max_examples=5)
@given(data=st.binary(max_size=300))
def test_bytes_out_of_nothing(name: str, reader: WatchedReader, data: bytes) -> None:
    assert reader.ask(name, data) in ("read", "refused")


@pytest.mark.parametrize("name", TARGETS)
def test_files_that_are_whole_are_read(name: str, reader: WatchedReader) -> None:
    assert all(reader.ask(name, data) == "read" for data in TARGETS[name].examples())


@pytest.mark.parametrize(
    ("harm", "what"),
    [
        ("os.abort()", r"died \(SIGABRT\)"),
        ("os._exit(3)", r"died \(exit code 3\)"),
        ("time.sleep(60)", "still reading after 1 s"),
        ("bytearray(3 << 30)", "MemoryError in the test itself"),
        ("{}['x']", "KeyError in the test itself"),
    ],
)
def test_a_reader_that_fails_is_noticed(harm: str, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A target of this test's own, of which only the child knows: what it does to its process is real."""
    monkeypatch.setenv("MRBS_FUZZ_HARM", harm)
    with WatchedReader(seconds=1.0) as reader:
        assert reader.ask("csv", b"a;b\n") == "read"
        with pytest.raises(ReaderFailedError, match=what):
            reader.ask("harm", b"")
        assert reader.ask("csv", b"a;b\n") == "read", "another process has taken its place"


@pytest.mark.parametrize("name", FORMATS)
def test_the_files_are_whole_before_they_are_damaged(name: str) -> None:
    how = ReadAs(name, delimiter=";") if name == "csv" else ReadAs(name)
    assert all(table.frame.height for table in read_tables(whole_file(name), how))


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_of_another_format_is_refused(name: str) -> None:
    """Text is text: a description of CSV takes any; every other format knows its own."""
    for other, data in whole_files().items():
        if other != name and name not in ("csv", "redcap"):
            with pytest.raises(FileRefusedError):
                list(read_tables(data, ReadAs(name)))
