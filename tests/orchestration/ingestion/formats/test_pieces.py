"""CSV read in pieces is the same CSV: as the whole reader reads it, or refused where that refuses it.

Pieces are of a few bytes here, so that everything that may lie across their edges does: characters, quotes, line
breaks within quotes, the line end of Windows, header rows, the byte order mark.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from orchestration.ingestion.formats import delimited_pieces, limits
from orchestration.ingestion.formats.refusal import FileRefusedError
from orchestration.ingestion.formats.tables import ReadAs, SourceTable, read_batches, read_tables

CELL = st.text(st.sampled_from("ab1 ,;\"\n\r\ufeff男𠮷'"), max_size=5)
CELLS = st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=6)
HOW = st.fixed_dictionaries(
    {
        "encoding": st.sampled_from(["utf-8", "utf-16", "utf-16-le", "gb18030", "utf-8-sig", "utf-7"]),
        "delimiter": st.sampled_from([",", ";"]),
        "quote": st.sampled_from(['"', '"', '"', "'", ""]),
        "skip_lines": st.sampled_from([0, 0, 0, 1, 2]),
        "header_rows": st.sampled_from([1, 1, 2]),
    }
)
SIZE = st.integers(1, 40)
bounded = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def outcome(parts: Iterator[SourceTable]) -> tuple[object, ...] | str:
    """All rows of a table that may have come in parts; or by which rule it is refused."""
    try:
        tables = list(parts)
    except FileRefusedError as refusal:
        return refusal.rule_id
    (name,) = {table.name for table in tables}
    frame = pl.concat([table.frame for table in tables])
    return name, frame.schema, frame.rows()


def assert_same(data: bytes, how: dict[str, object], size: int) -> None:
    read_as = ReadAs(**how)  # type: ignore[arg-type]
    whole = outcome(read_tables(data, read_as))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited_pieces, "CHUNK", size)
        assert outcome(read_batches(data, read_as)) == whole


@bounded
@given(cells=CELLS, how=HOW, size=SIZE, end=st.sampled_from(["\n", "\r\n", "\r"]))
@example(cells=[["a", "b"], ["\ufeff1", "2"]], how={}, size=4, end="\n")
def test_what_a_writer_writes(cells: list[list[str]], how: dict[str, object], size: int, end: str) -> None:
    quote, delimiter = str(how.get("quote", '"')), str(how.get("delimiter", ","))

    def written(cell: str) -> str:
        return f"{quote}{cell.replace(quote, 2 * quote)}{quote}" if quote else cell

    text = "".join(delimiter.join(map(written, row)) + end for row in [["x", "y"], *cells])
    assert_same(text.encode(str(how.get("encoding", "utf-8"))), how, size)


@bounded
@given(text=st.text(st.sampled_from("ab,\"\n\r'\ufeff;é"), max_size=40), how=HOW, size=SIZE)
@example(text="\nabc\n", how={}, size=1)
@example(text="a\n\n\nb", how={}, size=1)
@example(text="a,b\n\n\n1,2\n\n", how={}, size=2)
@example(text='a,b\n1,"2\n3,4\n', how={}, size=3)
@example(text="a,b\r1,2\r", how={}, size=2)
@example(text='a\n"x"', how={}, size=1)
@example(text='a,b\n"x"\n1,2\n', how={}, size=1)
@example(text="x\na,b\n\nc,d\n1,2\n", how={"skip_lines": 1, "header_rows": 2}, size=1)
def test_whatever_text_it_is(text: str, how: dict[str, object], size: int) -> None:
    assert_same(text.encode(str(how.get("encoding", "utf-8"))), how, size)


@bounded
@given(data=st.binary(max_size=30), how=HOW, size=SIZE)
@example(data="a,b\n1,é\n".encode()[:-2], how={}, size=1)
@example(data="a;b\n".encode("utf-16-le"), how={"encoding": "utf-16", "delimiter": ";"}, size=1)
@example(data=b"a,b\n\x00,2\n", how={}, size=3)
def test_whatever_bytes_they_are(data: bytes, how: dict[str, object], size: int) -> None:
    assert_same(b"a,b\n" + data if how.get("encoding") != "utf-16" else data, how, size)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"a,b\n1,2\n3,4\n5\n6,7\n", "^row 4 has 1 values where the header has 2$"),
        (b"a,b\n1,2\n3,4\n5", "row 4 has 1 values .* cut short"),
        (b"a,b\n1,2\n3,\xe9\n", r"line 3 is not UTF-8 \(byte 0xe9\)"),
        (b"a,b\n1,2\n3,\x00\n", "line 3 holds a NUL byte"),
        (b'a,b\n1,2\n3,"4\n5,6\n', "quotes are not balanced"),
        (b"a;b\n1,5;2\n", "but maybe by ';'"),
    ],
)
@pytest.mark.parametrize("size", [1, 5, 1 << 20])
def test_messages_tell_the_place_in_the_file(
    text: bytes, message: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited_pieces, "CHUNK", size)
    with pytest.raises(FileRefusedError, match=message):
        list(read_batches(text, ReadAs()))


def test_a_quote_that_is_never_closed_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    with path.open("wb") as file:
        file.write(b'a,b\n1,"')
        for _ in range(limits.RECORD_BYTES // (1 << 20) + 16):
            file.write(b"x,y\n" * (1 << 18))
    with pytest.raises(FileRefusedError, match=r"a record has more than .* a quoted value is never closed"):
        list(read_batches(path, ReadAs()))
