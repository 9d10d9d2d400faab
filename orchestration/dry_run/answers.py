"""What a load answered about one delivery, read from the bookkeeping of its warehouse: file by file, form by form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import duckdb

from orchestration.ingestion.records import ACCEPTED

MISSING = "missing"  # not a status of a delivery: there is none
UNKNOWN_COLUMNS = "DEL04"
LACKS = "DEL10"
SHOWN = 3  # values


@dataclass(frozen=True)
class FormAnswer:
    """What becomes of one form; `form` is None where the delivery as a whole is meant."""

    form: str | None
    file: str | None
    status: str
    rows: int | None = None
    subjects: int | None = None
    rule_id: str | None = None
    reason: str | None = None

    @property
    def is_taken(self) -> bool:
        """Whether nothing of it is kept out of use. A form that isn't there keeps its last state, which is no harm."""
        return self.status in (*ACCEPTED, MISSING)


@dataclass(frozen=True)
class Answers:
    """All answers about a delivery; and, in sentences, columns of which most values can't be read, columns that nobody
    knows, and files that are no form's."""

    forms: tuple[FormAnswer, ...]
    unreadable: tuple[str, ...] = ()
    unknown_columns: tuple[str, ...] = ()
    left_alone: tuple[str, ...] = ()

    @property
    def all_taken(self) -> bool:
        return all(answer.is_taken for answer in self.forms)


def read_answers(
    connection: duckdb.DuckDBPyConnection, load_id: str, siteid: str, delivered: date, forms: tuple[str, ...]
) -> Answers:
    """What the load with this id answered, in the order of the contract's forms."""
    rows = connection.execute(
        "select form, file, status, rows, subjects, rule_id, reason from raw.deliveries "
        "where load_id = ? and siteid = ? and delivered = ? order by sequence",
        [load_id, siteid, delivered],
    ).fetchall()
    answered = [FormAnswer(*row) for row in rows]
    notes = connection.execute(
        "select rule_id, form, message from raw.notes where siteid = ? and delivered = ? order by sequence",
        [siteid, delivered],
    ).fetchall()
    said = [(rule_id, form, message.removeprefix(f"{siteid}, {delivered}: ")) for rule_id, form, message in notes]
    answered += [
        FormAnswer(form, None, MISSING, rule_id=LACKS, reason=message)
        for rule_id, form, message in said
        if rule_id == LACKS and form is not None
    ]
    place = {form: at for at, form in enumerate(forms)}
    return Answers(
        tuple(sorted(answered, key=lambda answer: place.get(answer.form or "", -1))),
        tuple(_unreadable(connection, siteid, delivered)),
        tuple(message for rule_id, _, message in said if rule_id == UNKNOWN_COLUMNS),
        tuple(message for rule_id, _, message in said if rule_id is None),
    )


def _unreadable(connection: duckdb.DuckDBPyConnection, siteid: str, delivered: date) -> Iterator[str]:
    """Of a first delivery nobody can say that a column holds something else than before, but this can be said."""
    taken = connection.execute(
        "select form, file, columns from raw.in_force where siteid = ? and delivered = ? and columns is not null "
        "order by form",
        [siteid, delivered],
    ).fetchall()
    for form, file, columns in taken:
        for name in json.loads(columns).get("unreadable", []):
            (values,) = connection.execute(
                f"select list(distinct {name} order by {name})[:{SHOWN}] from raw.{form} "
                "where siteid = ? and closed_load is null",
                [siteid],
            ).fetchone() or ((),)
            yield f"{file}: most values of {name} can't be read as what the form says: {', '.join(values)}"
