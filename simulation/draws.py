"""Random draws that are the same on every machine and in every process.

What belongs here: making a generator from what it is for, and the few distributions used everywhere.
What does not: anything about the trial. Each generator is keyed by words (seed, site, subject), so
that one more site, subject or night leaves every other draw as it was. Python's own generator is
used, not NumPy's: single draws are three to five times quicker, and its stream is fixed by its
documentation.
"""

import math
from collections.abc import Mapping
from random import Random
from typing import TypeVar

Thing = TypeVar("Thing")


def generator(*key: object) -> Random:
    """The generator that belongs to this key."""
    return Random("/".join(str(part) for part in key))


def chance(random: Random, probability: float) -> bool:
    """True with this probability."""
    return random.random() < probability


def pick(random: Random, weights: Mapping[Thing, float]) -> Thing:
    """One of several things, in proportion to their weights."""
    point = random.random() * sum(weights.values())
    for thing, weight in weights.items():
        point -= weight
        if point < 0:
            return thing
    return next(reversed(list(weights)))


def between(random: Random, low: int, high: int) -> int:
    """A whole number from low to high, both included."""
    return low + int(random.random() * (high - low + 1))


def logistic(value: float) -> float:
    """The probability that belongs to a log odds."""
    return 1.0 / (1.0 + math.exp(-value))


def events(random: Random, expected: float) -> int:
    """How many independent events happen when this many are expected (Poisson)."""
    limit, product, count = math.exp(-expected), random.random(), 0
    while product > limit:
        product *= random.random()
        count += 1
    return count
