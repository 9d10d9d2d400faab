"""define.xml says of every column what the dbt YAML says, every reference in it leads somewhere, and it is valid."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree
from odmlib.define_loader import XMLDefineLoader
from odmlib.loader import ODMLoader
from odmlib.oid_generator import create_oid_checker

from orchestration.export import define_xml
from orchestration.export.define_xml import DefineError
from orchestration.export.described import analysis_tables
from orchestration.export.folder import export
from orchestration.ingestion.settings import SEEDS_DIR
from tests.orchestration.export.small_warehouse import publish_small, subject
from validation.contracts import ANALYSIS_MODELS

NS = {"odm": "http://www.cdisc.org/ns/odm/v1.3", "def": "http://www.cdisc.org/ns/def/v2.1"}
DEF = "{http://www.cdisc.org/ns/def/v2.1}"
HREF = "{http://www.w3.org/1999/xlink}href"


@pytest.fixture(scope="module")
def folder(small_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(small_warehouse, tmp_path_factory.mktemp("define")).folder


@pytest.fixture(scope="module")
def root(folder: Path) -> Any:
    return etree.parse(folder / "define.xml").getroot()


def yaml_columns() -> dict[str, dict[str, Any]]:
    """Every column of the YAML by its identifier; read here without the module that exports read it with."""
    return {
        f"IT.{model['name'].upper()}.{column['name'].upper()}": column
        for path in ANALYSIS_MODELS.glob("*.yml")
        for model in yaml.safe_load(path.read_text())["models"]
        for column in model["columns"]
    }


def text(element: Any, path: str) -> str:
    return " ".join(element.findtext(f"{path}/odm:Description/odm:TranslatedText", namespaces=NS).split())


def test_every_column_says_what_the_yaml_says(root: Any) -> None:
    items = {item.get("OID"): item for item in root.iterfind(".//odm:ItemDef", NS)}
    columns = yaml_columns()
    assert set(items) == set(columns)
    methods = {method.get("OID"): text(method, ".") for method in root.iterfind(".//odm:MethodDef", NS)}
    comments = {comment.get("OID"): text(comment, ".") for comment in root.iterfind(".//def:CommentDef", NS)}
    references = {reference.get("ItemOID"): reference for reference in root.iterfind(".//odm:ItemRef", NS)}
    for oid, column in columns.items():
        meta = column["config"]["meta"]
        assert text(items[oid], ".") == meta["label"]
        assert items[oid].find("def:Origin", NS).get("Type") == meta["origin"]
        derivation = " ".join(meta["derivation"].split())
        comment = comments[items[oid].get(DEF + "CommentOID")]
        assert comment.startswith(" ".join(column["description"].split()).rstrip("."))
        if meta["origin"] == "Derived":
            assert methods[references[oid].get("MethodOID")] == derivation
        else:
            assert references[oid].get("MethodOID") is None
            assert derivation.rstrip(".") in comment
        if "unit" in meta:
            assert comment.endswith(f"Unit: {meta['unit']}.")
        assert (references[oid].get("Mandatory") == "Yes") == bool(column.get("constraints"))


@pytest.mark.parametrize(
    ("oid", "attributes"),
    [
        ("IT.ADSL.AGE", {"DataType": "integer", "Length": "10", "SASFieldName": "AGE"}),
        ("IT.ADSL.SITECUTDT", {"DataType": "integer", "SASFieldName": "SITCUTDT", DEF + "DisplayFormat": "DATE9."}),
        ("IT.ADEX.ASTDTM", {"DataType": "integer", DEF + "DisplayFormat": "DATETIME20."}),
        ("IT.ADEX.EXDOSE", {"DataType": "float", "Length": "20", "SignificantDigits": "6"}),
        # MISSED is the longest status of the small publication.
        ("IT.ADEX.STATUS", {"DataType": "text", "Length": "6"}),
    ],
)
def test_types_are_those_of_the_sas_files(root: Any, oid: str, attributes: dict[str, str]) -> None:
    item = root.find(f".//odm:ItemDef[@OID='{oid}']", NS)
    assert {name: item.get(name) for name in attributes} == attributes


def test_tables_have_their_files_keys_and_classes(root: Any, folder: Path) -> None:
    tables = {group.get("Name"): group for group in root.iterfind(".//odm:ItemGroupDef", NS)}
    assert {"ADSL", "ADSRI", "RESPBL"} <= set(tables)
    assert set(tables) == {name.upper() for name in analysis_tables()}
    assert all((folder / group.find("def:leaf", NS).get(HREF)).is_file() for group in tables.values())
    assert {group.get(DEF + "IsNonStandard") for group in tables.values()} == {"Yes"}
    assert tables["ADSL"].find("def:Class", NS).get("Name") == "SUBJECT LEVEL ANALYSIS DATASET"
    assert (tables["ADSL"].get("Repeating"), tables["ADEX"].get("Repeating")) == ("No", "Yes")
    assert tables["ADEX"].get(DEF + "Structure") == "One record per USUBJID, PLANNUM, ASTDT, SRCID"
    keys = {
        reference.get("ItemOID"): reference.get("KeySequence")
        for reference in tables["ADSRI"].iterfind("odm:ItemRef[@KeySequence]", NS)
    }
    assert keys == {"IT.ADSRI.USUBJID": "1", "IT.ADSRI.AVISITN": "2"}


def test_codes_of_the_instruments_are_the_sponsors(root: Any) -> None:
    codes = root.find(".//odm:CodeList[@OID='CL.IT.ADQS.PARAMCD']", NS)
    assert codes.get(DEF + "IsNonStandard") == "Yes"
    comment = root.find(f".//def:CommentDef[@OID='{codes.get(DEF + 'CommentOID')}']", NS)
    assert text(comment, ".") == "Defined by the sponsor; not CDISC controlled terminology."
    decoded = {
        item.get("CodedValue"): item.findtext("odm:Decode/odm:TranslatedText", namespaces=NS)
        for item in codes.iterfind("odm:CodeListItem", NS)
    }
    with (SEEDS_DIR / "bilag_systems.csv").open(newline="") as handle:
        systems = {row["paramcd"]: f"BILAG-2004 grade: {row['label']}" for row in csv.DictReader(handle)}
    others = {"SLEDAI", "SLETOT", "PGA", "BILAGTOT", "BILAGA", "BILAGB"}
    assert {code: words for code, words in decoded.items() if code not in others} == systems
    assert set(decoded) == others | set(systems)


def test_every_reference_leads_somewhere(folder: Path) -> None:
    loader = ODMLoader(XMLDefineLoader(model_package="define_2_1", ns_uri=NS["def"]))
    loader.open_odm_document(str(folder / "define.xml"))
    document = loader.load_odm()
    checker = create_oid_checker("define_2_1")
    document.verify_oids(checker)
    assert checker.check_oid_refs()
    # No table claims the standard; it stands there with the word that none does.
    assert checker.check_unreferenced_oids() == {"STD.ADAMIG": "StandardOID"}


def test_dataset_json_refers_to_it(root: Any, folder: Path) -> None:
    head = (folder / "json" / "adsl.json").read_text().partition('"columns"')[0]
    assert '"metaDataRef": "../define.xml"' in head
    assert f'"studyOID": "{root.find("odm:Study", NS).get("OID")}"' in head
    assert f'"metaDataVersionOID": "{root.find(".//odm:MetaDataVersion", NS).get("OID")}"' in head
    table = root.find(".//odm:ItemGroupDef[@Name='ADSL']", NS)
    assert f'"itemGroupOID": "{table.get("OID")}"' in head


def test_a_table_that_xpt_refuses_is_described_in_its_next_format(tmp_path: Path) -> None:
    warehouse = publish_small(tmp_path / "warehouse", {"adsl": [subject(1, race="Métis")]})
    described = etree.parse(export(warehouse, tmp_path / "a", ["xpt", "csv", "define"]).folder / "define.xml")
    hrefs = [leaf.get(HREF) for leaf in described.iterfind(".//def:leaf", NS)]
    assert "csv/adsl.csv" in hrefs
    assert "xpt/adex.xpt" in hrefs
    alone = export(warehouse, tmp_path / "b", ["xpt", "define"], ["adsl"]).folder
    assert sorted(path.name for path in alone.iterdir()) == ["manifest.csv", "refused.csv", "xpt"]


def test_an_invalid_description_is_not_written(
    small_warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(define_xml, "ADAM", replace(define_xml.ADAM, guide="Our own guide"))
    with pytest.raises(DefineError, match="Our own guide"):
        export(small_warehouse, tmp_path, ["csv", "define"])
    assert list(tmp_path.iterdir()) == []
