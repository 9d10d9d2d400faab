"""How far the candidate has come: begun, derived, checked, published.

A step executed by itself in Dagster could otherwise check half a candidate, or publish one that its rules held back
or never saw. What a candidate holds belongs in the steps (`orchestration.assets`, `orchestration.checks`).
"""

from __future__ import annotations

import duckdb

BEGUN, DERIVED, CHECKED, PUBLISHED = "BEGUN", "DERIVED", "CHECKED", "PUBLISHED"
NEEDED = {DERIVED: (DERIVED, CHECKED), CHECKED: (CHECKED,)}


class CandidateError(RuntimeError):
    """There is no candidate that has come so far; nothing was changed."""


def set_candidate(connection: duckdb.DuckDBPyConnection, state: str) -> None:
    """Say how far the candidate has come; BEGUN before anything of it changes, the others once it is so."""
    connection.execute("create schema if not exists working.derivation")
    connection.execute("create or replace table working.derivation.candidate as select ? as state", [state])


def require_candidate(connection: duckdb.DuckDBPyConnection, state: str) -> None:
    """Go on only when the candidate has come to this state.

    Raises:
        CandidateError: it has not, or there is none.
    """
    try:
        row = connection.execute("select state from working.derivation.candidate").fetchone()
    except duckdb.CatalogException:
        row = None
    found = row[0] if row else "not there"
    if found not in NEEDED[state]:
        raise CandidateError(
            f"The candidate is {found}, and this step needs one that is {state}. Run the whole load (`mrbs load`, or "
            "the whole job `nightly_load`): its steps hang on each other."
        )
