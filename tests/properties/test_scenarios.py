"""Both derivations say the same under every scenario, and every scenario makes a difference.

What belongs here: agreement, and what a scenario can never do. What does not: the trial's own analysis
(test_agreement.py), and examples written by hand (tests/dbt_project/test_endpoint_scenarios.py).
"""

from __future__ import annotations

import pytest

from tests.properties.scenarios import (
    Sensitivity,
    scenarios_by_second_derivation,
    scenarios_by_sql,
    with_own_totals,
)
from tests.properties.trials import random_subjects
from validation.protocol import scenarios

Both = tuple[Sensitivity, Sensitivity]


@pytest.fixture(scope="module")
def both() -> Both:
    """What the second derivation and SQL say of some hundred subjects under every scenario."""
    subjects = with_own_totals(random_subjects(4, 3))
    return scenarios_by_second_derivation(subjects), scenarios_by_sql(subjects)


def test_the_two_derivations_agree_under_every_scenario(both: Both) -> None:
    second, sql = both
    assert sql.keys() == second.keys()
    assert {key: (second[key], sql[key]) for key in sql if sql[key] != second[key]} == {}


@pytest.mark.parametrize("scenario", list(scenarios())[1:])
def test_every_scenario_changes_somebody(both: Both, scenario: str) -> None:
    _, sql = both
    # sri4oc and sri4; of a window sri4oc alone, as it also changes when the visit is mature, and so sri4.
    results = slice(0, 1 if scenario.endswith("WINDOW") else 2)
    assert any(
        sql[usubjid, scenario][results] != sql[usubjid, "PRIMARY"][results] for usubjid, name in sql if name == scenario
    )


# What a scenario can do to a known result, by what it does: rules that are off and a wider limit only make responders.
ONLY_GAINS = ("STEROID RULE OFF", "MEDICATION RULE OFF", "BOTH RULES OFF", "PGA LIMIT 0.50", "BILAG GAPS LEFT OUT")
ONLY_LOSES = ("PGA LIMIT 0.10", "BILAG GAPS WORST")


@pytest.mark.parametrize("scenario", [*ONLY_GAINS, *ONLY_LOSES])
def test_a_lenient_scenario_loses_no_responder_and_a_strict_one_makes_none(both: Both, scenario: str) -> None:
    _, sql = both
    impossible = ("Y", "N") if scenario in ONLY_GAINS else ("N", "Y")
    column = 1  # sri4
    pairs = [
        (sql[usubjid, "PRIMARY"][column], values[column]) for (usubjid, name), values in sql.items() if name == scenario
    ]
    assert pairs
    assert impossible not in pairs
