"""The three systems with words of their own: the lines they write, as a person would write them by hand."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from simulation.dialects.catalogue import DIALECTS
from simulation.dialects.dialect import CannotCarryError, Table
from tests.simulation.dialects.example import NIGHT, read_back, rows_of, simulated

EX = Table(
    ["subjid", "visit", "exoccur", "exstdtc", "exdose", "exlot", "exadj"],
    [
        ["0001", "D0", "Y", "2026-01-31T10:57", "412.5", "BL50B", "NONE"],
        ["0001", "UNS", "N", "2026-02-07", "", "", ""],
        ["0002", "WEEK 8", "", "2026-02", "36,8 ?".replace(",", "."), "BL50B", ""],
    ],
)
CM = Table(
    ["subjid", "cmseq", "cmroute", "cmstdtc", "cmendtc", "cmongo"],
    [
        ["0001", "1", "ORAL", "2024-11-05", "", "Y"],
        ["0001", "2", "IV", "2024-11", "2025-03-01", "N"],
        ["0001", "3", "OTHER", "2024", "2025", ""],
    ],
)
LB = Table(
    ["subjid", "visit", "lbdtc", "lbtestcd", "lborres", "lbnrlo"],
    [
        ["0001", "SCR", "2026-01-08", "C3", "1.30", "0.90"],
        ["0001", "SCR", "2026-01-08", "DSDNA", "<1.234", ""],
        ["0001", "SCR", "2026-01-08", "HIV", "NEGATIVE", ""],
    ],
)

WRITTEN = {
    ("german_csv", "lb"): """MRBS-Studie, Zentrum S01: Labor
Stand: 30.06.2026
vertraulich;
Labor;Labor;Labor;Labor;Labor;Labor
PATNR;VISITE;DATUM;TEST;WERT;NORM_VON
0001;Screening;08.01.2026;C3;1,30;0,90
0001;Screening;08.01.2026;DSDNA;<1,234;-99
0001;Screening;08.01.2026;HIV;NEGATIVE;-99
""",
    ("german_csv", "ex"): """MRBS-Studie, Zentrum S01: Infusionen
Stand: 30.06.2026
vertraulich;
Infusionen;Infusionen;Infusionen;Infusionen;Infusionen;Infusionen;Infusionen
PATNR;VISITE;GEGEBEN;BEGINN;DOSIS;CHARGE;ANPASSUNG
0001;Tag 0;J;31.01.2026 10:57;412,5;BL50B;NONE
0001;Außerplanmäßig;N;07.02.2026;-99;k.A.;k.A.
0002;WEEK 8;k.A.;2026-02;36.8 ?;BL50B;k.A.
""",
    ("german_csv", "cm"): """MRBS-Studie, Zentrum S01: Medikation
Stand: 30.06.2026
vertraulich;
Medikation;Medikation;Medikation;Medikation;Medikation;Medikation
PATNR;LFDNR;WEG;BEGINN;ENDE;LAUFEND
0001;1;p.o.;05.11.2024;k.A.;J
0001;2;i.v.;11.2024;01.03.2025;N
0001;3;andere;2024;2025;k.A.
""",
    ("chinese_csv", "ex"): """输液记录,输液记录,输液记录,输液记录,输液记录,输液记录,输液记录
受试者编号,访视名称,exoccur,exstdtc,剂量,exlot,exadj
0001,D0,是,2026年01月31日 10:57,412.5,BL50B,NONE
0001,UNS,否,2026年02月07日,,ND,ND
0002,WEEK 8,不详,2026-02,36.8 ?,BL50B,ND
""",
    ("chinese_csv", "cm"): """合并用药,合并用药,合并用药,合并用药,合并用药,合并用药
受试者编号,cmseq,cmroute,cmstdtc,cmendtc,cmongo
0001,1,ORAL,2024年11月05日,ND,是
0001,2,IV,2024年11月,2025年03月01日,否
0001,3,OTHER,2024年,2025年,不详
""",
    (
        "utf16_tab",
        "ex",
    ): """Subject	Folder	exoccur	exstdtc	exdose	exlot	exadj	sys_version	sys_status
0001	D0	Y	31-Jan-2026 10:57	412.5	BL50B	NONE	1	frozen
0001	UNS	N	07-Feb-2026		N/A		1	frozen
0002	WEEK 8		2026-02	36.8 ?	BL50B		1	frozen
""",
    ("utf16_tab", "cm"): """Subject	cmseq	cmroute	cmstdtc	cmendtc	cmongo	sys_version	sys_status
0001	1	ORAL	05-Nov-2024	UN-UNK-UNKN	Y	1	frozen
0001	2	IV	UN-Nov-2024	01-Mar-2025	N	1	frozen
0001	3	OTHER	UN-UNK-2024	UN-UNK-2025		1	frozen
""",
}
BYTES = {"german_csv": ("cp1252", "\r\n"), "chinese_csv": ("gb18030", "\n"), "utf16_tab": ("utf-16", "\r\n")}


@pytest.mark.parametrize(("dialect", "form"), WRITTEN)
def test_the_lines_are_those_a_person_would_write(dialect: str, form: str) -> None:
    (file,) = DIALECTS[dialect].write({form: {"ex": EX, "cm": CM, "lb": LB}[form]}, NIGHT).values()
    encoding, line_end = BYTES[dialect]
    assert file.content == WRITTEN[dialect, form].replace("\n", line_end).encode(encoding)
    assert file.rows == 3


def test_utf16_begins_with_its_byte_order_mark() -> None:
    (file,) = DIALECTS["utf16_tab"].write({"ex": EX}, NIGHT).values()
    assert file.content[:2] in (b"\xff\xfe", b"\xfe\xff")


def test_the_register_says_how_to_undo_it() -> None:
    """By hand, from the lines above."""
    german = DIALECTS["german_csv"].entry()
    assert {key: german[key] for key in german if key not in ("visits", "forms")} == {
        "format": "csv", "encoding": "cp1252", "delimiter": ";", "skip_lines": 3, "header_rows": 2, "header": "joined",
        "decimal": ",", "date_format": "%d.%m.%Y", "datetime_format": "%d.%m.%Y %H:%M", "missing": ["k.A.", "-99"],
    }  # fmt: skip
    assert german["visits"]["Tag 0"] == "D0"
    assert german["visits"]["Außerplanmäßig"] == "UNS"
    assert german["forms"]["ex"]["file"] == "Infusionen.csv"
    assert german["forms"]["ex"]["columns"]["Infusionen DOSIS"] == "exdose"
    assert german["forms"]["cm"]["values"]["cmongo"] == {"J": "Y", "N": "N"}
    chinese = DIALECTS["chinese_csv"].entry()["forms"]["cm"]
    assert chinese["file"] == "合并用药.csv"
    assert chinese["columns"] == {"受试者编号": "subjid", "药物名称": "cmtrt"}
    assert chinese["dates"]["cmstdtc"] == ["%Y年%m月%d日", "%Y年%m月", "%Y年"]
    assert chinese["values"]["cmongo"] == {"是": "Y", "否": "N", "不详": ""}
    utf16 = DIALECTS["utf16_tab"].entry()
    assert (utf16["encoding"], utf16["delimiter"], utf16["date_format"]) == ("utf-16", "\t", "%d-%b-%Y")
    assert utf16["forms"]["cm"]["dates"]["cmendtc"] == ["%d-%b-%Y", "UN-%b-%Y", "UN-UNK-%Y"]
    assert utf16["forms"]["cm"]["missing"] == {"cmendtc": ["UN-UNK-UNKN"]}
    assert utf16["forms"]["cm"]["ignore"] == ["sys_version", "sys_status"]


@pytest.mark.parametrize("dialect", BYTES)
def test_a_whole_site_is_read_form_by_form(tmp_path: Path, dialect: str) -> None:
    """By the project's readers and by Python's csv: the same records, under columns that the register names."""
    site = simulated(tmp_path)
    entry = DIALECTS[dialect].entry()
    files = DIALECTS[dialect].write(site, NIGHT)
    form_of = {said["file"]: form for form, said in entry["forms"].items()}
    assert set(form_of) == set(files)
    for name, table in read_back(DIALECTS[dialect], site):
        form = form_of[name]
        said = entry["forms"][form]
        ours = said.get("columns", {})
        named = [ours.get(column, column.lower()) for column in table.frame.columns[1:]]
        assert [column for column in named if column not in said.get("ignore", ())] == site[form].header
        lines = list(csv.reader(io.StringIO(files[name].content.decode(entry["encoding"]), newline=""),
                                delimiter=entry["delimiter"]))  # fmt: skip
        body = lines[entry.get("skip_lines", 0) + entry.get("header_rows", 1) :]
        assert [tuple(value or None for value in line) for line in body] == rows_of(table)
        assert len(body) == len(site[form].rows)
        subjects = Counter(row[0] for row in site[form].rows)
        assert Counter(line[0] for line in body) == subjects


@pytest.mark.parametrize(
    ("dialect", "form", "column", "value", "reason"),
    [
        ("german_csv", "vs", "vsorres", "-99", "code for nothing"),
        ("german_csv", "vs", "vsorres", "36,8", "decimal sign and is no number"),
        ("german_csv", "sv", "svdtc", "21.11.2025", "taken for another date"),
        ("german_csv", "dm", "sex", "W", "a code of the site for something else"),
        ("german_csv", "sv", "visit", "Tag 0", "a code of the site for something else"),
        ("german_csv", "cm", "cmindc", "SL\ufffd", "cp1252 has no character '\ufffd'"),
        ("chinese_csv", "cm", "cmindc", "ND", "code for nothing"),
        ("utf16_tab", "sv", "svdtc", "21-nov-2025", "taken for another date"),
        ("excel_per_form", "sv", "svoccur", "1", "a code of the site for something else"),
        ("redcap_csv", "sv", "svoccur", "0", "a code of the site for something else"),
    ],
)
def test_a_value_that_would_be_read_as_another_is_refused(
    dialect: str, form: str, column: str, value: str, reason: str
) -> None:
    table = Table(["subjid", column], [["0001", value]])
    with pytest.raises(CannotCarryError, match=reason):
        DIALECTS[dialect].write({form: table}, NIGHT)
