"""The code location as a newcomer meets it: it loads, everything is grouped and explained, the lineage is unbroken."""

from __future__ import annotations

import dagster as dg
import pytest

from orchestration.automation.jobs import NIGHTLY_LOAD
from orchestration.checks.rules import checked_asset
from orchestration.definitions import defs
from orchestration.ingestion.forms import form_names
from orchestration.publication.tables import published_tables
from validation.catalogue import rules

GRAPH = defs.resolve_asset_graph()
NODES = {key: GRAPH.get(key) for key in GRAPH.get_all_asset_keys()}


def upstream_of(key: dg.AssetKey) -> set[dg.AssetKey]:
    seen: set[dg.AssetKey] = set()
    waiting = [key]
    while waiting:
        for parent in GRAPH.get(waiting.pop()).parent_keys:
            if parent not in seen:
                seen.add(parent)
                waiting.append(parent)
    return seen


def test_it_loads() -> None:
    dg.Definitions.validate_loadable(defs)


# What SRI-4 is derived from; the others (acr, ie, mh, lb, ae) bear on eligibility, safety and labs.
@pytest.mark.parametrize("form", ["dm", "ex", "sv", "sledai", "bilag", "pga", "cm", "ds"])
def test_the_lineage_from_raw_to_the_endpoint_is_unbroken(form: str) -> None:
    assert dg.AssetKey(["raw", form]) in upstream_of(dg.AssetKey(["analysis", "adsri"]))


@pytest.mark.parametrize("form", form_names())
def test_every_form_reaches_the_publication(form: str) -> None:
    assert dg.AssetKey(["raw", form]) in upstream_of(dg.AssetKey(["publication", "analysis_database"]))


def test_no_asset_is_a_stub() -> None:
    assert [key.to_user_string() for key, node in NODES.items() if not node.is_materializable] == []


@pytest.mark.parametrize("key", sorted(NODES), ids=lambda key: key.to_user_string())
def test_every_asset_says_what_it_is(key: dg.AssetKey) -> None:
    node = NODES[key]
    assert node.group_name != "default"
    assert node.kinds
    assert node.owners
    assert node.description
    assert len(node.description) > 25, node.description
    assert "select" not in node.description.lower().split()
    if key.path[0] != "publication":
        assert "dagster/table_name" in node.metadata


def test_every_published_table_is_an_asset() -> None:
    keys = {key.to_user_string() for key in NODES}
    assert {f"{table.schema}/{table.name}" for table in published_tables()} <= keys


def test_every_rule_is_a_check_and_only_invariants_block() -> None:
    for rule in rules():
        for table in rule.tables:
            key = dg.AssetCheckKey(checked_asset(table), rule.rule_id)
            published = key.asset_key.path[0] in {"analysis", "quality", "metadata"}
            assert GRAPH.get(key).blocking is (rule.severity == "INVARIANT" and published), key


def test_publishing_waits_for_the_checks() -> None:
    job = defs.resolve_job_def(NIGHTLY_LOAD)
    [publish] = [node for node in job.nodes if node.name == "publish"]
    parents = [
        handle.node_name
        for handles in job.graph.dependency_structure.input_to_upstream_outputs_for_node(publish.name).values()
        for handle in handles
    ]
    assert "check" in parents


def test_every_stage_has_checks() -> None:
    assert {rule.stage for rule in rules()} == {"RAW", "STAGING", "ANALYSIS"}


def test_the_nightly_load_runs_everything_in_one_process() -> None:
    job = defs.resolve_job_def(NIGHTLY_LOAD)
    assert job.executor_def.name == "in_process"
    assert {node.name for node in job.nodes} == {"land", "derive", "check", "publish", "review"}


def test_the_schedule_is_on_from_the_first_start() -> None:
    schedule = defs.resolve_schedule_def("every_night_at_two")
    assert schedule.cron_schedule == "0 2 * * *"
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
    assert schedule.execution_timezone == "UTC"
