"""Both derivations side by side: a row for each subject, subject visit and planned infusion that either of them knows.

Each value stands twice, as published (sri4) and as derived a second time (second_sri4). Nothing is judged here: that
they must be the same is what rule INV08 says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from validation.agreement.kept import RESPONSES

if TYPE_CHECKING:
    import duckdb
    import polars as pl

SUBJECTS, VISITS, INFUSIONS = "checks.second_subjects", "checks.second_responses", "checks.second_infusions"
SUBJECT_VALUES = ("trtsdt", "respgrp", "icedt", "iceterm")
VISIT_VALUES = ("maturfl", *RESPONSES)
INFUSION_VALUES = ("status",)


def comparison_frames(connection: duckdb.DuckDBPyConnection) -> dict[str, pl.DataFrame]:
    """The three frames by the names under which rules look at them. The candidate is attached as `candidate`."""
    # What was given beyond the plan has no planned infusion, so there is nothing to compare.
    planned_infusions = "(from candidate.analysis.adex where plannum is not null)"
    subjects = "(from working.second.subjects where is_subject)"
    queries = {
        SUBJECTS: _side_by_side("candidate.analysis.adsl", subjects, ("siteid", "usubjid"), SUBJECT_VALUES),
        VISITS: _side_by_side(
            "candidate.analysis.adsri", "working.second.responses", ("siteid", "usubjid", "avisit"), VISIT_VALUES
        ),
        INFUSIONS: _side_by_side(
            planned_infusions, "working.second.infusions", ("siteid", "usubjid", "visit"), INFUSION_VALUES
        ),
    }
    return {name: connection.execute(query).pl() for name, query in queries.items()}


def _side_by_side(published: str, second: str, key: tuple[str, ...], values: tuple[str, ...]) -> str:
    keys = [f"coalesce(published.{column}, second.{column}) as {column}" for column in key]
    pairs = [
        f"cast(published.{value} as varchar) as {value}, cast(second.{value} as varchar) as second_{value}"
        for value in values
    ]
    same = [f"published.{column} = second.{column}" for column in key]
    return f"""
        select
            {", ".join(keys)},
            concat_ws(' | ', {", ".join(f"coalesce(published.{c}, second.{c})" for c in key[1:])}) as record_key,
            published.usubjid is not null as is_published,
            second.usubjid is not null as is_derived_again,
            {", ".join(pairs)}
        from {published} as published
        full outer join {second} as second on {" and ".join(same)}
    """
