"""`mrbs query` in every format: exact values, NULL, dates, and texts that a table of Markdown could take for markup."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest
from markdown_it import MarkdownIt

from tests.support.command_line import mrbs

SQL = "select usubjid, trtsdt, pga, n, note from mine.small order by usubjid"
NOTES = ['<b>a|b</b>\n*c* "d", [e](http://f) `g` \\', None]


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    """A published database of two rows."""
    with duckdb.connect(str(tmp_path / "analysis.duckdb")) as connection:
        connection.execute("create schema mine")
        connection.execute(
            "create table mine.small (usubjid varchar, trtsdt date, pga decimal(12, 4), n integer, note varchar)"
        )
        rows = [("A", date(2026, 3, 1), Decimal("1.5"), 3, NOTES[0]), ("B", None, None, 4, NOTES[1])]
        connection.executemany("insert into mine.small values (?, ?, ?, ?, ?)", rows)
    return {"MRBS_WAREHOUSE_DIR": str(tmp_path)}


def test_csv(settings: dict[str, str], tmp_path: Path) -> None:
    printed = mrbs("query", SQL, "--format", "csv", **settings)
    assert printed.returncode == 0, printed.stderr
    first, second = csv.DictReader(io.StringIO(printed.stdout, newline=""))
    assert first == {"usubjid": "A", "trtsdt": "2026-03-01", "pga": "1.5000", "n": "3", "note": NOTES[0]}
    assert (second["trtsdt"], second["pga"], second["note"]) == ("", "", "")
    out = tmp_path / "it's.csv"
    written = mrbs("query", SQL, "--format", "csv", "--out", str(out), **settings)
    assert (written.returncode, written.stdout) == (0, "")
    assert out.read_text(encoding="utf-8") == printed.stdout
    assert not list(tmp_path.glob(".*partial")), "written beside and renamed"


def test_parquet_keeps_types(settings: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "small.parquet"
    assert mrbs("query", "from mine.small", "--format", "parquet", "--out", str(out), **settings).returncode == 0
    frame = pl.read_parquet(out).sort("usubjid")
    assert frame.schema["pga"] == pl.Decimal(12, 4)
    assert frame.rows()[0] == ("A", date(2026, 3, 1), Decimal("1.5000"), 3, NOTES[0])
    assert frame.rows()[1] == ("B", None, None, 4, None)


def test_markdown_is_a_table_of_plain_texts(settings: dict[str, str]) -> None:
    printed = mrbs("query", SQL, "--format", "markdown", **settings)
    lines = printed.stdout.splitlines()
    assert len(lines) == 4
    assert lines[0] == "| usubjid | trtsdt | pga | n | note |"
    assert lines[1] == "| --- | --- | ---: | ---: | --- |"
    assert lines[3] == "| B |  |  | 4 |  |"
    html = MarkdownIt("commonmark").enable("table").render(printed.stdout)
    cell = "&lt;b&gt;a|b&lt;/b&gt; *c* &quot;d&quot;, [e](http://f) `g` \\"
    assert f"<td>{cell}</td>" in html


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "xlsx"], "there is no format 'xlsx'; there are table, csv, parquet, markdown"),
        (["--format", "parquet"], "say with --out which file to write"),
        (["--out", "x.csv"], "--out takes --format csv, parquet or markdown"),
    ],
)
def test_what_can_not_be_written_is_said(settings: dict[str, str], arguments: list[str], said: str) -> None:
    refused = mrbs("query", "from mine.small", *arguments, **settings)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_table_stays_what_it_was(settings: dict[str, str]) -> None:
    printed = mrbs("query", "select count(*) as subjects from mine.small", **settings)
    assert "subjects" in printed.stdout
    assert "1 rows" in printed.stdout
