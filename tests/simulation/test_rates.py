"""Stated rates: the page shows them as they are, and subjects get defects that often."""

from collections import Counter
from math import sqrt
from pathlib import Path

import pytest

from simulation.defects import KINDS, Dealer
from simulation.draws import generator
from tests.simulation.conftest import Written
from tests.simulation.rate_tables import defect_table, rate_table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "simulation.md"
DEALT = 40_000


@pytest.mark.parametrize("table", [defect_table(), rate_table()], ids=["defects", "what happens by itself"])
def test_the_page_shows_the_stated_rates(table: str) -> None:
    assert table in PAGE.read_text(encoding="utf-8"), "python -m tests.simulation.rate_tables prints them"


def test_defects_are_dealt_at_their_rates() -> None:
    dealer = Dealer(clean=False, sites=12)
    dealer.due_from.clear()
    random = generator("rates")
    dealt = Counter(dealer.deal(random, 1).kind for _ in range(DEALT))
    for kind in KINDS:
        expected = kind.rate * DEALT
        assert abs(dealt[kind.name] - expected) < 4 * sqrt(expected), kind.name


def test_late_entry_comes_at_its_rate(dirty: Written) -> None:
    """Loosely: one visit in sixty or so, as most visits after day 0 are examined."""
    visits = sum(row["visit"].startswith("W") for row in dirty.form("sv"))
    assert 0.005 < len(dirty.truth("late_entries")) / visits < 0.03
