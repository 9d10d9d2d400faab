"""All of a trace in one go: from the publication, from the working file when no load holds it, and from the archive.

While a load is under way the page is made all the same, from the publication and the archive; it then says that the
decision could not be derived again, and whom it waits for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb

from orchestration.ingestion.archive import Archive
from orchestration.ingestion.lock import LoadLocked, hold_lock
from orchestration.ingestion.settings import Settings
from orchestration.review.pages.published import latest_load
from orchestration.summary import open_published
from orchestration.trace import published
from orchestration.trace.again import compare, compare_events, derive_again
from orchestration.trace.archived import ArchivedRows
from orchestration.trace.choosing import explained
from orchestration.trace.facts import Candidate, Compared, Event, Recomputation, Source, Trace
from orchestration.trace.raw import EventRecord, Raw, RawRow, read_raw
from orchestration.trace.subjects import require_due, which_subject, which_visit
from validation.second_derivation import SubjectDerivation
from validation.second_derivation.protocol_tables import AnalysisVisit
from validation.second_derivation.reading import code, trimmed

# Classes of medication on which no event and no steroid dose hangs.
NO_EVENT = ("ANTIMALARIAL", "ANTI-INFECTIVE", "OTHER")
Candidates = Mapping[str, tuple[Candidate, ...]]


def trace(
    settings: Settings,
    wanted_subject: str,
    wanted_visit: str | None = None,
    wait_seconds: float = 0,
    report: Callable[[str], None] = lambda message: None,
) -> Trace:
    """The trace of one subject at one analysis visit (default: the week of the endpoint), as published now.

    Raises:
        FileNotFoundError: nothing was ever published.
        NotThereError, NothingToTraceError: no such subject or visit, or it has no response to trace.
    """
    visit = which_visit(wanted_visit)
    with open_published(settings.published_file) as connection:
        which_subject(connection, wanted_subject)  # a wrong name is told without waiting for a load
    try:
        with hold_lock(settings, owner="mrbs trace", wait_seconds=wait_seconds, report=report):
            return _trace(settings, wanted_subject, visit, may_open_working_file=True)
    except LoadLocked as locked:
        why_not = str(locked)
    except PermissionError as denied:
        why_not = f"who asks may not hold the warehouse's lock ({denied.strerror}: {denied.filename}); ask an engineer"
    return _trace(settings, wanted_subject, visit, may_open_working_file=False, why_not=why_not)


def _trace(
    settings: Settings, wanted: str, visit: AnalysisVisit, *, may_open_working_file: bool, why_not: str = ""
) -> Trace:
    # The file itself and not its name: a publication meanwhile changes the name, never the file.
    database = settings.published_file.resolve()
    load_id = database.parent.name
    with open_published(database) as connection:
        subject = which_subject(connection, wanted)
        usubjid, siteid, subjid = subject["usubjid"], subject["siteid"], subject["subjid"]
        result = published.result_of(connection, usubjid, visit)
        require_due(subject, visit, result)
        raw, why_not = _raw(settings.working_file, load_id, siteid, usubjid, subjid, may_open_working_file, why_not)
        before, inside = published.candidates(connection, usubjid, visit)
        baseline, candidates = explained(before, None), explained(inside, visit)
        baseline_bilag = next((one.row_id for one in baseline["BILAG"] if one.chosen), None)
        grades = published.grades(connection, usubjid, result, baseline_bilag)
        derived = None
        recomputation = Recomputation(not_now=why_not)
        if raw is not None:
            derived = derive_again(siteid, subjid, raw.rows, published.accepted_deliveries(connection, siteid))
            recomputation = Recomputation(compare(derived, subject, result, visit, baseline, candidates, grades))
        events = _events(raw, derived, subject, result, visit)
        if raw is not None and raw.events is not None and derived is not None:
            recomputation = Recomputation((*recomputation.compared, compare_events(events, derived)))
        what = _medications(raw.rows) if raw else {}
        what |= dict.fromkeys(published.first_infusion(connection, usubjid), "day 0")
        what |= _what(baseline, "baseline") | _what(candidates, visit.avisit)
        what |= {event.row_id: event.term for event in reversed(events) if event.row_id is not None}
        what |= {row.row_id: _ending(row.text) for row in raw.rows if row.form == "ds"} if raw else {}
        sources, broken = _sources(settings, connection, siteid, what, raw)
        if raw is not None:
            recomputation = Recomputation((*recomputation.compared, *broken))
        return Trace(
            load_id=load_id,
            night=latest_load(connection),
            usubjid=usubjid,
            window=visit,
            subject=subject,
            result=result,
            limits=published.limits(connection),
            baseline=baseline,
            candidates=candidates,
            grades=grades,
            events=events,
            sources=sources,
            recomputation=recomputation,
        )


def _raw(
    working_file: Path, load_id: str, siteid: str, usubjid: str, subjid: str, may_open: bool, why_not: str
) -> tuple[Raw | None, str]:
    """The subject's raw rows, or why there are none now."""
    if not may_open:
        return None, why_not
    try:
        with duckdb.connect(str(working_file), read_only=True) as working:
            return read_raw(working, load_id, siteid, usubjid, subjid), ""
    except (duckdb.IOException, duckdb.CatalogException, duckdb.BinderException) as error:
        return None, f"the working file can't be read: {str(error).splitlines()[0]}"


def _events(
    raw: Raw | None,
    derived: SubjectDerivation | None,
    subject: Mapping[str, Any],
    result: Mapping[str, Any],
    visit: AnalysisVisit,
) -> tuple[Event, ...]:
    """Every event that is known: the first derivation's with their rows, else the second's, else the published one."""
    first_infusion = subject["trtsdt"]
    if raw is not None and raw.events is not None:
        found = list(raw.events)
    elif derived is not None and derived.detail is not None:
        found = [
            EventRecord(event.term, first_infusion + timedelta(days=event.day), None) for event in derived.detail.events
        ]
    else:
        found = [EventRecord(result["iceterm"], result["icedt"], None)] if result["iceterm"] else []
    assessed = result["adt"] or first_infusion + timedelta(days=visit.target_day)
    return tuple(
        Event(
            term=one.term,
            icedt=one.icedt,
            protday=(one.icedt - first_infusion).days,
            counts=not one.further and one.icedt <= assessed,
            row_id=one.row_id,
            further=one.further,
        )
        for one in found
    )


def _what(candidates: Candidates, when: str) -> dict[str, str]:
    """What the chosen records stand for, and the others."""
    return {
        one.row_id: f"{component}, {when}" + ("" if one.chosen else ", not chosen")
        for component, there in candidates.items()
        for one in there
    }


def _medications(rows: Iterable[RawRow]) -> dict[str, str]:
    """Every medication that could make an event, or that a steroid dose or an earlier use hangs on."""
    classes = {row.row_id: code(trimmed(row.text["cmclas"]), "CMCLAS") for row in rows if row.form == "cm"}
    return {
        row_id: f"medication, {of_class or 'of a class that can not be read'}"
        for row_id, of_class in classes.items()
        if of_class not in NO_EVENT
    }


def _ending(text: Mapping[str, str | None]) -> str:
    return f"end of {(code(trimmed(text['dscat']), 'DSCAT') or 'something that can not be read').lower()}"


def _sources(
    settings: Settings, connection: duckdb.DuckDBPyConnection, siteid: str, what: Mapping[str, str], raw: Raw | None
) -> tuple[tuple[Source, ...], list[Compared]]:
    """The delivered rows behind the page; and those whose text is not what the archived bytes hold."""
    positions = published.positions(connection, siteid, what)
    texts = {row.row_id: row.text for row in raw.rows} if raw else {}
    archived = ArchivedRows(Archive(settings.archive_dir), raw.readings if raw else {})
    sources: list[Source] = []
    for row_id, meaning in what.items():
        position = positions.get(row_id)
        if position is None:
            continue
        found = archived.compare(position, texts.get(row_id))
        filled = None if found.text is None else {name: cell for name, cell in found.text.items() if cell is not None}
        sources.append(Source(meaning, position, filled, found.said, found.wrong))
    return tuple(sources), _broken(sources, set(what) - set(positions))


def _broken(sources: list[Source], nowhere: set[str]) -> list[Compared]:
    """What is wrong about the rows themselves: a value without a row, or a row that is not what arrived."""
    wrong = [Compared(f"row {row_id}", "named by the publication", "without a place in any file") for row_id in nowhere]
    for source in sources:
        if source.wrong:
            where = f"{source.position.file} row {source.position.row} ({source.what})"
            wrong.append(Compared(where, "as in the archived file", source.archive))
    return wrong
