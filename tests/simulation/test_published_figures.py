"""A simulated trial that is over, held loosely against the published figures (tests/simulation/figures.py)."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation import SimulatedTrial
from tests.simulation.figures import FIGURES, Figure, Figures, as_markdown, figures_of, finished_trial
from tests.simulation.reading import read

PAGE = Path(__file__).resolve().parents[2] / "docs" / "simulation.md"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> SimulatedTrial:
    return finished_trial(tmp_path_factory.mktemp("finished"))


@pytest.fixture(scope="module")
def figures(trial: SimulatedTrial) -> Figures:
    return figures_of(trial)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_figure_is_near_the_published_one(figures: Figures, figure: Figure) -> None:
    assert figure.low <= figures.simulated[figure.name] <= figure.high


def test_the_trial_is_over(trial: SimulatedTrial, figures: Figures) -> None:
    treated = [row for row in read(trial.truth / "subjects.csv") if row["trtsdt"]]
    assert figures.treated == len(treated)


def test_response_comes_within_half_a_year_and_stays(figures: Figures) -> None:
    curve = figures.curve
    assert curve[2] < curve[8] < curve[16] < curve[24]
    assert curve[24] > 0.85 * curve[48]
    assert max(abs(curve[week] - curve[48]) for week in (36, 40, 44)) < 4


def test_who_does_not_benefit_leaves_more_often(trial: SimulatedTrial) -> None:
    treated = [row for row in read(trial.truth / "subjects.csv") if row["trtsdt"]]
    left = {
        benefits: [row["treatment_end_reason"] != "COMPLETED" for row in treated if row["responding"] == benefits]
        for benefits in ("Y", "N")
    }
    assert sum(left["N"]) / len(left["N"]) > 1.3 * sum(left["Y"]) / len(left["Y"])


def test_the_page_shows_these_figures(figures: Figures) -> None:
    assert as_markdown(figures) in PAGE.read_text(encoding="utf-8"), "python -m tests.simulation.figures prints them"
