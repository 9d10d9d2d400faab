"""The manifest of a delivery: what a site says it sent (file, rows, sha256), held against what lies there."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from orchestration.ingestion.deliveries import MANIFEST


@dataclass(frozen=True)
class Sent:
    """One line of a manifest."""

    rows: str
    sha256: str


@dataclass(frozen=True)
class Present:
    """What lies there: `rows` are records; None when the file can't be read and so can't be counted."""

    sha256: str | None
    rows: int | None


def mismatches(manifest: bytes, present: Mapping[str, Present]) -> list[str]:
    """Every way in which the files differ from the manifest, one short sentence each; empty when all is well."""
    try:
        promised = _read(manifest)
    except ValueError as error:
        return [f"the manifest can't be read: {error}"]
    found = {name.lower(): (name, file) for name, file in present.items()}
    problems = [f"{name} is not in the manifest" for key, (name, _) in sorted(found.items()) if key not in promised]
    for key, sent in sorted(promised.items()):
        if key not in found:
            problems.append(f"{key} is in the manifest and not in the delivery")
            continue
        name, file = found[key]
        if file.sha256 != sent.sha256:
            problems.append(f"{name} has other bytes than the manifest says")
        elif file.rows is not None and not (sent.rows.isdecimal() and int(sent.rows) == file.rows):
            problems.append(f"{name} has {file.rows:,} rows where the manifest says {sent.rows or 'nothing'}")
    return problems


def _read(manifest: bytes) -> dict[str, Sent]:
    text = manifest.decode("utf-8-sig")
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), strict=True) if line]
    except csv.Error as error:
        raise ValueError(str(error)) from None
    header = [name.strip().lower() for name in lines[0]] if lines else []
    if sorted(name for name in header if name in {"file", "rows", "sha256"}) != ["file", "rows", "sha256"]:
        raise ValueError("its columns must be file, rows, sha256")
    promised: dict[str, Sent] = {}
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) != len(header):
            raise ValueError(f"row {number} has {len(cells)} values where the header has {len(header)}")
        line = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        key = line["file"].lower()
        if key == MANIFEST:
            continue  # what a manifest says of itself can't be right
        if key in promised:
            raise ValueError(f"{line['file']} stands in it twice")
        promised[key] = Sent(line["rows"], line["sha256"].lower())
    return promised
