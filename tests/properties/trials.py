"""Random trials: sites with a few subjects each, every subject a handful of situations on one timeline.

What belongs here: drawing a trial compactly (a seed, the situations, the site's cut), so that Hypothesis is quick and
what it draws can be told in a line. What does not: the situations themselves (situations/).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.properties.drafts import TARGET, WINDOWS, Draft, Row
from tests.properties.situations import SITUATIONS, Situation

# First, last and ordinary days of months and years: what a partial date can be depends on them.
DAYS_ZERO = [
    date(2024, 1, 1),
    date(2024, 2, 29),
    date(2023, 12, 31),
    date(2024, 7, 1),
    date(2023, 5, 17),
    date(2025, 3, 31),
]
LAG = 7
WITHOUT_CUT_UNTIL = 250  # protocol day of the latest medication at a site without a cut
SITES_OF_A_TRIAL = 60


@dataclass(frozen=True)
class RandomSubject:
    """The delivered rows of a subject, how far its site's data reach, and the plan they were made from.

    `medication_until`: the site's latest delivery of `cm`, which matters where the site has no cut.
    """

    siteid: str
    subjid: str
    rows: dict[str, list[Row]]
    site_cut: date | None
    medication_until: date
    day_zero: date
    plan: str

    def changed(self, **parts: object) -> RandomSubject:
        return replace(self, **parts)  # type: ignore[arg-type]


@dataclass(frozen=True)
class SubjectPlan:
    """What a subject is made from."""

    number: int
    situations: tuple[Situation, ...]


@dataclass(frozen=True)
class SitePlan:
    """What a site is made from: its subjects share the cut, which lies around the maturity of some visit."""

    day_zero: date
    cut_day: int | None
    subjects: tuple[SubjectPlan, ...]


MATURITY = [last + LAG for _, _, last in WINDOWS.values()]
CUTS: list[int | None] = [
    None,
    -20,
    0,
    *(day + beside for day in MATURITY for beside in (0, 1)),
    *[last for _, _, last in WINDOWS.values()],
    *[358] * 8,
    *[800] * 12,
]


def site_plans(at_most: int, situations: Sequence[Situation]) -> st.SearchStrategy[SitePlan]:
    """A site with one to three subjects, each in at most so many of the situations."""
    subject = st.builds(
        SubjectPlan,
        number=st.integers(0, 2**32 - 1),
        situations=st.lists(st.sampled_from(situations), max_size=at_most).map(tuple),
    )
    return st.builds(
        SitePlan,
        day_zero=st.sampled_from(DAYS_ZERO),
        cut_day=st.sampled_from(CUTS),
        subjects=st.lists(subject, min_size=1, max_size=3).map(tuple),
    )


def subjects_of(plan: SitePlan, siteid: str) -> list[RandomSubject]:
    """The subjects of a site; the same subject ids at every site."""
    return [_subject(subject, plan, siteid, f"{number:03}") for number, subject in enumerate(plan.subjects, start=1)]


def _subject(plan: SubjectPlan, site: SitePlan, siteid: str, subjid: str) -> RandomSubject:
    cut = site.day_zero + timedelta(days=site.cut_day) if site.cut_day is not None else None
    # Medication reaches further than the cut, which only the last of all forms moves.
    medication_until = cut + timedelta(days=60) if cut else site.day_zero + timedelta(days=WITHOUT_CUT_UNTIL)
    dice = Random(plan.number)
    day_zero = site.day_zero + timedelta(days=dice.choice([0, 0, 0, 1, -1, 7]) if subjid != "001" else 0)
    draft = Draft(day_zero, dice)
    ordinary_subject(draft)
    for change in plan.situations:
        change(draft)
    names = ", ".join(change.__name__ for change in plan.situations) or "nothing special"
    plan_told = f"seed {plan.number}: {names}"
    return RandomSubject(siteid, subjid, draft.rows, cut, medication_until, day_zero, plan_told)


def ordinary_subject(draft: Draft) -> None:
    """Infused, assessed at some of the visits, and responding at most of them."""
    dice = draft.dice
    draft.rows["dm"].append({"sex": "F", "rficdtc": draft.on(-20)})
    draft.infusion("D0", draft.on(0, "10:00"))
    draft.baseline_score = dice.choice([12, 12, 8, 10, 16, 20, 30])
    draft.sledai("SCR", draft.on(-7), draft.baseline_score)
    draft.bilag("SCR", draft.on(-7), "DDDDDDDDD")
    draft.pga("SCR", draft.on(-7), "2.0")
    share = dice.choice([0.15, 0.3, 0.6, 1])
    for visit, target in TARGET.items():
        if visit == "D0" or dice.random() > (max(share, 0.7) if visit == "W48" else share):
            continue
        day = target + dice.choice([0, 0, 0, -2, 3])
        draft.sledai(visit, draft.on(day), max(0, draft.baseline_score - dice.choice([4, 5, 6, 7, 8, 10])))
        draft.bilag(visit, draft.on(day), "DDDDDDDDD")
        draft.pga(visit, draft.on(day), dice.choice(["1.0", "1.5", "2.0", "2.2"]))
        if dice.random() < 0.3:
            draft.infusion(visit, draft.on(day, "10:00"))


def trials(at_most: int, situations: Sequence[Situation]) -> st.SearchStrategy[list[SitePlan]]:
    """The plans of SITES_OF_A_TRIAL sites."""
    return st.lists(site_plans(at_most, situations), min_size=SITES_OF_A_TRIAL, max_size=SITES_OF_A_TRIAL)


def random_subjects(
    number_of_trials: int, number: int, at_most: int = 5, situations: Sequence[Situation] = SITUATIONS
) -> list[RandomSubject]:
    """The subjects of so many trials, each site under an id of its own; always the same ones for a number.

    They are drawn all at once, since SQL derives hundreds of subjects in the time of one. The very first trial that
    Hypothesis draws is the simplest one, the same subject over and over, and is left out.
    """
    drawn: list[list[SitePlan]] = []

    @seed(number)
    @settings(
        max_examples=number_of_trials + 1,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(trials(at_most, situations))
    def collect(trial: list[SitePlan]) -> None:
        drawn.append(trial)

    collect()
    sites = [site for trial in drawn[1:] for site in trial]
    return [subject for count, site in enumerate(sites, start=1) for subject in subjects_of(site, f"S{count:05}")]
