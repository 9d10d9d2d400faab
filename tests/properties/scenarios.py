"""The sensitivity scenarios of random subjects, by both derivations, brought to one shape.

What belongs here: deriving under every scenario, and the totals that random sites write down. What does not: the
trial's own analysis (both.py) and what must hold (test_scenarios.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from tests.properties.both import by_second_derivation, raw_rows
from tests.properties.trials import RandomSubject
from tests.support.compiled import derived, models_read_for
from validation.protocol import limits, scenarios
from validation.second_derivation.protocol_tables import scenario as under_scenario

VALUES = ("sri4oc", "sri4", "reason", "maturfl")
# Subject and scenario -> the values in their order.
Sensitivity = dict[tuple[str, str], tuple[str | None, ...]]

# Beside totals near the sum of the items: the highest that items add up to and one more, and what is no total.
ODD_TOTALS = ("", "0", "105", "106", "-1", "12.0", "12.5", "twelve")


def with_own_totals(subjects: Sequence[RandomSubject]) -> list[RandomSubject]:
    """The same subjects, at sites that don't always add up as the items do; the same totals every time."""
    dice = Random(17)

    def total(delivered: str | None) -> str | None:
        if dice.random() < 0.5:
            return delivered
        if dice.random() < 0.3:
            return dice.choice(ODD_TOTALS)
        return str(max(0, int(delivered or 0) + dice.choice((-6, -4, -2, 2, 4))))

    changed = []
    for subject in subjects:
        records = [{**row, "sledtot": total(row.get("sledtot"))} for row in subject.rows.get("sledai", [])]
        changed.append(subject.changed(rows={**subject.rows, "sledai": records}))
    return changed


def scenarios_by_second_derivation(subjects: Sequence[RandomSubject]) -> Sensitivity:
    """What the second derivation says at the week of the endpoint under every scenario."""
    avisit = f"Week {limits()('response_week')}"
    found: Sensitivity = {}
    for scenario in scenarios():
        with under_scenario(scenario):
            outcomes = by_second_derivation(subjects)
        for subject, outcome in zip(subjects, outcomes, strict=True):
            if outcome is not None and avisit in outcome.visits:
                values = tuple(outcome.visits[avisit][column] for column in VALUES)
                found[f"MRBS-{subject.siteid}-{subject.subjid}", scenario] = values
    return found


def scenarios_by_sql(subjects: Sequence[RandomSubject]) -> Sensitivity:
    """The same, out of adsens."""
    forms, bookkeeping = raw_rows(subjects)
    with derived(forms, bookkeeping, models_read_for("adsens")) as connection:
        rows = connection.execute(
            f"select usubjid, scenario, {', '.join(VALUES)} from candidate.analysis.adsens"
        ).fetchall()
    return {(usubjid, scenario): tuple(values) for usubjid, scenario, *values in rows}
