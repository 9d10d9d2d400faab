"""When a site stands out: limits worked out by hand, and held against sums of exact probabilities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from math import comb

import pytest

from validation.indicators.declared import BOTH, HIGH, MEDIAN, PROPORTION, RATE, Indicator, indicators
from validation.indicators.limits import Counted, Judgement, design_effect, judge_counts, judge_medians
from validation.indicators.probabilities import binomial_at_least, hypergeometric_at_least

LEVEL = 0.001


def indicator(kind: str, direction: str = HIGH, level: float = LEVEL, per: int = 1) -> Indicator:
    words = dict.fromkeys(("indicator", "title", "definition", "numerator", "denominator", "unit"), "")
    return Indicator(**words, per=Fraction(per), kind=kind, direction=direction, level=level, minimum=3)


def site(*subjects: tuple[int, int]) -> Counted:
    """A site from the numerator and denominator of each of its subjects."""
    return Counted(
        units=len(subjects),
        numerator=sum(numerator for numerator, _ in subjects),
        denominator=sum(denominator for _, denominator in subjects),
        squares=sum(numerator**2 for numerator, _ in subjects),
        products=sum(numerator * denominator for numerator, denominator in subjects),
        denominator_squares=sum(denominator**2 for _, denominator in subjects),
    )


def unclustered(numerator: int, denominator: int) -> Counted:
    """A site of many subjects, whose sums leave the design effect at 1."""
    return Counted(units=100, numerator=numerator, denominator=denominator)


def judged(declared: Indicator, here: Counted, others: Counted) -> Judgement:
    return judge_counts(declared, {"S01": here, "S02": others})["S01"]


# A site like the other, observed as long: each event happens here with probability 1/2. With none at the other, ten
# would all have to happen here, 1/1024; nine, 1/512, could be chance.
@pytest.mark.parametrize(("events", "flag"), [(9, "N"), (10, "Y")])
def test_as_many_events_here_and_none_elsewhere(events: int, flag: str) -> None:
    found = judged(indicator(RATE, per=100), unclustered(events, 500), unclustered(0, 500))
    assert (found.flag, found.upper, found.lower) == (flag, Fraction(10 * 100, 500), None)
    assert (found.value, found.others_value) == (Fraction(events * 100, 500), 0)


# The other way round, where too few stand out as well.
@pytest.mark.parametrize(("elsewhere", "flag", "side", "lower"), [(9, "N", None, None), (10, "Y", "LOW", 0)])
def test_no_event_here_and_many_elsewhere(elsewhere: int, flag: str, side: str | None, lower: int | None) -> None:
    found = judged(indicator(RATE, BOTH), unclustered(0, 500), unclustered(elsewhere, 500))
    assert (found.flag, found.side, found.lower) == (flag, side, lower)
    assert judged(indicator(RATE, HIGH), unclustered(0, 500), unclustered(elsewhere, 500)).flag == "N"


# All five of a site's visits missed. Of 15 visits, 5 chosen at random are just these with probability 1/3003; of 10,
# 1/252. Four of them: 5 in 1365 choices of 4.
@pytest.mark.parametrize(
    ("missed", "others", "flag", "upper"), [(5, 10, "Y", 100), (4, 10, "N", 100), (5, 5, "N", None)]
)
def test_so_many_of_so_many(missed: int, others: int, flag: str, upper: int | None) -> None:
    found = judged(indicator(PROPORTION, per=100), unclustered(missed, 5), unclustered(0, others))
    assert (found.flag, found.upper) == (flag, upper)


def binomial(trials: int, share: Fraction, holds: Callable[[int], bool]) -> Fraction:
    terms = (comb(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(trials + 1) if holds(k))
    return sum(terms, Fraction(0))


def hypergeometric(population: int, marked: int, drawn: int, holds: Callable[[int], bool]) -> Fraction:
    ways = sum(comb(marked, k) * comb(population - marked, drawn - k) for k in range(drawn + 1) if holds(k))
    return Fraction(ways, comb(population, drawn))


@pytest.mark.parametrize("here", [7, 100, 2500])
@pytest.mark.parametrize("elsewhere", [0, 3, 40])
def test_limits_of_a_rate_are_exact(here: int, elsewhere: int) -> None:
    share = Fraction(here, here + 1000)

    def too_many(count: int) -> bool:
        return binomial(elsewhere + count, share, lambda k: k >= count) <= LEVEL

    def too_few(count: int) -> bool:
        return binomial(elsewhere + count, share, lambda k: k <= count) <= LEVEL

    found = judged(indicator(RATE, BOTH), unclustered(0, here), unclustered(elsewhere, 1000))
    assert found.upper is not None
    upper = found.upper * here
    assert too_many(int(upper))
    assert not too_many(int(upper) - 1)
    lower = -1 if found.lower is None else int(found.lower * here)
    assert lower < 0 or too_few(lower)
    assert not too_few(lower + 1)


@pytest.mark.parametrize("size", [6, 30, 90])
@pytest.mark.parametrize("elsewhere", [0, 4, 60])
def test_limits_of_a_proportion_are_exact(size: int, elsewhere: int) -> None:
    def too_many(count: int) -> bool:
        return hypergeometric(size + 120, elsewhere + count, size, lambda k: k >= count) <= LEVEL

    found = judged(indicator(PROPORTION), unclustered(0, size), unclustered(elsewhere, 120))
    expected = next((Fraction(count, size) for count in range(1, size + 1) if too_many(count)), None)
    assert found.upper == expected


@pytest.mark.parametrize("events", range(0, 60, 7))
def test_a_site_like_all_others_is_flagged_no_oftener_than_the_level_says(events: int) -> None:
    share = Fraction(1, 5)
    flagged = {
        here
        for here in range(events + 1)
        if judged(indicator(RATE, HIGH), unclustered(here, 100), unclustered(events - here, 400)).flag == "Y"
    }
    assert binomial(events, share, lambda k: k in flagged) <= LEVEL


# Three subjects: their median comes after all m others in m + 1 of C(m + 3, 3) orders, which is 6 / ((m + 3)(m + 2)):
# 6/6006 for 75 others, 6/5852 for 74.
@pytest.mark.parametrize(("others", "upper", "flag"), [(75, 76, "Y"), (74, None, "N")])
def test_a_median_beyond_all_others(others: int, upper: int | None, flag: str) -> None:
    days = {"S01": {10: 1, 76: 1, 90: 1}, "S02": dict.fromkeys(range(1, others + 1), 1)}
    found = judge_medians(indicator(MEDIAN), days)["S01"]
    assert (found.value, found.upper, found.flag) == (76, upper, flag)
    assert (found.others_value, found.denominator) == ((others + 1) // 2, 3)
    assert found.numerator == 2, "two of the three lie beyond the median of the others"


def test_a_median_limit_is_the_one_that_all_orders_give() -> None:
    level, number, others = 0.05, 5, 9
    orders = list(combinations(range(number + others), number))

    def share_with_at_least(before: int) -> Fraction:
        # The third of five is the median; before it stand its place less the two of its own site.
        return Fraction(sum(order[2] - 2 >= before for order in orders), len(orders))

    limit = next(before for before in range(1, others + 1) if share_with_at_least(before) <= level)
    days = {"S01": {1: 5}, "S02": {10 * number: 1 for number in range(1, others + 1)}}
    assert judge_medians(indicator(MEDIAN, level=level), days)["S01"].upper == 10 * limit + 1


def test_the_lower_of_two_middle_days_is_the_median() -> None:
    found = judge_medians(indicator(MEDIAN), {"S01": {3: 2, 8: 2}, "S02": {1: 1, 2: 1}})
    assert (found["S01"].value, found["S01"].others_value) == (3, 1)


# Four subjects with ten visits each, and all eight misses are one subject's: rate 0.2, residuals 6, -2, -2, -2, squares
# 48; times 4/3 is 64, where events that come one by one would give 8 (visits: 8 x 0.8).
def test_the_design_effect_of_one_subject_with_everything() -> None:
    sites = {"S01": site((8, 10), (0, 10), (0, 10), (0, 10))}
    assert design_effect(indicator(RATE), sites) == 8
    assert design_effect(indicator(PROPORTION), sites) == 10


def test_what_one_subject_has_does_not_flag_its_site() -> None:
    others = site(*[(0, 10)] * 40)
    assert judged(indicator(RATE), site((12, 10), (0, 10), (0, 10), (0, 10)), others).flag == "N"
    spread = judged(indicator(RATE), site(*[(3, 10)] * 4), others)
    assert (spread.flag, spread.design_effect) == ("Y", 1)


def test_counts_and_limits_shrink_by_the_design_effect() -> None:
    # Both sites: two subjects with 5 and 15 events in 10 days each; rate 1, residuals -5 and 5, 50 x 2 against 20: 5.
    declared = replace(indicator(RATE), minimum=2)
    here = site((5, 10), (15, 10))
    found = judge_counts(declared, {"S01": here, "S02": here})["S01"]
    assert found.design_effect == 5
    # Twenty events count as four: so many that with four elsewhere no more than 0.1 % is left.
    upper = next(n for n in range(1, 99) if binomial(4 + n, Fraction(1, 2), lambda k, n=n: k >= n) <= LEVEL)
    assert found.upper == Fraction(upper * 5, 20)


def test_too_few_subjects_and_nothing_to_count_among_are_not_judged() -> None:
    others = site(*[(0, 10)] * 40)
    two = judged(indicator(RATE), site((9, 10), (9, 10)), others)
    assert (two.value, two.flag, two.upper) == (Fraction(18, 20), None, None)
    nothing = judged(indicator(RATE), Counted(0, 0, 0), others)
    assert (nothing.value, nothing.flag, nothing.others_value) == (None, None, 0)
    alone = judge_counts(indicator(RATE), {"S01": others})["S01"]
    assert (alone.value, alone.others_value, alone.flag) == (0, None, None)
    nobody = judge_medians(indicator(MEDIAN), {"S01": {}, "S02": {4: 9}})
    assert (nobody["S01"].value, nobody["S01"].flag) == (None, None)
    assert (nobody["S02"].value, nobody["S02"].others_value, nobody["S02"].flag) == (4, None, None)


@pytest.mark.parametrize(("trials", "share"), [(10, Fraction(1, 4)), (40, Fraction(9, 10)), (700, Fraction(1, 100))])
def test_binomial_tails(trials: int, share: Fraction) -> None:
    for count in (0, 1, 3, 7, trials // 2, trials, trials + 1):
        exact = binomial(trials, share, lambda k, count=count: k >= count)
        assert binomial_at_least(count, trials, float(share)) == pytest.approx(float(exact), rel=1e-9)


@pytest.mark.parametrize(("population", "marked", "drawn"), [(50, 10, 20), (8, 5, 6), (1000, 30, 200), (9, 0, 4)])
def test_hypergeometric_tails(population: int, marked: int, drawn: int) -> None:
    for count in range(min(marked, drawn) + 2):
        exact = hypergeometric(population, marked, drawn, lambda k, count=count: k >= count)
        assert hypergeometric_at_least(count, population, marked, drawn) == pytest.approx(float(exact), rel=1e-9)


def test_the_seed_says_only_what_the_rule_knows() -> None:
    for declared in indicators():
        assert declared.kind in {RATE, PROPORTION, MEDIAN}
        assert declared.direction == HIGH or (declared.direction, declared.kind) == (BOTH, RATE)
        assert 0 < declared.level < 0.5
        assert declared.minimum >= 2
        assert declared.per > 0
        assert declared.definition.endswith(".")
