"""What one steroid record adds to the daily dose: frequency, drug, unit, class, route and indication."""

from __future__ import annotations

import pytest

from tests.validation.second_derivation.subject_tables import day_of_steroid_increase as day_of
from tests.validation.second_derivation.subject_tables import on, steroid


@pytest.mark.parametrize(
    ("frequency", "dose", "expected"),
    [
        ("QD", "5", None),
        ("QD", "5.1", 200),
        ("BID", "2.5", None),
        ("BID", "2.6", 200),
        ("TID", "1.66", None),
        ("TID", "1.67", 200),
        ("QOD", "10", None),
        ("QOD", "10.1", 200),
        ("QW", "35", None),
        ("QW", "35.1", 200),
        ("ONCE", "5.1", 200),
        ("PRN", "500", None),  # no readable frequency counts nothing
        (None, "500", None),
        ("QD", None, None),
        ("QD", "-500", None),
    ],
)
def test_frequency(frequency: str | None, dose: str | None, expected: int | None) -> None:
    assert day_of(steroid("1", on(200), on(210), dose, cmdosfrq=frequency)) == expected


def test_once_is_its_start_day_only() -> None:
    assert day_of(steroid("1", on(167), None, "500", cmdosfrq="ONCE")) is None
    together = steroid("1", on(200), None, "3", cmdosfrq="ONCE"), steroid("2", on(200), on(200), "3")
    apart = steroid("1", on(200), None, "3", cmdosfrq="ONCE"), steroid("2", on(201), on(201), "3")
    assert (day_of(*together), day_of(*apart)) == (200, None)


@pytest.mark.parametrize(
    ("other", "expected"),
    [  # each 5.1 mg of prednisone or a little less
        ({"cmtrt": "Medrol", "cmdose": "4"}, None),  # 5
        ({"cmtrt": "Medrol", "cmdose": "4.08"}, 200),  # 5.1
        ({"cmtrt": "dexamethasone", "cmdose": "0.75"}, 200),  # 5.00025
        ({"cmtrt": "Calcort", "cmdose": "6"}, None),  # 4.998
        ({"cmtrt": "Hydrocortisone", "cmdose": "20"}, None),  # 5
        ({"cmtrt": "Budesonide", "cmdose": "500"}, None),  # no equivalent
        ({"cmtrt": "an unknown steroid", "cmdose": "500"}, None),
        ({"cmdose": "5100", "cmdosu": "MCG"}, 200),
        ({"cmdose": "500", "cmdosu": "IU"}, None),  # unknown unit: no dose
        ({"cmdose": "500", "cmdosu": None}, None),
        ({"cmclas": "OTHER"}, None),  # the delivered class counts
        ({"cmclas": None}, 200),  # the dictionary's class
        ({"cmroute": "IV"}, 200),
        ({"cmroute": "IM"}, 200),
        ({"cmroute": "TOPICAL"}, None),
        ({"cmroute": "SC"}, None),
        ({"cmindc": " Premedication "}, None),
        ({"cmindc": "premedication for infusion"}, 200),
        ({"cmroute": None}, 200),  # unknown route: counts from day 168 on
        ({"cmroute": "by mouth"}, 200),
    ],
)
def test_drug_unit_class_route_and_indication(other: dict[str, str | None], expected: int | None) -> None:
    assert day_of(steroid("1", on(200), on(210), "5.1", **other)) == expected
