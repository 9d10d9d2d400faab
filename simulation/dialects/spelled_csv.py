"""A CSV file per form in a site's own words: file names, column names, codes, dates, and what stands above the header.

What belongs here: how such a file is put together, and its entry in the register. What does not: the words of any one
site (german.py, chinese.py, utf16_tab.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from simulation.dialects.contract import contract
from simulation.dialects.delimited import Delimited
from simulation.dialects.dialect import Entry, File, Forms, Night
from simulation.dialects.spelling import Spelling


@dataclass(frozen=True)
class SpelledCsv:
    """One system's export."""

    marks: Delimited
    spelling: Spelling
    stems: Mapping[str, str] = field(default_factory=dict)
    """By form: what its file is called, without the ending."""
    names: Mapping[str, str] = field(default_factory=dict)
    """By our column: theirs."""
    preamble: Callable[[str, Night], list[str]] | None = None
    """The lines before the header."""
    preamble_lines: int = 0
    above: Callable[[str, str], str] | None = None
    """What stands in the first of two header rows, by form and our column."""
    joined: bool = False
    """Whether only both header rows together name a column."""
    system: Mapping[str, str] = field(default_factory=dict)
    """Columns that the system adds to every file, and what stands in them."""
    ending: str = "csv"

    def write(self, forms: Forms, night: Night) -> dict[str, File]:
        files = {}
        for form, table in forms.items():
            header = [*map(self._named, table.header), *self.system]
            rows = [[*row, *self.system.values()] for row in self.spelling.spell(form, table)]
            headers = [header]
            if self.above is not None:
                headers = [[self.above(form, name) for name in (*table.header, *self.system)], header]
            content = self.marks.text(headers, rows, self.preamble(form, night) if self.preamble else ())
            files[f"{self._stem(form)}.{self.ending}"] = File(content, len(rows))
        return files

    def entry(self) -> Entry:
        entry: Entry = {"format": "csv", "encoding": self.marks.encoding, "delimiter": self.marks.delimiter}
        if self.preamble_lines:
            entry["skip_lines"] = self.preamble_lines
        if self.above is not None:
            entry |= {"header_rows": 2, "header": "joined" if self.joined else "last"}
        return {**entry, **self.spelling.entry(), "forms": {form: self._form_entry(form) for form in contract()}}

    def _form_entry(self, form: str) -> Entry:
        theirs = {name: self._read_as(form, name) for name in contract()[form]}
        columns = {read_as: ours for ours, read_as in theirs.items() if read_as.lower() != ours}
        entry: Entry = {"file": f"{self._stem(form)}.{self.ending}"}
        if columns:
            entry["columns"] = columns
        if self.system:
            entry["ignore"] = [self._read_as(form, name) for name in self.system]
        return {**entry, **self.spelling.form_entry(form)}

    def _read_as(self, form: str, column: str) -> str:
        """The name that a reader makes of one header row or two."""
        named = self._named(column)
        return f"{self.above(form, column)} {named}" if self.above is not None and self.joined else named

    def _named(self, column: str) -> str:
        return self.names.get(column, column)

    def _stem(self, form: str) -> str:
        return self.stems.get(form, form)
