"""The steroid increase at its limits: summed dose, baseline, day 168 and the dates of records."""

from __future__ import annotations

from datetime import date

import pytest

from tests.validation.second_derivation.subject_tables import Row, on, steroid, subject
from tests.validation.second_derivation.subject_tables import day_of_steroid_increase as day_of
from validation.second_derivation import derive_subject


def running(dose: str, sequence: str = "0") -> Row:
    """Taken all along, from long before day 0."""
    return steroid(sequence, on(-200), None, dose)


@pytest.mark.parametrize(
    ("baseline", "raised_by", "expected"),
    [
        ("10", "5", None),  # limit 15 = 10 + 5 (12.5 is less); 15 does not exceed it
        ("10", "5.001", 200),
        ("40", "10", None),  # limit 50 = 1.25 x 40 (45 is less)
        ("40", "10.001", 200),
        ("20", "5", None),  # both limits are 25
        ("20", "5.000001", 200),
    ],
)
def test_the_limit_must_be_exceeded(baseline: str, raised_by: str, expected: int | None) -> None:
    assert day_of(running(baseline), steroid("1", on(200), on(210), raised_by)) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (168, 168, 168),
        (100, 168, 168),  # raised before and kept: counts on day 168
        (100, 167, None),
        (169, 300, 169),
        (210, 200, 210),  # what ends before it starts did not end then
    ],
)
def test_only_from_day_168_on(first: int, last: int, expected: int | None) -> None:
    assert day_of(steroid("1", on(first), on(last), "5.1")) == expected


@pytest.mark.parametrize(
    ("first", "last", "raised", "expected"),
    [  # 70 mg for some days of -7 to -1: the mean is 10 mg per day taken, the limit 5 mg above or a quarter more
        (-7, -7, "15", None),  # mean 10
        (-7, -7, "15.01", 200),
        (-8, -7, "15.01", 200),  # day -8 is outside
        (-1, 5, "15", None),  # and so is day 0
        (-1, 5, "15.01", 200),
        (-7, -4, "50", None),  # mean 40
        (-7, -4, "50.01", 200),
        (-10, -8, "5.01", 200),  # mean 0
    ],
)
def test_baseline_is_the_mean_of_days_minus_7_to_minus_1(
    first: int, last: int, raised: str, expected: int | None
) -> None:
    assert day_of(steroid("0", on(first), on(last), "70"), steroid("1", on(200), on(201), raised)) == expected


def test_an_unknown_route_never_raises_the_baseline() -> None:
    assert day_of(steroid("0", on(-200), on(-1), "40", cmroute=None), steroid("1", on(200), on(200), "5.1")) == 200


def test_partial_and_missing_dates() -> None:
    # 2026-07-01 is day 177 (26 days of January after day 0, then 28, 31, 30, 31, 30, and 1).
    assert day_of(steroid("1", "2026-07", on(300), "6")) == 177
    assert day_of(steroid("1", on(100), "2026-06", "6")) == 168  # ends on day 176
    assert day_of(steroid("1", on(100), "2026-05", "6")) is None  # ends on day 146
    assert day_of(steroid("1", None, None, "6")) == 168  # from day 0 on
    assert day_of(steroid("1", None, None, "6"), running("6")) == 168  # so not part of the baseline


@pytest.mark.parametrize(("cut_day", "expected"), [(167, None), (168, 168)])
def test_a_record_without_an_end_runs_to_the_site_cut(cut_day: int, expected: int | None) -> None:
    cut = date.fromisoformat(on(cut_day))
    assert day_of(steroid("1", on(10), None, "6"), cut=cut) == expected


def test_stopping_one_course_makes_room_for_another() -> None:
    tapered = steroid("1", on(-200), on(199), "10"), steroid("2", on(200), None, "15")
    overlapping = steroid("1", on(-200), on(200), "10"), steroid("2", on(200), None, "15")
    assert (day_of(*tapered), day_of(*overlapping)) == (None, 200)


def test_a_negative_dose_is_no_dose() -> None:
    assert day_of(steroid("1", on(200), on(210), "6"), steroid("2", on(200), on(210), "-6")) == 200


def test_without_a_site_cut_a_record_runs_to_the_latest_delivery_of_medication() -> None:
    def event(known_until: str) -> str | None:
        delivered = subject(cm=[steroid("1", on(10), None, "6")])
        result = derive_subject(delivered, None, date.fromisoformat(known_until))
        assert result is not None
        return result.iceterm

    assert [event(on(167)), event(on(168))] == [None, "STEROID INCREASE"]


def test_begun_after_the_cut_counts_on_the_day_it_was_begun() -> None:
    assert day_of(steroid("1", on(200), None, "6"), cut=date.fromisoformat(on(160))) == 200


def test_an_unknown_route_raises_no_baseline_even_while_it_goes_on() -> None:
    """40 mg by an unknown route all the time are an increase on day 168 against a baseline of 0, as 40 > 0 + 5: the
    route may be systemic. 5 mg are none, until 0.1 mg by mouth come to them."""
    assert day_of(steroid("0", on(-200), on(300), "40", cmroute=None)) == 168
    assert day_of(steroid("0", on(-200), on(300), "5", cmroute=None), steroid("1", on(200), on(200), "0.1")) == 200
