"""Who was delivered: each subject with the fingerprint of what its derivation hangs on, and its raw rows on request.

Read straight from raw, current rows only: what staging makes of them is the first derivation's business. A subject is
known by its site and its trimmed id, so two spellings that differ by a blank are one subject.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from validation.protocol import SEEDS, form_columns
from validation.second_derivation import DeliveredSubject, site_cut
from validation.second_derivation.reading import trimmed

if TYPE_CHECKING:
    import duckdb

# The forms that the endpoint and the status of infusions hang on.
FORMS = ("dm", "sv", "ex", "sledai", "bilag", "pga", "cm", "ds")
# Raw rows are held in memory for so many subjects at a time: some 100 rows each.
SUBJECTS_AT_A_TIME = 1_000


@dataclass(frozen=True)
class SubjectInRaw:
    """A subject, the spellings of its id, and a fingerprint that changes when its derivation may."""

    siteid: str
    subjid: str
    spellings: tuple[str, ...]
    site_cut: date | None
    medication_known_until: date | None  # the latest accepted delivery of cm
    fingerprint: str

    @property
    def usubjid(self) -> str:
        return f"MRBS-{self.siteid}-{self.subjid}"


@cache
def code_fingerprint() -> str:
    """Changes when the second derivation, what is kept of it, or the protocol does."""
    package = Path(__file__).resolve().parents[1]
    code = [
        *(package / "second_derivation").glob("*.py"),
        *(package / "agreement").glob("*.py"),
        package / "protocol.py",
    ]
    files = sorted([*code, *SEEDS.glob("*.csv")])
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def subjects_in_raw(connection: duckdb.DuckDBPyConnection) -> dict[str, SubjectInRaw]:
    """Everyone with a current row in one of the forms, by unique subject id."""
    accepted = _accepted_deliveries(connection)
    parts: dict[tuple[str, str], list[tuple[str, str, int, int]]] = {}
    for form in FORMS:
        # Row ids are hashes of what was delivered: their exclusive or, with how many there are, tells any change.
        # Hashed once more into 64 bits: 0.3 s for 1.5 million rows, where reading them as 128-bit numbers took 18.
        for siteid, delivered_id, rows, combined in connection.execute(
            f"""
            select siteid, subjid, count(*), bit_xor(hash(row_id))
            from working.raw.{form} where closed_load is null group by siteid, subjid
            """
        ).fetchall():
            subjid = trimmed(delivered_id)
            if subjid is not None:
                parts.setdefault((siteid, subjid), []).append((form, delivered_id, rows, combined))
    found = (
        SubjectInRaw(
            siteid=siteid,
            subjid=subjid,
            spellings=tuple(dict.fromkeys(part[1] for part in rows)),
            site_cut=site_cut(accepted.get(siteid, {})),
            medication_known_until=accepted.get(siteid, {}).get("cm"),
            fingerprint=_fingerprint(accepted.get(siteid, {}), rows),
        )
        for (siteid, subjid), rows in parts.items()
    )
    return {subject.usubjid: subject for subject in found}


def delivered(connection: duckdb.DuckDBPyConnection, subjects: Sequence[SubjectInRaw]) -> Iterator[DeliveredSubject]:
    """The raw rows of these subjects, a thousand subjects at a time, in the order of their sites."""
    in_order = sorted(subjects, key=lambda subject: (subject.siteid, subject.subjid))
    for start in range(0, len(in_order), SUBJECTS_AT_A_TIME):
        yield from _with_rows(connection, in_order[start : start + SUBJECTS_AT_A_TIME])


def _with_rows(connection: duckdb.DuckDBPyConnection, subjects: Sequence[SubjectInRaw]) -> Iterator[DeliveredSubject]:
    import polars as pl

    asked = [(subject.siteid, spelling, subject.subjid) for subject in subjects for spelling in subject.spellings]
    schema = dict.fromkeys(("siteid", "spelling", "known_as"), pl.String)
    connection.register("asked_subjects", pl.DataFrame(asked, schema=schema, orient="row"))
    rows: dict[tuple[str, str], dict[str, list[Mapping[str, str | None]]]] = {}
    try:
        for form in FORMS:
            columns = [column.name for column in form_columns()[form] if column.name != "subjid"]
            answer = connection.execute(
                f"""
                select raw.siteid, asked.known_as, {", ".join(f"raw.{column}" for column in columns)}
                from working.raw.{form} as raw
                inner join asked_subjects as asked on raw.siteid = asked.siteid and raw.subjid = asked.spelling
                where raw.closed_load is null and raw.siteid between $first and $last
                """,
                # A site's rows lie together, so most of the table is not even read.
                {"first": subjects[0].siteid, "last": subjects[-1].siteid},
            )
            for siteid, subjid, *values in answer.fetchall():
                of_subject = rows.setdefault((siteid, subjid), {})
                of_subject.setdefault(form, []).append(dict(zip(columns, values, strict=True)))
    finally:
        connection.unregister("asked_subjects")
    for subject in subjects:
        yield DeliveredSubject(subject.siteid, subject.subjid, rows.get((subject.siteid, subject.subjid), {}))


def _accepted_deliveries(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, date | None]]:
    """By site, for every form it ever delivered, the date of its latest accepted delivery (None: never accepted)."""
    accepted: dict[str, dict[str, date | None]] = {}
    for siteid, form in connection.execute(
        "select distinct siteid, form from working.raw.deliveries where form is not null and status <> 'SETTLING'"
    ).fetchall():
        accepted.setdefault(siteid, {})[form] = None
    for siteid, form, delivered_on in connection.execute(
        "select siteid, form, delivered from working.raw.in_force"
    ).fetchall():
        accepted.setdefault(siteid, {})[form] = delivered_on
    return accepted


def _fingerprint(accepted: Mapping[str, date | None], parts: Iterable[tuple[str, str, int, int]]) -> str:
    text = "\n".join(
        [code_fingerprint(), str(site_cut(accepted)), str(accepted.get("cm")), *(repr(part) for part in sorted(parts))]
    )
    return hashlib.sha256(text.encode()).hexdigest()
