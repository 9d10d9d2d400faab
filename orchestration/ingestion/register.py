"""The site register: who may deliver what, and how. One YAML file, checked whole before anything is read.

What an entry may say stands in `site_entries`. Here the file is read, and each mistake in it is told with its line,
its place and what is allowed there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, Field, StrictStr, StringConstraints, ValidationError

from orchestration.ingestion.site_entries import FormEntry, ItemsEntry, RowsEntry, SiteEntry, Strict

# No hyphen: it parts study, site and subject in usubjid, which must not say two things.
SiteId = Annotated[StrictStr, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]*$")]
Place = Sequence[str | int]


class RegisterError(ValueError):
    """The register can't be used; the message lists everything that is wrong with it."""


class _File(Strict):
    study: StrictStr = Field(min_length=1)
    sites: dict[SiteId, SiteEntry]


@dataclass(frozen=True)
class Register:
    """All sites of the study. `unusable` says, by site, why its entry can't be used."""

    study: str
    sites: Mapping[str, SiteEntry]
    unusable: Mapping[str, str] = field(default_factory=dict)


def load_register(path: Path, *, strict: bool = False) -> Register:
    """Read and check the register. A mistake in one site's entry costs that site's deliveries their night and no
    other's, so it is kept in `unusable`; `strict` refuses it.

    Raises:
        RegisterError: it is missing, no YAML, or says something that isn't allowed; all of it is listed, by line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = yaml.load(text, Loader=_UniqueKeys)
    except OSError as error:
        raise RegisterError(f"the site register {path} can't be read: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RegisterError(f"the site register {path} is no valid YAML: {error}") from error
    if not isinstance(content, dict):
        raise RegisterError(f"the site register {path} must hold 'study' and 'sites'")
    problems = _problems(content)
    mistaken = {place[1] for place, _ in problems if _is_about_a_site(place)}
    if problems and (strict or not all(_is_about_a_site(place) for place, _ in problems)):
        told = "\n".join(f"  {line}" for line in _by_line(text, problems))
        raise RegisterError(f"the site register {path} can't be used:\n{told}")
    unusable = {
        str(siteid): f"the register's entry of {siteid} can't be used: "
        + "; ".join(_by_line(text, [about for about in problems if about[0][1] == siteid]))
        for siteid in sorted(mistaken, key=str)
    }
    file = _File.model_validate(content | {"sites": _without(content["sites"], mistaken)})
    return Register(file.study, file.sites, unusable)


def _problems(content: dict[Any, Any]) -> list[tuple[Place, str]]:
    """What is wrong, by its place. Names of columns are looked at where the rest of an entry can be used."""
    problems: list[tuple[Place, str]] = []
    try:
        sites = _File.model_validate(content).sites
    except ValidationError as error:
        problems = [(problem["loc"], _in_words(problem)) for problem in error.errors()]
        if not all(_is_about_a_site(place) for place, _ in problems):
            return problems
        mistaken = {place[1] for place, _ in problems}
        sites = _File.model_validate(content | {"sites": _without(content["sites"], mistaken)}).sites
    return problems + [
        (("sites", siteid, "forms", form, *place), problem)
        for siteid, site in sites.items()
        for form, entry in site.forms.items()
        for place, problem in entry.problems(form)
    ]


def _without(sites: dict[Any, Any], mistaken: set[str | int]) -> dict[Any, Any]:
    return {siteid: site for siteid, site in sites.items() if siteid not in mistaken}


def _is_about_a_site(place: Place) -> bool:
    return len(place) > 1 and place[0] == "sites"


def _by_line(text: str, problems: Iterable[tuple[Place, str]]) -> list[str]:
    """One line per mistake, with the site first: 'line 7: S02: delimter: no such key; allowed are ...'."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    lines = []
    for place, problem in problems:
        shown = [
            _shown_part(part, before) for before, part in zip(("", *place), place, strict=False) if part != "[key]"
        ]
        if shown[:1] == ["sites"] and len(shown) > 1:
            shown = shown[1:]
        lines.append((_line_of(root, place), f"{': '.join([*shown, problem])}"))
    return [f"line {line}: {problem}" for line, problem in sorted(lines)]


def _shown_part(part: str | int, before: str | int) -> str:
    return f"entry {part + 1}" if before == "rows" and isinstance(part, int) else str(part)


def _line_of(node: yaml.Node | None, place: Place) -> int:
    """The line of the last part of a place that is there."""
    line = node.start_mark.line if node is not None else 0
    for part in place:
        found = None
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(part)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            found = (node.value[part], node.value[part])
        if found is None:
            break
        line, node = found[0].start_mark.line, found[1]
    return line + 1


def _in_words(problem: Any) -> str:
    place = problem["loc"]
    if problem["type"] == "extra_forbidden":
        return f"no such key; allowed are {', '.join(_model_at(place[:-1]).model_fields)}"
    if "[key]" in place and place[0] == "sites" and len(place) == 3:
        return "a site id is text of letters, digits and _ (put it in quotes if it looks like a number)"
    message = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "string_type" and isinstance(problem["input"], (int, float, bool)):
        message = "must be text: put it in quotes"
    elif problem["type"] == "string_pattern_mismatch" and place[-1] in ("file", "dictionary"):
        message = "must be a name without folders"
    shown = "" if problem["type"] in ("missing", "value_error") and len(place) <= 2 else f" (it says {_shown(problem)})"
    return message if problem["type"] == "missing" else f"{message}{shown}"


def _shown(problem: Any) -> str:
    text = repr(problem["input"])
    return text if len(text) <= 60 else f"{text[:57]}..."


def _model_at(place: Place) -> type[BaseModel]:
    """Whose keys stand at a place."""
    if place[:1] != ("sites",):
        return _File
    if "forms" not in place:
        return SiteEntry
    return RowsEntry if "rows" in place else ItemsEntry if place[-1] == "items" else FormEntry


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
