"""One export is one folder: named by its publication, whole or absent, the same bytes every time, hashes of all."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import duckdb
import pytest

from orchestration.export.described import analysis_tables
from orchestration.export.folder import export
from orchestration.export.formats import TABLE_FORMATS
from tests.orchestration.export.small_warehouse import LOAD_ID, ROWS, publish_small, subject


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_named_by_the_publication_holds_every_table_in_every_format(
    small_warehouse: Path, tmp_path: Path
) -> None:
    exported = export(small_warehouse, tmp_path)
    assert exported.folder == tmp_path / LOAD_ID
    assert exported.refused == {}
    expected = {f"{name}/{table}.{kind.suffix}" for name, kind in TABLE_FORMATS.items() for table in analysis_tables()}
    assert expected < set(files_of(exported.folder))
    assert [path.name for path in tmp_path.iterdir()] == [LOAD_ID]


def test_the_manifest_names_every_other_file_with_its_rows_and_hash(small_warehouse: Path, tmp_path: Path) -> None:
    folder = export(small_warehouse, tmp_path).folder
    with (folder / "manifest.csv").open(newline="") as handle:
        manifest = {line["file"]: line for line in csv.DictReader(handle)}
    files = files_of(folder)
    assert set(manifest) == set(files) - {"manifest.csv"}
    assert {file: line["sha256"] for file, line in manifest.items()} == {
        file: hashlib.sha256(files[file]).hexdigest() for file in manifest
    }
    assert manifest["csv/adsl.csv"]["rows"] == manifest["parquet/adex.parquet"]["rows"] == "2"
    assert (manifest["csv/adqs.csv"]["table"], manifest["csv/adqs.csv"]["rows"]) == ("adqs", "0")


def test_the_same_publication_gives_the_same_bytes(small_warehouse: Path, tmp_path: Path) -> None:
    first, second = (files_of(export(small_warehouse, tmp_path / name).folder) for name in ("a", "b"))
    assert first == second


def test_the_order_of_stored_rows_makes_no_difference(small_warehouse: Path, tmp_path: Path) -> None:
    reversed_rows = {table: rows[::-1] for table, rows in ROWS.items()}
    other = publish_small(tmp_path / "warehouse", reversed_rows)
    first, second = (files_of(export(each, tmp_path / each.parent.name).folder) for each in (small_warehouse, other))
    assert first == second


def test_a_publication_is_exported_to_a_folder_once(small_warehouse: Path, tmp_path: Path) -> None:
    folder = export(small_warehouse, tmp_path, ["csv"]).folder
    before = files_of(folder)
    with pytest.raises(FileExistsError, match="has been exported there"):
        export(small_warehouse, tmp_path)
    assert files_of(folder) == before


def test_an_export_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    warehouse = publish_small(tmp_path / "warehouse")
    published = warehouse / "publications" / LOAD_ID / "parquet" / "analysis" / "srisum.parquet"
    published.write_bytes(published.read_bytes() + b"!")
    with pytest.raises(RuntimeError, match=r"srisum\.parquet is not what was published"):
        export(warehouse, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_only_what_is_asked_for_is_written(small_warehouse: Path, tmp_path: Path) -> None:
    folder = export(small_warehouse, tmp_path, ["csv"], ["adsri", "adsl"]).folder
    assert set(files_of(folder)) == {"csv/adsl.csv", "csv/adsri.csv", "manifest.csv"}


@pytest.mark.parametrize(
    ("formats", "tables", "said"),
    [
        (["sas"], [], "no format sas; there are parquet, csv, xpt, json, define"),
        (["csv"], ["adxx"], "no analysis table adxx; there are ad"),
        (["define"], [], "describes files of tables"),
    ],
)
def test_what_there_is_not_is_said(
    small_warehouse: Path, tmp_path: Path, formats: list[str], tables: list[str], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        export(small_warehouse, tmp_path, formats, tables)


def test_nothing_published_yet_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nothing has been published there yet"):
        export(tmp_path / "warehouse", tmp_path / "out")


def test_a_load_in_the_middle_of_an_export_changes_nothing_of_it(
    small_warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse = publish_small(tmp_path / "warehouse")
    wanted = files_of(export(warehouse, tmp_path / "undisturbed").folder)
    later = {"adsl": [subject(3)]}

    def report(message: str) -> None:
        if message.startswith("csv: adex,") and not (warehouse / "publications" / "20260321T020000-b").exists():
            publish_small(warehouse, later, "20260321T020000-b")

    disturbed = export(warehouse, tmp_path / "disturbed", report=report)
    assert (warehouse / "current").resolve().name == "20260321T020000-b"
    assert files_of(disturbed.folder) == wanted


def test_a_publication_with_other_columns_is_not_exported(tmp_path: Path) -> None:
    warehouse = publish_small(tmp_path / "warehouse")
    file = (warehouse / "mrbs.duckdb").resolve()
    file.chmod(0o644)
    with duckdb.connect(str(file)) as connection:
        connection.execute("alter table analysis.adsl rename column age to years")
    with pytest.raises(RuntimeError, match=r"analysis\.adsl was published with other columns .*\(age, years\)"):
        export(warehouse, tmp_path / "out")


def test_csv_is_written_in_key_order_with_missing_values_as_nothing(small_warehouse: Path, tmp_path: Path) -> None:
    file = export(small_warehouse, tmp_path, ["csv"], ["adsl"]).folder / "csv" / "adsl.csv"
    with file.open(newline="", encoding="utf-8") as handle:
        first, second = csv.DictReader(handle)
    assert (first["usubjid"], first["age"], first["sitecutdt"]) == ("MRBS-S01-0001", "", "1959-12-31")
    assert (first["blweight"], second["blpga"]) == ("58.000001", "1.3000")
    assert second["race"] == 'WHITE, "OTHER"'


def test_parquet_is_the_published_file(small_warehouse: Path, tmp_path: Path) -> None:
    folder = export(small_warehouse, tmp_path, ["parquet"]).folder / "parquet"
    assert files_of(folder) == files_of(small_warehouse / "parquet" / "analysis")
