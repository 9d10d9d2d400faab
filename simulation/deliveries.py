"""Writing a site's deliveries: one folder a night, the files of its dialect, a manifest at some sites.

What belongs here: which rows a night shows, hashes. What does not: what stands in the rows, and in which files they
are written (dialects/).
"""

import csv
import hashlib
import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from simulation.dialects.catalogue import DIALECTS
from simulation.dialects.dialect import File, Night, Table, records, table_of
from simulation.dialects.typed import without_idle_zeros
from simulation.file_defects import FileDefect, spoil
from simulation.protocol import protocol
from simulation.records import Records
from simulation.sites import Site


def write_site(
    landing: Path,
    site: Site,
    subjects: list[Records],
    nights: list[int],
    defects: list[FileDefect],
    plain_numbers: bool = False,
) -> int:
    """Write every night of one site; returns how many rows the last delivery holds.

    Raises:
        CannotCarryError: the site's dialect would lose something. Nothing of the site was written.
    """
    written = 0
    deliveries: list[tuple[Path, dict[str, File]]] = []
    for night in nights:
        forms = forms_of(subjects, night, defects if night == nights[-1] else [])
        if plain_numbers:
            forms = {form: without_idle_zeros(form, table) for form, table in forms.items()}
        day = date.fromordinal(night)
        files = DIALECTS[site.dialect].write(forms, Night(site.siteid, day))
        if site.manifest:
            files["manifest.csv"] = manifest_of(files)
        deliveries.append((landing / site.siteid / day.isoformat(), files))
        written = records(forms)
    for folder, files in deliveries:
        folder.mkdir(parents=True, exist_ok=True)
        for name, file in files.items():
            (folder / name).write_bytes(file.content)
    return written


def forms_of(subjects: list[Records], night: int, defects: list[FileDefect]) -> dict[str, Table]:
    """Every form as this night shows it, with the defects of files."""
    spoiled = {defect.form: defect for defect in defects}
    forms = {}
    for form, columns in protocol().columns.items():
        header, rows = list(columns), shown(form, subjects, night)
        if form in spoiled:
            header, rows = spoil(spoiled[form], header, rows)
        forms[form] = table_of(header, rows)
    return forms


def manifest_of(files: dict[str, File]) -> File:
    """Which files were sent, with how many rows and which bytes."""
    sent = [(name, file.rows, hashlib.sha256(file.content).hexdigest()) for name, file in files.items()]
    return File(as_csv(["file", "rows", "sha256"], sent), len(sent))


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
