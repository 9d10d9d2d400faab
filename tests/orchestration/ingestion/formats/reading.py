"""How the tests of readers read: one table, or the refusal, of a few bytes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from orchestration.ingestion.formats.tables import ReadAs, SourceTable, read_tables
from orchestration.ingestion.reader import FileRefusedError

KEYS = ("subject", "event", "repeat")


def sas_data_set(name: str) -> bytes:
    """A data set that SAS itself wrote: no library at hand writes them, and none is copied into the project.

    MRBS_SAS_SAMPLES names a folder with those of pyreadstat's test data (missing_test.sas7bdat, dates.sas7bdat).
    """
    file = Path(os.environ.get("MRBS_SAS_SAMPLES", "")) / f"{name}.sas7bdat"
    if not file.is_file():
        pytest.skip("no data set written by SAS: MRBS_SAS_SAMPLES names no folder with pyreadstat's test data")
    return file.read_bytes()


def tables(source: Path | bytes, **read_as: Any) -> dict[str, SourceTable]:
    found = list(read_tables(source, ReadAs(**read_as)))
    by_name = {table.name: table for table in found}
    assert len(by_name) == len(found), "a table came twice"
    return by_name


def only(source: Path | bytes, **read_as: Any) -> SourceTable:
    (table,) = tables(source, **read_as).values()
    return table


def refused(source: Path | bytes, message: str, **read_as: Any) -> str:
    """The rule by which the file is refused, with a sentence that holds this."""
    with pytest.raises(FileRefusedError, match=message) as refusal:
        list(read_tables(source, ReadAs(**read_as)))
    assert len(str(refusal.value)) < 600
    return refusal.value.rule_id


def values(source: Path | bytes, **read_as: Any) -> list[tuple[str | None, ...]]:
    """Every value as (subject, event, form, repeat, item, value)."""
    found = []
    for table in read_tables(source, ReadAs(**read_as)):
        items = [name for name in table.frame.columns if name not in ("row", *KEYS)]
        for row in table.frame.iter_rows(named=True):
            subject, event, repeat = (row[key] for key in KEYS)
            found += [(subject, event, table.name, repeat, item, row[item]) for item in items if row[item] is not None]
    return found
