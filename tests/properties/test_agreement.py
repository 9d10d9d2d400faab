"""Both derivations say the same of any subject, and the random subjects go everywhere.

What belongs here: agreement, and the proof that it was put to the test. What does not: properties of the endpoint
itself (test_monotone.py).
"""

from __future__ import annotations

import pytest

from tests.properties.agreement import DerivedTrials, derive_trials, occurrences, told
from tests.properties.both import RESPONSES

EVENTS = ("DEATH", "DISCONTINUED", "TREATMENT DISCONTINUED", "PROHIBITED MEDICATION", "STEROID INCREASE")
# How often each must occur, at least, among a thousand subjects with thirteen visits each.
EXPECTED = {
    "not published": 10,
    **{f"respgrp {group}": 20 for group in ("RESPONSE", "NO RESPONSE", "PENDING", "HELD")},
    "respgrp None": 10,
    **{f"first event {event}": 20 for event in (*EVENTS, None)},
    **{f"infusion {status}": 50 for status in ("GIVEN", "MISSED", "NOT DUE", "PENDING")},
    **{
        f"reason {reason}, {when}": 20
        for reason in (*EVENTS, "SLEDAI", "BILAG", "PGA", "MISSING", "RESPONDER")
        for when in ("mature", "immature")
    },
    "reason PENDING, immature": 50,
    **{f"{column} {value}, immature": 50 for column in RESPONSES for value in ("Y", "N", None)},
    **{f"{column} {value}, mature": 50 for column in RESPONSES for value in ("Y", "N")},
    "sri4oc None, mature": 50,
    "sri4locf None, mature": 50,
    "carried forward to Y": 50,
    "carried forward to N": 50,
}
# Not known at a mature visit: never, as a missing result is non-response there.
IMPOSSIBLE = ["reason PENDING, mature", *(f"{column} None, mature" for column in RESPONSES if column[-1].isdigit())]


def test_the_two_derivations_agree(derived_trials: DerivedTrials) -> None:
    disagreeing = derived_trials.disagreeing()
    assert not disagreeing, told(disagreeing)


@pytest.mark.slow
def test_the_two_derivations_agree_on_many_more() -> None:
    for number in range(2, 12):
        disagreeing = derive_trials(number_of_trials=8, number=number, measure=False).disagreeing()
        assert not disagreeing, told(disagreeing)


def test_every_branch_of_the_second_derivation_is_taken(derived_trials: DerivedTrials) -> None:
    """Taken by some random subject; so nothing in it is dead, and the comparison reaches all of it."""
    assert not derived_trials.branches_not_taken, "\n".join(derived_trials.branches_not_taken)


@pytest.mark.parametrize("side", ["second", "sql"])
def test_everything_that_can_happen_happens(derived_trials: DerivedTrials, side: str) -> None:
    found = occurrences(getattr(derived_trials, side))
    too_rare = {name: f"{found[name]} of {least}" for name, least in EXPECTED.items() if found[name] < least}
    assert not too_rare
    assert not [name for name in IMPOSSIBLE if found[name]]
