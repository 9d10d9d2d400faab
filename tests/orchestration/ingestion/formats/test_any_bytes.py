"""Whatever bytes arrive, a reader gives tables or refuses the file in a sentence: no other error, and soon.

Bytes out of nothing seldom come past the first line of a reader, so most are whole files that were damaged: a few
bytes changed, a piece cut out, or the end missing.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.ingestion.formats.tables import FORMATS, ReadAs, SourceTable, read_tables
from orchestration.ingestion.reader import FileRefusedError
from tests.orchestration.ingestion.formats.examples import whole_file, whole_files

TEXT = [{}, {"encoding": "gb18030", "delimiter": ";", "header_rows": 2}, {"encoding": "utf-16"}]
DESCRIPTIONS = {
    name: [ReadAs(name, **how) for how in (TEXT if name in ("csv", "redcap") else TEXT[:1])]  # type: ignore[arg-type]
    for name in FORMATS
}
CHANGE = st.tuples(st.floats(0, 1), st.sampled_from(["set", "cut", "end", "twice"]), st.binary(max_size=8))
CHANGES = st.lists(CHANGE, max_size=4)
bounded = settings(max_examples=25, deadline=timedelta(seconds=30), suppress_health_check=list(HealthCheck))


def damaged(data: bytes, changes: list[tuple[float, str, bytes]]) -> bytes:
    for share, how, new in changes:
        at = int(share * len(data))
        if how == "set":
            data = data[:at] + new + data[at + len(new) :]
        elif how == "cut":
            data = data[:at] + data[at + 7 :]
        elif how == "end":
            data = data[:at]
        else:
            data = data[:at] + data
    return data


def read_or_refused(data: bytes, read_as: ReadAs) -> list[SourceTable] | FileRefusedError:
    try:
        return list(read_tables(data, read_as))
    except FileRefusedError as refusal:
        return refusal


def assert_read_or_refused(data: bytes, read_as: ReadAs) -> None:
    tables = read_or_refused(data, read_as)
    if isinstance(tables, FileRefusedError):
        assert tables.rule_id in ("DEL01", "DEL02")
        assert 10 < len(str(tables)) < 1_000
        return
    assert tables
    for table in tables:
        assert table.frame.columns[0] == "row"
        assert table.frame.schema["row"] == pl.Int32
        assert set(table.frame.schema.values()) <= {pl.Int32, pl.String}
        assert set(table.labels) | set(table.kinds) <= set(table.frame.columns)


@pytest.mark.parametrize("name", FORMATS)
@bounded
@given(data=st.binary(max_size=300), which=st.integers(0, 2))
def test_bytes_out_of_nothing(name: str, data: bytes, which: int) -> None:
    assert_read_or_refused(data, DESCRIPTIONS[name][which % len(DESCRIPTIONS[name])])


@pytest.mark.parametrize("name", FORMATS)
@bounded
@given(changes=CHANGES, which=st.integers(0, 2))
def test_damaged_files(name: str, changes: list[tuple[float, str, bytes]], which: int) -> None:
    data = damaged(whole_file(name), changes)
    assert_read_or_refused(data, DESCRIPTIONS[name][which % len(DESCRIPTIONS[name])])


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
