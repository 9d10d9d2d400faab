"""The rule: where a site stands beside all others taken together, and from which value on it stands out.

The limits of a funnel plot (Spiegelhalter 2005), with three things minded that matter in a small trial:
- What the others have is itself only so many events. So a limit is an exact prediction limit: the smallest count of
  the site that has at most the probability `level` if the site is like all others, given what was counted at them. For
  events that repeat (RATE) the site's share of all events is binomial, for so many of so many (PROPORTION) it is
  hypergeometric (Nelson 1982; Hahn and Meeker 1991).
- Events come in clusters: one subject with a wrong day 0 has a dozen findings. Before they are compared, counts are
  divided by the design effect, the variance between subjects over the one expected without clusters, never below 1
  (Rao and Scott 1992), taken within sites and over all of them.
- A MEDIAN of days is compared without any distribution: the limit is the order statistic of the others that the median
  of so many subjects exceeds with at most that probability (the precedence test, Chakraborti et al. 2004).
A site with fewer units than the seed asks for, or without any others, is not judged. Where numbers come from belongs in
`counting`, what a night before said in `history`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import fsum

from validation.indicators.declared import BOTH, PROPORTION, Indicator
from validation.indicators.probabilities import binomial_at_least, hypergeometric_at_least

HIGH, LOW = "HIGH", "LOW"
DESIGN_EFFECT_PLACES = 4


@dataclass(frozen=True)
class Counted:
    """What was counted at a site, with the sums over its units that their variance needs: of numerator squared,
    numerator x denominator, and denominator squared."""

    units: int
    numerator: int
    denominator: int
    squares: int = 0
    products: int = 0
    denominator_squares: int = 0


@dataclass(frozen=True)
class Judgement:
    """A site beside the others. `value`, `lower` and `upper` are in the indicator's unit; from `upper` on, and up to
    `lower`, a site stands out, on that `side`. `flag` is Y, N or None (not judged)."""

    units: int
    numerator: int
    denominator: int
    value: Fraction | None
    others_numerator: int
    others_denominator: int
    others_value: Fraction | None
    design_effect: Fraction | None
    lower: Fraction | None
    upper: Fraction | None
    flag: str | None
    side: str | None


def judge_counts(indicator: Indicator, sites: Mapping[str, Counted]) -> dict[str, Judgement]:
    """Every site of a RATE or PROPORTION beside the others."""
    effect = design_effect(indicator, sites)
    numerator = sum(site.numerator for site in sites.values())
    denominator = sum(site.denominator for site in sites.values())
    judged = {}
    for siteid, site in sites.items():
        others = numerator - site.numerator, denominator - site.denominator
        enough = site.units >= indicator.minimum and site.denominator > 0 and others[1] > 0
        lower, upper = _count_limits(indicator, site.denominator, others, effect) if enough else (None, None)
        count = Fraction(site.numerator) / effect
        side = _side(count, lower, upper)
        scale = effect * indicator.per / site.denominator if site.denominator else Fraction(0)
        judged[siteid] = Judgement(
            units=site.units,
            numerator=site.numerator,
            denominator=site.denominator,
            value=_per(indicator, site.numerator, site.denominator),
            others_numerator=others[0],
            others_denominator=others[1],
            others_value=_per(indicator, *others),
            design_effect=effect,
            lower=None if lower is None else lower * scale,
            upper=None if upper is None else upper * scale,
            flag=("Y" if side else "N") if enough else None,
            side=side,
        )
    return judged


def design_effect(indicator: Indicator, sites: Mapping[str, Counted]) -> Fraction:
    """How many times larger the variance between units is than it would be without clusters; at least 1."""
    found, expected = [], []
    for site in sites.values():
        if site.units < 2 or site.numerator == 0 or site.denominator == 0:
            continue
        rate = site.numerator / site.denominator
        residuals = site.squares - 2 * rate * site.products + rate**2 * site.denominator_squares
        found.append(residuals * site.units / (site.units - 1))
        expected.append(site.numerator * (1 - rate if indicator.kind == PROPORTION else 1))
    if fsum(expected) <= 0:
        return Fraction(1)
    return max(Fraction(1), Fraction(str(round(fsum(found) / fsum(expected), DESIGN_EFFECT_PLACES))))


def judge_medians(indicator: Indicator, sites: Mapping[str, Mapping[int, int]]) -> dict[str, Judgement]:
    """Every site of a MEDIAN beside the others; a site's days are given as how many subjects have how many."""
    together: dict[int, int] = {}
    for days in sites.values():
        for day, subjects in days.items():
            together[day] = together.get(day, 0) + subjects
    judged = {}
    for siteid, days in sites.items():
        others = {day: subjects - days.get(day, 0) for day, subjects in together.items()}
        number, other_number = sum(days.values()), sum(others.values())
        enough = number >= indicator.minimum and other_number > 0
        value, others_value = _ordered(days, _middle(number)), _ordered(others, _middle(other_number))
        limit = _median_limit(indicator.level, number, other_number) if enough else None
        # Days are whole, so what exceeds the order statistic is at least a day longer.
        upper = None if limit is None else (_ordered(others, limit) or 0) + 1
        stands_out = upper is not None and value is not None and value >= upper
        judged[siteid] = Judgement(
            units=number,
            numerator=_longer(days, others_value),
            denominator=number,
            value=None if value is None else Fraction(value),
            others_numerator=_longer(others, others_value),
            others_denominator=other_number,
            others_value=None if others_value is None else Fraction(others_value),
            design_effect=None,
            lower=None,
            upper=None if upper is None else Fraction(upper),
            flag=("Y" if stands_out else "N") if enough else None,
            side=HIGH if stands_out else None,
        )
    return judged


def _count_limits(
    indicator: Indicator, denominator: int, others: tuple[int, int], effect: Fraction
) -> tuple[int | None, int | None]:
    """The largest effective count that is too low and the smallest that is too high; None where there is none."""
    events = round(others[0] / effect)
    if indicator.kind == PROPORTION:
        size, others_size = round(denominator / effect), round(others[1] / effect)
        events = min(events, others_size)

        def at_least(count: int) -> float:
            return hypergeometric_at_least(count, size + others_size, events + count, size)

        def at_most(count: int) -> float:
            return hypergeometric_at_least(size - count, size + others_size, size + others_size - events - count, size)

        most: int | None = size
    else:
        share = denominator / (denominator + others[1])

        def at_least(count: int) -> float:
            return binomial_at_least(count, events + count, share)

        def at_most(count: int) -> float:
            return binomial_at_least(events, events + count, 1 - share)

        most = None
    upper = _first(lambda count: at_least(count) <= indicator.level, 1, most)
    if indicator.direction != BOTH:
        return None, upper
    not_low = _first(lambda count: at_most(count) > indicator.level, 0, most)
    return (not_low - 1 if not_low else None), upper


def _median_limit(level: float, number: int, other_number: int) -> int | None:
    """The smallest b such that at least b of the others lie before the site's median with at most this probability."""
    middle = _middle(number)

    def at_least(before: int) -> float:
        # Among the first so many of all, at least b are others: hypergeometric.
        return hypergeometric_at_least(before, number + other_number, other_number, before + middle - 1)

    return _first(lambda before: at_least(before) <= level, 1, other_number)


def _first(holds: Callable[[int], bool], start: int, most: int | None) -> int | None:
    """The first number from `start` to `most` from which on it holds; None when it holds for none of them."""
    if most is not None and (most < start or not holds(most)):
        return None
    end = start
    if most is None:
        while not holds(end):
            end = 2 * end + 1
    else:
        end = most
    while start < end:
        middle = (start + end) // 2
        if holds(middle):
            end = middle
        else:
            start = middle + 1
    return start


def _side(count: Fraction, lower: int | None, upper: int | None) -> str | None:
    if upper is not None and count >= upper:
        return HIGH
    return LOW if lower is not None and count <= lower else None


def _per(indicator: Indicator, numerator: int, denominator: int) -> Fraction | None:
    return numerator * indicator.per / denominator if denominator else None


def _middle(number: int) -> int:
    """Which of so many in order is the median: the lower one of two."""
    return (number + 1) // 2


def _longer(days: Mapping[int, int], than: int | None) -> int:
    return 0 if than is None else sum(subjects for day, subjects in days.items() if day > than)


def _ordered(days: Mapping[int, int], position: int) -> int | None:
    """The day at this position, counted from 1, of days given as how many subjects have how many."""
    ordered = sorted(days)
    sums = accumulate(days[day] for day in ordered)
    return next((day for day, reached in zip(ordered, sums, strict=True) if 0 < position <= reached), None)
