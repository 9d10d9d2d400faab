"""The reader of canonical CSV: what it takes, what it refuses, and where each row stood."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.ingestion.reader import FileRefusedError, read_csv

COLUMNS = ("subjid", "visit", "pgares")
HEADER = b"subjid,visit,pgares\n"

READ = {
    "plain": (HEADER + b"1,W2,0.5\n2,,\n", [(2, "1", "W2", "0.5"), (3, "2", None, None)]),
    "header only": (HEADER, []),
    "header only, no line break": (HEADER.strip(), []),
    "byte order mark, capitals, blanks in the header": (
        b"\xef\xbb\xbfSUBJID, Visit ,pgaRES\r\n1,W2,0\r\n",
        [(2, "1", "W2", "0")],
    ),
    "other order of columns": (b"pgares,subjid,visit\n0.5,1,W2\n", [(2, "1", "W2", "0.5")]),
    "no line break at the end": (HEADER + b"1,W2,0.5", [(2, "1", "W2", "0.5")]),
    "quotes, commas, quotes in quotes, line breaks": (
        HEADER + b'1,"W2, or ""W4""","a\r\nb"\n2,"",x\n',
        [(2, "1", 'W2, or "W4"', "a\r\nb"), (3, "2", None, "x")],
    ),
    "blank lines are rows of the sheet, not records": (
        HEADER + b"\n1,W2,0\n\r\n2,W2,0\n\n\n",
        [(3, "1", "W2", "0"), (5, "2", "W2", "0")],
    ),
    "blanks are missing, other blanks are kept": (HEADER + b" 1 ,  ,\xc2\xa00 \n", [(2, " 1 ", None, "\xa00 ")]),
    "line breaks of old": (b"subjid,visit,pgares\r1,W2,0\r", [(2, "1", "W2", "0")]),
    "signs that look like line breaks": (HEADER + "1,a\u2028b,\x0bc\n".encode(), [(2, "1", "a\u2028b", "\x0bc")]),
    "nothing is typed": (HEADER + b"0001,1e3,NA\n", [(2, "0001", "1e3", "NA")]),
}

REFUSED = {
    "short row": (HEADER + b"1,W2\n2,W2,0\n", "DEL01", "row 2 has 2 values where the header has 3"),
    "cut short": (HEADER + b"1,W2,0\n2,W", "DEL01", "row 3 has 2 values where the header has 3; .* cut short"),
    "long row": (HEADER + b"1,W2,0,9\n", "DEL01", "row 2 has 4 values"),
    "short and long rows that make up for each other": (HEADER + b"1,W2\n1,2,3,4\n", "DEL01", "row 2 has 2 values"),
    "row number counts records, not lines": (HEADER + b'1,"a\nb",0\n2,W2\n', "DEL01", "row 3 has 2 values"),
    "quote never closed": (HEADER + b'1,"W2,0\n', "DEL01", "quotes"),
    "quote in the middle": (HEADER + b'1,5" off,0\n', "DEL01", "quotes"),
    "text after a closing quote": (HEADER + b'1,"W2"x,0\n', "DEL01", "quotes"),
    "not UTF-8": (HEADER + b"1,W2,0\n1,\xe9,0\n", "DEL01", "line 3 is not UTF-8"),
    "UTF-16": ("subjid,visit,pgares\n".encode("utf-16"), "DEL01", "NUL"),
    "header twice": (b"subjid,visit,pgares,Visit\n", "DEL01", "more than once: visit"),
    "empty": (b"", "DEL02", "empty"),
    "only blanks": (b"\xef\xbb\xbf \r\n", "DEL02", "empty"),
    "two columns missing": (b"subjid,other\n", "DEL03", "columns missing: visit, pgares"),
    "semicolons": (b"subjid;visit;pgares\n1;2;3\n", "DEL03", "not separated by commas"),
}


@pytest.mark.parametrize("case", READ)
def test_read(case: str) -> None:
    data, rows = READ[case]
    assert read_csv(data, COLUMNS).frame.drop("extra").rows() == rows


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    data, rule_id, message = REFUSED[case]
    with pytest.raises(FileRefusedError, match=message) as refusal:
        read_csv(data, COLUMNS)
    assert refusal.value.rule_id == rule_id


def test_unknown_columns_are_kept() -> None:
    content = read_csv(b'Z,subjid,visit,pgares,,a\n1,1,W2,0,x,"q"""\n ,2,W2,0,,\n', COLUMNS)
    assert content.unknown_columns == ("z", "column_5", "a")
    assert content.frame["extra"].to_list() == ['{"a": "q\\"", "column_5": "x", "z": "1"}', None]


def test_subjects_are_counted_without_stray_blanks() -> None:
    assert read_csv(HEADER + b"1,,\n 1,,\n2,,\n,,\n", COLUMNS).subjects == 2


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], include_characters="\n"), max_size=6)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=6), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_whatever_a_csv_writer_writes_is_read_back(rows: list[tuple[str, str, str]], quoting: int) -> None:
    text = io.StringIO()
    writer = csv.writer(text, quoting=quoting, lineterminator="\n")
    writer.writerows([COLUMNS, *rows])
    frame = read_csv(text.getvalue().encode(), COLUMNS).frame
    expected = [tuple(cell if cell.strip() else None for cell in row) for row in rows]
    assert frame.select(COLUMNS).rows() == expected
    assert frame["row"].to_list() == list(range(2, len(rows) + 2))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 10_000), st.booleans())
def test_a_file_cut_anywhere_is_refused_or_visibly_unfinished(position: int, quoted: bool) -> None:
    """Cut between two rows a file is whole; cut anywhere else, it is refused, or its last line has no end."""
    cell = '"a, b\nc"' if quoted else "W12"
    data = HEADER + "".join(f"{number:04},{cell},{number}.5\n" for number in range(20)).encode()
    cut = data[: position % len(data)]
    try:
        content = read_csv(cut, COLUMNS)
    except FileRefusedError:
        return
    assert content.unfinished_line is not None or cut + b"\n" == HEADER or cut.endswith((b".5\n", HEADER))
