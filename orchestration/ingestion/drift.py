"""A site's columns against what its last accepted file had: new ones, missing ones, and ones that hold something else.

Drift is a decision: what changed is held out of use and said with before and after, until a person approves it
(`columns`) or the register is edited. Pure questions, like those of `gate`; names are matched in `dialects.sources`.

A column of which most values can't be read any more was filled by another field, recoded or exported in another way; a
few values that can't be read are mistakes of people, and the rules of `validation` tell of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from orchestration.ingestion.dialects.approved import Approved
from orchestration.ingestion.forms import code_lists, columns_of
from orchestration.ingestion.gate import Answer, shrinkage_answer
from orchestration.ingestion.reader import ColumnsMissingError, FileRefusedError, FormContent
from orchestration.ingestion.records import InForce
from orchestration.ingestion.settings import SEEDS_DIR

SAMPLE = 50  # values, from the whole length of the file
FEWEST = 10  # filled values; fewer say nothing about a column
SHOWN = 3
NAMES_SHOWN = 30
LONGEST_NAME = 64
LONGEST_VALUE = 40
DAY = r"(?:19|20)\d{2}-\d{2}-\d{2}(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)?"
# As staging reads them (dbt_project/macros/typing.sql): a test holds the two beside each other.
PATTERNS = {
    "integer": r"[+-]?0*\d{1,6}(?:\.0+)?",
    "decimal": r"[+-]?0*\d{1,9}(?:\.\d{1,6}0*)?",
    "date": DAY,
    "datetime": DAY,
    "partial_date": rf"(?:19|20)\d{{2}}(?:-\d{{2}})?|{DAY}",
}
HOW = "`mrbs columns` shows it, and takes what is approved into use"


@dataclass(frozen=True)
class Particular:
    """The columns of a file: which of them the contract doesn't know, which of ours can't be read, and which of ours
    are filled often enough to be missed."""

    unknown: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    rows: int | None = None  # of the file, where they may be others than our records

    def as_json(self) -> str:
        """As it is kept beside the file in force."""
        return json.dumps({name: value for name, value in vars(self).items() if value})

    @classmethod
    def of(cls, content: FormContent, form: str, seeds_dir: Path = SEEDS_DIR) -> Particular:
        """Of what was read of a form."""
        unknown = tuple(name.lower() for name in content.unknown_columns)
        missing = content.frame.null_count().row(0, named=True)
        names = [column.column_name for column in columns_of(form, seeds_dir)]
        filled = tuple(name for name in names if content.rows - missing[name] >= FEWEST)
        return cls(unknown, unreadable_columns(content.frame, form, seeds_dir), filled, content.delivered_rows)

    @classmethod
    def from_json(cls, text: str | None) -> Particular:
        """Of an accepted file, as it was kept."""
        kept: dict[str, Any] = json.loads(text or "{}")
        names = {name: tuple(value) for name, value in kept.items() if isinstance(value, list)}
        return cls(**names, rows=kept.get("rows"))


def gate_answer(
    content: FormContent, particular: Particular, before: InForce | None, approved: Approved, percent: Decimal
) -> Answer | None:
    """DEL07 and DEL13 together: whether a form that can be read may count, beside what counted before it."""
    was = Particular.from_json(before.columns if before is not None else None)
    lines = (was.rows, particular.rows) if was.rows is not None and particular.rows is not None else None
    shrunk = shrinkage_answer(content.rows, content.subjects, before, percent, lines)
    drifted = drift_answer(content, particular, before, approved)
    if shrunk is None or drifted is None:
        return shrunk or drifted
    return Answer(shrunk.status, shrunk.rule_id, f"{shrunk.reason}. Also, {drifted.reason}")


def drift_answer(
    content: FormContent, particular: Particular, before: InForce | None, approved: Approved
) -> Answer | None:
    """DEL13: a form of which a column holds something else than before, or nothing at all, is held until a person
    approves it."""
    if before is None or content.rows == 0:
        return None
    was = Particular.from_json(before.columns)
    unreadable = [name for name in particular.unreadable if name not in was.unreadable]
    emptied = [
        name
        for name in was.filled
        if name in content.frame.columns
        and name not in approved.absent
        and content.frame[name].null_count() == content.rows
    ]
    if not unreadable and not emptied:
        return None
    told = []
    if unreadable:
        shown = "; ".join(_sample(content.frame[name], name) for name in unreadable)
        told.append(f"most values can't be read as what they were: {shown}")
    if emptied:
        told.append(f"every value is gone from {', '.join(emptied)}")
    reason = (
        f"{'; '.join(told)}; in {before.file} of {before.delivered} it was otherwise. "
        f"That state stays in force until a person approves this one ({HOW})"
    )
    return Answer("HELD", "DEL13", reason)


def refusal_reason(refusal: FileRefusedError, before: InForce | None) -> str:
    """Why a file is refused; of missing columns, what the file before had and which new ones may stand for them."""
    if not isinstance(refusal, ColumnsMissingError) or before is None:
        return str(refusal)
    known = Particular.from_json(before.columns).unknown
    new = [name for name in refusal.unused if name.lower() not in known]
    beside = f" New in this file: {_shown(new)}." if new else ""
    return f"{refusal}; {before.file} of {before.delivered} had {_them(len(refusal.columns))}.{beside} {HOW}"


def unknown_reason(content: FormContent, before: InForce | None, approved: Approved) -> str | None:
    """DEL04: columns that the contract doesn't know and nobody approved; None when there are none."""
    unknown = [name for name in content.unknown_columns if name.lower() not in approved.known]
    if not unknown:
        return None
    reason = f"the contract does not know its column(s) {_shown(unknown)}; they are kept and not used"
    new = [
        name
        for name in unknown
        if before is not None and name.lower() not in Particular.from_json(before.columns).unknown
    ]
    if new and before is not None:
        reason += f" ({_shown(new)}: not in {before.file} of {before.delivered})"
    return reason


def unreadable_columns(frame: pl.DataFrame, form: str, seeds_dir: Path = SEEDS_DIR) -> tuple[str, ...]:
    """The columns of ours of which more than half of the filled values can't be read as what the contract says."""
    # Not every so many-th row: a file of six tests a visit would show one of them.
    sample = frame.sample(min(SAMPLE, frame.height), seed=1)
    found = []
    for name, fits in _readable_by_column(form, seeds_dir).items():
        filled, unreadable = _counted(sample[name], fits)
        if unreadable * 4 <= filled:
            continue  # a look at some of them is enough for nearly every column
        filled, unreadable = _counted(frame[name], fits)
        if filled >= FEWEST and unreadable * 2 > filled:
            found.append(name)
    return tuple(found)


def _counted(values: pl.Series, fits: Callable[[str], object]) -> tuple[int, int]:
    """How many values are filled, and how many of those can't be read."""
    filled = values.drop_nulls().to_list()
    return len(filled), sum(not fits(value.strip()) for value in filled)


@cache
def _readable_by_column(form: str, seeds_dir: Path) -> dict[str, Callable[[str], object]]:
    """By column, which values can be read; columns of any text are not among them."""
    fits: dict[str, Callable[[str], object]] = {}
    for column in columns_of(form, seeds_dir):
        if column.type in PATTERNS:
            fits[column.column_name] = re.compile(PATTERNS[column.type]).fullmatch
        elif column.codelist:
            fits[column.column_name] = frozenset(code_lists(seeds_dir)[column.codelist]).__contains__
    return fits


def _sample(values: pl.Series, name: str) -> str:
    different = values.drop_nulls().unique(maintain_order=True).head(SHOWN).to_list()
    shown = ", ".join(
        "".join(sign if sign.isprintable() else " " for sign in value[:LONGEST_VALUE]) for value in different
    )
    return f"{name} ({shown})"


def _shown(names: Sequence[str]) -> str:
    """Names in a sentence: a file gone astray may have thousands, and long ones."""
    shown = ", ".join(name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…" for name in names[:NAMES_SHOWN])
    return shown if len(names) <= NAMES_SHOWN else f"{shown} and {len(names) - NAMES_SHOWN:,} more"


def _them(count: int) -> str:
    return "it" if count == 1 else "them"
