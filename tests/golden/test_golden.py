"""Every golden case, against the published tables."""

from __future__ import annotations

import duckdb
import pytest

from tests.golden.comparison import differences
from tests.golden.reading import Case, Subject, read_cases

pytestmark = pytest.mark.slow
CASES = [(case, subject) for case in read_cases() for subject in case.subjects]


@pytest.mark.parametrize(
    ("case", "subject"), CASES, ids=[f"{case.siteid} {subject.label}".strip() for case, subject in CASES]
)
def test_published_as_worked_out_by_hand(
    case: Case, subject: Subject, golden_database: duckdb.DuckDBPyConnection
) -> None:
    found = list(differences(golden_database, case, subject))
    assert not found, "\n".join([f"{case.usubjid(subject)}: {case.name} ({subject.label})", f"  {case.why}", *found])
