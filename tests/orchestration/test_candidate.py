"""A step goes on only with a candidate that has come as far as the step needs."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.derivation.candidate import (
    BEGUN,
    CHECKED,
    DERIVED,
    PUBLISHED,
    CandidateError,
    require_candidate,
    set_candidate,
)


@pytest.mark.parametrize(
    ("state", "may_be_checked", "may_be_published"),
    [
        (None, False, False),  # no load has begun
        (BEGUN, False, False),  # killed in the derivation: half old, half new
        (DERIVED, True, False),  # held back by its rules, or never looked at
        (CHECKED, True, True),
        (PUBLISHED, False, False),  # it is not there any more
    ],
)
def test_what_a_candidate_may_be_used_for(
    tmp_path: Path, state: str | None, may_be_checked: bool, may_be_published: bool
) -> None:
    with duckdb.connect(tmp_path / "working.duckdb") as connection:
        if state:
            set_candidate(connection, state)
        for needed, allowed in ((DERIVED, may_be_checked), (CHECKED, may_be_published)):
            if allowed:
                require_candidate(connection, needed)
            else:
                with pytest.raises(CandidateError, match=f"this step needs one that is {needed}"):
                    require_candidate(connection, needed)
