"""The three components of SRI at their limits, and three-valued logic."""

from __future__ import annotations

import pytest

from tests.validation.second_derivation.subject_tables import (
    ALL_D,
    BASELINE_ITEMS,
    FOUR_LESS,
    THREE_LESS,
    at,
    bilag,
    on,
    pga,
    sledai,
    subject,
)
from validation.second_derivation import VisitResponse
from validation.second_derivation.protocol_tables import sledai_weights
from validation.second_derivation.response import all_met


def week_48(items: tuple[int, ...], missing: tuple[int, ...] = ()) -> VisitResponse:
    records = {
        "sledai": [sledai("W48", on(336), items, missing)],
        "bilag": [bilag("W48", on(336))],
        "pga": [pga("W48", on(336))],
    }
    return at("Week 48", subject(records))


@pytest.mark.parametrize(
    ("items", "expected"),
    [  # baseline 12; SRI-4, 5, 6, 7, 8
        (THREE_LESS, "NNNNN"),  # 9
        (FOUR_LESS, "YNNNN"),  # 8
        ((9, 15, 22), "YYNNN"),  # 7
        ((9, 15), "YYYNN"),  # 6
        ((9, 22), "YYYYN"),  # 5
        ((9,), "YYYYY"),  # 4
    ],
)
def test_a_fall_of_exactly_k_is_enough(items: tuple[int, ...], expected: str) -> None:
    visit = week_48(items)
    assert [visit.sri4, visit.sri5, visit.sri6, visit.sri7, visit.sri8] == list(expected)


def test_the_weights_add_up_to_the_maximum() -> None:
    assert sum(weight for _, weight in sledai_weights()) == 105


def test_an_incomplete_sledai_is_unknown_even_where_its_items_would_decide() -> None:
    # The answered items alone make 24, a failure whatever the missing one is.
    visit = week_48((1, 2, 3), missing=(24,))
    assert (visit.sri4oc, visit.reason) == (None, "MISSING")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (ALL_D, "BDDDDDDDD", True),  # one new B is allowed
        (ALL_D, "BBDDDDDDD", False),  # two are not
        (ALL_D, "ADDDDDDDD", False),  # a new A is not
        ("BDDDDDDDD", "ADDDDDDDD", False),  # B to A is a new A
        ("AABBDDDDD", "BBBBDDDDD", True),  # A to B is better, B to B is not new
        ("CEDDDDDDD", "BBDDDDDDD", False),  # from C and from E
        ("-DDDDDDDD", "ADDDDDDDD", None),  # A may have been A
        ("-DDDDDDDD", "BDDDDDDDD", True),  # at worst one new B
        ("-DDDDDDDD", "BBDDDDDDD", None),  # at worst two
        ("-DDDDDDDD", "CDDDDDDDD", True),
        ("ADDDDDDDD", "-DDDDDDDD", True),  # what was A can't be new
        ("BDDDDDDDD", "-DDDDDDDD", None),  # may be a new A
        ("-DDDDDDDD", "-ADDDDDDD", False),  # a known new A
        ("--DDDDDDD", "--BBDDDDD", False),  # two known new Bs
        ("AADDDDDDD", "--BDDDDDD", True),
        ("---------", "---------", None),
        ("---------", "CDECDECDE", True),
        (ALL_D, "FDDDDDDDD", None),  # not a grade: missing, so perhaps a new A
    ],
)
def test_bilag(before: str, after: str, expected: bool | None) -> None:
    delivered = subject(
        with_baseline=False,
        bilag=[bilag("SCR", on(-7), before), bilag("W48", on(336), after)],
        sledai=[sledai("SCR", on(-7), BASELINE_ITEMS), sledai("W48", on(336), ())],
        pga=[pga("SCR", on(-7), "2.0"), pga("W48", on(336))],
    )
    assert at("Week 48", delivered).sri4oc == {True: "Y", False: "N", None: None}[expected]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (("2.0", "0-3"), ("2.3", "0-3"), "N"),  # exactly 0.30 is worsening, also where 2.3 - 2.0 is less in binary
        (("2.0", "0-3"), ("2.299999", "0-3"), "Y"),
        (("2.0", "0-3"), ("2.2999999", "0-3"), None),  # would have to be rounded, so it is not read
        (("2.0", "0-3"), ("2.30000000000000000000000000000000", "0-3"), "N"),
        (("20", "0-100"), ("3.0", "0-10"), "N"),  # 0.6 and 0.9
        (("20", "0-100"), ("29.999", "0-100"), "Y"),
        (("0", "0-3"), ("-0", "0-10"), "Y"),
        (("2", "0-3"), ("3.01", "0-3"), None),  # off its scale
        (("2", "0-3"), ("-0.1", "0-3"), None),
        (("2", "0-3"), ("1", "0–3"), None),  # not a scale
        (("2", "0-3"), ("1", None), None),
        ((None, "0-3"), ("1", "0-3"), None),
        (("3", "0-3"), ("100", "0-100"), "Y"),
    ],
)
def test_pga(before: tuple[str | None, str | None], after: tuple[str | None, str | None], expected: str | None) -> None:
    delivered = subject(
        with_baseline=False,
        bilag=[bilag("SCR", on(-7)), bilag("W48", on(336))],
        sledai=[sledai("SCR", on(-7), BASELINE_ITEMS), sledai("W48", on(336), ())],
        pga=[pga("SCR", on(-7), *before), pga("W48", on(336), *after)],
    )
    assert at("Week 48", delivered).sri4oc == expected


@pytest.mark.parametrize(
    ("components", "expected"),
    [
        ((True, True, True), True),
        ((True, None, True), None),
        ((None, False, None), False),
        ((None, None, None), None),
    ],
)
def test_three_valued_logic(components: tuple[bool | None, ...], expected: bool | None) -> None:
    assert all_met(*components) is expected
