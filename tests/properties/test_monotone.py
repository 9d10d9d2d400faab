"""What a change to the data can never do to the endpoint, of either derivation.

What belongs here: one test a property, which says exactly what is claimed, and where the protocol makes a wider claim
false. What does not: the changes themselves (changes.py).

"Never makes a responder" means: no column of `sri4oc` ... `sri8` at any visit becomes Y that was not Y, and the
response group does not become RESPONSE. Unless said otherwise this holds for all visits, not only the changed one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

import pytest

from tests.properties import changes
from tests.properties.agreement import DerivedTrials
from tests.properties.both import RESPONSES, Outcome, differences
from tests.properties.pairs import Pairs
from tests.properties.shrinking import described

pytestmark = pytest.mark.slow

BY_POINTS = ("sri4", "sri5", "sri6", "sri7", "sri8")
WITHOUT_LOCF = tuple(column for column in RESPONSES if column != "sri4locf")

# How many pairs a property is put to the test with.
SOME = {"number_of_trials": 2, "number": 1, "at_most": 80}
MANY = {"number_of_trials": 5, "number": 2, "at_most": 300}

both_derivations = pytest.mark.parametrize("derivation", ["second", "sql"])


@pytest.fixture(scope="module", params=[SOME, pytest.param(MANY, marks=pytest.mark.slow)], ids=["some", "many"])
def pairs(request: pytest.FixtureRequest) -> Pairs:
    """All pairs of this file, derived together."""
    return Pairs(**request.param)


def responders_made(
    before: Outcome | None,
    after: Outcome | None,
    columns: Sequence[str] = RESPONSES,
    was: Sequence[str | None] = ("N", None),
) -> list[str]:
    """Results that became Y (out of the values in `was`)."""
    if after is None:
        return []
    made = []
    for avisit, values in after.visits.items():
        old = before.visits.get(avisit, {}) if before is not None else {}
        made += [
            f"{column} at {avisit}: {old.get(column)} -> Y"
            for column in columns
            if values[column] == "Y" and old.get(column) != "Y" and old.get(column) in was
        ]
    if after.respgrp == "RESPONSE" and (before is None or before.respgrp != "RESPONSE") and "N" in was and None in was:
        made.append(f"response group: {before.respgrp if before else None} -> RESPONSE")
    return made


@both_derivations
def test_more_sledai_points_never_make_a_responder(pairs: Pairs, derivation: str) -> None:
    """Items answered 0 become 1 in a record dated after the first infusion: never makes a responder.

    An answered item stays answered, so the choice of records does not move, and a known result stays known; what is
    carried forward can only get worse. Not claimed: points before the first infusion (see the milder baseline), and a
    record whose key another row has, where a changed row may equal the other one or stop to.
    """
    pairs.check(changes.more_sledai_points, derivation, responders_made)


@both_derivations
def test_a_worse_grade_never_makes_a_responder(pairs: Pairs, derivation: str) -> None:
    """A known BILAG grade after the first infusion becomes a more severe one: never makes a responder.

    Also not by turning a new B into an A: that is a new A unless the baseline is A, and then the B was not new either.
    """
    pairs.check(changes.a_worse_grade, derivation, responders_made)


@both_derivations
def test_a_higher_pga_never_makes_a_responder(pairs: Pairs, derivation: str) -> None:
    """A usable PGA after the first infusion rises and stays on its scale: never makes a responder.

    Beyond its scale it would be missing: then another record may be chosen, and the result may be carried forward.
    """
    pairs.check(changes.a_higher_pga, derivation, responders_made)


@both_derivations
def test_a_milder_baseline_never_makes_a_responder(pairs: Pairs, derivation: str) -> None:
    """The other end of the comparison: before the first infusion it is the lower value that never helps."""
    pairs.check(changes.a_milder_baseline, derivation, responders_made)


@both_derivations
def test_an_intercurrent_event_never_makes_a_responder(pairs: Pairs, derivation: str) -> None:
    """One more event never turns N into Y anywhere, and NULL into Y nowhere but in `sri4locf`; sri4oc stays as it is.

    `sri4locf` is different because an end of study also closes visits: one after a visit's assessment date does not
    count against it, but lets what is missing there be carried forward. An end of study also ends what counts, but it
    counts itself from its own, earlier date on.
    """
    pairs.check(changes.an_intercurrent_event, derivation, partial(responders_made, columns=WITHOUT_LOCF))
    pairs.check(changes.an_intercurrent_event, derivation, partial(responders_made, was=("N",)))
    pairs.check(changes.an_intercurrent_event, derivation, partial(changed_columns, columns=("sri4oc",)))


def changed_columns(before: Outcome | None, after: Outcome | None, columns: Sequence[str]) -> list[str]:
    """Results that changed at all."""
    named = differences(before, after)
    return [f"{name}: {old} -> {new}" for name, (old, new) in named.items() if name.split(" at ")[0] in columns]


@both_derivations
def test_no_filling_is_worse_than_the_worst_case(pairs: Pairs, derivation: str) -> None:
    """A response with a gap filled with its worst case is one with any other filling: the worst case is the worst.

    Worst: 1 for an item, A for a grade, the end of the scale for a PGA; before the first infusion 0, E and 0.
    "Filling a missing value with its worst case never makes a responder" is too wide. SLEDAI-2K is unknown while an
    item is missing, even where it would be low enough with the item present, so filling it can turn NULL (or N for
    MISSING) into Y, as can a PGA where the baseline is above 2.7. And a record that becomes complete may be chosen
    instead of another one.
    """
    fillings = zip(
        pairs.of(changes.a_gap_filled_with_its_worst), pairs.of(changes.a_gap_filled_with_another_value), strict=True
    )
    compared = 0
    for worst, other in fillings:
        assert worst.before is other.before
        compared += 1
        made = responders_made(other.outcomes[derivation][1], worst.outcomes[derivation][1])
        assert not made, "\n".join([described(worst.before), described(other.after), *made])
    assert compared >= 50


@both_derivations
def test_a_worst_case_never_turns_an_observed_failure(pairs: Pairs, derivation: str) -> None:
    """Filled with its worst case, a record that is alone in its window never turns an observed N (sri4oc) into Y.

    An N that is only imputed (MISSING at a closed visit) can become Y: then even the worst case is good enough.
    """
    observed = partial(responders_made, columns=("sri4oc",), was=("N",))
    pairs.check(changes.a_gap_of_a_lone_record_filled, derivation, observed)


@both_derivations
def test_a_missing_grade_at_its_worst_never_makes_a_responder(pairs: Pairs, derivation: str) -> None:
    """For BILAG the wide claim holds where the record is alone: a missing grade already counts as what it may be."""
    pairs.check(changes.a_grade_of_a_lone_record_filled, derivation, responders_made)


@both_derivations
def test_an_unreadable_assessment_never_makes_a_responder(pairs: Pairs, derivation: str) -> None:
    """A value, scale, date or label of a record alone in its window can't be read: sri4oc and sri4 ... sri8 get no Y.

    Too wide: `sri4locf` carries an earlier result forward when the failure can no longer be read. Where the window has
    other records, another one is used. And where an end has no date, every date says when that end counts from.
    """
    pairs.check(changes.an_unreadable_assessment, derivation, partial(responders_made, columns=WITHOUT_LOCF))


@both_derivations
def test_an_unreadable_end_never_makes_a_responder(pairs: Pairs, derivation: str) -> None:
    """How it ended, or whether the study or the treatment did: an end that can't be read stays an end, and an event.

    Its date is not claimed: without one it counts from the day after the subject was last seen, which may be later.
    """
    pairs.check(changes.an_unreadable_end, derivation, responders_made)


@both_derivations
def test_an_unreadable_first_infusion_never_makes_a_responder(pairs: Pairs, derivation: str) -> None:
    """Whatever of the infusion at D0 can't be read: the subject is held, and has no results."""
    pairs.check(changes.an_unreadable_first_infusion, derivation, responders_made)
    for pair in pairs.of(changes.an_unreadable_first_infusion):
        before, after = pair.outcomes[derivation]
        if before is not None and before.trtsdt is not None:
            assert after is not None
            assert (after.respgrp, after.trtsdt) == ("HELD", None), described(pair.after)


@both_derivations
def test_an_unreadable_medication_never_makes_a_responder(pairs: Pairs, derivation: str) -> None:
    """Class, name, route, start or end of a medication, where losing it leaves the record at least as suspect.

    The protocol makes the wide claim false. A steroid without a readable name, dose, unit or frequency counts nothing
    (a finding). ONCE with an unreadable start counts on the first infusion date; so does a record without an end that
    starts after the site cut, and then only to the cut. A steroid taken until before day 0 whose end is lost runs on
    through the baseline days and raises the limit. A class that is lost gives way to the dictionary's, which may be
    milder than the delivered one. An end before day 0 that contradicts the delivered start settles that a missing start
    lay before day 0. What is left is in changes.an_unreadable_medication.
    """
    pairs.check(changes.an_unreadable_medication, derivation, responders_made)


@both_derivations
def test_a_later_cut_never_changes_what_is_mature(pairs: Pairs, derivation: str) -> None:
    """A later site cut alone leaves every result at a visit that was mature as it is, and the visit mature.

    That includes reasons, and steroids that run to the cut: what is added lies after the old cut.
    """

    def broken(before: Outcome | None, after: Outcome | None) -> list[str]:
        mature = [avisit for avisit, old in (before.visits if before else {}).items() if old["maturfl"] == "Y"]
        return [f"{name}" for name in differences(before, after) if name.partition(" at ")[2] in mature]

    pairs.check(changes.a_later_cut, derivation, broken)


@both_derivations
def test_a_week_later_everything_is_a_week_later(pairs: Pairs, derivation: str) -> None:
    """Every full date of a subject and the site cut moved by a week: every date moves with them, nothing else changes.

    Only for subjects without a partial medication date: the week after "2026-03" can't be written down.
    """

    def broken(before: Outcome | None, after: Outcome | None) -> list[str]:
        dates = ("trtsdt", "icedt")
        named = differences(before, after)
        others = [f"{name}: {values}" for name, values in named.items() if name not in dates]
        for name in dates:
            old, new = getattr(before, name, None), getattr(after, name, None)
            if (old + changes.WEEK if old else None) != new:
                others.append(f"{name}: {old} -> {new}")
        return others

    pairs.check(changes.a_week_later, derivation, broken)


@both_derivations
def test_the_order_of_rows_never_matters(pairs: Pairs, derivation: str) -> None:
    """The rows of every form delivered in another order: nothing changes."""
    pairs.check(changes.rows_in_another_order, derivation, lambda *both: list(differences(*both)), with_effect=0)


@both_derivations
def test_a_response_by_more_points_is_one_by_fewer(derived_trials: DerivedTrials, derivation: str) -> None:
    """SRI-8 implies SRI-7 ... SRI-4; no SRI-4 implies none of them; where SRI-4 is unknown no more points are met."""
    allowed = {("Y", "Y"), ("Y", "N"), ("N", "N"), (None, None), (None, "N")}
    seen = set()
    for outcome in getattr(derived_trials, derivation):
        for avisit, values in (outcome.visits if outcome else {}).items():
            for fewer, more in pairwise(BY_POINTS):
                step = (values[fewer], values[more])
                seen.add(step)
                assert step in allowed, (avisit, fewer, more, values)
    assert seen == allowed
