"""The page as a whole: nothing is fetched or run, and what sites write stays text."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from lxml import html

from orchestration.report import write_report
from tests.orchestration.report.small_publication import HOSTILE, LOAD_ID


@pytest.fixture(scope="module")
def page(nine: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("page") / "report.html"
    write_report(nine, file)
    return file.read_text(encoding="utf-8")


def test_nothing_is_fetched_or_run(page: str) -> None:
    assert re.findall(r"https?:|[\"'(](?://|data:|javascript:)|@import|url\((?!#)", page) == []
    tree = html.document_fromstring(page)
    assert {element.tag for element in tree.iter()} & {"script", "link", "img", "iframe", "object", "image"} == set()
    assert [name for element in tree.iter() for name in element.attrib if name.startswith("on")] == []
    assert all(link.get("href").startswith("#") for link in tree.iter("a"))


def test_what_a_site_wrote_stays_text(page: str) -> None:
    """The reason for leaving stands in a chart, in its description and in a table."""
    assert "<script" not in page
    tree = html.document_fromstring(page)
    (disposition,) = tree.xpath("//figure[@id='disposition']")
    assert any(HOSTILE.lower() in unescape("".join(cell.itertext())) for cell in disposition.iter("td"))
    assert any(HOSTILE.lower() in "".join(text.itertext()) for text in disposition.iter("text"))
    assert any(HOSTILE.lower() in drawing.get("aria-label") for drawing in disposition.iter("svg"))


def test_every_figure_can_be_found_read_and_told(page: str) -> None:
    tree = html.document_fromstring(page)
    figures = tree.xpath("//figure")
    assert len(figures) == 13
    assert [link.get("href") for link in tree.xpath("//nav//a")] == [f"#{figure.get('id')}" for figure in figures]
    for figure in figures:
        (heading,) = figure.xpath(".//h2")
        assert figure.get("aria-labelledby") == heading.get("id")
        drawings = figure.xpath(".//svg")
        assert {drawing.get("role") for drawing in drawings} == {"img"}
        assert all(len(drawing.get("aria-label")) > 20 for drawing in drawings)
        assert len([one for one in drawings if one.get("class") == "wide"]) == len(drawings) / 2
        assert figure.xpath(".//details//table//th[@scope='col']")


def test_ids_are_unique_and_lead_somewhere(page: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(ids)


def test_the_head_says_which_publication_it_is(page: str) -> None:
    (head,) = html.document_fromstring(page).xpath("//header")
    said = " ".join(" ".join(head.itertext()).split())
    for fact in (LOAD_ID, "0.1.0+test", "2026-06-30", "Subjects 9", "Sites 2", "Treated 7", "mature visits only"):
        assert fact in said


def test_nobody_yet(nobody: Path, tmp_path: Path) -> None:
    """No axes without data: every figure says in words what is not there."""
    written = write_report(nobody, tmp_path / "report.html")
    assert written.without_data == written.figures == 13
    tree = html.parse(str(tmp_path / "report.html"))
    assert not tree.xpath("//svg")
    said = [" ".join(one.text_content().split()) for one in tree.xpath("//p[@class='missing']")]
    assert len(said) == 13
    assert all(sentence.endswith(".") for sentence in said)


def test_the_documentation_names_every_figure_in_its_order(page: str) -> None:
    documented = (Path(__file__).parents[3] / "docs" / "report.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", documented, flags=re.MULTILINE)
    headings = [link.text_content() for link in html.document_fromstring(page).xpath("//nav//a")]
    assert table[1:] == headings
