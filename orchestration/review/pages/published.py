"""Reading the published database for a page: rows by their columns, the latest load, which sites there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

import duckdb

from orchestration.findings.standing import SITES
from orchestration.review.pages.wording import listed


class NotThereError(ValueError):
    """There is no such site or subject; the message names those that are meant, perhaps."""


def read(
    connection: duckdb.DuckDBPyConnection, query: str, given: Mapping[str, object] | None = None
) -> list[dict[str, Any]]:
    """The rows of a query, each by its columns."""
    result = connection.execute(query, dict(given or {}))
    columns = [column[0] for column in result.description]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def latest_load(connection: duckdb.DuckDBPyConnection) -> date:
    """The date that the latest published load took as today: tonight."""
    (run,) = read(connection, "select clockdt from metadata.run")
    clock: date = run["clockdt"]
    return clock


def sites(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Every site that delivered or has findings."""
    return [row["siteid"] for row in read(connection, SITES)]


def not_there(kind: str, wanted: str, there: Sequence[str]) -> NotThereError:
    """What to say of a site or subject that there isn't."""
    close = get_close_matches(wanted.upper(), there, n=5, cutoff=0.5)
    if close:
        return NotThereError(f"There is no {kind} {wanted!r}. Do you mean {' or '.join(close)}?")
    return NotThereError(f"There is no {kind} {wanted!r}. There are: {listed(there) or 'none yet'}.")
