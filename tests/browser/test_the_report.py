"""The report as people look at it, in a real browser: on a desk, on a phone, and on paper."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from orchestration.report import write_report
from tests.browser.conftest import CHROMIUM

pytestmark = pytest.mark.slow
DESK, PHONE = (1100, 900), (360, 740)
# A4 without its margins of 14 mm, at 96 pixels an inch.
PAPER = (688, 1017)
SMALLEST = 8.5  # pixels a letter is high at least, as drawn


@pytest.fixture(scope="module")
def report(messy_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(messy_warehouse, tmp_path_factory.mktemp("report") / "report.html").file


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine; on Debian and Ubuntu: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def opened(chromium: Browser, report: Path, size: tuple[int, int]) -> Page:
    page = chromium.new_page(viewport={"width": size[0], "height": size[1]})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    page.wait_for_load_state()
    assert asked == [report.as_uri()], "the file asks for nothing else"
    return page


@pytest.mark.parametrize(("size", "shown", "hidden"), [(DESK, "wide", "narrow"), (PHONE, "narrow", "wide")])
def test_it_fits_the_screen(chromium: Browser, report: Path, size: tuple[int, int], shown: str, hidden: str) -> None:
    page = opened(chromium, report, size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0], "a wide table scrolls by itself"
    drawings = page.locator(f"svg.{shown}")
    assert drawings.count() >= 13
    assert all(drawing.is_visible() for drawing in drawings.all())
    assert not any(drawing.is_visible() for drawing in page.locator(f"svg.{hidden}").all())
    heights = page.evaluate(
        f"""[...document.querySelectorAll("svg.{shown} text")].filter(text => text.textContent.trim()).map(text => {{
            const drawing = text.ownerSVGElement;
            const scale = drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width;
            return parseFloat(getComputedStyle(text).fontSize) * scale; }})"""
    )
    assert min(heights) >= SMALLEST
    if (folder := os.environ.get("MRBS_PICTURES")) and shown == "wide":
        page.locator("figure#response .picture").screenshot(path=Path(folder) / "report.png")
    page.close()


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_no_text_is_cut_off(chromium: Browser, report: Path, size: tuple[int, int]) -> None:
    """A letter beyond the edge of its drawing would not be seen."""
    page = opened(chromium, report, size)
    cut = page.evaluate(
        """[...document.querySelectorAll("svg")].filter(drawing => drawing.checkVisibility()).flatMap(drawing => {
            const edge = drawing.getBoundingClientRect();
            return [...drawing.querySelectorAll("text")].filter(text => text.textContent.trim()).filter(text => {
                const box = text.getBoundingClientRect();
                return box.left < edge.left - 2 || box.right > edge.right + 2 || box.top < edge.top - 2
                    || box.bottom > edge.bottom + 2; }).map(text => text.textContent); })"""
    )
    assert cut == []
    page.close()


def test_it_prints_with_its_tables_and_no_figure_cut_in_two(chromium: Browser, report: Path) -> None:
    page = opened(chromium, report, PAPER)
    with_tables = pages_of(page)
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER[0]
    for picture in page.locator(".picture").all():
        box = picture.bounding_box()
        assert box is not None
        assert box["height"] < PAPER[1]
    assert not page.locator("details[open]").count()
    assert all(cell.bounding_box() for cell in page.locator("tbody tr:first-child td:first-child").all())
    page.emulate_media(media="screen")
    page.add_style_tag(content="@media print { details { display: none; } }")
    assert with_tables > pages_of(page), "tables that nobody has unfolded are printed"
    page.close()


def pages_of(page: Page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
