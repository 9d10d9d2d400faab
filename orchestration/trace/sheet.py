"""The page of a trace as a heading, sentences and tables of text: what `terminal`, `html` and Dagster's page show.

Nothing in it is markup: whoever writes it down escapes it. On a page that leaves the house's files (`withhold`), free
text is withheld as in listings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from orchestration.findings.deciding import one_line
from orchestration.site_listings.withheld import shown
from orchestration.trace.choosing import days_off
from orchestration.trace.facts import COMPONENTS, Candidate, Event, Source, Trace
from orchestration.trace.wording import (
    ANSWER,
    MET,
    UNKNOWN,
    bilag_change,
    component_rule,
    decision,
    event_rule,
    fell_or_rose,
    number,
    verdict,
)
from validation.protocol import form_columns
from validation.second_derivation.protocol_tables import seed_rows, sledai_weights

NAMES = {"SLEDAI": "SLEDAI-2K", "BILAG": "BILAG-2004", "PGA": "PGA (0-3)"}
LONGEST_TEXT = 400
NO_RECORD = "no record"


@dataclass(frozen=True)
class Section:
    """A heading, a sentence or two under it, and a table; without rows, the table is left out."""

    name: str
    heading: str
    sentences: Sequence[str] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    marked: frozenset[int] = field(default_factory=frozenset)  # rows that stand out


@dataclass(frozen=True)
class Sheet:
    """A page: who and when, the answer, whether it was confirmed, and the proof in sections."""

    title: str
    answer: str
    decision: str
    verdict: str
    agrees: bool | None
    facts: Sequence[str]
    sections: Sequence[Section]


def sheet_of(trace: Trace, *, withhold: bool = False) -> Sheet:
    """The page of a trace. With `withhold`, texts that anybody may have typed are shown only where they are codes."""
    text = _withheld if withhold else _whole
    again = trace.recomputation
    sections = [
        _components(trace),
        *(_candidates(trace, component, text) for component in COMPONENTS),
        _items(trace, text),
        _grades(trace),
        _events(trace),
        _sources(trace, text),
        _recomputed(trace),
    ]
    return Sheet(
        title=f"{trace.usubjid}, {trace.window.avisit}: {ANSWER[trace.result['sri4']]}",
        answer=ANSWER[trace.result["sri4"]],
        decision=decision(trace),
        verdict=one_line(verdict(trace)),
        agrees=again.agrees,
        facts=_facts(trace),
        sections=[section for section in sections if section.rows or section.sentences],
    )


def _facts(trace: Trace) -> list[str]:
    subject, result, window = trace.subject, trace.result, trace.window
    results = ", ".join(
        f"{name} {result[name] or UNKNOWN}" for name in ("sri4oc", "sri4", "sri4locf", "sri5", "sri6", "sri7", "sri8")
    )
    state = "mature" if result["maturfl"] == "Y" else "closed" if result["closedfl"] == "Y" else "still open"
    return [
        f"As published by the load of {trace.night} ({trace.load_id}).",
        f"Day 0, the first infusion: {subject['trtsdt']}. {window.avisit}: days {window.first_day} to "
        f"{window.last_day}, target day {window.target_day}; data of the site up to "
        f"{subject['sitecutdt'] or 'an unknown date'}, so the visit is {state}.",
        f"Results: {results}; reason {result['reason']}.",
    ]


def _components(trace: Trace) -> Section:
    result, rows = trace.result, []
    for component, before, now, change, flag in (
        ("SLEDAI", "sledaibl", "sledai", "sledchg", "sledfl"),
        ("PGA", "pgabl", "pga", "pgachg", "pgafl"),
    ):
        changed = UNKNOWN if result[change] is None else fell_or_rose(result[change])
        values = [number(result[before]), number(result[now]), changed]
        rows.append([NAMES[component], *values, component_rule(trace.limits, component), MET[result[flag]]])
    bilag = [_counted(trace, "baseline"), _counted(trace, "now"), bilag_change(trace)]
    rows.insert(1, [NAMES["BILAG"], *bilag, component_rule(trace.limits, "BILAG"), MET[result["bilfl"]]])
    columns = ["component", "baseline", trace.window.avisit, "change", "asked for", "is"]
    failed = frozenset(index for index, row in enumerate(rows) if row[-1] == MET["N"])
    return Section("1_components", "The three components, against baseline", (), columns, rows, failed)


def _counted(trace: Trace, when: str) -> str:
    """'A 0, B 2' over the nine systems."""
    if not any(getattr(grades, when) for grades in trace.grades):
        return UNKNOWN
    found = [getattr(grades, when) for grades in trace.grades]
    missing = f", {found.count(None)} missing" if None in found else ""
    return f"{found.count('A')} A, {found.count('B')} B{missing}"


def _candidates(trace: Trace, component: str, text: Callable[[str], str]) -> Section:
    rows = [
        [
            when,
            str(one.adt),
            str(one.protday),
            off,
            text(one.visit),
            _value(one),
            "yes" if one.complete else "no",
            one.why,
        ]
        for when, there in (("baseline", trace.baseline[component]), (trace.window.avisit, trace.candidates[component]))
        for one in there
        for off in ["" if when == "baseline" else f"{days_off(one, trace.window):+d}"]
    ]
    missing = [
        f"No record {where}."
        for where, there in (
            ("up to the first infusion", trace.baseline[component]),
            (f"in the window of {trace.window.avisit}", trace.candidates[component]),
        )
        if not there
    ]
    value = "points" if component == "BILAG" else "value"
    columns = ["for", "date", "day", "off target", "visit as recorded", value, "complete", "why"]
    chosen = frozenset(index for index, row in enumerate(rows) if row[-1].startswith("chosen"))
    name = f"{COMPONENTS.index(component) + 2}_{component.lower()}_records"
    return Section(name, f"Which record stands for {NAMES[component]}", missing, columns, rows, chosen)


def _value(candidate: Candidate) -> str:
    return candidate.value if candidate.value is not None else UNKNOWN


def _items(trace: Trace, text: Callable[[str], str]) -> Section:
    """The SLEDAI-2K items of the two records as delivered, those that are 0 in both left out."""
    texts = {source.position.row_id: source.text or {} for source in trace.sources}
    before, now = (
        next((texts.get(one.row_id) for one in there["SLEDAI"] if one.chosen), None)
        for there in (trace.baseline, trace.candidates)
    )
    rows = [
        [item["label"], item["weight"], *answers]
        for item in seed_rows("sledai_items")
        for answers in [[_answer(record, item["column_name"], text) for record in (before, now)]]
        if any(answer not in ("0", NO_RECORD) for answer in answers)
    ]
    said = ["Items as delivered; those that are 0 at both are left out."] if rows else []
    columns = ["item", "points", "baseline", trace.window.avisit]
    return Section("5_sledai_items", "SLEDAI-2K, item by item", said, columns, rows)


def _answer(record: Mapping[str, str] | None, column: str, text: Callable[[str], str]) -> str:
    if record is None:
        return NO_RECORD
    return text(record[column]) if column in record else "missing"


def _grades(trace: Trace) -> Section:
    rows = [
        [one.system, one.baseline or "missing", one.now or "missing", "new" if one.new else ""] for one in trace.grades
    ]
    columns = ["system", "baseline", trace.window.avisit, "against baseline"]
    new = frozenset(index for index, one in enumerate(trace.grades) if one.new)
    return Section("6_bilag_systems", "BILAG-2004, system by system", (), columns, rows, new)


def _events(trace: Trace) -> Section:
    assessed = trace.result["adt"]
    said = f"the day of its latest record, {assessed}" if assessed else f"its target day {trace.window.target_day}"
    rule = (
        f"An event counts against the visit when its date is on or before {said}; of several that count, the reason is "
        "the first in the order death, discontinued, treatment discontinued, prohibited medication, steroid increase."
    )
    places = {source.position.row_id: source.position for source in trace.sources}
    rows = []
    for event in trace.events:
        place = places.get(event.row_id or "")
        stands = f"{one_line(place.file)} row {place.row}" if place else ""
        counts = _counts(trace, event)
        rows.append([event.term, str(event.icedt), str(event.protday), counts, event_rule(trace, event.term), stands])
    columns = ["event", "date", "day", "counts against the visit", "what makes it one", "record"]
    counting = frozenset(index for index, event in enumerate(trace.events) if event.counts)
    return Section("7_events", "Intercurrent events", [rule if rows else "None is known."], columns, rows, counting)


def _counts(trace: Trace, event: Event) -> str:
    if event.further:
        kinds = {one.term for one in trace.events if not one.further}
        return "a further record of it" if event.term in kinds else "no: no event, as it is after the end of study"
    if not event.counts:
        return "no: later than the visit"
    return "yes: the reason" if event.term == trace.result["reason"] else "yes"


def _sources(trace: Trace, text: Callable[[str], str]) -> Section:
    columns = ["what", "form", "delivered", "file", "row", "so since", "in the delivery of", "SHA-256", "archive"]
    rows = [
        [
            source.what,
            source.position.form,
            _delivered(source, text),
            one_line(source.position.file),
            str(source.position.row),
            str(source.position.first_delivered),
            str(source.position.latest_delivered),
            source.position.sha256,
            one_line(source.archive),
        ]
        for source in trace.sources
    ]
    wrong = frozenset(index for index, source in enumerate(trace.sources) if source.wrong)
    said = ["Rows are numbered as a spreadsheet does: the header is row 1."] if rows else []
    return Section("8_sources", "Where each value was delivered", said, columns, rows, wrong)


def _delivered(source: Source, text: Callable[[str], str]) -> str:
    """The cells that are filled, in the form's order; of SLEDAI-2K, the items that are 0 together."""
    if source.text is None:
        return "can't be read now"
    form = source.position.form
    absent = [name for name, _ in sledai_weights() if source.text.get(name) == "0"] if form == "sledai" else []
    left_out = {"subjid", *absent}
    columns = (column.name for column in form_columns()[form] if column.name not in left_out)
    cells = [f"{name}={text(source.text[name])}" for name in columns if name in source.text]
    zeros = [f"the {'other ' if len(absent) < len(sledai_weights()) else ''}{len(absent)} items 0"] if absent else []
    return ", ".join([*cells, *zeros])


def _recomputed(trace: Trace) -> Section:
    rows = [
        [one.what, one.published or UNKNOWN, one.again or UNKNOWN, "yes" if one.agrees else "NO"]
        for one in trace.recomputation.compared
    ]
    differing = frozenset(index for index, one in enumerate(trace.recomputation.compared) if not one.agrees)
    columns = ["value", "published", "derived again", "the same"]
    said = (
        ["By validation/second_derivation, from the rows as delivered; it shares no code with the SQL."] if rows else []
    )
    return Section("9_derived_again", "Derived again from the delivered rows", said, columns, _lines(rows), differing)


def _lines(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    return [[one_line(cell) for cell in row] for row in rows]


def _whole(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= LONGEST_TEXT else f"{line[:LONGEST_TEXT]} ... (cut)"


def _withheld(text: str) -> str:
    return _whole(shown(text) or "")
