"""A delivered row read once more from the archived bytes: the file under its SHA-256, the row as a spreadsheet counts.

Files in the canonical form can be read without knowing their site. What a site writes in a way of its own is read by
its register's entry, which the warehouse keeps; here it is only said that the bytes are there and whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from orchestration.ingestion.archive import Archive, ArchiveDamagedError
from orchestration.ingestion.reader import FileRefusedError, FormContent, read_csv
from orchestration.trace.facts import Position
from validation.protocol import form_columns

SAME = "the same text stands in this row of the archived file"
OTHER = "ANOTHER TEXT stands in this row of the archived file"
OWN_WAY = "the archived bytes are whole; the site writes in a way of its own, so this text is the canonical one"
NO_COPY = "not compared: the working file could not be read, so this text is the archived file's"


@dataclass(frozen=True)
class Found:
    """The row's text, what the archive says of it, and whether that is wrong."""

    text: Mapping[str, str | None] | None
    said: str
    wrong: bool = False


class ArchivedFile:
    """One archived file of a form."""

    def __init__(self, archive: Archive, sha256: str, form: str) -> None:
        self.archive, self.sha256, self.form = archive, sha256, form

    @cached_property
    def content(self) -> FormContent | Found:
        """What the file holds; or why it can't be read here."""
        try:
            data = self.archive.source(self.sha256)
        except ArchiveDamagedError as error:
            return Found(None, f"NOT FOUND WHOLE: {error}", wrong=True)
        try:
            return read_csv(data, tuple(column.name for column in form_columns()[self.form]))
        except FileRefusedError:
            return Found(None, OWN_WAY)

    def row(self, number: int) -> Found:
        """The cells of a row by their columns."""
        if isinstance(self.content, Found):
            return self.content
        found = self.content.frame.filter(pl.col("row") == number).drop("row", "extra")
        if found.height != 1:
            return Found(None, f"NO ROW {number} in the archived file", wrong=True)
        return Found(found.row(0, named=True), NO_COPY)


class ArchivedRows:
    """Rows of archived files; each file is read once. `own_way`: those (SHA-256, form) that a site writes its way."""

    def __init__(self, archive: Archive, own_way: Collection[tuple[str, str]]) -> None:
        self.archive, self.own_way = archive, own_way
        self._files: dict[tuple[str, str], ArchivedFile] = {}

    def compare(self, position: Position, raw: Mapping[str, str | None] | None) -> Found:
        """The row in the archived file beside the text that raw has, if any."""
        key = (position.sha256, position.form)
        file = self._files.setdefault(key, ArchivedFile(self.archive, *key))
        found = file.row(position.row)
        if raw is None:
            return found
        if key in self.own_way and not isinstance(file.content, Found):
            return Found(raw, OWN_WAY)
        if found.text is None:
            return Found(raw, found.said, found.wrong)
        same = dict(found.text) == dict(raw)
        return Found(raw, SAME if same else OTHER, wrong=not same)
