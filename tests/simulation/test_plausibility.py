"""The simulated trial looks like one: loosely, as chance decides much among so few."""

from collections import Counter
from datetime import date

import pytest

from simulation.protocol import protocol
from tests.simulation.conftest import NIGHTS, SUBJECTS, Written

ACTIVITY_FORMS = ("sledai", "bilag", "pga")


def subject(row: dict[str, str]) -> tuple[str, str]:
    """Who a row is about."""
    return row["site"], row["subjid"]


@pytest.fixture(params=["dirty", "clean"])
def either(request: pytest.FixtureRequest) -> Written:
    """Each of the two trials."""
    trial: Written = request.getfixturevalue(request.param)
    return trial


def test_everybody_infused_is_in_dm(either: Written) -> None:
    known = {subject(row) for row in either.form("dm")}
    assert len(known) > 0.9 * SUBJECTS
    for form in ("ex", "sledai", "cm", "ds"):
        assert {subject(row) for row in either.form(form)} <= known


def test_many_are_still_on_treatment_and_some_failed_screening(either: Written) -> None:
    truth = either.truth("subjects")
    last = either.trial.nights[-1]
    treated = [row for row in truth if row["trtsdt"]]
    assert 0.8 * len(truth) < len(treated) < 0.98 * len(truth)
    days = [(last - date.fromisoformat(row["trtsdt"])).days for row in treated]
    assert 0.3 < sum(day > 357 for day in days) / len(days) < 0.65
    assert any(row["screen_failure"] for row in truth)


def test_intended_response_and_leaving_are_near_the_published_rates(either: Written) -> None:
    treated = [row for row in either.truth("subjects") if not row["screen_failure"]]
    responding = sum(row["intended_week48"] == "RESPONSE" for row in treated) / len(treated)
    stopping = sum(row["treatment_end_reason"] != "COMPLETED" for row in treated) / len(treated)
    assert 0.35 < responding < 0.70
    assert 0.10 < stopping < 0.35


def test_sites_differ_in_scale_and_units(either: Written) -> None:
    scales: dict[str, Counter[str]] = {}
    for row in either.form("pga"):
        scales.setdefault(row["site"], Counter())[row["pgascale"]] += 1
    assert {counted.most_common(1)[0][0] for counted in scales.values()} == set(protocol().pga_factors)
    assert {row["vsorresu"] for row in either.form("vs") if row["vstestcd"] == "WEIGHT"} == {"kg", "lb"}


def test_clean_activity_is_complete_and_the_totals_are_right(clean: Written) -> None:
    weights = protocol().sledai_weights
    for row in clean.form("sledai"):
        items = [int(row[f"sledai{item:02d}"]) for item in range(1, 25)]
        assert sum(item * weight for item, weight in zip(items, weights, strict=True)) == int(row["sledtot"])
        if row["visit"] == "D0":
            assert int(row["sledtot"]) >= protocol().whole("sledai_active_min")
    assert all(row[system] in "ABCDE" for row in clean.form("bilag") for system in protocol().bilag_systems)
    assert len({len(clean.form(form)) for form in ACTIVITY_FORMS}) == 1
    for row in clean.form("pga"):
        assert row["pgares"].replace(".", "", 1).isdigit()
        assert float(row["pgares"]) <= protocol().pga_maxima[row["pgascale"]]


def test_clean_doses_follow_the_weight_of_the_day(clean: Written) -> None:
    factor = {"kg": 1.0, "lb": 0.45359237}
    weights = {
        (*subject(row), row["vsdtc"]): float(row["vsorres"]) * factor[row["vsorresu"]]
        for row in clean.form("vs")
        if row["vstestcd"] == "WEIGHT"
    }
    for row in clean.form("ex"):
        if row["exoccur"] == "Y":
            planned = 10 * weights[(*subject(row), row["exstdtc"][:10])]
            assert abs(float(row["exdose"]) / planned - 1) < 0.03
            assert 120 * int(row["exvial120"]) + 400 * int(row["exvial400"]) >= float(row["exdose"])


def test_late_entry_shows_from_night_to_night(dirty: Written) -> None:
    assert [len(dirty.form("sv", night)) for night in range(NIGHTS)] == sorted(
        len(dirty.form("sv", night)) for night in range(NIGHTS)
    )
