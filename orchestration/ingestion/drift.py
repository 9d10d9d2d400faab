"""A site's columns against what its last accepted file had: new ones, missing ones, and ones that hold something else.

Drift is a decision: what changed is held out of use and said with before and after, until a person approves it
(`columns`) or the register is edited. Pure questions, like those of `gate`; names are matched in `dialects.sources`.

A column of which most values can't be read any more was filled by another field, recoded or exported in another way; a
few values that can't be read are mistakes of people, and the rules of `validation` tell of them.
"""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path

import polars as pl

from orchestration.ingestion.dialects.approved import Approved
from orchestration.ingestion.forms import FormColumn, columns_of
from orchestration.ingestion.gate import Answer
from orchestration.ingestion.reader import ColumnsMissingError, FileRefusedError, FormContent
from orchestration.ingestion.records import InForce
from orchestration.ingestion.settings import SEEDS_DIR

SAMPLE = 200  # values, from the whole length of the file
FEWEST = 10  # filled values; fewer say nothing about a column
SHOWN = 3
A_DATE = r"^\s*\d{4}(?:-\d{2}){0,2}(?:$|[T ])"
PATTERNS = {
    "integer": r"^\s*[+-]?\d+(?:\.0*)?\s*$",
    "decimal": r"^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*$",
    "date": A_DATE,
    "partial_date": A_DATE,
    "datetime": A_DATE,
}
HOW = "`mrbs columns` shows it, and takes what is approved into use"


def columns_in_words(content: FormContent, form: str, seeds_dir: Path = SEEDS_DIR) -> str | None:
    """What is particular about the columns of an accepted file, as JSON; None when nothing is."""
    particular = {
        "unknown": [name.lower() for name in content.unknown_columns],
        "unreadable": list(unreadable_columns(content.frame, form, seeds_dir)),
    }
    return (
        json.dumps({what: names for what, names in particular.items() if names}) if any(particular.values()) else None
    )


def drift_answer(
    content: FormContent, form: str, before: InForce | None, approved: Approved, seeds_dir: Path = SEEDS_DIR
) -> Answer | None:
    """DEL13: a form of which a column holds something else than before is held until a person approves it."""
    if before is None:
        return None
    unreadable = unreadable_columns(content.frame, form, seeds_dir)
    changed = [
        name for name in unreadable if name not in approved.retyped and name not in _particular(before, "unreadable")
    ]
    if not changed:
        return None
    shown = "; ".join(_sample(content.frame[name], name) for name in changed)
    reason = (
        f"most values can't be read as what they were: {shown}; in {before.file} of {before.delivered} they could. "
        f"That state stays in force until a person approves this one ({HOW})"
    )
    return Answer("HELD", "DEL13", reason)


def refusal_reason(refusal: FileRefusedError, before: InForce | None) -> str:
    """Why a file is refused; of missing columns, what the file before had and which new ones may stand for them."""
    if not isinstance(refusal, ColumnsMissingError) or before is None:
        return str(refusal)
    return (
        f"{refusal}; {before.file} of {before.delivered} had {_them(len(refusal.columns))}. {HOW[0].upper()}{HOW[1:]}"
    )


def unknown_reason(content: FormContent, before: InForce | None, approved: Approved) -> str | None:
    """DEL04: columns that the contract doesn't know and nobody approved; None when there are none."""
    unknown = [name for name in content.unknown_columns if name.lower() not in approved.known]
    if not unknown:
        return None
    reason = f"the contract does not know its column(s) {', '.join(unknown)}; they are kept and not used"
    new = [name for name in unknown if before is not None and name.lower() not in _particular(before, "unknown")]
    if new and before is not None:
        reason += f" ({', '.join(new)}: not in {before.file} of {before.delivered})"
    return reason


def unreadable_columns(frame: pl.DataFrame, form: str, seeds_dir: Path = SEEDS_DIR) -> tuple[str, ...]:
    """The columns of ours of which more than half of the filled values can't be read as what the contract says."""
    step = max(frame.height // SAMPLE, 1)
    found = []
    for column in columns_of(form, seeds_dir):
        readable = _readable(column, seeds_dir)
        values = frame[column.column_name]
        if readable is None or not _is_unreadable(values.gather_every(step), readable, 1):
            continue  # a look at some of them is enough for nearly every column
        if _is_unreadable(values, readable, FEWEST):
            found.append(column.column_name)
    return tuple(found)


def _is_unreadable(values: pl.Series, readable: pl.Expr, fewest: int) -> bool:
    filled = values.drop_nulls().alias("value")
    if len(filled) < fewest:
        return False
    fitting: int = filled.to_frame().select(readable.sum()).item()
    return fitting * 2 < len(filled)


def _readable(column: FormColumn, seeds_dir: Path) -> pl.Expr | None:
    """Which values of a column can be read; None where any text can."""
    if column.type in PATTERNS:
        return pl.col("value").str.contains(PATTERNS[column.type])
    if column.type == "code":
        return pl.col("value").str.strip_chars().str.to_uppercase().is_in(list(_codes(column.codelist, seeds_dir)))
    return None


@cache
def _codes(codelist: str, seeds_dir: Path) -> frozenset[str]:
    with (seeds_dir / "codelists.csv").open(encoding="utf-8", newline="") as lines:
        return frozenset(row["code"].upper() for row in csv.DictReader(lines) if row["codelist"] == codelist)


def _particular(before: InForce, what: str) -> list[str]:
    return json.loads(before.columns).get(what, []) if before.columns else []


def _sample(values: pl.Series, name: str) -> str:
    different = values.drop_nulls().unique(maintain_order=True).head(SHOWN).to_list()
    return f"{name} ({', '.join(different)})"


def _them(count: int) -> str:
    return "it" if count == 1 else "them"
