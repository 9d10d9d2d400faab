"""Any sequence of deliveries, through whole loads: the current rows are those of the last accepted file."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.orchestration.ingestion.landing_folder import LandingFolder, assessments, form_file

# A night: how many of the records are there, from which one on, whether the file is broken, whether a load follows.
NIGHT = st.tuples(st.integers(0, 24), st.integers(0, 3), st.sampled_from([False, False, False, True]), st.booleans())


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@given(st.lists(NIGHT, min_size=2, max_size=4))
def test_current_rows_are_those_of_the_last_accepted_file(nights: list[tuple[int, int, bool, bool]]) -> None:
    with TemporaryDirectory() as folder:
        trial = LandingFolder(Path(folder))
        delivered: dict[date, list[tuple[str, str]]] = {}
        for number, (count, offset, broken, then_load) in enumerate(nights, start=1):
            records = assessments(24)[offset : offset + count]
            data = form_file("pga", records)
            delivered[date(2026, 6, number)] = [(record["subjid"], record["visit"]) for record in records]
            trial.deliver("S01", f"2026-06-{number:02}", pga=data + b"cut" if broken else data)
            if then_load:
                trial.load()
        trial.load()
        taken = "status in ('LOADED', 'UNCHANGED')"
        accepted = trial.query(f"select delivered from raw.deliveries where {taken} order by delivered")
        current = Counter(trial.current("pga", "subjid, visit"))
        assert current == Counter(delivered[accepted[-1][0]] if accepted else [])
        for (day,) in accepted:
            where = f"opened <= date '{day}' and (closed is null or closed > date '{day}')"
            as_of = Counter(trial.query(f"select subjid, visit from raw.pga where {where}"))
            assert as_of == Counter(delivered[day])
