"""Enrolment: sites of different size that open one after the other, and one calendar whenever one looks."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from simulation import simulate
from simulation.enrolment import FIRST_SCREENING, LAST_SCREENING, screening_days, site_sizes
from tests.simulation.conftest import SEED, SITES, SUBJECTS, Written
from tests.simulation.reading import keys, read


@pytest.mark.parametrize(("sites", "subjects"), [(1, 1), (2, 1), (2, 6), (4, 36), (12, 180), (200, 18_000), (5, 0)])
def test_sizes_add_up(sites: int, subjects: int) -> None:
    sizes = site_sizes(SEED, sites, subjects)
    assert len(sizes) == sites
    assert sum(sizes) == subjects
    assert min(sizes) >= min(1, subjects // sites)


def test_few_sites_are_large_and_many_small() -> None:
    sizes = sorted(site_sizes(SEED, 200, 18_000), reverse=True)
    assert 0.40 < sum(sizes[:40]) / 18_000 < 0.60
    assert sizes[0] > 10 * sizes[-1]
    small_trial = site_sizes(SEED, 12, 180)
    assert max(small_trial) > 5 * min(small_trial)


def test_sites_open_one_after_the_other_and_screen_until_the_trial_is_full() -> None:
    first = {number: screening_days(SEED, f"S{number:02d}", 50) for number in range(1, 41)}
    days = sorted(day for of_site in first.values() for day in of_site)
    assert FIRST_SCREENING.toordinal() <= days[0]
    assert days[-1] <= LAST_SCREENING.toordinal()
    assert all(date.fromordinal(day).weekday() < 5 for day in days)
    openings = sorted(of_site[0] for of_site in first.values())
    assert openings[-1] - openings[0] > 150
    half_years = Counter((day - FIRST_SCREENING.toordinal()) // 183 for day in days)
    assert half_years[0] < 0.8 * half_years[2]


def test_subjects_are_numbered_in_the_order_of_their_screening(clean: Written) -> None:
    rows = clean.truth("subjects")
    for before, after in pairwise(rows):
        if before["site"] == after["site"]:
            assert before["subject"] < after["subject"]
            assert before["screened"] <= after["screened"]


def test_the_truth_of_each_site_is_written(clean: Written) -> None:
    screened = Counter(row["site"] for row in clean.truth("subjects"))
    scales = {row["site"]: row["pgascale"] for row in clean.form("pga")}
    sites = clean.truth("sites")
    assert {row["site"]: int(row["screened"]) for row in sites} == screened
    assert sum(screened.values()) == SUBJECTS
    assert {row["site"]: row["pga_scale"] for row in sites}.items() >= scales.items()


def test_a_person_is_the_same_however_many_others_there_are(clean: Written, tmp_path: Path) -> None:
    simulate(tmp_path, sites=SITES + 3, subjects=SUBJECTS + 40, seed=SEED, clean=True)
    others = {
        (file.parent.parent.name, row["subjid"]): row
        for file in tmp_path.glob("landing/*/*/dm.csv")
        for row in read(file)
    }
    known = [
        (row, others[row["site"], row["subjid"]]) for row in clean.form("dm") if (row["site"], row["subjid"]) in others
    ]
    assert len(known) > 0.7 * SUBJECTS
    for one, other in known:
        assert [one[fact] for fact in ("age", "sex", "race", "height_cm")] == [
            other[fact] for fact in ("age", "sex", "race", "height_cm")
        ]


def test_the_same_trial_seen_on_another_day(clean: Written, tmp_path: Path) -> None:
    """A clean trial seen a night earlier delivered the same bytes; seen a year earlier, a part of them."""
    first_night = clean.trial.nights[0]
    simulate(tmp_path, sites=SITES, subjects=SUBJECTS, seed=SEED, clean=True, last_delivery=first_night)
    files = sorted((tmp_path / "landing").glob("*/*/*.csv"))
    assert len(files) > SITES * len(keys())
    for file in files:
        assert file.read_bytes() == (clean.out / file.relative_to(tmp_path)).read_bytes(), file


def test_a_trial_can_be_over(tmp_path: Path) -> None:
    after_everybody = LAST_SCREENING + timedelta(days=28 + 357 + 10)
    trial = simulate(tmp_path, sites=2, subjects=12, seed=SEED, clean=True, last_delivery=after_everybody)
    treated = [row for row in read(trial.truth / "subjects.csv") if row["trtsdt"]]
    ended = [row for file in tmp_path.glob("landing/*/*/ds.csv") for row in read(file) if row["dscat"] == "STUDY"]
    assert len(ended) == 12
    assert len(treated) > 8
