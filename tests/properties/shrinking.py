"""Making a counterexample small: whole forms, rows and values are taken away as long as it stays one.

What belongs here: the search, which judges many smaller subjects at once because deriving one in SQL takes as long as
deriving hundreds; and how a subject is printed. What does not: what a counterexample is, which the caller says.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from tests.properties.drafts import ITEMS, Row
from tests.properties.trials import RandomSubject

# For each of these subjects: is it still a counterexample? Each is asked about as the only one of its site.
Judge = Callable[[Sequence[RandomSubject]], Sequence[bool]]
Part = tuple[str, int, str | None]  # form, number of the row, column (None: the whole row)
Removal = frozenset[Part]


def smallest(subject: RandomSubject, is_counterexample: Judge) -> RandomSubject:
    """A subject from which nothing more can be taken away; the same one if it is none on its own."""
    for removals in (_row_removals, _value_removals):
        while True:
            possible = _still_counterexamples(subject, list(removals(subject)), is_counterexample)
            # What can be taken away each for itself is taken away together, as far as that goes.
            together = list(accumulate(sorted(possible, key=len, reverse=True), operator.or_))
            taken = _still_counterexamples(subject, together, is_counterexample)
            if not taken:
                break
            subject = _without(subject, max(taken, key=len))
    return subject


def _still_counterexamples(subject: RandomSubject, removals: list[Removal], is_counterexample: Judge) -> list[Removal]:
    candidates = [_alone(_without(subject, removal), number) for number, removal in enumerate(removals)]
    verdicts = is_counterexample(candidates) if candidates else []
    return [removal for removal, still in zip(removals, verdicts, strict=True) if still]


def _alone(subject: RandomSubject, number: int) -> RandomSubject:
    return subject.changed(siteid=f"T{number:05}", subjid="001")


def _row_removals(subject: RandomSubject) -> Iterator[Removal]:
    every: list[Part] = [(form, number, None) for form, rows in subject.rows.items() for number in range(len(rows))]
    yield from _chunks(every)


def _value_removals(subject: RandomSubject) -> Iterator[Removal]:
    every: list[Part] = [
        (form, number, column)
        for form, rows in subject.rows.items()
        for number, row in enumerate(rows)
        for column, value in row.items()
        if value is not None and column not in ITEMS
    ]
    yield from _chunks(every)


def _chunks(parts: list[Part]) -> Iterator[Removal]:
    """All, halves, quarters ... down to each one alone."""
    size = len(parts)
    while size:
        for start in range(0, len(parts), size):
            yield frozenset(parts[start : start + size])
        size //= 2


def _without(subject: RandomSubject, removal: Removal) -> RandomSubject:
    rows: dict[str, list[Row]] = {}
    for form, old in subject.rows.items():
        rows[form] = [
            {column: None if (form, number, column) in removal else value for column, value in row.items()}
            for number, row in enumerate(old)
            if (form, number, None) not in removal
        ]
    return subject.changed(rows=rows)


def described(subject: RandomSubject) -> str:
    """The rows as a person reads them; the 24 items of SLEDAI-2K as one list."""
    cut = f"{subject.site_cut} (day {(subject.site_cut - subject.day_zero).days})" if subject.site_cut else "none"
    if not subject.site_cut:
        cut += f", medication until {subject.medication_until}"
    lines = [f"{subject.siteid}-{subject.subjid}, day 0 {subject.day_zero}, site cut {cut}; made from {subject.plan}"]
    for form, rows in subject.rows.items():
        for row in rows:
            lines.append(f"  {form:<6} " + ", ".join(_values(row)))
    return "\n".join(lines)


def _values(row: Row) -> Iterator[str]:
    items = {column: row[column] for column in ITEMS if column in row}
    for column, value in row.items():
        if value is not None and column not in items:
            yield f"{column}={value!r}"
    if items:
        present = [column[-2:] for column, value in items.items() if value == "1"]
        yield f"present: {' '.join(present) or 'none'}"
        odd = [f"{column[-2:]}={value!r}" for column, value in items.items() if value not in ("0", "1")]
        if odd:
            yield f"other items: {' '.join(odd)}"
