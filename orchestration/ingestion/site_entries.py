"""What a site's entry in the register may say: its files, how they are written, and how theirs becomes ours.

Pydantic models only: how the YAML is read and its mistakes are told stands in `register`; what a load does with an
entry stands in `dialects`. Everything left out is canonical: CSV, UTF-8, comma, ISO 8601 dates, empty means missing.
"""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictStr,
    StringConstraints,
    field_validator,
    model_validator,
)

from orchestration.ingestion.dialects.date_formats import are_ambiguous, problem_of
from orchestration.ingestion.formats.tables import FORMATS, ReadAs
from orchestration.ingestion.forms import code_lists, codes_of, column_names, form_names

CANONICAL_DATE_FORMAT = "%Y-%m-%d"
CANONICAL_DATETIME_FORMAT = "%Y-%m-%dT%H:%M"
FORMATS_OF_ONE_FILE = ("odm", "redcap")
FORMATS_OF_TEXT = ("csv", "redcap")

Format = Literal["csv", "xlsx", "xpt", "sas7bdat", "parquet", "dataset-json", "odm", "redcap"]


def _a_date_format(value: str) -> str:
    problem = problem_of(value)
    if problem is not None:
        raise ValueError(problem)
    return value


DateFormat = Annotated[StrictStr, AfterValidator(_a_date_format)]
OneSign = Annotated[StrictStr, StringConstraints(max_length=1)]
FileName = Annotated[StrictStr, StringConstraints(min_length=1, pattern=r"^[^/\\]+$")]
Codes = dict[StrictStr, StrictStr]


class Strict(BaseModel):
    """No key that nobody reads: a misspelt one must not be silently without effect."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RowsEntry(Strict):
    """One row of ours out of a row of theirs that holds several: which of its columns it takes, and what it adds."""

    columns: Codes = Field(min_length=1)
    constants: Codes = {}


class ItemsEntry(Strict):
    """A file of one value a row: the column that names the item, and the one that holds its value."""

    item: StrictStr
    value: StrictStr


class FormEntry(Strict):
    """What is particular about one form of one site."""

    file: FileName | None = None
    sheet: StrictStr | None = None
    skip_lines: int | None = Field(default=None, ge=0, strict=True)
    header_rows: int | None = Field(default=None, ge=1, le=2, strict=True)
    columns: Codes = {}
    constants: Codes = {}
    values: dict[StrictStr, Codes] = {}
    dates: dict[StrictStr, DateFormat | tuple[DateFormat, ...]] = {}
    missing: dict[StrictStr, tuple[StrictStr, ...]] = {}
    ignore: tuple[StrictStr, ...] = ()
    rows: tuple[RowsEntry, ...] = ()
    items: ItemsEntry | None = None

    def problems(self, form: str) -> list[tuple[tuple[str | int, ...], str]]:
        """Where it names a column that the form doesn't have, or fills one from two sources; and what is allowed."""
        ours = column_names(form)
        allowed = f"is no column of {form}; its columns are {', '.join(ours)}"
        places: list[tuple[tuple[str | int, ...], str]] = [
            *((("columns", theirs), to) for theirs, to in self.columns.items()),
            *(
                ((key, name), name)
                for key in ("constants", "values", "dates", "missing")
                for name in getattr(self, key)
            ),
            *(
                (("rows", at, key, name), to)
                for at, entry in enumerate(self.rows)
                for key, names in (("columns", entry.columns), ("constants", {name: name for name in entry.constants}))
                for name, to in names.items()
            ),
        ]
        found = [(place, f"{to!r} {allowed}") for place, to in places if to not in ours]
        found += [
            (("values", name, theirs), f"{to!r} is no code of {name}; its codes are {', '.join(codes)}")
            for name, codes in codes_of(form).items()
            for theirs, to in self.values.get(name, {}).items()
            if to and to not in codes
        ]
        found += [
            (("columns",), f"{name} stands here more than once, in other letters")
            for name, times in Counter(theirs.strip().lower() for theirs in self.columns).items()
            if times > 1
        ]
        found += [
            (("dates", name), "two of these formats read the same text as different days")
            for name, formats in self.dates.items()
            if not isinstance(formats, str) and are_ambiguous(formats)
        ]
        shared = [*self.columns.values(), *self.constants]
        found += [(("columns",), text) for text in _filled_twice(shared)]
        for at, entry in enumerate(self.rows):
            own = [*entry.columns.values(), *entry.constants]
            found += [
                (("rows", at), text) for text in _filled_twice([*shared, *own]) if text not in _filled_twice(shared)
            ]
        return found


NOTHING_PARTICULAR = FormEntry()


class SiteEntry(Strict):
    """One site: who it is, how often it delivers, what its files are like, and its forms where they differ."""

    name: StrictStr = Field(min_length=1)
    every_days: int | None = Field(default=None, ge=1, strict=True)
    format: Format = "csv"
    file: FileName | None = None
    encoding: StrictStr = "utf-8"
    delimiter: Annotated[OneSign, StringConstraints(min_length=1)] = ","
    quote: OneSign = '"'
    skip_lines: int = Field(default=0, ge=0, strict=True)
    header_rows: int = Field(default=1, ge=1, le=2, strict=True)
    header: Literal["joined", "last"] = "joined"
    decimal: Literal[".", ","] = "."
    date_format: DateFormat = CANONICAL_DATE_FORMAT
    datetime_format: DateFormat = CANONICAL_DATETIME_FORMAT
    missing: tuple[StrictStr, ...] = ()
    dictionary: FileName | None = None
    visits: Codes = {}
    forms: dict[StrictStr, FormEntry] = {}

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        try:
            "".encode(value)  # hex, zip and the like are codecs, but none of text
            return codecs.lookup(value).name
        except (LookupError, TypeError, ValueError):
            raise ValueError("must name a text encoding, for example utf-8, cp1252 or gb18030") from None

    @field_validator("forms", mode="before")
    @classmethod
    def _known_forms(cls, value: Any) -> Any:
        for form in value if isinstance(value, dict) else ():
            if form not in form_names():
                raise ValueError(f"{form!r} is no form; forms are {', '.join(form_names())}")
        return value

    @field_validator("visits")
    @classmethod
    def _known_visits(cls, value: Codes) -> Codes:
        visits = code_lists()["VISIT"]
        for ours in value.values():
            if ours not in visits:
                raise ValueError(f"{ours!r} is no visit; visits are {', '.join(visits)}")
        return value

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.format in FORMATS_OF_ONE_FILE and self.file is None:
            raise ValueError(f"{FORMATS[self.format][0]} holds all forms in one file: say which, with `file`")
        if self.dictionary is not None and self.format != "redcap":
            raise ValueError("`dictionary` is REDCap's data dictionary, for format redcap only")
        self.read_as()  # what a reader refuses to be told is refused here, and not at night
        return self

    def read_as(self, form: FormEntry = NOTHING_PARTICULAR) -> ReadAs:
        """What the reader of the format is told about the site's files, or about that of one form.

        Raises:
            ValueError: no reader takes that.
        """
        return ReadAs(
            format=self.format,
            encoding=self.encoding,
            delimiter=self.delimiter,
            quote=self.quote,
            decimal=self.decimal,
            skip_lines=self.skip_lines if form.skip_lines is None else form.skip_lines,
            header_rows=self.header_rows if form.header_rows is None else form.header_rows,
            header=self.header,
        )


def _filled_twice(targets: Iterable[str]) -> list[str]:
    return [f"{name} is filled from more than one source" for name, times in Counter(targets).items() if times > 1]
