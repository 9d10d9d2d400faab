"""Day 0, the held subject and the one never infused."""

from __future__ import annotations

import pytest

from tests.validation.second_derivation.subject_tables import DAY_ZERO, Row, derived, infusion, on, subject
from validation.second_derivation import DeliveredSubject, SubjectDerivation


def with_infusions(*infusions: Row) -> SubjectDerivation:
    return derived(DeliveredSubject("S01", "001", {"dm": [{"subjid": "001"}], "ex": list(infusions)}))


def test_day_zero_is_the_infusion_given_at_d0() -> None:
    result = derived(subject(ex=[infusion("W2", on(-1))]))
    assert (result.usubjid, result.trtsdt, len(result.visits), len(result.infusions)) == (
        "MRBS-S01-001",
        DAY_ZERO,
        13,
        14,
    )


@pytest.mark.parametrize(
    "infusions",
    [
        [infusion("W2", on(14))],  # no D0 row
        [infusion("D0", on(0), "N", None), infusion("W2", on(14))],
        [infusion("D0", on(0), "Y", "0"), infusion("W2", on(14))],
        [infusion("D0", on(0), "Y", "600mg")],  # a dose that can't be read is one all the same
        [infusion("D0", on(0), None)],  # a dose, and nothing that says whether it was given
        [infusion("D0", on(0), "yes")],
        [infusion("D0", "2026-01")],  # given, without a readable full date
        [infusion("D0", None)],
        [infusion("D0", on(0)), infusion("D0", on(1))],  # both quarantined
        [infusion("d0", on(0))],
    ],
)
def test_infused_without_a_day_zero_is_held(infusions: list[Row]) -> None:
    result = with_infusions(*infusions)
    assert (result.trtsdt, result.respgrp, result.visits, result.infusions) == (None, "HELD", (), ())


@pytest.mark.parametrize(
    "infusions",
    [
        [],
        [infusion("D0", on(0), "N", None)],
        [infusion("D0", on(0), "N", "600")],
        [infusion("D0", on(0), "Y", None)],
        [infusion("D0", on(0), None, None)],
        [infusion("D0", on(0), None, "0")],
        [infusion("D0", on(0), None, "much")],
    ],
)
def test_never_infused(infusions: list[Row]) -> None:
    result = with_infusions(*infusions)
    assert (result.trtsdt, result.respgrp, result.visits, result.infusions) == (None, None, (), ())


def test_a_dose_in_an_unknown_unit_was_given() -> None:
    result = with_infusions({**infusion("D0", on(0)), "exdosu": "mL"})
    assert (result.trtsdt, result.infusions[0].status) == (DAY_ZERO, "GIVEN")
