"""mrbs inspect: what it guesses of a file, what it says about its columns, and every value in long form."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.ingestion.formats.suspicion import suspected
from orchestration.ingestion.formats.tables import FORMATS, ReadAs
from orchestration.ingestion.formats.value_forms import date_formats, has_decimal_comma
from tests.orchestration.ingestion.formats.examples import whole_file

GERMAN = "PATNR;Größe;Datum;Visite\n" + "".join(f"{n:04};1,{60 + n};{n + 10}.11.2026;Woche {n}\n" for n in range(1, 9))


def inspect(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, ["inspect", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result.output


def inspect_refused(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, ["inspect", *map(str, arguments)])
    assert result.exit_code == 1
    return " ".join(result.output.split())


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_known_by_its_content(name: str, tmp_path: Path) -> None:
    path = tmp_path / "export.dat"
    path.write_bytes(whole_file(name))
    assert suspected(path).format == name
    assert f"Format: {name}" in inspect(path)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (GERMAN.encode("cp1252"), {"delimiter": ";"}),
        (GERMAN.encode("utf-8-sig"), {"delimiter": ";"}),
        (GERMAN.replace(";", "\t").encode("utf-16"), {"delimiter": "\t", "encoding": "utf-16"}),
        (GERMAN.replace(";", "|").encode("utf-16-le"), {"delimiter": "|", "encoding": "utf-16-le"}),
        (f"Prüfzentrum 4\nStand: heute\n{GERMAN}".encode(), {"delimiter": ";", "skip_lines": 2}),
        (b"id,note\n1,'a,b'\n2,'c,d'\n3,'e'\n", {"quote": "'"}),
        (b'id,note\n1,"a;b;c"\n2,"d;e;f"\n', {"delimiter": ","}),
        (("受试者,性别,诊断\n" + "0001,女性,系统性红斑狼疮\n" * 40).encode("gb18030"), {"encoding": "gb18030"}),
    ],
    ids=["cp1252", "utf-8 mark", "utf-16", "utf-16-le", "preamble", "apostrophe", "semicolons inside", "gb18030"],
)
def test_how_text_seems_to_be_written(data: bytes, expected: dict[str, object], tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(data)
    found = suspected(path)
    assert {key: getattr(found, key) for key in expected} == expected
    if "Größe" in GERMAN and b"PATNR" in data:
        assert "Größe" in inspect(path)


@pytest.mark.parametrize(
    ("values", "formats"),
    [
        (["2026-11-21", "2026-01-02"], ["%Y-%m-%d"]),
        (["21.11.2026"], ["%d.%m.%Y"]),
        (["03/04/2026", "05/06/2026"], ["%d/%m/%Y", "%m/%d/%Y"]),
        (["03/04/2026", "13/04/2026"], ["%d/%m/%Y"]),
        (["03/04/2026", "04/13/2026"], ["%m/%d/%Y"]),
        (["21NOV2026"], ["%d%b%Y"]),
        (["20261121"], ["%Y%m%d"]),
        (["2026-11-21T09:30"], ["%Y-%m-%dT%H:%M"]),
        (["21.11.2026 09:30:00"], ["%d.%m.%Y %H:%M:%S"]),
        (["2026-11-21", "unknown"], []),
        (["61.5", "70"], []),
        (["12345678"], []),
        ([], []),
    ],
    ids=lambda value: value[0] if value else "none",
)
def test_date_formats(values: list[str], formats: list[str]) -> None:
    assert date_formats(values) == formats


def test_decimal_comma() -> None:
    assert has_decimal_comma(["1,5", "2", "1.234,5"])
    assert not has_decimal_comma(["1.5", "2"])
    assert not has_decimal_comma(["1,5", "a"])
    assert not has_decimal_comma([])


def test_what_is_said_about_a_dialect(tmp_path: Path) -> None:
    path = tmp_path / "Vitalwerte.csv"
    path.write_bytes(GERMAN.encode("cp1252"))
    said = inspect(path, "--rows", "1", "--encoding", "cp1252")
    for expected in (
        "Encoding: cp1252. Delimiter: semicolon.",
        "Vitalwerte: 8 rows, 4 columns",
        "numbers with a decimal comma",
        "dates as %d.%m.%Y",
        'delimiter: ";"',
        'decimal: ","',
        'date_format: "%d.%m.%Y"',
        "# Vitalwerte",
        "file: Vitalwerte.csv",
    ):
        assert expected in said
    assert "0001" in said
    assert "0002" not in said


def test_an_ambiguous_date_is_not_decided(tmp_path: Path) -> None:
    path = tmp_path / "ae.csv"
    path.write_text("id,day\n1,03/04/2026\n2,05/06/2026\n", encoding="utf-8")
    said = inspect(path)
    assert "dates, ambiguous: %d/%m/%Y or %m/%d/%Y; ask the site" in said
    assert '# date_format: "%d/%m/%Y" or "%m/%d/%Y": both fit every value' in said


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


HEADER = ["subject", "event", "form", "repeat", "item", "value"]


def test_long_of_odm_and_redcap(tmp_path: Path) -> None:
    odm, flat = tmp_path / "export.xml", tmp_path / "export.csv"
    odm.write_bytes(whole_file("odm"))
    flat.write_bytes(whole_file("redcap"))
    assert rows(inspect(odm, "--long")) == [HEADER, ["1", "E", "F", "2.1", "I", "5"], ["1", "E", "F", "2.1", "J", "x"]]
    assert rows(inspect(flat, "--long")) == [
        HEADER,
        ["1", "w4", "dm", "1", "sex", "F"],
        ["1", "w4", "dm", "1", "dm_complete", "2"],
        ["2", "w4", "dm", "1", "sex", "M"],
        ["2", "w4", "dm", "1", "dm_complete", "0"],
        ["1", "w4", "bp", "1", "sys", "110"],
        ["1", "w4", "bp", "1", "bp_complete", "2"],
    ]


def test_long_of_a_flat_table(tmp_path: Path) -> None:
    path = tmp_path / "vs.csv"
    path.write_bytes(whole_file("csv"))
    assert rows(inspect(path, "--long"))[1] == ["", "", "vs", "", "SUBJID", "0001"]
    assert rows(inspect(path, "--long", "--subject", "subjid", "--event", "NOTE")) == [
        HEADER,
        ["0001", "a;b", "vs", "", "WT", "61,5"],
        ["0002", 'say "x"', "vs", "", "WT", "80"],
    ]
    assert "no column 'PATNR' for the subject" in inspect_refused(path, "--long", "--subject", "PATNR")


def test_what_cannot_be_read_is_said_in_a_sentence(tmp_path: Path) -> None:
    assert "it is a folder" in inspect_refused(tmp_path)
    assert "no such file" in inspect_refused(tmp_path / "none.csv")
    ragged = tmp_path / "ragged.csv"
    ragged.write_bytes(b"a,b\n1,2\n3\n")
    assert "ragged.csv: row 3 has 1 values where the header has 2" in inspect_refused(ragged)
    assert "(DEL01)" in inspect_refused(ragged)
    assert "does not begin as" in inspect_refused(ragged, "--format", "xpt")


def test_a_name_that_promises_another_format(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(whole_file("xlsx"))
    assert "Mind: its name ends in .csv, but its content is xlsx." in inspect(path)


def test_defaults_are_the_canonical_csv(tmp_path: Path) -> None:
    path = tmp_path / "dm.csv"
    path.write_bytes(b"subjid,sex\n0001,F\n")
    assert suspected(path) == ReadAs()
