"""The page of a trace in Dagster, and the same page as an HTML file in the warehouse's folder `traces`.

Not among the other pages' exports: a trace reads the working file and the archive too, where no load holds them. Free
text is withheld in Dagster, whose event log keeps what it is shown; the file has it whole.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from orchestration.ingestion.settings import Settings
from orchestration.review.pages.page import Page, with_rows
from orchestration.review.pages.wording import literal
from orchestration.trace import Sheet, sheet_of, trace
from orchestration.trace.html import as_html

FOLDER = "traces"
NO_FILE_NAME = re.compile(r"[^A-Za-z0-9-]+")


@dataclass(frozen=True)
class TracePage:
    """The page, the partition it stands under, and the HTML file, unless that could not be written."""

    page: Page
    partition: str
    written: Path | None


def trace_page(settings: Settings, usubjid: str, visit: str) -> TracePage:
    """The proof of the response of one subject at one visit.

    Raises:
        NotThereError, NothingToTraceError: no such subject or visit, or it has no response to trace.
    """
    traced = trace(settings, usubjid, visit)
    sheet = sheet_of(traced, withhold=True)
    partition = f"{traced.usubjid} {traced.window.avisit}"
    written = _written(settings.warehouse_dir / FOLDER, partition, sheet_of(traced))
    return TracePage(_page(sheet, traced.usubjid, traced.window.avisit, written), partition, written)


def subject_and_visit(partition: str) -> tuple[str, str]:
    """'MRBS-S02-0017 Week 48' as the two that it is made of."""
    usubjid, word, week = partition.rsplit(" ", 2)
    return usubjid, f"{word} {week}"


def _page(sheet: Sheet, usubjid: str, avisit: str, written: Path | None) -> Page:
    lines = [*sheet.facts, *(sentence for section in sheet.sections for sentence in section.sentences)]
    lines.append(f"As a file: {literal(str(written))}" if written else "The folder of the HTML files can't be written")
    text = [
        f"**{literal(usubjid)}, {avisit}: {sheet.answer}.** {sheet.decision}",
        f"**{sheet.verdict}**" if sheet.agrees else f"**{literal(sheet.verdict)}**",
        "\n".join(f"- {line}" for line in lines),
    ]
    tables = {
        section.name: [dict(zip(section.columns, row, strict=True)) for row in section.rows]
        for section in sheet.sections
    }
    differing = sum(row[-1] == "NO" for row in sheet.sections[-1].rows) if sheet.agrees is False else 0
    return Page("\n\n".join(text), with_rows(tables), {"values_that_differ": differing})


def _written(folder: Path, partition: str, sheet: Sheet) -> Path | None:
    """The file; None where this process may not write there. A subject's id is no file name that can be trusted."""
    name = NO_FILE_NAME.sub("_", partition)
    if name != partition.replace(" ", "_"):
        name += "-" + hashlib.sha256(partition.encode()).hexdigest()[:8]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.html").write_text(as_html(sheet), encoding="utf-8")
    except OSError:
        return None
    return folder / f"{name}.html"
