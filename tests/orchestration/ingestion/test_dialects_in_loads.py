"""Deliveries in a site's own format and dialect, through real loads: one file of many forms, a register that changes,
a site that changes its format, and what a withdrawal brings back."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
import xlsxwriter

from orchestration.ingestion import archive, received
from orchestration.ingestion.decisions import withdraw
from tests.orchestration.ingestion.landing_folder import LandingFolder, subjects

DM = ("subjid", "rficdtc", "brthyr", "age", "sex", "race", "height_cm", "slediagdtc")
PGA = ("subjid", "visit", "pgadtc", "pgares", "pgascale")


NEW_COLUMNS = (("deliveries", "reading"), ("in_force", "reading"), ("in_force", "columns"), ("seen_files", "forms"))


def register(entry: str) -> str:
    """S01 as this entry says, S02 canonical."""
    return f"study: MRBS\nsites:\n  S01: {entry}\n  S02: {{name: Site 2}}\n"


def put(trial: LandingFolder, delivered: str, **files: bytes) -> Path:
    """Files of S01 under their whole names; a dot is written as __."""
    folder = trial.settings.landing_dir / "S01" / delivered
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name.replace("__", ".")).write_bytes(data)
    return folder


def workbook(**sheets: Sequence[Sequence[object]]) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return data.getvalue()


def dm_row(subjid: str, sex: str, **values: str) -> list[str]:
    return [{"subjid": subjid, "sex": sex, **values}.get(column, "") for column in DM]


WORKBOOK = {
    "Cover": [["Export of Site 1"]],
    "DM": [DM, dm_row("0001", "F"), dm_row("0002", "M")],
    "pga": [PGA, ["0001", "W2", "2026-05-01", 1.5, "0-3"]],
}


def test_one_workbook_of_many_forms(trial: LandingFolder) -> None:
    """Each form is judged by itself, and a form that the workbook lacks keeps its state."""
    trial.register = register("{name: Site 1, format: xlsx, file: export.xlsx}")
    put(trial, "2026-06-01", export__xlsx=workbook(**WORKBOOK))
    trial.deliver("S02", "2026-06-01", dm=subjects(1))
    trial.load()
    assert trial.statuses() == [("2026-06-01", "dm", "LOADED", None), ("2026-06-01", "pga", "LOADED", None)]
    assert trial.current() == [("0001", "F"), ("0002", "M")]
    assert trial.current("pga", "subjid, visit, pgares") == [("0001", "W2", "1.5")]
    assert trial.query("select form, latest_file, latest_row from raw.positions where siteid = 'S01' order by all") == [
        ("dm", "export.xlsx", 2), ("dm", "export.xlsx", 3), ("pga", "export.xlsx", 2),
    ]  # fmt: skip
    broken = {"DM": [DM, dm_row("0001", "M")], "pga": [PGA[:-1], ["0001", "W2", "2026-05-01", 1.0]]}
    put(trial, "2026-06-02", export__xlsx=workbook(**broken))
    trial.load()
    assert trial.statuses()[2:] == [("2026-06-02", "dm", "HELD", "DEL07"), ("2026-06-02", "pga", "REFUSED", "DEL03")]
    put(trial, "2026-06-03", export__xlsx=workbook(DM=[DM, dm_row("0001", "M"), dm_row("0002", "M")]))
    trial.load()
    assert trial.statuses()[4:] == [("2026-06-03", "dm", "LOADED", None)]
    assert trial.current() == [("0001", "M"), ("0002", "M")]
    assert trial.current("pga", "subjid, visit, pgares") == [("0001", "W2", "1.5")]
    message = "S01, 2026-06-03: the delivery holds nothing of pga; the state of 2026-06-01 stays in force."
    assert (message,) in trial.query("select message from raw.notes where rule_id = 'DEL10' and form = 'pga'")


def test_the_same_workbook_again_is_no_change(trial: LandingFolder) -> None:
    trial.register = register("{name: Site 1, format: xlsx, file: export.xlsx}")
    data = workbook(**WORKBOOK)
    put(trial, "2026-06-01", export__xlsx=data)
    trial.load()
    put(trial, "2026-06-02", export__xlsx=data)
    trial.load()
    assert trial.statuses()[2:] == [("2026-06-02", "dm", "UNCHANGED", None), ("2026-06-02", "pga", "UNCHANGED", None)]
    assert trial.query("select count(*) from raw.dm where closed_load is not null") == [(0,)]


def test_a_manifest_counts_the_rows_of_the_file_and_not_ours(trial: LandingFolder) -> None:
    trial.register = register(
        "{name: Site 1, forms: {vs: {file: vitals.csv, rows: ["
        "{columns: {wt: vsorres}, constants: {vstestcd: WEIGHT, vsorresu: kg}}, "
        "{columns: {temp: vsorres}, constants: {vstestcd: TEMP, vsorresu: C}}]}}}"
    )
    data = b"subjid,visit,vsdtc,wt,temp\n1,D0,2026-05-01,60,36.6\n"
    told = f"file,rows,sha256\nvitals.csv,1,{hashlib.sha256(data).hexdigest()}\n".encode()
    put(trial, "2026-06-01", vitals__csv=data, manifest__csv=told)
    trial.load()
    assert trial.statuses() == [("2026-06-01", "vs", "LOADED", None)]
    assert trial.current("vs", "vstestcd, vsorres") == [("TEMP", "36.6"), ("WEIGHT", "60")]
    assert trial.query("select latest_row, count(*) from raw.positions group by 1") == [(2, 2)]
    trial.load()
    put(trial, "2026-06-02", vitals__csv=data, manifest__csv=told)
    trial.load()
    assert trial.statuses()[1:] == [("2026-06-02", "vs", "UNCHANGED", None)]


def test_what_a_register_gets_wrong_is_read_again_once_it_is_mended(trial: LandingFolder) -> None:
    """A wrong map is mended without a new delivery, and as if it had never been wrong."""
    file = (
        "PATNR;" + ";".join(DM[1:]) + "\n" + ";".join(dm_row("0001", "W")) + "\n" + ";".join(dm_row("0002", "M")) + "\n"
    )
    entry = "{name: Site 1, delimiter: ';', forms: {dm: {columns: {PATNR: subjid}}}}"
    put(trial, "2026-06-01", dm__csv=file.encode())
    trial.load()
    assert trial.statuses() == [("2026-06-01", "dm", "REFUSED", "DEL03")]
    trial.register = register(entry)
    trial.load()
    assert trial.statuses() == [("2026-06-01", "dm", "LOADED", None)]
    assert trial.current() == [("0001", "W"), ("0002", "M")]
    trial.register = register(entry.replace("subjid}", "subjid}, values: {sex: {W: F}}"))
    assert trial.load().raw_changed
    assert trial.current() == [("0001", "F"), ("0002", "M")]
    # The wrong reading was never in force on any night: it closed on the date on which it had opened.
    assert trial.query("select sex, opened, closed from raw.dm where closed is not null") == [
        ("W", *(trial.query("select date '2026-06-01', date '2026-06-01'")[0]))
    ]
    assert not trial.load().raw_changed, "read once in the new way, not every night"


def test_another_name_of_the_file_is_found_once_the_register_says_it(trial: LandingFolder) -> None:
    file = ",".join(DM) + "\n" + ",".join(dm_row("0001", "F")) + "\n"
    put(trial, "2026-06-01", Demographics__csv=file.encode())
    trial.load()
    assert trial.statuses() == [("2026-06-01", "-", "REFUSED", "DEL10")]
    trial.register = register("{name: Site 1, forms: {dm: {file: 'demog*.csv'}}}")
    trial.load()
    assert trial.current() == [("0001", "F")]
    assert ("2026-06-01", "dm", "LOADED", None) in trial.statuses()
    put(trial, "2026-06-02", Demographics1__csv=file.encode(), demographics2__csv=file.encode())
    trial.load()
    assert trial.statuses()[-2:] == [("2026-06-02", "dm", "REFUSED", "DEL01")] * 2
    assert (
        "more than one file claims to be dm"
        in trial.query("select reason from raw.deliveries order by sequence")[-1][0]
    )


def test_a_site_may_change_its_format_and_a_withdrawal_brings_the_old_one_back(trial: LandingFolder) -> None:
    old = ",".join(DM) + "\n" + ",".join(dm_row("0001", "F")) + "\n" + ",".join(dm_row("0002", "F")) + "\n"
    put(trial, "2026-06-01", dm__csv=old.encode())
    trial.load()
    trial.register = register("{name: Site 1, format: parquet}")
    assert not trial.load().raw_changed
    assert trial.problems() == [], "between two formats nothing is wrong"
    assert trial.current() == [("0001", "F"), ("0002", "F")]
    new = io.BytesIO()
    pl.DataFrame([dm_row("0001", "M"), dm_row("0002", "M")], schema=list(DM), orient="row").write_parquet(new)
    put(trial, "2026-06-02", dm__parquet=new.getvalue())
    trial.load()
    assert trial.current() == [("0001", "M"), ("0002", "M")]
    withdraw(trial.settings, "S01", date(2026, 6, 2), "dm", "Dr Meier", "the new system counts otherwise")
    trial.load()
    assert trial.current() == [("0001", "F"), ("0002", "F")]
    assert not trial.load().raw_changed


def test_a_warehouse_from_before_dialects_loads_on(trial: LandingFolder) -> None:
    """What is new in the bookkeeping is added to the tables that exist, and nothing is read or told again."""
    trial.deliver("S01", "2026-06-01", dm=subjects(3))
    trial.load()
    before = trial.current()
    with duckdb.connect(str(trial.settings.working_file)) as connection:
        connection.execute("drop view raw.positions")
        for table, column in NEW_COLUMNS:
            connection.execute(f"alter table raw.{table} drop column {column}")
        connection.execute("drop table raw.readings")
    assert not trial.load().raw_changed
    trial.deliver("S01", "2026-06-02", dm=subjects(3, sex="M"))
    trial.load()
    assert trial.statuses() == [("2026-06-01", "dm", "LOADED", None), ("2026-06-02", "dm", "LOADED", None)]
    assert trial.current() != before


@pytest.mark.parametrize("entry", ["{name: Site 1}", "{name: Site 1, forms: {dm: {ignore: [nothing]}}}"])
def test_a_large_file_is_archived_and_read_like_a_small_one(
    trial: LandingFolder, entry: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is large is a constant, set to a few bytes here: the same deliveries, once each way."""
    file = ",".join(DM) + "\n" + ",".join(dm_row("0001", "F")) + "\n"
    cut = file + ",".join(dm_row("0002", "F")).removesuffix(",")
    outcomes = []
    for large in (archive.LARGE, 10):
        other = LandingFolder(trial.folder / str(large), register(entry))
        other.folder.mkdir()
        monkeypatch.setattr(archive, "LARGE", large)
        monkeypatch.setattr(received, "LARGE", large)
        put(other, "2026-06-01", dm__csv=file.encode(), pga__csv=(",".join(PGA) + "\n").encode())
        other.load()
        put(other, "2026-06-02", dm__csv=cut.encode(), pga__csv=(",".join(PGA) + "\n").encode())
        put(other, "2026-06-03", dm__csv=file.replace("F", "M").encode())
        other.load()
        held = other.everything()
        files = {path.name: path.read_bytes() for path in other.settings.archive_dir.glob("*/*")}
        assert not list(other.settings.archive_dir.glob(".arriving*"))
        outcomes.append((held, files, other.statuses()))
    assert outcomes[0] == outcomes[1]
    assert ("2026-06-02", "dm", "REFUSED", "DEL01") in outcomes[0][2]
