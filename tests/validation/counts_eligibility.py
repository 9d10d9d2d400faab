"""ELI and DSP counted in SQL of their own: per rule and table, the field and what is wrong.

Limits stand here as numbers, on purpose. What belongs here: the counts, and values to draw from for columns of these
frames alone. What does not: counting.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

SUBJECTS = "checks.chk_eligibility"
ANSWERS = "checks.chk_eligibility_answers"
LABORATORY = "checks.chk_eligibility_labs"
HISTORY = "checks.chk_eligibility_history"
DISPOSITIONS = "checks.chk_dispositions"
AFTER_END = "checks.chk_after_end"


def of_infused(form: str) -> str:
    """The row is about this form of somebody infused, or may be."""
    return f"coalesce(form = '{form}' and infused, true)"


WRONG: dict[tuple[str, str], list[tuple[str, str]]] = {
    ("ELI01", SUBJECTS): [("rficdtc", "coalesce(form = 'dm', true) and rficdtc_delivered is null")],
    ("ELI03", SUBJECTS): [
        ("acrmet", f"{of_infused('acr')} and (criteria_met_at_most < 4 or criteria_met_at_most is null)")
    ],
    ("ELI04", SUBJECTS): [
        ("age", f"{of_infused('dm')} and age <= 18"),
        ("brthyr", f"{of_infused('dm')} and age_at_most <= 18"),
    ],
    ("ELI05", SUBJECTS): [("items", "coalesce(form = 'sledai', true) and (sledai < 6 or sledai is null)")],
    ("ELI06", ANSWERS): [
        ("ieorres", "coalesce(infused, true) and ieorres is not null and ieorres is distinct from eligible_answer")
    ],
    ("ELI06", SUBJECTS): [("ieorres", f"{of_infused('ie')} and unanswered is not null")],
    ("ELI07", LABORATORY): [
        (
            "lborres",
            "coalesce(infused, true) and result is not null and (result < lowest_allowed or lowest_allowed is null)",
        )
    ],
    ("ELI08", LABORATORY): [("lborres", "coalesce(infused, true) and serology = 'POSITIVE'")],
    ("ELI09", HISTORY): [("mhstdtc", "coalesce(form = 'mh', true) and verdict in ('INSIDE', 'UNDECIDED')")],
    ("ELI10", HISTORY): [("cmstdtc", "coalesce(form = 'cm', true) and verdict in ('INSIDE', 'UNDECIDED')")],
    ("ELI11", ANSWERS): [("ieorres", "ieorres is not null and contradiction is not null")],
    ("DSP01", DISPOSITIONS): [("dsdecod", "form = 'ds' and ends is distinct from 1")],
    ("DSP02", AFTER_END): [
        ("exstdtc", "coalesce(what_ended = 'end of study', true) and records_after is distinct from 0")
    ],
    ("DSP03", DISPOSITIONS): [
        ("aeout", "form = 'ae' and coalesce(tells_of_death, true) and death_problem is not null"),
        ("dsdecod", "form = 'ds' and coalesce(tells_of_death, true) and death_problem is not null"),
    ],
    ("DSP04", DISPOSITIONS): [("aeacn", "coalesce(led_to_withdrawal, true) and not coalesce(has_disposition, false)")],
    ("DSP05", AFTER_END): [("dsdtc", "coalesce(what_ended = 'death', true) and records_after is distinct from 0")],
}

# Values to draw from, where the usual ones would not meet a limit on both sides.
POOLS: dict[str, tuple[Any, ...]] = {
    "age": (17, 18, 19, 34),
    "age_at_most": (17, 18, 19),
    "criteria_met_at_most": (0, 3, 4, 11),
    "sledai": (0, 5, 6, 30),
    "result": (Decimal("3.9999"), Decimal("4"), Decimal("0.0999"), Decimal("0.1")),
    "lowest_allowed": (Decimal("4"), Decimal("0.1")),
    "serology": ("POSITIVE", "NEGATIVE"),
    "ends": (1, 2),
    "what_ended": ("end of study", "death"),
    "records_after": (0, 1, 7),
    "verdict": ("INSIDE", "OUTSIDE", "UNDECIDED", "REPORTED"),
}
# The types of columns that no contract names.
COLUMNS = {
    "integer": "ends records_after age criteria_met criteria_met_at_most age_at_most sledai",
    "decimal": "result lowest_allowed",
    "date": "end_dt first_dt_after",
    "boolean": "tells_of_death led_to_withdrawal has_disposition",
}
# Forms among which a frame of several forms is drawn.
FORMS = {
    SUBJECTS: ("dm", "acr", "sledai", "ie"),
    HISTORY: ("mh", "cm"),
    DISPOSITIONS: ("ds", "ae"),
}
