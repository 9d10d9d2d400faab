"""The two distributions from which limits are taken, by their upper tails, summed term by term.

Own code: no library of this project has them (docs/adr/0015). Each tail starts from its first term and follows the
ratio of neighbours, until a term no longer counts. Which tail decides what belongs in `validation.indicators.limits`.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, lgamma, log

NEGLIGIBLE = 1e-17  # of the sum: below the last digit of a double


def binomial_at_least(count: int, trials: int, probability: float) -> float:
    """The probability that at least `count` of `trials` succeed; `probability` lies strictly between 0 and 1."""
    if count <= 0:
        return 1.0
    if count > trials:
        return 0.0
    odds = probability / (1 - probability)
    first = _log_choose(trials, count) + count * log(probability) + (trials - count) * log(1 - probability)
    return _tail(first, count, trials, lambda k: (trials - k) / (k + 1) * odds)


def hypergeometric_at_least(count: int, population: int, marked: int, drawn: int) -> float:
    """The probability that at least `count` of `drawn` out of a population are among those `marked` in it."""
    fewest, most = max(0, drawn - (population - marked)), min(drawn, marked)
    if count <= fewest:
        return 1.0
    if count > most:
        return 0.0
    unmarked = population - marked
    first = _log_choose(marked, count) + _log_choose(unmarked, drawn - count) - _log_choose(population, drawn)
    return _tail(first, count, most, lambda k: (marked - k) / (k + 1) * (drawn - k) / (unmarked - drawn + k + 1))


def _log_choose(total: int, chosen: int) -> float:
    return lgamma(total + 1) - lgamma(chosen + 1) - lgamma(total - chosen + 1)


def _tail(log_first: float, count: int, most: int, ratio: Callable[[int], float]) -> float:
    """The sum of the terms from `count` to `most`; `ratio` leads from the term of k to that of k + 1."""
    # Relative to the first term, which may itself be too small for a double while those after it are not.
    total, term, scale = 1.0, 1.0, log_first
    for k in range(count, most):
        step = ratio(k)
        term *= step
        total += term
        if step < 1 and term < NEGLIGIBLE * total:
            break
        if total > 1e200:
            scale += log(total)
            term, total = term / total, 1.0
    return min(1.0, exp(scale + log(total)))
