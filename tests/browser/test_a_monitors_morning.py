"""A monitor's morning in Dagster, in a real browser: the landing page, a failed check, a site, an acceptance.

Every figure that is looked for on a page is counted here from the published tables. At the end the webserver is asked
over GraphQL, as its pages ask, for the evaluation of every check: quality.rule_runs is made from the catalogue and the
ledger, the answer from Dagster's events.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
import yaml
from playwright.sync_api import expect

from tests.browser.conftest import Browser, Warehouse

pytestmark = pytest.mark.slow

NEW = """
select count(*), count(distinct siteid), count(*) filter (where severity = 'CRITICAL')
from quality.findings
where status = 'OPEN' and opened = (select clockdt from metadata.run)
"""
# An open finding of a rule on infusions that is no gross error.
DOSE = """
select finding_id, message, siteid, count(*) over () from quality.findings
where rule_id = 'DOS01' and status = 'OPEN' order by finding_id limit 1
"""
SUBJECT = "select usubjid from quality.findings where finding_id = $finding"
STATUS = "select status from quality.findings where finding_id = $finding"


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


def test_the_landing_page_says_what_is_new(warehouse: Warehouse, browser: Browser) -> None:
    ((new, sites, critical),) = warehouse.ask(NEW)
    assert new, "the second night of this trial has news"
    page = browser.open("/assets/review/landing_page")
    # The first sentence, as the page words it: "5 findings are new tonight at 3 sites, 2 of them CRITICAL; ..."
    said = page.get_by_text(re.compile(rf"\b{new} findings? .*new tonight at {sites} site"))
    expect(said).to_be_visible()
    if critical:
        expect(said).to_contain_text(f"{critical} of them CRITICAL")
    (worst, *_) = warehouse.ask(
        "select finding_id from quality.findings where status = 'OPEN' and opened = (select clockdt from metadata.run)"
    )
    expect(page.get_by_text(worst[0]).first).to_be_attached()
    browser.picture("landing-page")


def test_the_run_list_tells_a_night_with_red_checks(warehouse: Warehouse, browser: Browser) -> None:
    page = browser.open("/runs")
    expect(page.get_by_text(re.compile(r"mrbs/checks: \d+ red")).first).to_be_visible()
    browser.picture("run-list")


def test_a_failed_check_shows_its_records(warehouse: Warehouse, browser: Browser) -> None:
    ((finding, message, _, how_many),) = warehouse.ask(DOSE)
    page = browser.open("/assets/analysis/adex?view=checks&checkDetail=DOS01")
    expect(page.get_by_text("Evaluation result")).to_be_visible()
    expect(page.get_by_text(finding)).to_be_visible()
    expect(page.get_by_text(message)).to_be_visible()
    expect(page.get_by_text(re.compile(rf"^{how_many} of [\d,]+ "))).to_be_visible()
    browser.picture("failed-check")


def test_a_site_has_a_page(warehouse: Warehouse, browser: Browser) -> None:
    ((_, message, site, _),) = warehouse.ask(DOSE)
    page = browser.open(f"/assets/review/site?view=partitions&partition={site}")
    expect(page.get_by_text(re.compile(rf"{site}: .* tonight"))).to_be_visible()
    expect(page.get_by_text(message)).to_be_attached()
    browser.picture("site-page")


def test_a_finding_is_accepted_and_a_subject_looked_at(warehouse: Warehouse, browser: Browser) -> None:
    ((finding, _, _, _),) = warehouse.ask(DOSE)
    acceptance = {"finding": finding, "by": "A. Meyer", "reason": "the pump log confirms it", "until": "2099-12-31"}
    run = fill_in_and_launch(browser, "accept_findings", {"accept": {"config": acceptance}}, picture="acceptance")
    assert warehouse.dagster.wait_for(run, "SUCCESS", "FAILURE") == "SUCCESS"
    page = browser.open("/assets/review/landing_page")
    expect(page.get_by_text("1 decision waits for the next load")).to_be_visible()
    expect(page.get_by_text("will be accepted with the next load")).to_be_attached()

    ((subject,),) = warehouse.ask(SUBJECT, finding=finding)
    run = fill_in_and_launch(browser, "subject_page", {"show_subject": {"config": {"usubjid": subject}}})
    assert warehouse.dagster.wait_for(run, "SUCCESS", "FAILURE") == "SUCCESS"
    page = browser.open(f"/assets/review/subject?view=partitions&partition={subject}")
    expect(page.get_by_text(f"{subject}: ", exact=False).first).to_be_visible()
    browser.picture("subject-page")

    assert warehouse.ask(STATUS, finding=finding) == [("OPEN",)]
    load = warehouse.dagster.launch("nightly_load", str(warehouse.trial.nights[-1]))
    assert warehouse.dagster.wait_for(load, "SUCCESS", "FAILURE") == "SUCCESS"
    assert warehouse.ask(STATUS, finding=finding) == [("ACCEPTED",)]
    page = browser.open("/assets/review/landing_page")
    expect(page.get_by_text(re.compile("accepted by A. Meyer until 2099-12-31"))).to_be_attached()
    expect(page.get_by_text(re.compile("waits? for the next load"))).to_have_count(0)


def test_what_cannot_be_done_is_refused_in_a_sentence(warehouse: Warehouse, browser: Browser) -> None:
    """Launched as it stands, with everything empty."""
    run = fill_in_and_launch(browser, "accept_findings", None)
    assert warehouse.dagster.wait_for(run, "SUCCESS", "FAILURE") == "FAILURE"
    page = browser.open(f"/runs/{run}")
    expect(page.get_by_text("a decision needs the name of who decides").first).to_be_visible()


def fill_in_and_launch(browser: Browser, job: str, ops: dict[str, Any] | None, picture: str | None = None) -> str:
    """Write into the launchpad of a job (or leave it as it opens), launch, and give back the run's id."""
    page = browser.open(f"/locations/review/jobs/{job}/playground")
    expect(page.get_by_text("No errors")).to_be_visible()
    if ops is not None:
        page.locator(".CodeMirror").first.click()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(yaml.safe_dump({"ops": ops}, sort_keys=False))
    launch = page.get_by_role("button", name="Launch Run")
    expect(launch).to_be_enabled()
    if picture:
        browser.picture(picture)
    launch.click()
    page.wait_for_url(re.compile(r"/runs/[0-9a-f-]{36}"))
    return page.url.partition("/runs/")[2][:36]


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
