"""Writing a site's deliveries: one folder a night, one file a form, a manifest at some sites.

What belongs here: which rows a night shows, CSV, hashes. What does not: what stands in the rows.
"""

import csv
import hashlib
import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from simulation.file_defects import FileDefect, spoil
from simulation.protocol import protocol
from simulation.records import Records
from simulation.sites import Site


def write_site(landing: Path, site: Site, subjects: list[Records], nights: list[int], defects: list[FileDefect]) -> int:
    """Write every night of one site; returns how many rows the last delivery holds."""
    written = 0
    for night in nights:
        folder = landing / site.siteid / date.fromordinal(night).isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        tonight = {defect.form: defect for defect in defects} if night == nights[-1] else {}
        manifest: list[tuple[object, ...]] = []
        written = 0
        for form, columns in protocol().columns.items():
            header, rows = list(columns), shown(form, subjects, night)
            if form in tonight:
                header, rows = spoil(tonight[form], header, rows)
            content = as_csv(header, rows)
            (folder / f"{form}.csv").write_bytes(content)
            manifest.append((f"{form}.csv", len(rows), hashlib.sha256(content).hexdigest()))
            written += len(rows)
        if site.manifest:
            (folder / "manifest.csv").write_bytes(as_csv(["file", "rows", "sha256"], manifest))
    return written


def shown(form: str, subjects: list[Records], night: int) -> list[list[object]]:
    """The rows of a form that this night's delivery holds, subject by subject."""
    return [row.values for subject in subjects for row in subject.forms[form] if row.entered <= night < row.removed]


def as_csv(header: list[str], rows: Iterable[Iterable[object]]) -> bytes:
    """Canonical CSV: UTF-8, comma, header row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
