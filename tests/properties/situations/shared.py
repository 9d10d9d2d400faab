"""What several kinds of situations need: their register, values that can't be read, days where rules begin.

What does not belong here: a situation, or what only one kind of them needs (the modules beside this one).
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from tests.properties.drafts import EDGES, TARGET, WINDOWS, Draft

Situation = Callable[[Draft], None]
_REGISTERED: list[Situation] = []

TARGETS = [target for _, target, _ in WINDOWS.values()]
SCHEDULED = [visit for visit in TARGET if visit != "D0"]
UNREADABLE_DATES = [
    "2026-02-30", "2026-13-01", "2026-1-5", "20260105", "05.01.2026", "2026-01-05 09:30", "2026-01-05T9:30",
    "2026-01-05T24:00", "2026-01-05T09:30Z", "2026-01-05T09:60", "1899-12-31", "2100-01-01", "2026-01", "2026", "UNK",
    "0000-00-00", "2026-13", "2026-00", "1899", "2026-01-05T", "2026-W01-1", "２０２６-01-05",
]  # fmt: skip
BLANKS = ["", " ", "\t", "\u00a0", "\u3000 ", "\r\n"]


def situation(function: Situation) -> Situation:
    """Registers a situation."""
    _REGISTERED.append(function)
    return function


def situations_of(module: ModuleType) -> list[Situation]:
    """The situations a module has registered, in the order in which they stand there."""
    return [registered for registered in _REGISTERED if registered.__module__ == module.__name__]


def some_day(draft: Draft) -> int:
    """A day after baseline where something begins or ends: edges of windows, targets, and the days beside them."""
    dice = draft.dice
    if dice.random() < 0.5:
        return dice.choice(EDGES)
    return dice.choice(TARGETS) + dice.choice([-7, -3, -1, 0, 0, 0, 1, 3, 7])
