"""ODM-XML, as a data capture system and as REDCap writes it: read by the project's reader and, tag by tag, by lxml."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree  # type: ignore[import-untyped]

from simulation.dialects.catalogue import DIALECTS
from simulation.dialects.dialect import CannotCarryError, Table
from tests.simulation.dialects.example import NIGHT, read_back, simulated

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
VS = Table(
    ["subjid", "visit", "vsdtc", "vstestcd", "vsorres"],
    [
        ["0001", "SCR", "2026-01-08", "WEIGHT", "61.50"],
        ["0001", "SCR", "2026-01-08", "TEMP", "36.8"],
        ["0001", "UNS", "2026-02-09", "TEMP", "37.0"],
        ["0001", "UNS", "2026-02-01", "TEMP", ""],
        ["0002", "", "2026-02-01", "PULSE", "70"],
    ],
)
CM = Table(["subjid", "cmseq", "cmtrt", "cmongo"], [["0001", "1", "A & B <C> ", "Y"], ["0001", "4", "", ""]])
SEQUENCES = {"mh": "mhseq", "cm": "cmseq", "ae": "aeseq"}


def test_events_forms_and_groups_repeat() -> None:
    tables = {table.name: table for _, table in read_back(DIALECTS["odm"], {"vs": VS, "cm": CM})}
    assert tables["F.VS"].frame.drop("row").rows() == [
        ("0001", "SE.SCR", "1", "2026-01-08", "WEIGHT", "61.50"),
        ("0001", "SE.SCR", "1/2", "2026-01-08", "TEMP", "36.8"),
        ("0001", "SE.UNS", "2.1", "2026-02-09", "TEMP", "37.0"),
        ("0001", "SE.UNS", "1", "2026-02-01", "TEMP", None),
        ("0002", None, "1", "2026-02-01", "PULSE", "70"),
    ]
    assert tables["F.CM"].frame.drop("row").rows() == [
        ("0001", "SE.LOG", "1", "A & B <C> ", "Y"),
        ("0001", "SE.LOG", "4", None, None),
    ]
    entry = DIALECTS["odm"].entry()
    assert entry["visits"]["SE.UNS"] == "UNS"
    assert entry["forms"]["vs"]["sheet"] == "F.VS"
    assert entry["forms"]["vs"]["columns"]["I.VS.VSORRES"] == "vsorres"


def test_a_classic_redcap_project_has_no_events() -> None:
    tables = {table.name: table for _, table in read_back(DIALECTS["redcap_odm"], {"vs": VS, "cm": CM})}
    assert tables["vs"].frame.drop("row").rows() == [
        ("0001", None, "1", "SCR", "2026-01-08", "WEIGHT", "61.50", "2"),
        ("0001", None, "2", "SCR", "2026-01-08", "TEMP", "36.8", "2"),
        ("0001", None, "3", "UNS", "2026-02-09", "TEMP", "37.0", "2"),
        ("0001", None, "4", "UNS", "2026-02-01", "TEMP", None, "2"),
        ("0002", None, "1", None, "2026-02-01", "PULSE", "70", "2"),
    ]
    assert tables["vs"].frame.columns[4:] == ["vs_visit", "vsdtc", "vstestcd", "vsorres", "vs_complete"]
    assert tables["cm"].frame.drop("row").rows() == [
        ("0001", None, "1", "A & B <C> ", "1", "2"),
        ("0001", None, "4", None, None, "2"),
    ]
    assert DIALECTS["redcap_odm"].entry()["forms"]["vs"]["columns"] == {"vs_visit": "visit"}


@pytest.mark.parametrize("dialect", ["odm", "redcap_odm"])
def test_every_value_of_a_site_is_in_the_file_once(tmp_path: Path, dialect: str) -> None:
    """Counted by lxml, item by item. REDCap has codes and times of its own, so there texts alone are compared."""
    site = simulated(tmp_path)
    (file,) = DIALECTS[dialect].write(site, NIGHT).values()
    root = etree.fromstring(file.content)
    found: dict[str, list[str]] = {}
    for item in root.iter(f"{ODM}ItemData"):
        if item.get("Value"):
            found.setdefault(item.get("ItemOID"), []).append(item.get("Value"))
    subjects = {subject.get("SubjectKey") for subject in root.iter(f"{ODM}SubjectData")}
    assert subjects == {row[0] for table in site.values() for row in table.rows}
    for form, table in site.items():
        filled = len([node for node in root.iter(f"{ODM}FormData") if node.get("FormOID").lower().endswith(f".{form}")])
        assert (filled == len(table.rows)) is (dialect == "redcap_odm" or form in SEQUENCES or one_a_visit(table)), form
        for name in table.header:
            if name in ("subjid", "visit", SEQUENCES.get(form)):
                continue
            expected = sorted(value for value in table.column(name) if value)
            oid = name if dialect == "redcap_odm" else f"I.{form}.{name}".upper()
            values = sorted(found.get(oid, []))
            assert len(values) == len(expected), name
            if dialect == "odm" or name in ("cmtrt", "lborres", "vsorres", "aeterm", "exlot", "sledtot", "cmstdtc"):
                assert values == expected, name


def one_a_visit(table: Table) -> bool:
    """Whether no subject has two records of the form at a visit of one day."""
    keys = [tuple(row[:3]) if "visit" in table.header else row[0] for row in table.rows]
    return len(set(keys)) == len(keys)


@pytest.mark.parametrize("dialect", ["odm", "redcap_odm"])
def test_a_form_without_records_keeps_its_columns(dialect: str) -> None:
    ((_, table),) = read_back(DIALECTS[dialect], {"cm": Table(CM.header, [])})
    assert table.frame.height == 0
    columns = [name.lower().removeprefix("i.cm.") for name in table.frame.columns]
    assert columns[:6] == ["row", "subject", "event", "repeat", "cmtrt", "cmongo"]


@pytest.mark.parametrize("dialect", ["odm", "redcap_odm"])
def test_what_xml_has_no_character_for_is_refused(dialect: str) -> None:
    with pytest.raises(CannotCarryError):
        DIALECTS[dialect].write({"cm": Table(CM.header, [["0001", "1", "PRED\x07NISONE", "Y"]])}, NIGHT)
