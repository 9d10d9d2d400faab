"""What can happen to a subject: each situation changes a draft, at the edges where a rule begins or ends.

What belongs here: one function a situation, every choice of it thrown with the draft's dice, a module for each kind.
What does not: which situations a subject meets, and its site's cut (trials.py); and what follows from any of it.
"""

from tests.properties.situations import activity, damage, dosing, endings, medication
from tests.properties.situations.shared import Situation, situations_of

__all__ = ["SITUATIONS", "Situation"]

# In this order: what Hypothesis draws, it draws by position.
SITUATIONS: list[Situation] = [
    situation for module in (activity, dosing, endings, medication, damage) for situation in situations_of(module)
]
