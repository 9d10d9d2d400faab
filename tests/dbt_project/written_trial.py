"""Every subject that a collected test module wrote down, in one trial: derived once, read by all of them.

A dbt build takes seconds however few subjects there are, and subjects at sites of their own don't meet. What belongs
here: who takes part and which tables are built. What does not: writing subjects down (subject_tables, endpoint_tables,
validation/written_subjects), and any expectation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from tests.dbt_project.subject_tables import Subject, as_text, dated
from tests.support.dbt import DELIVERED, BuiltWarehouse, build_warehouse

SUBJECTS: dict[str, Subject] = {}
SELECTED: set[str] = set()


def write_down(subjects: Sequence[Subject], select: Sequence[str], prefix: str = "") -> None:
    """These subjects take part, and the tables that `select` says are built; `prefix` begins the names of their sites.

    Raises:
        ValueError: there is a subject at one of the sites already.
    """
    for one in subjects:
        named = replace(one, siteid=prefix + one.siteid)
        if named.siteid in SUBJECTS:
            raise ValueError(f"Another test has written down a subject at site {named.siteid}")
        SUBJECTS[named.siteid] = named
    SELECTED.update(select)


def build_trial(folder: Path) -> None:
    """What everybody has written down, derived by dbt in the folder."""
    forms: dict[str, list[dict[str, str]]] = {}
    for one in SUBJECTS.values():
        numbers: dict[str, int] = {}
        for form, row in one.rows():
            numbers[form] = numbers.get(form, 0) + 1
            row_id = f"{one.siteid} {form} {numbers[form]}"
            forms.setdefault(form, []).append({"siteid": one.siteid, "row_id": row_id, **row})
    # The cut is that of dm; what else a subject has was delivered later, so that no row is dated after its delivery.
    in_force = [
        {"siteid": one.siteid, "form": form, "delivered": dated(str(one.cut)) if form == "dm" else DELIVERED}
        for one in SUBJECTS.values()
        if one.cut is not None
        for form in dict.fromkeys(["dm", *one.forms])
    ]
    build_warehouse(folder, forms, sorted(SELECTED), {"in_force": in_force})


class Derived:
    """What dbt made of the subjects, read over one connection: opening the files costs more than any query."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, prefix: str = "") -> None:
        self.connection = connection
        self.prefix = prefix

    def rows(self, name: str, siteid: str, columns: str, where: str = "true") -> list[list[str]]:
        """The rows of a table about one subject, in the table's own order, as text; dates as protocol days."""
        usubjid = f"MRBS-{self.prefix}{siteid}-1"
        query = f"select {', '.join(columns.split())} from {name} where usubjid = '{usubjid}' and {where}"
        answer = self.connection.execute(query).fetchall()
        # A row is called after its site.
        return [[as_text(value).removeprefix(self.prefix) for value in row] for row in answer]

    def all_rows(self, query: str) -> list[dict[str, Any]]:
        """The answer to a query about everybody in the trial, one dict a row."""
        answer = self.connection.execute(query)
        names = [column[0] for column in answer.description]
        return [dict(zip(names, values, strict=True)) for values in answer.fetchall()]


@contextmanager
def open_trial(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """What was built in the folder, read only: other processes of the test run read it as well."""
    with BuiltWarehouse(folder / "working.duckdb", folder / "candidate.duckdb").connect() as connection:
        yield connection
