"""A simulated trial, defects included, exported as SDTM: complete, true to SDTM's rules, and traceable to raw rows."""

from __future__ import annotations

import json
import re
import shutil
import stat
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyreadstat
import pytest
from lxml import etree

from orchestration.export.described import sdtm_tables
from orchestration.export.folder import Exported, export
from orchestration.export.formats import TABLE_FORMATS
from orchestration.export.sdtm import NotOfThePublicationError
from orchestration.ingestion.lock import hold_lock
from orchestration.ingestion.settings import Settings
from tests.orchestration.export.dataset_json_rules import faults
from tests.support.r import run_r

pytestmark = pytest.mark.slow

DOMAINS = ["ae", "cm", "dm", "ds", "ex", "ie", "lb", "rs", "sv", "vs"]
ISO_8601 = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?)?)?)?")
NS = {"odm": "http://www.cdisc.org/ns/odm/v1.3", "def": "http://www.cdisc.org/ns/def/v2.1"}
DEF = "{http://www.cdisc.org/ns/def/v2.1}"


@pytest.fixture(scope="module")
def warehouse(messy_first_night: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(messy_first_night, tmp_path_factory.mktemp("sdtm") / "warehouse", symlinks=True)


@pytest.fixture(scope="module")
def exported(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return export(warehouse, tmp_path_factory.mktemp("export"), model="sdtm")


@pytest.fixture(scope="module")
def domains(exported: Exported) -> dict[str, pl.DataFrame]:
    return {name: pl.read_csv(exported.folder / "csv" / f"{name}.csv", infer_schema=False) for name in DOMAINS}


def published(warehouse: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(warehouse / "mrbs.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_every_domain_goes_into_every_format(exported: Exported, warehouse: Path) -> None:
    assert sorted(sdtm_tables()) == DOMAINS
    assert exported.refused == {}
    assert exported.folder.name == f"{(warehouse / 'current').resolve().name}-sdtm"
    files = {str(path.relative_to(exported.folder)) for path in exported.folder.rglob("*.*")}
    each = {f"{name}/{domain}.{kind.suffix}" for name, kind in TABLE_FORMATS.items() for domain in DOMAINS}
    assert files == each | {"define.xml", "manifest.csv"}
    assert list(warehouse.glob(".sdtm*")) == []


def test_only_its_owner_opens_free_text(exported: Exported) -> None:
    assert stat.S_IMODE(exported.folder.stat().st_mode) == 0o700


def test_a_publication_that_came_while_it_waited_is_the_one_it_exports(messy_first_night: Path, tmp_path: Path) -> None:
    """Whoever holds the warehouse publishes, under another load's id, before giving it back."""
    warehouse = shutil.copytree(messy_first_night, tmp_path / "warehouse", symlinks=True)
    settings = Settings(tmp_path, warehouse, tmp_path / "sites.yml")
    left = warehouse / ".sdtm.killed"
    left.mkdir()
    (left / "sdtm.duckdb").write_bytes(b"free text")
    before, later = (warehouse / "current").resolve(), "20990101T020000-0a1b2c3d"
    load = ExitStack()
    load.enter_context(hold_lock(settings, owner="a load"))

    def publishes_when_waited_for(message: str) -> None:
        if message.startswith("waiting for a load"):
            shutil.copytree(before, before.with_name(later))
            (warehouse / "current").unlink()
            (warehouse / "current").symlink_to(Path("publications") / later)
            with duckdb.connect(str(settings.working_file)) as connection:
                connection.execute("update derivation.published set load_id = ?", [later])
            load.close()

    with load:
        done = export(warehouse, tmp_path / "out", ["csv"], ["dm"], model="sdtm", report=publishes_when_waited_for)
    assert (done.load_id, done.folder.name) == (later, f"{later}-sdtm")
    assert list(warehouse.glob(".sdtm*")) == []


def test_no_usable_row_is_missing(domains: dict[str, pl.DataFrame], warehouse: Path) -> None:
    """Against the accounting of rows, which knows nothing of SDTM."""
    query = "select form, sum(rows_current)::int from quality.row_accounting where layer = 'STAGING' group by form"
    usable = dict(published(warehouse, query))
    assert usable, "the accounting has another name for the layer"
    rows = {name: frame.height for name, frame in domains.items()}
    assert {name: rows[name] for name in ("dm", "sv", "cm", "ae")} == {
        name: usable[name] for name in ("dm", "sv", "cm", "ae")
    }
    assert rows["rs"] == 25 * usable["sledai"] + 9 * usable["bilag"] + usable["pga"]


def test_it_says_what_the_analysis_tables_say(domains: dict[str, pl.DataFrame], warehouse: Path) -> None:
    subjects = dict(published(warehouse, "select usubjid, trtsdt::varchar from analysis.adsl"))
    assert dict(domains["dm"].select("usubjid", "rfstdtc").iter_rows()) == subjects
    given = published(
        warehouse,
        "select srcid, ady::varchar from analysis.adex where status = 'GIVEN' and srcid is not null order by srcid",
    )
    treated = [usubjid for usubjid, day0 in subjects.items() if day0]
    exposure = domains["ex"].filter(pl.col("usubjid").is_in(treated), pl.col("exstdy").is_not_null())
    assert exposure.sort("srcid").select("srcid", "exstdy").rows() == given


@pytest.mark.parametrize("name", DOMAINS)
def test_the_rules_of_sdtm(name: str, domains: dict[str, pl.DataFrame], warehouse: Path) -> None:
    frame, table = domains[name], sdtm_tables()[name]
    assert frame.columns == [column.name for column in table.columns]
    assert frame["domain"].unique().to_list() == [name.upper()]
    assert frame.select(table.key).is_duplicated().sum() == 0
    assert set(frame["usubjid"]) <= set(domains["dm"]["usubjid"])
    for column in frame.columns:
        values = frame[column].drop_nulls()
        if column.endswith("dtc"):
            assert [value for value in values if not ISO_8601.fullmatch(value)] == []
        if column.endswith("dy"):
            assert "0" not in set(values)
        if column.endswith("seq"):
            largest = frame.group_by("usubjid").agg(pl.col(column).cast(pl.Int64).max(), n=pl.len())
            assert largest[column].to_list() == largest["n"].to_list()
    sources = {row for (row,) in published(warehouse, "select row_id from metadata.provenance")}
    assert set(frame["srcid"]) <= sources


@pytest.mark.parametrize("name", DOMAINS)
def test_every_coded_value_is_in_its_codelist(name: str, domains: dict[str, pl.DataFrame]) -> None:
    for column in [column for column in sdtm_tables()[name].columns if column.codes]:
        assert set(domains[name][column.name].drop_nulls()) <= set(column.codes), column.name


def test_names_of_tests_are_those_of_their_codes(domains: dict[str, pl.DataFrame]) -> None:
    for name in ("vs", "lb", "rs", "ie"):
        (code,) = [column for column in sdtm_tables()[name].columns if column.name == f"{name}testcd"]
        found = dict(domains[name].select(f"{name}testcd", f"{name}test").unique().iter_rows())
        assert found == {key: code.codes[key] for key in found}
        assert all(re.fullmatch(r"[A-Z][A-Z0-9_]{0,7}", key) for key in code.codes)


@pytest.mark.parametrize("name", DOMAINS)
def test_transport_and_json_hold_the_same(name: str, exported: Exported, domains: dict[str, pl.DataFrame]) -> None:
    frame, meta = pyreadstat.read_xport(exported.folder / "xpt" / f"{name}.xpt", output_format="polars")
    table = sdtm_tables()[name]
    assert meta.column_names_to_labels == {column.xpt_name: column.label for column in table.columns}
    for column in table.columns:
        wanted = domains[name][column.name]
        if column.kind == "text":
            assert frame[column.xpt_name].to_list() == wanted.fill_null("").to_list()
        else:
            assert frame[column.xpt_name].to_list() == pytest.approx(wanted.cast(pl.Float64).to_list(), nan_ok=True)
    written = json.loads((exported.folder / "json" / f"{name}.json").read_text(encoding="utf-8"))
    assert list(faults(written)) == []
    assert written["records"] == domains[name].height


def test_r_reads_as_many_rows(exported: Exported, domains: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    script = f"""
        for (file in list.files("{exported.folder / "xpt"}", full.names = TRUE))
          cat(tools::file_path_sans_ext(basename(file)), nrow(foreign::read.xport(file)), "\\n")
    """
    found = dict(line.split() for line in run_r(script, tmp_path, "foreign").splitlines())
    assert found == {name: str(frame.height) for name, frame in domains.items()}


def test_define_is_a_document_of_sdtm(exported: Exported) -> None:
    root = etree.parse(exported.folder / "define.xml").getroot()
    standard = root.find(".//def:Standard", NS)
    assert (standard.get("Name"), standard.get("Version")) == ("SDTMIG", "3.4")
    groups = {group.get("Name"): group for group in root.iterfind(".//odm:ItemGroupDef", NS)}
    assert {group.get("Domain"): group.get("Purpose") for group in groups.values()} == dict.fromkeys(
        [name.upper() for name in DOMAINS], "Tabulation"
    )
    assert groups["LB"].find("def:Class", NS).get("Name") == "FINDINGS"
    start = root.find(".//odm:ItemDef[@OID='IT.AE.AESTDTC']", NS)
    assert (start.get("DataType"), start.get("Length")) == ("partialDatetime", None)
    codes = root.find(".//odm:CodeList[@OID='CL.IT.RS.RSTESTCD']", NS)
    comment = root.find(f".//def:CommentDef[@OID='{codes.get(DEF + 'CommentOID')}']", NS)
    assert "Sponsor-defined: CDISC controlled terminology had no codes" in "".join(comment.itertext())
    assert len(codes.findall("odm:CodeListItem", NS)) == 24 + 1 + 9 + 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("drop table derivation.published", "did not publish"),
        ("update derivation.sites set code = 'another'", "another version"),
    ],
)
def test_nothing_is_written_of_rows_that_are_not_the_publications(
    change: str, said: str, messy_first_night: Path, tmp_path: Path
) -> None:
    warehouse = shutil.copytree(messy_first_night, tmp_path / "warehouse", symlinks=True)
    settings = Settings(tmp_path, warehouse, tmp_path / "sites.yml")
    with duckdb.connect(str(settings.working_file)) as connection:
        connection.execute(change)
    with pytest.raises(NotOfThePublicationError, match=said):
        export(warehouse, tmp_path / "out", ["csv"], model="sdtm")
    assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []
