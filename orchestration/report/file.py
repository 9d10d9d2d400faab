"""The report's file: made, put in its place by one rename, and removed when its publication is no longer kept.

    <warehouse>/reports/<load>.html

What belongs here: when a report is made, and where it goes. What does not: what stands in it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from orchestration.publication.publish import CURRENT, MANIFEST
from orchestration.report.figures import FIGURES
from orchestration.report.head import head_of
from orchestration.report.page import as_html
from orchestration.report.published import READ_BESIDE, open_for_report

REPORTS = "reports"
PARTIAL = ".partial"


@dataclass(frozen=True)
class Written:
    """A report that was written."""

    load_id: str
    file: Path
    figures: int
    without_data: int
    bytes: int
    seconds: float


def write_report(warehouse: Path, out: Path | None = None, report: Callable[[str], None] = lambda _: None) -> Written:
    """Write the report of the current publication to `out`, by default to its place in the warehouse folder.

    Raises:
        FileNotFoundError: nothing has been published yet.
    """
    started = monotonic()
    with open_for_report(warehouse) as published:
        load_id = published.source.load_id
        report(f"counting in the publication {load_id}")
        figures = [module.figure(published) for module in FIGURES]
        html = as_html(head_of(published), figures, report)
    file = out or warehouse / REPORTS / f"{load_id}.html"
    file.parent.mkdir(parents=True, exist_ok=True)
    written = _put(file, html)
    if out is None:
        _prune(warehouse, newest=file)
    without_data = sum(bool(figure.missing) for figure in figures)
    return Written(load_id, file, len(figures), without_data, written, monotonic() - started)


def report_holds_for(warehouse: Path) -> Path | None:
    """The newest report, when every table it was made of is, byte for byte, still the published one; else None.

    The date taken as today and the code stand in such a table, too (metadata.run), so the manifests say it all.
    `mrbs report` makes one all the same.
    """
    reports = sorted((warehouse / REPORTS).glob("*.html"))
    current = (warehouse / CURRENT).resolve()
    if not reports or not (current / MANIFEST).exists():
        return None
    theirs = warehouse / "publications" / reports[-1].stem
    holds = (theirs / MANIFEST).exists() and _tables_read(theirs) == _tables_read(current)
    return reports[-1] if holds else None


def _tables_read(publication: Path) -> dict[str, str]:
    tables = json.loads((publication / MANIFEST).read_text(encoding="utf-8"))["tables"]
    return {
        name: table["sha256"] for name, table in tables.items() if name.startswith("analysis.") or name in READ_BESIDE
    }


def _put(file: Path, html: str) -> int:
    """Beside its place, onto the disk, then renamed: who opens it finds a whole one."""
    partial = file.with_name(f".{file.name}.{os.getpid()}{PARTIAL}")
    content = html.encode("utf-8")
    try:
        with partial.open("wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
    return len(content)


def _prune(warehouse: Path, newest: Path) -> None:
    """Reports are kept as long as their publications, and the newest in any case. What a report that was killed left
    goes, too. Two reports may do this at once."""
    for report in (warehouse / REPORTS).glob("*.html"):
        if report != newest and not (warehouse / "publications" / report.stem).is_dir():
            report.unlink(missing_ok=True)
    for partial in (warehouse / REPORTS).glob(f".*{PARTIAL}"):
        *_, process = partial.name.removesuffix(PARTIAL).split(".")
        if not _is_running(process):
            partial.unlink(missing_ok=True)


def _is_running(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError, OverflowError):
        return False
    except PermissionError:
        return True  # somebody else's
    return True
