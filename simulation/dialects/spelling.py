"""A site's own spelling: codes, dates, decimal sign, missing values, names of visits.

What belongs here: one value of one column to the site's text, and the lines of the register that undo it. What does
not: files (spelled_csv.py), and the words of any one site (german.py and its like).

What has no spelling of its own stays as it is, as a planted error would; but never where a load would then read
something else into it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from simulation.dialects.contract import Column, contract
from simulation.dialects.dates import Dates
from simulation.dialects.dialect import CannotCarryError, Entry, Table

NUMBER_TYPES = ("integer", "decimal")
NUMBER = re.compile(r"(?:[<>]=?|-)?\d+(?:\.\d+)?")

ISO = Dates()


@dataclass(frozen=True)
class Spelling:
    """How a site writes values."""

    dates: Dates = ISO
    decimal: str = "."
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By code list: ours to theirs; ours may be the empty text, when the site has a code for what it does not know."""
    visits: Mapping[str, str] = field(default_factory=dict)
    missing_number: str = ""
    missing_text: str = ""
    missing_in: Mapping[str, str] = field(default_factory=dict)
    """By column: the code for nothing that this column alone has."""

    def spell(self, form: str, table: Table) -> list[list[str]]:
        """The rows of a form, in the columns of the table.

        Raises:
            CannotCarryError: a value would be read back as another.
        """
        known = contract()[form]
        columns = [known.get(name) or Column(name) for name in table.header]
        return [[self.value(column, value) for column, value in zip(columns, row, strict=True)] for row in table.rows]

    def value(self, column: Column, value: str) -> str:
        if value == "":
            return self._nothing(column)
        written = self._written(column, value)
        if written in (self.missing_number, self.missing_text, self.missing_in.get(column.name)):
            raise CannotCarryError(f"{column.name}: {value!r} is the site's code for nothing")
        return written

    def entry(self) -> Entry:
        """What the register says of the site as a whole."""
        entry: Entry = {}
        if self.decimal != ".":
            entry["decimal"] = self.decimal
        if not self.dates.explicit.issuperset({"date", "datetime"}):
            entry |= {"date_format": self.dates.date, "datetime_format": self.dates.datetime}
        missing = [code for code in (self.missing_text, self.missing_number) if code]
        if missing:
            entry["missing"] = missing
        if self.visits:
            entry["visits"] = {theirs: ours for ours, theirs in self.visits.items()}
        return entry

    def form_entry(self, form: str) -> Entry:
        """What the register says of the columns of a form."""
        columns = contract()[form].values()
        values = {
            column.name: {theirs: ours for ours, theirs in self.codes[column.codelist].items()}
            for column in columns
            if column.codelist in self.codes
        }
        dates = {column.name: self.dates.formats(column.type) for column in columns
                 if column.type in self.dates.explicit}  # fmt: skip
        missing = {column.name: [self.missing_in[column.name]] for column in columns if column.name in self.missing_in}
        return {key: said for key, said in (("values", values), ("dates", dates), ("missing", missing)) if said}

    def _nothing(self, column: Column) -> str:
        unknown = self.codes.get(column.codelist, {}).get("")
        if unknown is not None:
            return unknown
        if column.name in self.missing_in:
            return self.missing_in[column.name]
        return self.missing_number if column.type in NUMBER_TYPES else self.missing_text

    def _written(self, column: Column, value: str) -> str:
        if column.is_date:
            return self._date(column, value)
        if column.type in NUMBER_TYPES or column.name.endswith("orres"):  # results are text, and mostly numbers
            return self._number(column, value)
        return self._coded(column, value)

    def _date(self, column: Column, value: str) -> str:
        written = self.dates.written(column.type, value)
        if written is not None:
            return written
        if self.dates.could_be(column.type, value):
            raise CannotCarryError(f"{column.name}: {value!r} would be taken for another date")
        return value

    def _number(self, column: Column, value: str) -> str:
        if self.decimal == ".":
            return self._coded(column, value)
        if NUMBER.fullmatch(value):
            return value.replace(".", self.decimal)
        if self.decimal in value:
            raise CannotCarryError(f"{column.name}: {value!r} has the site's decimal sign and is no number")
        return self._coded(column, value)

    def _coded(self, column: Column, value: str) -> str:
        spellings = self.visits if column.name == "visit" else self.codes.get(column.codelist, {})
        if value not in spellings and value in spellings.values():
            raise CannotCarryError(f"{column.name}: {value!r} is a code of the site for something else")
        return spellings.get(value, value)
