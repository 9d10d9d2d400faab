"""Listings for sites: what stands in them, what is withheld, that no cell is a formula and no file is half one."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from orchestration.site_listings.files import COLUMNS, safe, write_listings
from orchestration.site_listings.findings import SiteListing, site_listings
from orchestration.site_listings.withheld import WITHHELD, sentence_shown, shown
from validation import rule_by_id

NIGHT = date(2026, 3, 20)
COLUMNS_PUBLISHED = """
    finding_id varchar, rule_id varchar, severity varchar, siteid varchar, usubjid varchar, visit varchar,
    form varchar, field varchar, value varchar, message varchar, source_file varchar, source_row integer,
    first_seen date, days_open integer, status varchar
"""
GROSS = (
    "S02-0017, W8: infusion of 5,800 mg is 10.0 times the planned 580 mg (58.0 kg on 2026-03-02); "
    "infusions.csv row 214."
)


def finding(number: int, rule_id: str, **more: Any) -> dict[str, Any]:
    rule = rule_by_id()[rule_id]
    record = {
        "finding_id": f"{rule_id}-{number:016d}",
        "rule_id": rule_id,
        "severity": rule.severity,
        "siteid": "S02",
        "usubjid": "MRBS-S02-0017",
        "visit": "W8",
        "form": "ex",
        "field": "exdose",
        "value": "5800",
        "message": GROSS,
        "source_file": "infusions.csv",
        "source_row": 214,
        "first_seen": date(2026, 3, 18),
        "days_open": 2,
        "status": "OPEN",
    }
    return record | more


def publish(folder: Path, *findings: dict[str, Any]) -> Path:
    database = folder / "mrbs.duckdb"
    with duckdb.connect(database) as connection:
        connection.execute("create schema quality; create schema metadata")
        connection.execute(f"create table quality.findings ({COLUMNS_PUBLISHED})")
        connection.execute("create table quality.deliveries as select unnest(['S01', 'S02']) as siteid")
        connection.execute("create table metadata.run as select date '2026-03-20' as clockdt")
        for one in findings:
            connection.execute(f"insert into quality.findings values ({', '.join('?' * len(one))})", list(one.values()))
    return database


def listed(database: Path, site: str = "S02") -> dict[str, list[dict[str, Any]]]:
    (listing,) = site_listings(database, site)
    return {severity: [dict(zip(COLUMNS, row, strict=True)) for row in rows] for severity, rows in listing.rows.items()}


DAMAGED = finding(
    3,
    "VAL02",
    field="sex",
    form="dm",
    visit=None,
    value="=HYPERLINK(1)",
    message="S02-0017: Sex (sex) is delivered as '=HYPERLINK(1)', which is not one of F, M, U; dm.csv row 9.",
    source_file="dm.csv",
    source_row=9,
)
LATE = finding(
    4,
    "VIS02",
    form="sv",
    field="svdtc",
    value="2026-03-09",
    message="S02-0017, W8: visit on 2026-03-09 is protocol day 64, outside its window (day 49 to 63); sv.csv row 40.",
)


def test_open_findings_stand_worst_first_and_nothing_else_does(tmp_path: Path) -> None:
    database = publish(
        tmp_path,
        LATE,
        finding(1, "DOS02", first_seen=date(2026, 3, 1)),
        finding(2, "DOS02"),
        DAMAGED,
        finding(5, "DOS02", status="ACCEPTED"),
        finding(6, "DOS02", status="RESOLVED"),
        finding(7, "DOS02", siteid="S01"),
    )
    sheets = listed(database)
    ids = {severity: [row["finding_id"][-1] for row in rows] for severity, rows in sheets.items()}
    assert ids == {"CRITICAL": ["3"], "MAJOR": ["2", "1"], "MINOR": ["4"]}
    (first, _) = sheets["MAJOR"]
    assert (first["finding"], first["value"], first["row"]) == (GROSS, "5800", 214)
    assert (first["title"], first["subject"]) == ("Gross dosing error", "MRBS-S02-0017")
    assert [listing.siteid for listing in site_listings(database)] == ["S01", "S02"]


def test_a_site_with_nothing_open_has_an_empty_listing_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    database = publish(tmp_path)
    assert listed(database, "S01") == {"CRITICAL": [], "MAJOR": [], "MINOR": []}
    with pytest.raises(ValueError, match="no site S09; there are S01, S02"):
        listed(database, "S09")


# What a person may have typed, and what the protocol itself says.
@pytest.mark.parametrize(
    "text",
    ["5800", "-0.5", "2026-02-30", "2026-03-02 09:30", "12.03.2026", "58,0 kg", "Y", "Nein", "PREDNISONE acetate",
     "mg/dL", "W8", "03MAR2026", "POSITIVE", "< 0.3", "SLEDAI-2K", "(blank)", "100/1",
     "Female", "arb. units"],
)  # fmt: skip
def test_numbers_dates_and_the_protocols_words_are_shown(text: str) -> None:
    assert shown(text) == text


@pytest.mark.parametrize(
    "text",
    ["Anna Meyer", "fell at home, wife called", "A. Meyer 1961-03-02", "0171 5551234", "+49 (171) 555-12-34", "4711081",
     "MEYER", "Müller", "王芳", "prednisone (Dr. Huber)"],
)  # fmt: skip
def test_what_a_person_may_have_typed_is_withheld(text: str) -> None:
    assert shown(text) == WITHHELD


def test_a_sentence_keeps_its_numbers_and_loses_what_was_typed() -> None:
    rule = rule_by_id()["MED04"]
    told = "the start of {} is only known as '2026-03', and its day decides what counts"
    assert sentence_shown(rule, told.format("PREDNISONE")) == told.format("PREDNISONE")
    assert sentence_shown(rule, told.format("drops of Anna Meyer")) == told.format(WITHHELD)
    assert sentence_shown(rule, "no sentence of this rule about Anna Meyer") == rule.title


def test_free_text_reaches_no_column_of_a_listing(tmp_path: Path) -> None:
    typed = "Anna Meyer"
    database = publish(
        tmp_path,
        finding(
            1,
            "VAL02",
            visit=typed,
            value=typed,
            field="visit",
            message=f"S02-0017, {typed}: Visit label (visit) is delivered as '{typed}', which is not in the code list "
            "VISIT; infusions.csv row 214.",
        ),
        finding(
            2,
            "MED01",
            visit=None,
            value=typed,
            message=f"S02-0017: {typed} (CYTOTOXIC, started 2026-03) is prohibited and counts from 2026-03-01; "
            "the first infusion was on 2026-01-05; cm.csv row 3.",
            source_file="cm.csv",
            source_row=3,
        ),
    )
    sheets = listed(database)
    assert "Anna" not in str(sheets)
    assert sheets["CRITICAL"][0]["finding"] == (
        f"S02-0017, {WITHHELD}: Visit label (visit) is delivered as '{WITHHELD}', which is not in the code list VISIT; "
        "infusions.csv row 214."
    )
    assert sheets["MAJOR"][0]["finding"] == (
        f"S02-0017: {WITHHELD} (CYTOTOXIC, started 2026-03) is prohibited and counts from 2026-03-01; "
        "the first infusion was on 2026-01-05; cm.csv row 3."
    )


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "' =1+1"),
        ("\r=1+1", "' =1+1"),
        ("  =1+1", "'  =1+1"),
        ("＝1+1", "'＝1+1"),
        ("-0.5", "-0.5"),
        ("+3", "+3"),
        ("-1e-3", "-1e-3"),
        ("2026-03-02", "2026-03-02"),
        ("5 = 5", "5 = 5"),
        ("two\nlines", "two lines"),
        ("", ""),
    ],
)
def test_a_formula_is_text_and_a_number_is_a_number(text: str, cell: str) -> None:
    assert safe(text) == cell


def hostile(siteid: str = "S02") -> SiteListing:
    row = ("=A1", "MAJOR", "DOS02", "Gross", "@S", "W8", "ex", "exdose", "-5800", "+cmd|' /C calc'!A0", "-x.csv", 214)
    rows = [(*row, date(2026, 3, 18), 2)]
    return SiteListing(siteid, NIGHT, {"CRITICAL": [], "MAJOR": rows, "MINOR": []})


def test_the_csv_is_safe_quoted_and_read_back_whole(tmp_path: Path) -> None:
    csv_file, _ = write_listings([hostile()], tmp_path)
    assert csv_file.read_bytes().startswith(b"\xef\xbb\xbf")
    with csv_file.open(encoding="utf-8-sig", newline="") as handle:
        header, row = csv.reader(handle)
    assert header == list(COLUMNS)
    assert row == ["'=A1", "MAJOR", "DOS02", "Gross", "'@S", "W8", "ex", "exdose", "-5800", "'+cmd|' /C calc'!A0",
                   "'-x.csv", "214", "2026-03-18", "2"]  # fmt: skip
    assert csv_file.read_text(encoding="utf-8-sig").splitlines()[-1].endswith('"\'-x.csv",214,"2026-03-18",2')


def test_the_workbook_has_a_sheet_per_severity_filters_a_frozen_header_and_widths(tmp_path: Path) -> None:
    _, path = write_listings([hostile()], tmp_path)
    workbook = openpyxl.load_workbook(path)
    assert workbook.sheetnames == ["CRITICAL", "MAJOR", "MINOR"]
    for sheet in workbook:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == f"A1:N{sheet.max_row}"
        assert [cell.value for cell in sheet[1]] == [column.replace("_", " ") for column in COLUMNS]
        for position, cell in enumerate(sheet[1]):
            assert sheet.column_dimensions[cell.column_letter].width >= len(COLUMNS[position]) + 3
    cells = dict(zip(COLUMNS, workbook["MAJOR"][2], strict=True))
    assert {cell.data_type for cell in cells.values()} == {"s", "n", "d"}, "no formula"
    assert (cells["value"].value, cells["value"].data_type) == ("-5800", "s")
    assert (cells["row"].value, cells["days_open"].value) == (214, 2)
    assert cells["first_seen"].value == datetime(2026, 3, 18)
    assert cells["finding"].value.startswith("'+cmd")
    assert cells["finding"].alignment.wrap_text


def test_the_same_findings_make_the_same_bytes(tmp_path: Path) -> None:
    first, second = (write_listings([hostile()], tmp_path / name) for name in ("first", "second"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_a_site_id_is_never_a_path(tmp_path: Path) -> None:
    paths = write_listings([hostile("../../S02")], tmp_path / "listing")
    assert {path.parent for path in paths} == {tmp_path / "listing"}


def test_an_error_in_the_middle_leaves_every_old_file(tmp_path: Path) -> None:
    def breaks_off() -> Iterator[SiteListing]:
        yield hostile()
        raise RuntimeError("the database is gone")

    before = {path: path.read_bytes() for path in write_listings([SiteListing("S02", NIGHT, {"MAJOR": []})], tmp_path)}
    with pytest.raises(RuntimeError, match="gone"):
        write_listings(breaks_off(), tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_kill_in_the_middle_leaves_every_old_file_and_the_next_listing_is_whole(tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in write_listings([SiteListing("S02", NIGHT, {"MAJOR": []})], tmp_path)}
    script = f"""
import os, signal
from pathlib import Path
from tests.orchestration.test_site_listings import hostile
from orchestration.site_listings.files import write_listings

def killed():
    yield hostile()
    os.kill(os.getpid(), signal.SIGKILL)

write_listings(killed(), Path({str(tmp_path)!r}))
"""
    killed = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[2], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert {path: path.read_bytes() for path in tmp_path.glob("S*")} == before
    (left,) = tmp_path.glob(".listing-*")
    assert {path.name for path in left.iterdir()} == {"S02-open-findings.csv", "S02-open-findings.xlsx"}
    os.utime(left, (0, 0))
    write_listings([hostile()], tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in before}
    assert all(path.read_bytes() != content for path, content in before.items())
