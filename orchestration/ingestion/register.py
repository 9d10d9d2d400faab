"""The site register: who may deliver what, and how. One YAML file, checked key by key before anything is read.

A dialect that a site declares and no reader speaks yet is not a mistake in the register, so it doesn't stop a load:
`SiteEntry.unsupported` says in words why the deliveries of that one site can't be taken.
"""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StrictStr, StringConstraints, ValidationError, field_validator

from orchestration.ingestion.forms import form_names

# No hyphen: it parts study, site and subject in usubjid, which must not say two things.
SiteId = Annotated[StrictStr, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]*$")]
CANONICAL_ENCODINGS = {"utf-8", "ascii"}
CANONICAL_DATE_FORMAT = "%Y-%m-%d"
CANONICAL_DATETIME_FORMAT = "%Y-%m-%dT%H:%M"


class RegisterError(ValueError):
    """The register can't be used; the message lists everything that is wrong with it."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FormEntry(_Strict):
    """What is particular about one form of one site."""

    file: StrictStr | None = None
    sheet: StrictStr | None = None
    columns: dict[StrictStr, StrictStr] = {}
    values: dict[StrictStr, dict[StrictStr, StrictStr]] = {}


class SiteEntry(_Strict):
    """One site. Everything left out is canonical: UTF-8, comma, ISO 8601 dates, empty means missing."""

    name: StrictStr = Field(min_length=1)
    every_days: int | None = Field(default=None, ge=1, strict=True)
    format: Literal["csv", "xlsx", "xpt", "sas7bdat", "parquet", "dataset-json", "odm", "redcap"] = "csv"
    file: StrictStr | None = None
    encoding: StrictStr = "utf-8"
    delimiter: Annotated[StrictStr, StringConstraints(min_length=1, max_length=1)] = ","
    quote: Annotated[StrictStr, StringConstraints(max_length=1)] = '"'
    skip_lines: int = Field(default=0, ge=0, strict=True)
    header_rows: int = Field(default=1, ge=1, le=2, strict=True)
    header: Literal["joined", "last"] = "joined"
    decimal: Literal[".", ","] = "."
    date_format: StrictStr = CANONICAL_DATE_FORMAT
    datetime_format: StrictStr = CANONICAL_DATETIME_FORMAT
    missing: tuple[StrictStr, ...] = ()
    forms: dict[StrictStr, FormEntry] = {}

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        try:
            return codecs.lookup(value).name
        except LookupError:
            raise ValueError("must name a text encoding, for example utf-8 or gb18030") from None

    @field_validator("forms", mode="before")
    @classmethod
    def _known_forms(cls, value: Any) -> Any:
        for form in value if isinstance(value, dict) else ():
            if form not in form_names():
                raise ValueError(f"{form!r} is no form; forms are {', '.join(form_names())}")
        return value

    @property
    def unsupported(self) -> str | None:
        """What this site declares and no reader can do yet, as one sentence; None when all of it can be read."""
        needs = []
        if self.format != "csv":
            needs.append(f"format {self.format}")
        if self.file is not None:
            needs.append(f"file {self.file}")
        if self.encoding not in CANONICAL_ENCODINGS:
            needs.append(f"encoding {self.encoding}")
        if self.delimiter != ",":
            needs.append(f"delimiter {self.delimiter!r}")
        if self.quote != '"':
            needs.append(f"quote {self.quote!r}")
        if self.skip_lines or self.header_rows > 1:
            needs.append("a header of its own")
        if self.decimal != ".":
            needs.append(f"decimal {self.decimal!r}")
        if self.date_format != CANONICAL_DATE_FORMAT or self.datetime_format != CANONICAL_DATETIME_FORMAT:
            needs.append("a date format of its own")
        if any(self.missing):
            needs.append("missing values of its own")
        for form, entry in self.forms.items():
            if entry.file not in {None, f"{form}.csv"}:
                needs.append(f"{form} as {entry.file}")
            if entry.sheet is not None:
                needs.append(f"{form} on sheet {entry.sheet}")
            if any(theirs.lower() != ours for theirs, ours in entry.columns.items()):
                needs.append(f"{form}: column names of its own")
            if any(theirs != ours for codes in entry.values.values() for theirs, ours in codes.items()):
                needs.append(f"{form}: codes of its own")
        if not needs:
            return None
        return f"the register declares {'; '.join(needs)}; only canonical CSV can be read so far"


class Register(_Strict):
    """All sites of the study."""

    study: StrictStr = Field(min_length=1)
    sites: dict[SiteId, SiteEntry]


def load_register(path: Path) -> Register:
    """Read and check the register.

    Raises:
        RegisterError: it is missing, no YAML, or says something that isn't allowed; all of it is listed.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_UniqueKeys)
    except OSError as error:
        raise RegisterError(f"the site register {path} can't be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RegisterError(f"the site register {path} is no valid YAML: {error}") from error
    if not isinstance(content, dict):
        raise RegisterError(f"the site register {path} must hold 'study' and 'sites'")
    try:
        return Register.model_validate(content)
    except ValidationError as error:
        problems = "\n".join(f"  {_in_words(problem)}" for problem in error.errors())
        raise RegisterError(f"the site register {path} can't be used:\n{problems}") from None


def _in_words(problem: Any) -> str:
    """One line per mistake, with the site first: 'S02: delimter: no such key; allowed are ...'."""
    place = [str(part) for part in problem["loc"] if part != "[key]"]
    if place[:1] == ["sites"] and len(place) > 1:
        place = place[1:]
    where = ": ".join(place)
    if problem["type"] == "extra_forbidden":
        model: type[BaseModel] = Register
        if problem["loc"][0] == "sites":
            model = FormEntry if "forms" in problem["loc"][:-1] else SiteEntry
        return f"{where}: no such key; allowed are {', '.join(model.model_fields)}"
    if "[key]" in problem["loc"]:
        return f"{where}: a site id is text of letters, digits and _ (put it in quotes if it looks like a number)"
    shown = "" if problem["type"] == "missing" else f" (it says {problem['input']!r})"
    return f"{where}: {problem['msg'].removeprefix('Value error, ')}{shown}"


class _UniqueKeys(yaml.SafeLoader):
    """YAML silently lets the last of two equal keys win; a site entered twice must not be half forgotten."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, (str, int)) and key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key!r} stands here twice", key_node.start_mark)
            seen.add(key if isinstance(key, (str, int)) else id(key_node))
        return super().construct_mapping(node, deep=deep)
