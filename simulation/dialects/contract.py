"""The contract's columns and code lists, as far as ways of writing depend on them; read from the seeds.

What belongs here: types, code lists and labels of columns. What does not: values, and any site's own names.
"""

from dataclasses import dataclass
from functools import lru_cache

from simulation.protocol import rows

DATE_TYPES = ("date", "datetime", "partial_date")


@dataclass(frozen=True)
class Column:
    """One column of a form. A column that the contract does not know is text without a label."""

    name: str
    type: str = "text"
    codelist: str = ""
    is_key: bool = False
    label: str = ""

    @property
    def is_number(self) -> bool:
        """Whether systems with types hold it as a number: measured, counted, or answered with 1 and 0."""
        return self.type in ("integer", "decimal") or self.codelist == "PRESENT" or self.name == self.sequence

    @property
    def sequence(self) -> str:
        """What the column is called if it numbers the records of a subject."""
        return self.name if self.name in ("mhseq", "cmseq", "aeseq") else ""

    @property
    def is_date(self) -> bool:
        return self.type in DATE_TYPES


@lru_cache(maxsize=1)
def contract() -> dict[str, dict[str, Column]]:
    """Every form with its columns, in their order."""
    forms: dict[str, dict[str, Column]] = {}
    for row in rows("form_columns"):
        column = Column(row["column_name"], row["type"], row["codelist"], row["key"] == "Y", row["label"])
        forms.setdefault(row["form"], {})[column.name] = column
    return forms


def column(form: str, name: str) -> Column:
    return contract()[form].get(name) or Column(name)


@lru_cache(maxsize=32)
def codes(codelist: str) -> tuple[str, ...]:
    """The codes of a list, in its order."""
    return tuple(row["code"] for row in rows("codelists") if row["codelist"] == codelist)


@lru_cache(maxsize=32)
def sequence_of(form: str) -> str | None:
    """The column that numbers the records of a subject, where the form has one."""
    return next((name for name, column in contract()[form].items() if column.sequence), None)


@lru_cache(maxsize=32)
def has_visit(form: str) -> bool:
    return "visit" in contract()[form]
