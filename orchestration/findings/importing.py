"""Decisions from a CSV that a site or an EDC sends back: the whole file is judged before any of it is taken.

A row is one decision: finding_id, decision (accept, reopen, comment), by, reason, and until for an acceptance. Other
columns, such as those of a listing, are left alone, but for `value`: where it is there, it must be what the finding
has now, since that is what is accepted. A row without decision, by, reason and until is no answer, and is passed over.
A row that says what an earlier import has said is known already and adds nothing.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from orchestration.findings.deciding import make, one_line
from orchestration.findings.decision_files import utc_now, write_decisions
from orchestration.findings.standing import (
    DecisionRefusedError,
    Finding,
    Standing,
    objection,
    objection_to,
    standing,
)
from orchestration.ingestion.settings import Settings
from orchestration.site_listings.withheld import WITHHELD
from validation.decisions import ACCEPT, COMMENT, KINDS, Decision

NEEDED = ("finding_id", "decision", "by", "reason")
ANSWER = ("decision", "by", "reason", "until")


@dataclass
class Imported:
    """What an import added, and how many rows were known already or held no answer."""

    added: list[Decision] = field(default_factory=list)
    known: int = 0
    unanswered: int = 0


class _WrongRowError(ValueError):
    """This row can't be taken; the message says why and what is allowed."""


@dataclass(frozen=True)
class _Row:
    number: int  # as a spreadsheet shows it: the header is row 1
    cells: dict[str, str]


def import_decisions(settings: Settings, file: Path) -> Imported:
    """Take in every decision of the file, or none.

    Raises:
        DecisionRefusedError: the message names every row that is wrong and what is allowed.
        FileNotFoundError: nothing has been published yet.
    """
    rows = _read(file)
    with standing(settings) as now:
        imported, wrong = _judge(rows, now, file.name)
    if wrong:
        raise DecisionRefusedError("\n".join([f"{file}: nothing was taken, because", *wrong]))
    if not imported.added and not imported.known:
        raise DecisionRefusedError(f"{file}: no row has a decision (accept, reopen or comment)")
    if imported.added:
        write_decisions(settings, imported.added)
    return imported


def _judge(rows: list[_Row], now: Standing, name: str) -> tuple[Imported, list[str]]:
    """What the rows add, and a sentence for each that is wrong."""
    imported, wrong = Imported(), []
    findings = now.findings(row.cells["finding_id"] for row in rows)
    known = set(now.known)
    changed: dict[str, int] = {}
    moment = utc_now()
    for row in rows:
        if not any(row.cells.get(column) for column in ANSWER):
            imported.unanswered += 1
            continue
        try:
            decision = _said(row, now, findings, moment, f"{name} row {row.number}")
            if decision.decision_id in known:
                imported.known += 1
                continue
            known.add(decision.decision_id)
            _check(row, decision, findings[decision.finding_id], now, changed)
            imported.added.append(decision)
        except _WrongRowError as error:
            wrong.append(f"  row {row.number}: {error}")
    return imported, wrong


def _said(row: _Row, now: Standing, findings: dict[str, Finding], moment: datetime, taken_from: str) -> Decision:
    """What the row says, as a decision; whether it can be decided is another question."""
    cells = row.cells
    kind, finding = cells["decision"].upper(), findings.get(cells["finding_id"])
    if kind not in KINDS:
        raise _WrongRowError(f"decision is {cells['decision']!r}; it can be accept, reopen or comment")
    if finding is None:
        raise _WrongRowError(now.no_such_finding(cells["finding_id"]) if cells["finding_id"] else "finding_id is empty")
    return make(kind, finding, cells["by"], cells["reason"], _until(cells), moment, taken_from, once=True)


def _check(row: _Row, decision: Decision, finding: Finding, now: Standing, changed: dict[str, int]) -> None:
    """Whether this can be decided; `changed` holds the rows that have changed a finding's status so far."""
    if wrong := objection(decision.decision, decision.decided_by, decision.reason, decision.until, now.last_load):
        raise _WrongRowError(wrong)
    if wrong := objection_to(decision.decision, finding):
        raise _WrongRowError(wrong)
    if decision.decision == COMMENT:
        return
    first = changed.setdefault(finding.finding_id, row.number)
    if first != row.number:
        raise _WrongRowError(f"row {first} decides about {finding.finding_id} too; leave one of the two")
    if decision.decision == ACCEPT and "value" in row.cells:
        _check_value(row.cells["value"], finding)


def _check_value(seen: str, finding: Finding) -> None:
    """What is accepted is a value: the one that was looked at must still be the one there is. A listing puts an
    apostrophe before what a spreadsheet would take for a formula, and does not say what a person may have typed."""
    if seen != WITHHELD and seen.removeprefix("'").strip() != one_line(finding.value or ""):
        raise _WrongRowError(
            f"the value of {finding.finding_id} is now {finding.value!r}, and the file says {seen!r}; look at it "
            "again, and leave the column value out if a spreadsheet has changed how it is written"
        )


def _until(cells: dict[str, str]) -> date | None:
    text = cells.get("until", "")
    try:
        return datetime.strptime(text, "%Y-%m-%d").date() if text else None
    except ValueError:
        raise _WrongRowError(f"until is {text!r}; it must be a date like 2026-11-21") from None


def _read(file: Path) -> list[_Row]:
    """The rows of the file that are not blank; commas or, as the header shows, semicolons between cells."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        header, *lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    except (UnicodeDecodeError, csv.Error) as error:
        raise DecisionRefusedError(
            f"{file} is no CSV in UTF-8: {error}. Save it as 'CSV UTF-8' and try again"
        ) from None
    except ValueError:
        raise DecisionRefusedError(f"{file} is empty; its first row must name {', '.join(NEEDED)}, until") from None
    names = [name.strip().lower() for name in header]
    _check_header(file, names)
    too_long = [number for number, cells in enumerate(lines, start=2) if any(map(str.strip, cells[len(names) :]))]
    if too_long:
        rows = ", ".join(map(str, too_long))
        raise DecisionRefusedError(
            f"{file}: nothing was taken, because these rows have more cells than the header: {rows}; a "
            "text with a comma or semicolon in it must stand in double quotes"
        )
    return [
        _Row(number, dict(zip(names, [*map(one_line, cells), *[""] * len(names)], strict=False)))
        for number, cells in enumerate(lines, start=2)
        if any(cell.strip() for cell in cells)
    ]


def _delimiter(text: str) -> str:
    header = text.partition("\n")[0]
    return ";" if header.count(";") > header.count(",") else ","


def _check_header(file: Path, names: list[str]) -> None:
    missing = [name for name in NEEDED if name not in names]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if missing or twice:
        problem = f"has no column {', '.join(missing)}" if missing else f"names {', '.join(twice)} more than once"
        raise DecisionRefusedError(
            f"{file} {problem}; its first row names {', '.join(NEEDED)} and, for acceptances, until (other columns are "
            "left alone)"
        )
