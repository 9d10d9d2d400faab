"""CSV in the dialects of sites: encodings, delimiters, quotes, preambles, two header rows, and damage to each."""

from __future__ import annotations

import pytest

from orchestration.ingestion.formats.tables import ReadAs
from tests.orchestration.ingestion.formats.reading import only, refused

GERMAN = "PATNR;Größe;Datum\n0001;1,75;21.11.2026\n2;;\n"
CHINESE = "受试者,性别\n1,女\n2,男𠮷\n"


@pytest.mark.parametrize(
    ("text", "how", "columns", "rows"),
    [
        (GERMAN.encode("cp1252"), {"encoding": "cp1252", "delimiter": ";", "decimal": ","},
         ["PATNR", "Größe", "Datum"], [(2, "0001", "1,75", "21.11.2026"), (3, "2", None, None)]),
        (GERMAN.encode("utf-8-sig"), {"delimiter": ";"},
         ["PATNR", "Größe", "Datum"], [(2, "0001", "1,75", "21.11.2026"), (3, "2", None, None)]),
        (CHINESE.encode("gb18030"), {"encoding": "gb18030"}, ["受试者", "性别"], [(2, "1", "女"), (3, "2", "男𠮷")]),
        (CHINESE.encode("utf-16"), {"encoding": "utf-16"}, ["受试者", "性别"], [(2, "1", "女"), (3, "2", "男𠮷")]),
        (CHINESE.encode("utf-16-be"), {"encoding": "utf-16-be"},
         ["受试者", "性别"], [(2, "1", "女"), (3, "2", "男𠮷")]),
        (b"a\tb\n'x\ty'\t\"z\n", {"delimiter": "\t", "quote": "'"}, ["a", "b"], [(2, "x\ty", '"z')]),
        (b"a|b\n\"x|y\"\n", {"delimiter": "|", "quote": ""}, ["a", "b"], [(2, '"x', 'y"')]),
        (b"a^b\n|x^y|^z\n", {"delimiter": "^", "quote": "|"}, ["a", "b"], [(2, "x^y", "z")]),
        (b"a;b\r\n\r\n1;2\r\n", {"delimiter": ";"}, ["a", "b"], [(3, "1", "2")]),
        (b"a,b\r1,2\r", {}, ["a", "b"], [(2, "1", "2")]),
        (b"Site 4\nexported, by hand\n\nid,,row\n1,x,y\n", {"skip_lines": 3},
         ["id", "column_2", "row_"], [(5, "1", "x", "y")]),
        (b"Vitals,Vitals,\nWeight,Temp,Date\n61,36.5,d\n", {"header_rows": 2},
         ["Vitals Weight", "Vitals Temp", "Date"], [(3, "61", "36.5", "d")]),
        (b"SUBJID,WT\nSubject number,Weight (kg)\n1,61\n", {"header_rows": 2, "header": "last"},
         ["Subject number", "Weight (kg)"], [(3, "1", "61")]),
        (b"a,b", {}, ["a", "b"], []),
        (b'a\n"x"\n"y"', {}, ["a"], [(2, "x"), (3, "y")]),
    ],
    ids=["cp1252", "utf-8 mark", "gb18030", "utf-16", "utf-16-be", "tab and apostrophe", "no quote", "odd marks",
         "blank lines", "old mac", "preamble", "joined header", "second header", "header only", "one quoted column"],
)  # fmt: skip
def test_read(text: bytes, how: dict[str, object], columns: list[str], rows: list[tuple[object, ...]]) -> None:
    table = only(text, **how)
    assert table.frame.columns == ["row", *columns]
    assert table.frame.rows() == rows


@pytest.mark.parametrize(
    ("text", "how", "rule", "message"),
    [
        (b"a;b\n1;2\n3\n", {"delimiter": ";"}, "DEL01", "row 3 has 1 values where the header has 2"),
        (b"a;b\n1,2\n", {"delimiter": ";"}, "DEL01", "row 2 has 1 values"),
        (b'a,b\n"1"\n1,2\n', {}, "DEL01", "row 2 has 1 values"),
        (b'a,b\n1,2\n"1"', {}, "DEL01", "row 3 has 1 values .* cut short"),
        (b"a;b\n1,5;2\n", {}, "DEL01", "but maybe by ';'"),
        (b"a;b\n'1;2\n", {"delimiter": ";", "quote": "'"}, "DEL01", "quotes are not balanced"),
        (b"a;'b\n1;2\n", {"delimiter": ";", "quote": "'"}, "DEL01", "header are not balanced"),
        (b"a,b\n1,\x00\n", {"encoding": "cp1252"}, "DEL01", "line 2 holds a NUL byte"),
        (CHINESE.encode("gb18030"), {}, "DEL01", "line 1 is not UTF-8"),
        (CHINESE.encode(), {"encoding": "ascii"}, "DEL01", "line 1 is not ASCII"),
        (CHINESE.encode("utf-16")[:-1], {"encoding": "utf-16"}, "DEL01", "line .* is not UTF-16"),
        (b"a,B,A\n", {}, "DEL01", "more than once: a"),
        (b"a,b\n" + b"x" * 1_000_001 + b",1\n", {}, "DEL01", "a value in column a has 1,000,001 bytes"),
        (b"a," * 20_000 + b"\n", {}, "DEL01", "20,001 columns"),
        (b"one\ntwo\n", {"skip_lines": 3}, "DEL02", "ends within the 3 lines"),
        (b"one\n \n", {"skip_lines": 1}, "DEL02", "not even a header"),
        (b"a,b\n", {"header_rows": 2}, "DEL02", "before its second header row"),
        (b"", {}, "DEL02", "empty"),
        ("\ufeff\n".encode("utf-16"), {"encoding": "utf-16"}, "DEL02", "empty"),
    ],
)  # fmt: skip
def test_refused(text: bytes, how: dict[str, object], rule: str, message: str) -> None:
    assert refused(text, message, **how) == rule


@pytest.mark.parametrize(
    "how",
    [{"format": "ods"}, {"encoding": "klingon"}, {"encoding": "hex"}, {"encoding": "punycode"}, {"delimiter": ""},
     {"delimiter": "§"}, {"delimiter": '"'}, {"quote": "''"}, {"header_rows": 3}, {"skip_lines": -1}, {"decimal": ";"}],
    ids=str,
)  # fmt: skip
def test_a_description_that_can_mean_nothing_is_an_error_of_the_register(how: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".{10}"):
        ReadAs(**how)  # type: ignore[arg-type]
