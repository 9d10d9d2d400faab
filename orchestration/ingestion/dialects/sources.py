"""Where each of our columns comes from: which column of theirs, which constant, or nowhere; and which are left over.

Only names are matched here, whatever their case. Values are made canonical in `values`, rows in `reshaping`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from orchestration.ingestion.dialects.reading import VISIT_COLUMN, Reading
from orchestration.ingestion.formats.columns import ROW
from orchestration.ingestion.formats.refusal import FileRefusedError
from orchestration.ingestion.reader import ColumnsMissingError
from orchestration.ingestion.site_entries import FORMATS_OF_ONE_FILE

SUBJECT_COLUMN = "subjid"
KEYS = ("subject", "event", "repeat")  # what the readers of ODM and REDCap call them


@dataclass(frozen=True)
class Sources:
    """`theirs` and `constants` by our column, for one row of ours."""

    theirs: dict[str, str]
    constants: dict[str, str]


def sources_of(reading: Reading, delivered: Sequence[str]) -> list[Sources]:
    """The sources of each row of ours that a row of theirs becomes: one, unless the register lists `rows`.

    Raises:
        ColumnsMissingError: a column has no source. All of them are named.
        FileRefusedError: DEL03, one has two, since a column that was gone is back beside the one approved for it.
    """
    rows = found_sources(reading, delivered)
    _require(reading, rows, delivered)
    _require_one(reading, delivered)
    return rows


def found_sources(reading: Reading, delivered: Sequence[str]) -> list[Sources]:
    """The same, of what is there: columns without a source are left out."""
    names = {name.lower(): name for name in delivered if name != ROW}
    shared = _mapped(reading.entry.columns, names) | _mapped(reading.approved.used, names)
    constants = reading.entry.constants
    named = {ours for row in reading.entry.rows for ours in (*row.columns.values(), *row.constants)}
    promised = {*reading.entry.columns.values()}
    defaults = _default_columns(reading)
    for column in reading.contract:
        ours = column.column_name
        if ours in shared or ours in constants or ours in named:
            continue
        source = names.get(ours) if ours not in promised else None
        source = source or names.get(defaults.get(ours, ""))
        if source is not None:
            shared[ours] = source
    return [
        Sources(shared | _mapped(row.columns, names), {**constants, **row.constants}) for row in reading.entry.rows
    ] or [Sources(shared, dict(constants))]


def used_columns(reading: Reading, rows: Iterable[Sources]) -> set[str]:
    """Their columns that a reading has a use for, in lower case."""
    used = {theirs.lower() for row in rows for theirs in row.theirs.values()}
    if reading.site.format in FORMATS_OF_ONE_FILE:
        used.update(KEYS)
    return used


def unknown_columns(reading: Reading, delivered: Iterable[str], used: set[str]) -> tuple[str, ...]:
    """Columns that nobody has a use for and the register doesn't ask to ignore, in the order of the file."""
    return tuple(
        name for name in delivered if name != ROW and name.lower() not in used and not is_ignored(reading, name)
    )


def is_ignored(reading: Reading, name: str) -> bool:
    """Whether the register asks to leave a column of theirs alone."""
    return any(fnmatchcase(name.lower(), pattern.lower()) for pattern in reading.entry.ignore)


def _mapped(columns: object, names: dict[str, str]) -> dict[str, str]:
    """Our columns by theirs, as far as theirs were delivered."""
    assert isinstance(columns, dict)
    return {ours: names[theirs.strip().lower()] for theirs, ours in columns.items() if theirs.strip().lower() in names}


def _default_columns(reading: Reading) -> dict[str, str]:
    if reading.site.format not in FORMATS_OF_ONE_FILE:
        return {}
    subject, event, repeat = KEYS
    return {SUBJECT_COLUMN: subject, VISIT_COLUMN: event, f"{reading.form}seq": repeat}


def _ours(reading: Reading) -> list[str]:
    return [column.column_name for column in reading.contract]


def _require_one(reading: Reading, delivered: Sequence[str]) -> None:
    names = {name.lower() for name in delivered}
    for theirs, ours in reading.approved.used.items():
        own = [name for name, target in reading.entry.columns.items() if target == ours] or [ours]
        back = [name for name in own if name.strip().lower() in names and name.strip().lower() != theirs]
        if theirs in names and back:
            raise FileRefusedError(
                "DEL03",
                f"{back[0]} is back, and {theirs} was approved to stand for {ours}: both are there. Approve {theirs} "
                "as kept and not used, or ask the site which one holds",
            )


def _require(reading: Reading, rows: Sequence[Sources], delivered: Sequence[str]) -> None:
    """Every column of the contract has a source, and every column of theirs that a row is made of is there; save what
    was approved as no longer delivered."""
    names = {name.lower() for name in delivered}
    # A column that only some of the rows name is missing in the others.
    named = {ours for row in reading.entry.rows for ours in (*row.columns.values(), *row.constants)}
    absent = [
        ours
        for ours in _ours(reading)
        if ours not in named and any(ours not in row.theirs and ours not in row.constants for row in rows)
    ]
    absent += [theirs for row in reading.entry.rows for theirs in row.columns if theirs.strip().lower() not in names]
    if reading.entry.items is not None:
        # In one value a row, a value that nobody has is no row; that a column lost all its values is told by `drift`.
        keys = {column.column_name for column in reading.contract if column.is_key}
        absent = [name for name in absent if name in keys]
    absent = [name for name in absent if name.lower() not in reading.approved.absent]
    if absent:
        called = {ours: theirs for theirs, ours in reading.entry.columns.items()}
        shown = [f"{name} (theirs: {called[name]})" if name in called else name for name in absent]
        alone = len(delivered) == 2 and reading.site.format == "csv"
        hint = "; the file has one column only: is the delimiter right?" if alone else ""
        unused = unknown_columns(reading, delivered, used_columns(reading, rows))
        raise ColumnsMissingError(absent, unused, shown, hint)
