"""The numbers of the latent disease: each named, with its meaning and where it comes from.

What belongs here: constants that course.py works with. What does not: how it works with them. No
numbers can be read anywhere, because nobody sees latent activity: all were set by hand so that the
published figures in docs/simulation.md come out, and the comments say which figure each one moves.
Which organs are common is published (PMC3465857: joints, skin and serology in most subjects of the
BLISS trials, every other organ system in 16 % at most), and so is low complement; the shares of single
items are assumed.
"""

from typing import NamedTuple


class Item(NamedTuple):
    """One SLEDAI-2K item: how common it is among lupus patients, and how closely it follows activity."""

    name: str
    share: float
    loading: float


# In the order of the questionnaire. The shares are of all patients; those let in (SLEDAI-2K of 6 at least) have more.
# Serology hardly follows activity: it is present for years, which is why it says little about who will respond.
ITEMS = (
    Item("seizure", 0.001, 0.6),
    Item("psychosis", 0.001, 0.6),
    Item("organic brain syndrome", 0.001, 0.6),
    Item("visual disturbance", 0.002, 0.6),
    Item("cranial nerve disorder", 0.001, 0.6),
    Item("lupus headache", 0.006, 0.8),
    Item("CVA", 0.0005, 0.5),
    Item("vasculitis", 0.030, 0.8),
    Item("arthritis", 0.53, 1.2),
    Item("myositis", 0.012, 0.9),
    Item("urinary casts", 0.005, 0.7),
    Item("haematuria", 0.025, 0.7),
    Item("proteinuria", 0.07, 0.7),
    Item("pyuria", 0.025, 0.8),
    Item("rash", 0.53, 1.1),
    Item("alopecia", 0.38, 1.0),
    Item("mucosal ulcers", 0.22, 1.1),
    Item("pleurisy", 0.03, 1.0),
    Item("pericarditis", 0.012, 0.9),
    Item("low complement", 0.54, 0.4),
    Item("increased DNA binding", 0.60, 0.4),
    Item("fever", 0.02, 1.0),
    Item("thrombocytopenia", 0.03, 0.6),
    Item("leukopenia", 0.06, 0.6),
)


class Organ(NamedTuple):
    """One BILAG system: the SLEDAI items it shares an organ with, the share it was ever involved in, its flares."""

    items: tuple[int, ...]
    ever_involved: float
    flares: float
    """How likely a flare of one organ strikes this one, beside the others."""


ORGANS: dict[str, Organ] = {
    "bilconst": Organ((22,), 0.35, 1.0),
    "bilmuco": Organ((8, 15, 16, 17), 0.70, 3.0),
    "bilneuro": Organ((1, 2, 3, 5, 6, 7), 0.08, 0.5),
    "bilmusc": Organ((9, 10), 0.75, 3.0),
    "bilcard": Organ((18, 19), 0.20, 0.7),
    "bilgast": Organ((), 0.04, 0.4),
    "bilopht": Organ((4,), 0.04, 0.3),
    "bilrenal": Organ((11, 12, 13, 14), 0.25, 1.2),
    "bilhaem": Organ((23, 24), 0.40, 0.8),
}

# -- Activity: 1 on average at baseline; one unit is about the standard deviation of an item's excess.
# How far subjects differ in activity. Moves the spread of SLEDAI-2K and PGA at baseline.
ACTIVITY_SPREAD = 0.40
# How far activity, and each item by itself, swings from one examination to the next. Moves how often a component
# changes by chance alone, and with it the response in the first weeks.
VISIT_NOISE, ITEM_NOISE = 0.08, 0.13

# -- Who responds: the log odds of it, from what is known at baseline. Each moves one comparison of responders and
# non-responders there; the first moves the overall rate.
ODDS_AT_MEAN = 1.38
ODDS_PER_SLEDAI_POINT, SLEDAI_MEAN, SLEDAI_ENOUGH = 0.24, 9.8, 12
"""More to lose makes a fall of 4 points likelier, up to some score; beyond it the sickest are no better off."""
ODDS_PER_PGA_POINT, PGA_MEAN = 1.0, 1.45
ODDS_LOW_COMPLEMENT, ODDS_IMMUNOSUPPRESSANT = -0.95, -0.75

# -- The course under treatment: activity falls along a curve that is flat at first, for belimumab acts slowly.
# Moves the SLEDAI component, and the shape of the response curve.
FALL_RESPONDING, FALL_OTHERWISE, FALL_SPREAD = 1.65, 0.30, 0.35
PACE_DAYS, PACE_SPREAD, PACE_SHAPE = 105.0, 0.40, 1.4
# Flares of the whole disease: how many in the year, how high, how quickly they fade. Move BILAG and PGA components.
FLARES_RESPONDING, FLARES_OTHERWISE = 0.25, 0.35
FLARE_LOWEST, FLARE_HIGHEST, FLARE_FADES_DAYS = 0.4, 1.0, 45.0
# Flares of one organ, seen by BILAG and by the physician but not by SLEDAI-2K: why a fall of SLEDAI-2K is not always
# a response. Their height is in units of an organ's severity.
ORGAN_FLARES, ORGAN_FLARE_LOWEST, ORGAN_FLARE_HIGHEST, ORGAN_FLARE_FADES_DAYS = 1.1, 2.0, 5.0, 60.0

# -- Leaving: the log odds, before each planned visit, of leaving the treatment, and what each unit of activity adds.
# Moves dropout; who is not better leaves more often, so that dropout is one of the ways not to respond.
LEAVING, LEAVING_PER_ACTIVITY = -4.50, 0.85

# -- BILAG: how far past its SLEDAI threshold the worst organ item has to be for each grade, and the examiner's noise.
GRADE_A, GRADE_B, GRADE_C, GRADE_NOISE = 2.0, 0.45, -0.35, 0.25

# -- PGA (0 to 3): where the physician's mark stands without activity, and what it gains with each unit of it; how far
# physicians differ, and how far the mark swings by itself. Move its mean and spread, and the PGA component.
PGA_WITHOUT_ACTIVITY, PGA_PER_ACTIVITY, PGA_PER_ORGAN_FLARE = 0.80, 0.58, 0.22
PGA_BETWEEN_PHYSICIANS, PGA_NOISE, PGA_HIGHEST = 0.33, 0.12, 2.9
