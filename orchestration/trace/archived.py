"""A delivered row read once more from the archived bytes: the file under its SHA-256, the row as a spreadsheet counts.

What a site writes in a way of its own is read again as it was read when it was taken in, so the text is the canonical
one. While a load is under way it is not known how that was; canonical CSV can be read all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from orchestration.ingestion.archive import Archive, ArchiveDamagedError
from orchestration.ingestion.dialects.read_forms import read_form
from orchestration.ingestion.dialects.reading import Reading
from orchestration.ingestion.reader import FileRefusedError, FormContent, read_csv
from orchestration.trace.facts import Position
from validation.protocol import form_columns

Text = Mapping[str, str | None]
SAME = "the same text stands in this row of the archived file"
SAME_READ_AGAIN = "the same text when this row of the archived file is read again in the site's own way"
OTHER = "ANOTHER TEXT stands in this row of the archived file"
UNREAD = "the archived bytes are whole; how the site writes is not known while the working file can't be read"
UNREADABLE = "the archived bytes are whole, but can't be read again as they were"
NO_COPY = "not compared: the working file could not be read, so this text is the archived file's"


@dataclass(frozen=True)
class Found:
    """The row's text, what the archive says of it, and whether that is wrong."""

    text: Mapping[str, str | None] | None
    said: str
    wrong: bool = False


class ArchivedFile:
    """One archived file of a form; `reading` is how it was read, None for canonical CSV."""

    def __init__(self, archive: Archive, sha256: str, form: str, reading: Reading | None) -> None:
        self.archive, self.sha256, self.form, self.reading = archive, sha256, form, reading

    @cached_property
    def content(self) -> FormContent | Found:
        """What the file holds; or why it can't be read here."""
        try:
            data = self.archive.source(self.sha256)
        except ArchiveDamagedError as error:
            return Found(None, f"NOT FOUND WHOLE: {error}", wrong=True)
        try:
            if self.reading is not None:
                return read_form(data, self.reading)
            return read_csv(data, tuple(column.name for column in form_columns()[self.form]))
        except FileRefusedError:
            return Found(None, UNREAD if self.reading is None else UNREADABLE)

    def records(self, number: int) -> Sequence[Text] | Found:
        """The records of a row (a site's row may make several), by our columns."""
        if isinstance(self.content, Found):
            return self.content
        return self.content.frame.filter(pl.col("row") == number).drop("row", "extra").to_dicts()


class ArchivedRows:
    """Rows of archived files; each file is read once. `readings` by SHA-256 and form, as in `raw`."""

    def __init__(self, archive: Archive, readings: Mapping[tuple[str, str], Reading]) -> None:
        self.archive, self.readings = archive, readings
        self._files: dict[tuple[str, str], ArchivedFile] = {}

    def compare(self, position: Position, raw: Text | None) -> Found:
        """The row in the archived file beside the text that raw has, if any."""
        key = (position.sha256, position.form)
        file = self._files.setdefault(key, ArchivedFile(self.archive, *key, self.readings.get(key)))
        records = file.records(position.row)
        if isinstance(records, Found):
            return Found(raw, records.said, records.wrong)
        if not records:
            return Found(raw, f"NO ROW {position.row} in the archived file", wrong=True)
        if raw is None:
            return Found(records[0], NO_COPY)
        if dict(raw) not in records:
            return Found(raw, OTHER, wrong=True)
        return Found(raw, SAME if file.reading is None else SAME_READ_AGAIN)
