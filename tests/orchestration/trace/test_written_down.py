"""The page on a terminal, as HTML, in Dagster, and from the command line: whatever was delivered stays text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import dagster as dg
import pytest
from rich.console import Console

from orchestration.ingestion.lock import hold_lock
from orchestration.review.definitions import defs
from orchestration.site_listings.withheld import WITHHELD
from orchestration.trace import sheet_of, trace
from orchestration.trace.html import as_html
from orchestration.trace.terminal import on_a_terminal
from tests.orchestration.trace.conftest import HOSTILE, Traced
from tests.support.command_line import mrbs
from tests.support.load import environment_of

pytestmark = pytest.mark.slow
PAGE = Path(__file__).parents[3] / "docs" / "trace.md"
TAGS = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "table", "thead", "tbody", "tr", "th", "td"}


class Seen(HTMLParser):
    """The tags, attributes and texts of a page as a browser takes them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_hostile_text_in_html_is_text(traced: Traced) -> None:
    page = as_html(sheet_of(trace(traced.settings, "Z01-0002")))
    seen = Seen()
    seen.feed(page)
    assert seen.tags <= TAGS
    assert seen.attributes == {"lang", "charset", "http-equiv", "content", "name", "class"}
    assert any(f"cmtrt={HOSTILE}" in text for text in seen.texts), "it is shown, whole, as text"
    assert "<script" not in page


def test_hostile_text_on_a_terminal_is_text(traced: Traced) -> None:
    console = Console(width=400, force_terminal=False)
    with console.capture() as capture:
        for part in on_a_terminal(sheet_of(trace(traced.settings, "Z01-0002"))):
            console.print(part)
    assert "[red]**all is well**" in capture.get()


def test_on_the_command_line(traced: Traced, tmp_path: Path) -> None:
    own = traced.copy(tmp_path / "own")
    settings = own.environment
    printed = mrbs("trace", "W01-0001", **settings)
    assert printed.returncode == 0, printed.stderr
    assert printed.stdout.startswith("MRBS-W01-0001, Week 48: NO RESPONSE\n")
    assert "AGREES: derived again from the delivered rows" in printed.stdout
    (example,) = re.findall(r"```text\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [line for line in example.splitlines() if line not in printed.stdout.splitlines()] == []
    file = tmp_path / "trace.html"
    written = mrbs("trace", "W01-0001", "--visit", "Week 24", "--html", str(file), **settings)
    assert written.returncode == 0, written.stderr
    assert "<h1>MRBS-W01-0001, Week 24: NO RESPONSE</h1>" in file.read_text(encoding="utf-8")
    assert mrbs("trace", "W01-9999", **settings).returncode == 1
    with hold_lock(own.settings, owner="a load"):
        waiting = mrbs("trace", "W01-0001", **settings)
    assert waiting.returncode == 3
    assert "NOT RECOMPUTED: the warehouse is in use by a load" in waiting.stdout


def test_in_dagster(traced: Traced, tmp_path: Path) -> None:
    own = traced.copy(tmp_path / "own")
    with (
        environment_of(own.folder / "landing", own.folder / "sites.yml", own.folder / "warehouse"),
        dg.instance_for_test() as instance,
    ):
        config = {"ops": {"show_trace": {"config": {"usubjid": "Z01-0002", "visit": "48"}}}}
        result = defs.resolve_job_def("trace").execute_in_process(instance=instance, run_config=config)
        (event,) = [one for one in result.all_events if one.event_type_value == "ASSET_MATERIALIZATION"]
        assert event.partition == "MRBS-Z01-0002 Week 48"
        assert instance.get_dynamic_partitions("review_trace") == ["MRBS-Z01-0002 Week 48"]
        metadata = event.materialization.metadata
        again = dg.materialize(
            [one for one in defs.resolve_asset_graph().assets_defs if dg.AssetKey(["review", "trace"]) in one.keys],
            partition_key="MRBS-Z01-0002 Week 48",
            instance=instance,
        )
        assert again.success
        config["ops"]["show_trace"]["config"]["usubjid"] = "nobody"
        refused = defs.resolve_job_def("trace").execute_in_process(
            instance=instance, run_config=config, raise_on_error=False
        )
        assert not refused.success
    page = metadata["page"].value
    assert page.startswith("**MRBS-Z01-0002, Week 48: NO RESPONSE.** No response: PROHIBITED MEDICATION")
    assert "**AGREES: derived again from the delivered rows" in page
    delivered = str([record.data for record in metadata["8_sources"].records])
    assert WITHHELD in delivered
    assert "alert" not in delivered + page, "Dagster keeps what it is shown"
    (file,) = (own.folder / "warehouse" / "traces").iterdir()
    assert file.name == "MRBS-Z01-0002_Week_48.html"
    assert re.search(r"cmtrt=&lt;script&gt;", file.read_text(encoding="utf-8"))
