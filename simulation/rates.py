"""How often things happen that are no defects: missed visits, late entry, corrections.

What belongs here: the stated rate of each, in one place; docs/simulation.md shows the same numbers. What
does not: the defects and their rates (defects.py, file_defects.py), and the disease (disease.py).
"""

from typing import NamedTuple


class Rate(NamedTuple):
    """How often something happens, and to what."""

    name: str
    share: float
    of: str
    meaning: str


VISIT_MISSED = Rate(
    "visit missed", 0.012, "planned visits after day 0", "recorded as not done, with a reason; never in a clean trial"
)
INFUSION_MISSED = Rate(
    "infusion left out",
    0.006,
    "visits during treatment",
    "the visit takes place, its infusion does not; in a clean trial only at week 2, where no interval gets too long",
)
UNSCHEDULED_VISIT = Rate("unscheduled visit", 0.006, "planned visits from week 8 on", "about two weeks after it")
INFUSION_DISTURBED = Rate("infusion interrupted or slowed", 0.02, "infusions", "it takes 10 to 30 minutes longer")
STAYS_AFTER_STOPPING = Rate(
    "stays after stopping treatment", 0.15, "who stops treatment early", "comes to the visits; in a clean trial all do"
)
ENTERED_LATE = Rate(
    "form entered late",
    0.015,
    "visits after day 0",
    "one of sledai, bilag, pga, lb follows 8 to 45 days after the visit instead of 6 at most; never in a clean trial",
)
PULSE_CORRECTED = Rate("pulse corrected", 0.06, "subjects and nights after the first", "a vital sign read wrongly")
ASSESSMENT_CORRECTED = Rate(
    "global assessment corrected", 0.02, "subjects and nights after the first", "one step of the scale up or down"
)
RESULT_REMOVED = Rate(
    "result removed", 0.03, "subjects and nights after the first", "a lymphocyte count that was somebody else's"
)
DEFECT_MENDED = Rate(
    "defect mended", 0.12, "subjects with a planted defect", "on a night after the first the row says what is right"
)

CHANGES_WITHOUT_DEFECT = (PULSE_CORRECTED, ASSESSMENT_CORRECTED, RESULT_REMOVED)
RATES = (
    VISIT_MISSED, INFUSION_MISSED, UNSCHEDULED_VISIT, INFUSION_DISTURBED, STAYS_AFTER_STOPPING, ENTERED_LATE,
    *CHANGES_WITHOUT_DEFECT, DEFECT_MENDED,
)  # fmt: skip
