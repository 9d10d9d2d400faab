"""The gates a file passes before it counts: its date, its manifest, its structure, and how much it lost.

Pure questions with an answer in words; they read no file and write nothing. In which order they are asked stands in
`intake`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orchestration.ingestion.reader import ends_with_line_break
from orchestration.ingestion.records import InForce


@dataclass(frozen=True)
class Answer:
    """What becomes of a file, by which rule, and why: one sentence."""

    status: str
    rule_id: str | None = None
    reason: str | None = None


def date_answer(siteid: str, delivered: date, latest: date | None, clock: date) -> Answer | None:
    """DEL12 and DEL06: a delivery counts in the order of dates. None when its date is in order."""
    if delivered > clock:
        return Answer("REFUSED", "DEL12", f"it is dated {delivered}, after the date of this load, {clock}")
    if latest is not None and delivered < latest:
        reason = (
            f"it is dated {delivered}, and the delivery of {latest} has been loaded for {siteid} already; "
            "send it under a later date if it is right"
        )
        return Answer("REFUSED", "DEL06", reason)
    return None


def shrinkage_answer(
    rows: int, subjects: int, before: InForce | None, percent: Decimal, lines: tuple[int, int] | None = None
) -> Answer | None:
    """DEL07: a form that lost more than the allowed part of its rows or subjects is held until a person decides.
    `lines` are the rows of the file before and now, where several of them may make one record."""
    if before is None:
        return None
    losses = [
        f"{lost:,} of {held:,} {noun}"
        for noun, held, now in (
            ("rows", before.rows, rows),
            ("subjects", before.subjects, subjects),
            *([("lines", *lines)] if lines is not None else []),
        )
        if (lost := held - now) * 100 > held * percent
    ]
    if not losses:
        return None
    reason = (
        f"it lost {' and '.join(losses)} against {before.file} of {before.delivered}, "
        f"more than {percent.normalize():f} %; that state stays in force until a person releases or withdraws this one"
    )
    return Answer("HELD", "DEL07", reason)


def seems_cut_short(unfinished_line: bytes | None, others_finished: list[bool], before: bytes | None) -> bool:
    """Whether the last value of a file may be a part of what was meant.

    A last line without a line break is legal, and it is also what a file looks like that was cut inside its last
    value. The other files of the delivery come from the same program: where they end with a line break, this one
    should. With none beside it, the form's last accepted file is the measure. A last line that stood in that file
    word for word is whole.
    """
    if unfinished_line is None:
        return False
    if before is not None and unfinished_line.strip(b"\r\x00") in (
        line.strip(b"\r\x00") for line in before.split(b"\n")
    ):
        return False
    if others_finished:
        return any(others_finished)
    return before is not None and ends_with_line_break(before)
