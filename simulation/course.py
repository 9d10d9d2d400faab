"""The latent course of one subject: disease activity over time, and what an examiner would see of it.

What belongs here: the activity that drives everything else, and one assessment drawn from it. What
does not: its numbers (disease.py), visits, forms, the endpoint. Activity is 1 on average at baseline;
a subject who benefits falls by more than one and a half within some months, another hardly at all,
and flares come on top, of the whole disease or of one organ. Each SLEDAI item has an excess (how far
the organ is past the point where the item is answered with 1); BILAG grades, PGA and laboratory
values are drawn from the same excess, so that they agree.
"""

import math
from random import Random
from statistics import NormalDist

from simulation import disease
from simulation.disease import ITEMS, ORGANS
from simulation.draws import chance, events, logistic, pick
from simulation.protocol import protocol

LOW_COMPLEMENT, ANTI_DNA = 20, 21


def _starting_points() -> tuple[float, ...]:
    """The mean excess of each item at baseline: such that its share comes out."""
    normal = NormalDist()
    spread = [math.sqrt((item.loading * disease.ACTIVITY_SPREAD) ** 2 + 1 + disease.ITEM_NOISE**2) for item in ITEMS]
    return tuple(normal.inv_cdf(item.share) * wide for item, wide in zip(ITEMS, spread, strict=True))


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
            self.start = random.gauss(1.0, disease.ACTIVITY_SPREAD)
            self.levels = [point + random.gauss(0.0, 1.0) for point in STARTS]
            self.fall, self.pace, self.responding = 0.0, disease.PACE_DAYS, False
            self.flares: list[tuple[float, float]] = []
            self.organ_flares: list[tuple[str, float, float]] = []
            self.screening = self._excess(random, 0)
            self.baseline = self._excess(random, 0)
            if active and min(self.screening.total(), self.baseline.total()) >= least:
                break
            if not active and self.screening.total() < least:
                break
        self.tendency = random.gauss(0.0, disease.PGA_BETWEEN_PHYSICIANS)
        self.involved = {name: chance(random, organ.ever_involved) for name, organ in ORGANS.items()}
        self._grade(random, self.screening, 0)
        self._grade(random, self.baseline, 0)

    def treat(self, random: Random, immunosuppressed: bool) -> None:
        """Draw how the subject does on treatment, from what it was like before."""
        self.responding = chance(random, logistic(self.log_odds(immunosuppressed)))
        usual = disease.FALL_RESPONDING if self.responding else disease.FALL_OTHERWISE
        self.fall = random.gauss(usual, disease.FALL_SPREAD)
        self.pace = disease.PACE_DAYS * math.exp(random.gauss(0.0, disease.PACE_SPREAD))
        count = events(random, disease.FLARES_RESPONDING if self.responding else disease.FLARES_OTHERWISE)
        wide = disease.FLARE_HIGHEST - disease.FLARE_LOWEST
        self.flares = [(370 * random.random(), disease.FLARE_LOWEST + wide * random.random()) for _ in range(count)]
        wide = disease.ORGAN_FLARE_HIGHEST - disease.ORGAN_FLARE_LOWEST
        for _ in range(events(random, disease.ORGAN_FLARES)):
            organ = pick(random, {name: organ.flares for name, organ in ORGANS.items()})
            self.organ_flares.append(
                (organ, 370 * random.random(), disease.ORGAN_FLARE_LOWEST + wide * random.random())
            )

    def log_odds(self, immunosuppressed: bool) -> float:
        """The log odds of responding."""
        points = min(self.baseline.total(), disease.SLEDAI_ENOUGH) - disease.SLEDAI_MEAN
        seen = self.baseline.global_assessment - disease.PGA_MEAN
        odds = disease.ODDS_AT_MEAN + disease.ODDS_PER_SLEDAI_POINT * points + disease.ODDS_PER_PGA_POINT * seen
        if self.baseline.of(LOW_COMPLEMENT) > 0:
            odds += disease.ODDS_LOW_COMPLEMENT
        return odds + disease.ODDS_IMMUNOSUPPRESSANT if immunosuppressed else odds

    def activity(self, day: int) -> float:
        """Latent activity on a day: the fall under treatment, with flares that fade over weeks."""
        value = self.start
        if day > 0:
            value -= self.fall * -math.expm1(-((day / self.pace) ** disease.PACE_SHAPE))
        for begins, height in self.flares:
            if day >= begins:
                value += height * math.exp(-(day - begins) / disease.FLARE_FADES_DAYS)
        return value

    def organ_flare(self, organ: str, day: int) -> float:
        """How much a flare of this organ alone adds to its severity on a day."""
        return sum(
            height * math.exp(-(day - begins) / disease.ORGAN_FLARE_FADES_DAYS)
            for name, begins, height in self.organ_flares
            if name == organ and day >= begins
        )

    def assess(self, random: Random, day: int) -> Assessment:
        """Examine the subject; to be called in the order of the days."""
        found = self._excess(random, day)
        self._grade(random, found, day)
        return found

    def _excess(self, random: Random, day: int) -> Assessment:
        activity = self.activity(day) + random.gauss(0.0, disease.VISIT_NOISE)
        above = activity - 1.0
        gauss = random.gauss
        return Assessment(
            activity,
            [
                level + item.loading * above + gauss(0.0, disease.ITEM_NOISE)
                for level, item in zip(self.levels, ITEMS, strict=True)
            ],
        )

    def _grade(self, random: Random, found: Assessment, day: int) -> None:
        """Grades and PGA of an examination. A system once involved is never E again."""
        flaring = 0.0
        for name in protocol().bilag_systems:
            severity = max((found.of(item) for item in ORGANS[name].items), default=-3.0)
            severity += random.gauss(0.0, disease.GRADE_NOISE)
            if self.organ_flares:
                flare = self.organ_flare(name, day)
                severity, flaring = severity + flare, flaring + flare
            if severity > disease.GRADE_C:
                self.involved[name] = True
                found.grades.append("A" if severity > disease.GRADE_A else "B" if severity > disease.GRADE_B else "C")
            else:
                found.grades.append("D" if self.involved[name] else "E")
        seen = disease.PGA_WITHOUT_ACTIVITY + disease.PGA_PER_ACTIVITY * found.activity + self.tendency
        seen += disease.PGA_PER_ORGAN_FLARE * flaring + random.gauss(0.0, disease.PGA_NOISE)
        found.global_assessment = max(0.0, min(disease.PGA_HIGHEST, seen))
