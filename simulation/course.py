"""The latent course of one subject: disease activity over time, and what an examiner would see of it.

What belongs here: the activity that drives everything else, and one assessment drawn from it. What
does not: visits, forms, the endpoint. Activity is 1 on average at baseline; a subject who benefits
falls by about one and a half within some months, another hardly at all, and flares come on top. Each
SLEDAI item has an excess (how far the organ is past the point where the item is answered with 1);
BILAG grades, PGA and laboratory values are drawn from the same excess, so that they agree.
"""

import math
from random import Random
from statistics import NormalDist

from simulation.draws import chance, events, logistic
from simulation.protocol import protocol

# For each SLEDAI item in order: its share at baseline, and how closely it follows activity.
ITEMS = (
    (0.002, 0.6), (0.002, 0.6), (0.003, 0.6), (0.005, 0.6), (0.002, 0.6), (0.008, 0.9), (0.001, 0.5), (0.03, 1.0),
    (0.52, 1.25), (0.02, 0.9), (0.006, 0.7), (0.035, 0.7), (0.09, 0.7), (0.035, 0.8),
    (0.50, 1.15), (0.36, 1.1), (0.21, 1.2), (0.04, 1.1), (0.015, 1.0), (0.53, 0.45), (0.60, 0.4),
    (0.02, 1.1), (0.03, 0.6), (0.06, 0.6),
)  # fmt: skip
ACTIVITY_SPREAD, VISIT_NOISE, ITEM_NOISE = 0.45, 0.10, 0.16
LOW_COMPLEMENT, ANTI_DNA = 20, 21

# For each BILAG system: the SLEDAI items it shares an organ with, and how often it was ever involved.
SYSTEMS: dict[str, tuple[tuple[int, ...], float]] = {
    "bilconst": ((22,), 0.35),
    "bilmuco": ((8, 15, 16, 17), 0.70),
    "bilneuro": ((1, 2, 3, 5, 6, 7), 0.08),
    "bilmusc": ((9, 10), 0.75),
    "bilcard": ((18, 19), 0.20),
    "bilgast": ((), 0.04),
    "bilopht": ((4,), 0.04),
    "bilrenal": ((11, 12, 13, 14), 0.25),
    "bilhaem": ((23, 24), 0.40),
}
GRADE_A, GRADE_B, GRADE_C, GRADE_NOISE = 1.9, 0.5, -0.35, 0.28


def _starting_points() -> tuple[float, ...]:
    """The mean excess of each item at baseline: such that its share comes out."""
    normal = NormalDist()
    spread = [math.sqrt((loading * ACTIVITY_SPREAD) ** 2 + 1 + ITEM_NOISE**2) for _, loading in ITEMS]
    return tuple(normal.inv_cdf(share) * wide for (share, _), wide in zip(ITEMS, spread, strict=True))


STARTS = _starting_points()


class Assessment:
    """What one examination found: the excess of each item, the BILAG grades and the PGA (0 to 3)."""

    __slots__ = ("activity", "excess", "global_assessment", "grades")

    def __init__(self, activity: float, excess: list[float]) -> None:
        self.activity = activity
        self.excess = excess
        self.grades: list[str] = []
        self.global_assessment = 0.0

    def answers(self) -> list[int]:
        """The 24 items, 1 where present."""
        return [1 if excess > 0 else 0 for excess in self.excess]

    def total(self) -> int:
        """The total as the site adds it up."""
        weights = protocol().sledai_weights
        return sum(weight for weight, excess in zip(weights, self.excess, strict=True) if excess > 0)

    def of(self, item: int) -> float:
        """The excess of an item by its number."""
        return self.excess[item - 1]


class Course:
    """The disease of one subject over time (days since the first infusion)."""

    def __init__(self, random: Random, active: bool) -> None:
        least = protocol().whole("sledai_active_min")
        while True:
            self.start = random.gauss(1.0, ACTIVITY_SPREAD)
            self.fall, self.pace, self.flares = 0.0, 70.0, list[tuple[float, float]]()
            self.levels = [point + random.gauss(0.0, 1.0) for point in STARTS]
            self.screening = self._excess(random, 0)
            self.baseline = self._excess(random, 0)
            if active and min(self.screening.total(), self.baseline.total()) >= least:
                break
            if not active and self.screening.total() < least:
                break
        self.tendency = random.gauss(0.0, 0.22)
        self.involved = {name: chance(random, share) for name, (_, share) in SYSTEMS.items()}
        self.responding = False
        # One organ alone flares now and then: why a fall of SLEDAI-2K is not always a response.
        self.organ_flares: list[tuple[str, int, float]] = []
        self._grade(random, self.screening, 0)
        self._grade(random, self.baseline, 0)

    def treat(self, random: Random, immunosuppressed: bool) -> None:
        """Draw how the subject does on treatment, from what it was like before."""
        odds = 0.75 + 0.11 * (self.baseline.total() - 9.8)
        odds -= 0.45 * (self.baseline.of(LOW_COMPLEMENT) > 0) + 0.45 * immunosuppressed
        self.responding = chance(random, logistic(odds))
        self.fall = random.gauss(1.75, 0.35) if self.responding else random.gauss(0.25, 0.35)
        self.pace = 110.0 * math.exp(random.gauss(0.0, 0.45))
        count = events(random, 0.3 if self.responding else 0.9)
        self.flares = [(370 * random.random(), 0.5 + 0.6 * random.random()) for _ in range(count)]
        for _ in range(events(random, 0.3)):
            system = protocol().bilag_systems[int(random.random() * len(protocol().bilag_systems))]
            self.organ_flares.append((system, int(370 * random.random()), 2.0 + 3.0 * random.random()))

    def activity(self, day: int) -> float:
        """Latent activity on a day: the fall under treatment, with flares that fade over weeks."""
        value = self.start - self.fall * (1.0 - math.exp(-max(day, 0) / self.pace))
        for begins, height in self.flares:
            if day >= begins:
                value += height * math.exp(-(day - begins) / 45.0)
        return value

    def assess(self, random: Random, day: int) -> Assessment:
        """Examine the subject; to be called in the order of the days."""
        found = self._excess(random, day)
        self._grade(random, found, day)
        return found

    def _excess(self, random: Random, day: int) -> Assessment:
        activity = self.activity(day) + random.gauss(0.0, VISIT_NOISE)
        above = activity - 1.0
        gauss = random.gauss
        return Assessment(
            activity,
            [
                level + loading * above + gauss(0.0, ITEM_NOISE)
                for level, (_, loading) in zip(self.levels, ITEMS, strict=True)
            ],
        )

    def _grade(self, random: Random, found: Assessment, day: int) -> None:
        """Grades and PGA of an examination. A system once involved is never E again."""
        for name in protocol().bilag_systems:
            items, _ = SYSTEMS[name]
            severity = max((found.of(item) for item in items), default=-3.0) + random.gauss(0.0, GRADE_NOISE)
            for system, begins, height in self.organ_flares:
                if system == name and day >= begins:
                    severity += height * math.exp(-(day - begins) / 60.0)
            if severity > GRADE_C:
                self.involved[name] = True
                found.grades.append("A" if severity > GRADE_A else "B" if severity > GRADE_B else "C")
            else:
                found.grades.append("D" if self.involved[name] else "E")
        seen = 0.50 + 0.85 * found.activity + self.tendency + random.gauss(0.0, 0.17)
        found.global_assessment = max(0.0, min(2.9, seen))
