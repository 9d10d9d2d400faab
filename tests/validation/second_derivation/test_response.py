"""What is known, imputed, carried forward or still open at a visit, and the reason given."""

from __future__ import annotations

from datetime import date

import pytest

from tests.validation.second_derivation.subject_tables import (
    FOUR_LESS,
    THREE_LESS,
    at,
    bilag,
    derived,
    end,
    on,
    pga,
    responder_at,
    sledai,
    subject,
)


@pytest.mark.parametrize(
    ("cut_day", "expected"),
    [  # Week 4: the window ends on day 42, the entry lag of 7 days on day 49, which must lie before the cut
        (49, (False, None, None, "PENDING")),
        (50, (True, "N", None, "MISSING")),
    ],
)
def test_a_visit_matures(cut_day: int, expected: tuple[bool, str | None, str | None, str]) -> None:
    visit = at("Week 4", subject(), date.fromisoformat(on(cut_day)))
    assert (visit.mature, visit.sri4, visit.sri4locf, visit.reason) == expected


def test_without_a_site_cut_nothing_matures() -> None:
    result = derived(subject(), None)
    assert {visit.mature for visit in result.visits} == {False}
    assert result.respgrp == "PENDING"


def test_an_end_of_study_closes_what_is_not_mature() -> None:
    visit = at("Week 4", subject(ds=[end("STUDY", "COMPLETED", on(400))]), date.fromisoformat(on(10)))
    assert (visit.mature, visit.sri4, visit.reason) == (False, "N", "MISSING")


def test_an_end_of_treatment_does_not_close() -> None:
    visit = at("Week 4", subject(ds=[end("TREATMENT", "COMPLETED", on(20))]), date.fromisoformat(on(10)))
    assert (visit.sri4, visit.reason) == (None, "PENDING")


def test_a_known_result_counts_before_the_visit_is_mature() -> None:
    visit = at("Week 4", subject(responder_at("W4", 28)), date.fromisoformat(on(29)))
    assert (visit.mature, visit.sri4oc, visit.sri4, visit.sri4locf, visit.sri5) == (False, "Y", "Y", "Y", "N")


def test_one_known_failure_fails_whatever_is_missing() -> None:
    visit = at("Week 4", subject(sledai=[sledai("W4", on(28), THREE_LESS)]), None)
    assert (visit.sri4oc, visit.sri4, visit.reason) == ("N", "N", "SLEDAI")


@pytest.mark.parametrize(
    ("items", "grades", "value", "reason"),
    [
        (THREE_LESS, "BBDDDDDDD", "3.0", "SLEDAI"),
        (FOUR_LESS, "BBDDDDDDD", "3.0", "BILAG"),
        (FOUR_LESS, "BDDDDDDDD", "3.0", "PGA"),
        (FOUR_LESS, "BDDDDDDDD", "2.29", "RESPONDER"),
    ],
)
def test_the_first_observed_failure_is_the_reason(items: tuple[int, ...], grades: str, value: str, reason: str) -> None:
    records = {
        "sledai": [sledai("W4", on(28), items)],
        "bilag": [bilag("W4", on(28), grades)],
        "pga": [pga("W4", on(28), value)],
    }
    assert at("Week 4", subject(records)).reason == reason


def test_locf_carries_each_component_from_its_own_last_known_visit() -> None:
    delivered = subject(
        sledai=[sledai("W2", on(14), FOUR_LESS), sledai("W12", on(84), FOUR_LESS)],
        bilag=[bilag("W4", on(28))],
        pga=[pga("W8", on(56)), pga("W16", on(112), "2.3")],
    )
    locf = [visit.sri4locf for visit in derived(delivered).visits]
    # Week 2: BILAG and PGA have no earlier result; Week 4: PGA has none; from Week 16 on the PGA has worsened.
    assert locf == [None, None, "Y", "Y", *["N"] * 9]
    assert [visit.sri4 for visit in derived(delivered).visits] == ["N"] * 13
    assert [visit.sri4oc for visit in derived(delivered).visits] == [None, None, None, None, "N", *[None] * 8]


def test_locf_waits_for_a_visit_that_is_still_open() -> None:
    delivered = subject(responder_at("W4", 28), sledai=[sledai("W8", on(56), FOUR_LESS)])
    assert at("Week 8", delivered, date.fromisoformat(on(77))).sri4locf is None  # day 70 + 7 is not before the cut
    assert at("Week 8", delivered, date.fromisoformat(on(78))).sri4locf == "Y"


def test_baseline_results_are_not_carried_forward() -> None:
    assert at("Week 2", subject()).sri4locf is None


def test_a_low_baseline_can_never_respond_but_is_unknown_until_assessed() -> None:
    low = {"sledai": [sledai("SCR", on(-7), (15,))], "bilag": [bilag("SCR", on(-7))], "pga": [pga("SCR", on(-7), "1")]}
    assert at("Week 48", subject(low, with_baseline=False), None).reason == "PENDING"
    assessed = subject(low, with_baseline=False, sledai=[sledai("W48", on(336), ())])
    assert at("Week 48", assessed, None).reason == "SLEDAI"


@pytest.mark.parametrize(
    ("records", "cut_day", "group"),
    [
        (responder_at("W48", 336), 340, "RESPONSE"),
        ({"pga": [pga("W48", on(336), "2.3")]}, 340, "NO RESPONSE"),
        ({}, 357, "PENDING"),  # day 350 + 7
        ({}, 358, "NO RESPONSE"),
    ],
)
def test_the_response_group_is_the_primary_response_at_week_48(
    records: dict[str, list[dict[str, str | None]]], cut_day: int, group: str
) -> None:
    assert derived(subject(records), date.fromisoformat(on(cut_day))).respgrp == group
