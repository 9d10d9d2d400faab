"""What the webserver answers about checks, asked over GraphQL as its pages ask, beside what is published.

`quality.rule_runs` is made from the catalogue and the ledger, the answer from Dagster's events: two ways to the same.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.browser.conftest import Warehouse

pytestmark = pytest.mark.slow

CHECKS = """
{ assetNodes { assetKey { path } assetChecksOrError { ... on AssetChecks { checks {
    name
    executionForLatestMaterialization { status evaluation { success severity description metadataEntries {
        label ... on TextMetadataEntry { text } ... on IntMetadataEntry { intValue }
    } } }
} } } } }
"""
OUTCOMES = "select rule_id, outcome, count(*) from quality.rule_runs group by rule_id, outcome"
# Red means act: something new tonight or overdue, of a rule whose findings ask a site for an answer.
RED = """
select rule_id, bool_or(opened = (select clockdt from metadata.run) or overdue = 'Y')
from quality.findings where status = 'OPEN' and severity in ('CRITICAL', 'MAJOR') group by rule_id
"""


@pytest.fixture(scope="module")
def evaluations(warehouse: Warehouse) -> list[tuple[str, dict[str, Any]]]:
    """(rule, evaluation) of every check that Dagster knows."""
    nodes = warehouse.dagster.ask(CHECKS)["assetNodes"]
    checks = [check for node in nodes for check in (node["assetChecksOrError"].get("checks") or [])]
    assert all(check["executionForLatestMaterialization"] for check in checks), "a check without a result"
    return [(check["name"], check["executionForLatestMaterialization"]["evaluation"]) for check in checks]


def entry(evaluation: dict[str, Any], label: str) -> Any:
    (found,) = [one for one in evaluation["metadataEntries"] if one["label"] == label]
    return found.get("text", found.get("intValue"))


def test_passed_failed_and_not_run_are_what_is_published(
    warehouse: Warehouse, evaluations: list[tuple[str, dict[str, Any]]]
) -> None:
    told = Counter((rule, entry(evaluation, "outcome")) for rule, evaluation in evaluations)
    assert told == {(rule, outcome): count for rule, outcome, count in warehouse.ask(OUTCOMES)}
    assert all((entry(one, "outcome") == "PASSED") is one["success"] for _, one in evaluations)


def test_red_is_what_is_new_or_overdue(warehouse: Warehouse, evaluations: list[tuple[str, dict[str, Any]]]) -> None:
    red = {rule for rule, one in evaluations if not one["success"] and one["severity"] == "ERROR"}
    assert red == {rule for rule, act in warehouse.ask(RED) if act}
    assert red, "the second night of this trial has news"


def test_the_counts_are_those_of_the_findings(
    warehouse: Warehouse, evaluations: list[tuple[str, dict[str, Any]]]
) -> None:
    told: Counter[str] = Counter()
    for rule, evaluation in evaluations:
        told[rule] += entry(evaluation, "open_findings")
    counts = warehouse.ask("select rule_id, count(*) from quality.findings where status = 'OPEN' group by rule_id")
    assert +told == dict(counts)
