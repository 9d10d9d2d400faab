"""Enrolment: how many subjects each site screens, and on which days.

What belongs here: the calendar of the trial, the sizes of its sites, the days of screening. What does
not: who the subjects are (subjects.py). The calendar is fixed, so a later last delivery shows the same
trial further on, and one far enough after the last screening a trial that is over.

Sites are of very different size: the logarithm of a site's share is normal, as in most multi-site
trials, where a few sites screen half of all subjects. Every round of twelve sites holds all twelfths
of that distribution once, in a fixed order, so that a small trial has large and small sites too.
"""

import math
from datetime import date
from statistics import NormalDist

from simulation.draws import between, generator

FIRST_SCREENING, LAST_SCREENING = date(2024, 5, 6), date(2026, 6, 26)
# Half of the subjects are screened by the largest fifth of the sites.
SITE_SIZE_SPREAD = 0.85
LATEST_OPENING_DAYS = 200
# Which twelfth of the distribution of sizes a site's share comes from, site by site.
TWELFTHS = (9, 5, 10, 7, 8, 2, 11, 4, 6, 3, 0, 1)


def site_sizes(seed: int, sites: int, subjects: int) -> list[int]:
    """How many subjects each site screens: all together exactly as many as asked for.

    Every site has one before any has two, as far as there are so many; the rest goes by the shares.
    """
    shares = [site_share(seed, number) for number in range(1, sites + 1)]
    sizes = [1 if number < subjects else 0 for number in range(sites)]
    left, total = subjects - sum(sizes), sum(shares)
    exact = [left * share / total for share in shares]
    sizes = [size + int(more) for size, more in zip(sizes, exact, strict=True)]
    by_remainder = sorted(range(sites), key=lambda position: int(exact[position]) - exact[position])
    for position in by_remainder[: subjects - sum(sizes)]:
        sizes[position] += 1
    return sizes


def site_share(seed: int, number: int) -> float:
    """How much this site screens beside the others: the median site is 1."""
    twelfth = TWELFTHS[(number - 1) % len(TWELFTHS)]
    quantile = (twelfth + 0.1 + 0.8 * generator(seed, "size", number).random()) / len(TWELFTHS)
    return math.exp(SITE_SIZE_SPREAD * NormalDist().inv_cdf(quantile))


def screening_days(seed: int, siteid: str, size: int) -> list[int]:
    """The days on which a site screens its subjects, in order.

    A site opens some time after the first one and then screens evenly, but for chance, until the trial is full.
    """
    random = generator(seed, siteid, "enrolment")
    opened = FIRST_SCREENING.toordinal() + between(random, 0, LATEST_OPENING_DAYS)
    days = LAST_SCREENING.toordinal() - opened
    return sorted(weekday(opened + int(days * random.random())) for _ in range(size))


def weekday(day: int) -> int:
    """The same day, or the Friday or Monday beside it when it falls on a weekend."""
    position = date.fromordinal(day).weekday()
    return day + {5: -1, 6: 1}.get(position, 0)
