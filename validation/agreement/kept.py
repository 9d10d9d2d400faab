"""What the second derivation said of each subject, kept in the working file's schema `second`.

A pure function of the fingerprint that stands beside it, so a subject whose fingerprint is the same needs no second
look; dropping the schema only costs the time to fill it again. What it is compared with belongs in `comparison`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from validation.agreement.delivered_subjects import SubjectInRaw, code_fingerprint, delivered, subjects_in_raw
from validation.second_derivation import SubjectDerivation, VisitResponse, derive_subject

if TYPE_CHECKING:
    import duckdb

RESPONSES = tuple(field.name for field in fields(VisitResponse) if field.name not in ("avisit", "mature"))
SCHEMA = {
    # is_subject is false where dm has no usable row: nothing may be published of such a subject.
    "subjects": "siteid varchar, usubjid varchar, fingerprint varchar, is_subject boolean, trtsdt date, "
    "respgrp varchar, icedt date, iceterm varchar",
    "responses": "siteid varchar, usubjid varchar, avisit varchar, maturfl varchar, "
    + ", ".join(f"{name} varchar" for name in RESPONSES),
    "infusions": "siteid varchar, usubjid varchar, visit varchar, status varchar",
}
PROGRESS_EVERY = 2_000
Row = tuple[object, ...]


@dataclass(frozen=True)
class Renewal:
    """How many subjects there are, and how many of them were derived again."""

    subjects: int
    derived_again: int


def renew(
    connection: duckdb.DuckDBPyConnection, everyone: bool = False, report: Callable[[str], None] = lambda _: None
) -> Renewal:
    """Bring `second` up to what raw says now: those whose fingerprint changed, or `everyone`; in one transaction."""
    _create_tables(connection)
    current = subjects_in_raw(connection)
    kept = dict(connection.execute("select usubjid, fingerprint from working.second.subjects").fetchall())
    changed = [subject for usubjid, subject in current.items() if everyone or kept.get(usubjid) != subject.fingerprint]
    gone = kept.keys() - current.keys()
    if changed or gone:
        rows = _derive(connection, changed, report)
        _replace(connection, [subject.usubjid for subject in changed] + sorted(gone), rows)
    return Renewal(len(current), len(changed))


def _create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Empty where there are none, or where other code made them: nothing of what it said would hold."""
    import duckdb

    try:
        made_by = connection.execute("select code from working.second.made_by").fetchone()
    except duckdb.CatalogException:
        made_by = None
    if made_by == (code_fingerprint(),):
        return
    connection.execute("drop schema if exists working.second cascade")
    connection.execute("create schema working.second")
    for table, columns in SCHEMA.items():
        connection.execute(f"create table working.second.{table} ({columns})")
    connection.execute("create table working.second.made_by as select ? as code", [code_fingerprint()])


def _derive(
    connection: duckdb.DuckDBPyConnection, subjects: list[SubjectInRaw], report: Callable[[str], None]
) -> dict[str, list[Row]]:
    """The rows of each table. Nothing else of a derivation is held: all its detail, of everyone, is a gigabyte."""
    by_key = {(subject.siteid, subject.subjid): subject for subject in subjects}
    rows: dict[str, list[Row]] = {table: [] for table in SCHEMA}
    for number, of_subject in enumerate(delivered(connection, subjects), 1):
        subject = by_key[of_subject.siteid, of_subject.subjid]
        _add(rows, subject, derive_subject(of_subject, subject.site_cut, subject.medication_known_until))
        if number % PROGRESS_EVERY == 0:
            report(f"{number:,} of {len(subjects):,} subjects derived a second time")
    return rows


def _add(rows: dict[str, list[Row]], subject: SubjectInRaw, derived: SubjectDerivation | None) -> None:
    who = (subject.siteid, subject.usubjid)
    if derived is None:
        rows["subjects"].append((*who, subject.fingerprint, False, None, None, None, None))
        return
    about = (derived.trtsdt, derived.respgrp, derived.icedt, derived.iceterm)
    rows["subjects"].append((*who, subject.fingerprint, True, *about))
    for visit in derived.visits:
        values = [getattr(visit, name) for name in RESPONSES]
        rows["responses"].append((*who, visit.avisit, "Y" if visit.mature else "N", *values))
    rows["infusions"] += [(*who, infusion.visit, infusion.status) for infusion in derived.infusions]


def _replace(connection: duckdb.DuckDBPyConnection, usubjids: list[str], rows: dict[str, list[Row]]) -> None:
    connection.execute("begin transaction")
    try:
        connection.register("replaced", _frame([(usubjid,) for usubjid in usubjids], ["usubjid"]))
        for table, of_table in rows.items():
            connection.execute(f"delete from working.second.{table} where usubjid in (select usubjid from replaced)")
            columns = [part.split()[0] for part in SCHEMA[table].split(", ")]
            connection.register("renewed", _frame(of_table, columns))
            connection.execute(f"insert into working.second.{table} select * from renewed")
            connection.unregister("renewed")
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    finally:
        connection.unregister("replaced")


def _frame(rows: list[Row], columns: list[str]) -> object:
    import polars as pl

    types = {"is_subject": pl.Boolean, "trtsdt": pl.Date, "icedt": pl.Date}
    return pl.DataFrame(rows, schema={name: types.get(name, pl.String) for name in columns}, orient="row")
