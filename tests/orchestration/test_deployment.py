"""The files of docs/deployment agree with each other and with the code; that they work is what test_access.py shows."""

from __future__ import annotations

import importlib
import importlib.util
import re

import dagster as dg
import pytest
import yaml
from dagster._core.workspace.permissions import Permissions, get_location_scoped_user_permissions

from orchestration.automation.jobs import NIGHTLY_LOAD
from orchestration.definitions import defs as warehouse
from orchestration.reviewers_webserver import REVIEW, REVIEWERS_MAY, ReviewersRequest
from tests.support.dagster_dev import ROOT

DEPLOYMENT = ROOT / "docs" / "deployment"
REVIEW_MODULE = "orchestration.review.definitions"
PAGE = ROOT / "docs" / "who-may-do-what.md"


def locations(workspace: str) -> dict[str, str]:
    """Module by name of the code location."""
    entries = yaml.safe_load((DEPLOYMENT / workspace).read_text())["load_from"]
    return {entry["python_module"]["location_name"]: entry["python_module"]["module_name"] for entry in entries}


def started(group: str) -> str:
    unit = (DEPLOYMENT / "systemd" / f"mrbs-{group}.service").read_text()
    (line,) = re.findall(r"^ExecStart=(.*)$", unit, flags=re.MULTILINE)
    return str(line)


def test_reviewers_get_the_review_location_and_no_other() -> None:
    assert locations("workspace-reviewers.yaml") == {REVIEW: REVIEW_MODULE}


def test_engineers_get_every_location_under_the_name_that_it_has_elsewhere() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    assert 'code_location_name = "mrbs"' in project
    assert locations("workspace-engineers.yaml") == {"mrbs": "orchestration.definitions", REVIEW: REVIEW_MODULE}


def test_the_review_location_holds_no_load() -> None:
    defs = importlib.import_module(REVIEW_MODULE).defs
    dg.Definitions.validate_loadable(defs)
    jobs = {job.name for job in defs.resolve_all_job_defs()}
    assert {"accept_findings", "reopen_findings", "comment_findings", "subject_page"} <= jobs
    assert NIGHTLY_LOAD not in jobs
    assert {key.path[0] for key in defs.resolve_asset_graph().materializable_asset_keys} == {"review"}
    # Nothing of it is in the pool of a load: a reviewer's job is never kept waiting.
    assert not any(job.graph.node_defs[0].pools for job in defs.resolve_all_job_defs())


def test_the_steps_of_a_load_are_one_pool() -> None:
    """Whoever starts one of them, also by hand: Dagster's queue runs one at a time."""
    nodes = warehouse.resolve_job_def(NIGHTLY_LOAD).graph.node_defs
    assert {node.name: node.pools for node in nodes} == {
        name: {"warehouse"} for name in ("land", "derive", "check", "publish", "review")
    }
    instance = yaml.safe_load((ROOT / "orchestration" / "dagster.yaml").read_text())
    assert instance["concurrency"] == {"pools": {"default_limit": 1, "granularity": "run"}}


def test_the_proxy_leads_to_the_ports_that_the_services_listen_on() -> None:
    proxy = (DEPLOYMENT / "nginx.conf").read_text()
    led = dict(re.findall(r"location /(\w+)/ \{.*?proxy_pass http://127\.0\.0\.1:(\d+);", proxy, flags=re.DOTALL))
    assert set(led) == {"engineers", "reviewers", "readers"}
    for group, port in led.items():
        assert f"-h 127.0.0.1 -p {port} --path-prefix /{group}" in started(group)
        assert f"/etc/mrbs/{group}.passwords" in proxy


def test_each_service_is_what_its_group_may_have() -> None:
    engineers = "-w docs/deployment/workspace-engineers.yaml"
    assert f"bin/dagster-daemon run {engineers}" in started("daemon")
    assert f"bin/dagster-webserver {engineers}" in started("engineers")
    assert f"bin/dagster-webserver --read-only {engineers}" in started("readers")
    assert "bin/python -m orchestration.reviewers_webserver -w docs/deployment/workspace-reviewers.yaml" in started(
        "reviewers"
    )


@pytest.mark.parametrize("location", [REVIEW, "mrbs"])
def test_what_a_reviewer_may_do(location: str) -> None:
    permissions = ReviewersRequest.permissions_for_location(
        ReviewersRequest.__new__(ReviewersRequest), location_name=location
    )
    allowed = {name for name, result in permissions.items() if result.enabled}
    assert set(permissions) == set(get_location_scoped_user_permissions(read_only=True))
    assert allowed == (set(REVIEWERS_MAY) if location == REVIEW else set())
    assert Permissions.WIPE_ASSETS not in allowed


def test_the_page_names_every_file() -> None:
    page = PAGE.read_text()
    files = [path for path in DEPLOYMENT.rglob("*") if path.is_file() and path.name != "README.md"]
    names = [path.stem if path.suffix == ".service" else path.name for path in files]
    assert len(names) == 8
    assert [name for name in names if name not in page] == []
