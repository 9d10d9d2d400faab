"""Whatever a site delivers, a page's text stays the text it is: no markup, no line of its own, no link."""

from __future__ import annotations

import re
import subprocess
from html import unescape

import duckdb
import pytest
from markdown_it import MarkdownIt

from orchestration.review.pages import landing_page, site_page, subject_page
from orchestration.review.pages.finding_rows import query_of, quoted
from orchestration.review.pages.wording import cell, literal
from tests.orchestration.review.small_publication import TONIGHT, add, add_finding


@pytest.mark.parametrize(
    ("delivered", "expected"),
    [
        ("S01", "S01"),
        ("MRBS-S02-0017", "MRBS-S02-0017"),
        ("a|b", "`a|b`"),
        ("<script>alert(1)</script>", "`<script>alert(1)</script>`"),
        ("**all is well**", "`**all is well**`"),
        ("[here](http://evil.example)", "`[here](http://evil.example)`"),
        ("www.evil.example", "`www.evil.example`"),
        ("a@evil.example", "`a@evil.example`"),
        ("S_0_1", "`S_0_1`"),
        ("tick ` tick", "``tick ` tick``"),
        ("``", "``` `` ```"),
        ("`x", "`` `x ``"),
        ("one\n\n# two\r\n- three\x00", "`one # two - three`"),
        ("turned \u202e round", "turned round"),
        ("&lt;", "`&lt;`"),
        ("\\", "`\\`"),
        ("- item", "`- item`"),
        ("1. item", "`1. item`"),
        ("  ", "`(blank)`"),
        (None, "`(blank)`"),
    ],
)
def test_a_text_in_markdown_is_plain_or_code_that_it_can_not_close(delivered: str | None, expected: str) -> None:
    assert literal(delivered) == expected
    shown = GFM.renderInline(literal(delivered)).removeprefix("<code>").removesuffix("</code>")
    assert unescape(shown) == expected.strip("`").strip()


def test_a_cell_is_one_line_of_bearable_length() -> None:
    assert cell("a|b\n<b>c</b>`d`") == "a|b <b>c</b>`d`", "a cell is shown as text: nothing in it is markup"
    assert cell("x" * 1_000) == "x" * 1_000
    assert cell("x" * 1_001) == "x" * 1_000 + " ... (cut; whole in quality.findings)"


@pytest.mark.parametrize("siteid", ["S01", "it's", 'a "b"', "$(id)", "`id`", "a\\b", "!!"])
def test_a_command_on_a_page_finds_what_it_says_in_any_shell(siteid: str, published: duckdb.DuckDBPyConnection) -> None:
    add_finding(published, 1, "VAL02", siteid=siteid)
    add_finding(published, 2, "VAL02", siteid="S02")
    command = query_of(f"status = 'OPEN' and siteid = {quoted(siteid)}")
    said = subprocess.run(["bash", "-c", f"printf '%s\\n' {command}"], capture_output=True, text=True, check=True)
    mrbs, query, sql = said.stdout.splitlines()
    assert (mrbs, query) == ("mrbs", "query")
    assert [row[0] for row in published.execute(sql).fetchall()] == ["VAL02-1"]


GFM = MarkdownIt("commonmark").enable(["table", "strikethrough"])  # comes with rich
HOSTILE = "S0`1|<script>alert('x')</script>\n\n# New tonight: nothing"
AS_CODE = "``S0`1|<script>alert('x')</script> # New tonight: nothing``"


def test_hostile_sites_and_subjects_stay_one_piece_of_code(published: duckdb.DuckDBPyConnection) -> None:
    subject = f"MRBS-{HOSTILE}-1"
    for number in range(51):
        add_finding(published, number, "VAL02", siteid=HOSTILE, usubjid=subject, message=f"{HOSTILE}: '|'.")
    add_finding(published, 60, "DEL08", siteid=HOSTILE, usubjid=None)
    add(published, "quality.deliveries", siteid=HOSTILE, delivered=TONIGHT, form="<b>", file="x", status="REFUSED")
    pages = [landing_page(published), site_page(published, HOSTILE), subject_page(published, subject)]
    for page in pages:
        html = GFM.render(page.text)
        assert set(re.findall(r"</?(\w+)", html)) <= {"p", "strong", "ul", "li", "code"}
        for line in filter(None, page.text.split("\n")):
            assert line.startswith(("**", "- ", "Load of")), "no value starts a line"
        for row in (row for rows in page.tables.values() for row in rows):
            assert not any("\n" in str(value) for value in row.values())
    assert f"; {AS_CODE} is late.**" in pages[0].text
    assert pages[1].text.startswith(f"**{AS_CODE}: ")
