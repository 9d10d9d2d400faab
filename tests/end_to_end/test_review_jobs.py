"""The jobs of monitors, run for real over a warehouse with findings: what they do, what they show, what they refuse."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration.findings.decision_files import read_decisions
from orchestration.ingestion.column_log import approvals
from orchestration.ingestion.settings import Settings
from orchestration.review.definitions import defs
from tests.end_to_end.conftest import Trial
from tests.support.load import environment_of, published

pytestmark = pytest.mark.slow

# The rule and site with the most open findings.
MOST = """
select rule_id, siteid, count(*) from quality.findings
where status = 'OPEN' and siteid is not null group by rule_id, siteid order by 3 desc, 1, 2 limit 1
"""
WHO = {"by": "A. Meyer", "reason": "their pump rounds"}


@dataclass
class Desk:
    """A monitor's desk: the warehouse, and a Dagster instance in which jobs are run."""

    settings: Settings
    instance: dg.DagsterInstance

    def run(self, job: str, op: str, **config: str) -> dg.ExecuteInProcessResult:
        return defs.resolve_job_def(job).execute_in_process(
            instance=self.instance, run_config={"ops": {op: {"config": config}}}, raise_on_error=False
        )

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with published(self.settings.published_file) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
def desk(messy_trial: Trial, messy_warehouse: Path, tmp_path: Path) -> Iterator[Desk]:
    shutil.copytree(messy_warehouse, tmp_path / "warehouse", symlinks=True)
    landing = messy_trial.folder / "landing"
    with environment_of(landing, messy_trial.sites_file, tmp_path / "warehouse"), dg.instance_for_test() as instance:
        yield Desk(Settings.from_environment(), instance)


def refusal(result: dg.ExecuteInProcessResult) -> str:
    """Why a run was refused: what its run page says."""
    assert not result.success
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    return str(failure.step_failure_data.user_failure_data.description)  # type: ignore[union-attr]


def pages(result: dg.ExecuteInProcessResult) -> dict[tuple[str, str | None], dict[str, Any]]:
    """The pages that a run logged: their metadata by name and partition."""
    return {
        (event.materialization.asset_key.path[-1], event.materialization.partition): dict(
            event.materialization.metadata
        )
        for event in result.all_events
        if event.event_type == dg.DagsterEventType.ASSET_MATERIALIZATION
        for event in [event.step_materialization_data]
    }


def test_all_of_a_rule_at_a_site_is_accepted_and_shown_as_waiting(desk: Desk) -> None:
    ((rule, site, count),) = desk.ask(MOST)
    result = desk.run("accept_findings", "accept", rule=rule.lower(), site=site, until="2099-12-31", **WHO)
    assert result.success
    made = read_decisions(desk.settings)
    assert {(one.decision, one.rule_id, one.siteid, one.decided_by, one.taken_from) for one in made} == {
        ("ACCEPT", rule, site, "A. Meyer", "Dagster")
    }
    assert len(made) == count
    run = desk.instance.get_run_by_id(result.run_id)
    assert run is not None
    assert run.tags["mrbs/decided_by"] == "A. Meyer"
    shown = pages(result)
    assert set(shown) == {("landing_page", None), ("clean_subjects", None), ("site", site)}
    waiting = [row.data for row in shown["landing_page", None]["7_waiting_for_the_next_load"].records]
    assert len(waiting) == count
    assert {row["by"] for row in waiting} == {"A. Meyer"}
    assert f"{count} decision" in shown["landing_page", None]["page"].value
    assert desk.instance.get_dynamic_partitions("review_site") == [site]


def test_a_comment_and_a_reopening(desk: Desk) -> None:
    """What waits is known: a finding accepted a moment ago can be reopened, another can't."""
    first, second = (
        row[0] for row in desk.ask("select finding_id from quality.findings where status = 'OPEN' order by 1 limit 2")
    )
    assert desk.run("accept_findings", "accept", finding=first, until="2099-12-31", **WHO).success
    assert desk.run("reopen_findings", "reopen", finding=first, **WHO).success
    assert desk.run("comment_findings", "comment", finding=second, **WHO).success
    assert "only an accepted finding can be reopened" in refusal(
        desk.run("reopen_findings", "reopen", finding=second, **WHO)
    )
    assert [one.decision for one in read_decisions(desk.settings)] == ["ACCEPT", "REOPEN", "COMMENT"]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({}, "a decision needs the name of who decides"),
        ({**WHO, "until": "31.12.2099"}, "until '31.12.2099' is no date: write it like 2026-12-31"),
        (WHO, "an acceptance needs the last day"),
        ({**WHO, "until": "2099-12-31"}, "name one finding by its id"),
        ({**WHO, "until": "2099-12-31", "finding": "DOS01-0"}, "there is no finding DOS01-0"),
        ({**WHO, "until": "2099-12-31", "rule": "INV02", "site": "S01"}, "INV02 is an invariant"),
        ({**WHO, "until": "2099-12-31", "rule": "DOS01", "site": "S99"}, "there is no site S99"),
    ],
)
def test_what_cannot_be_done_is_refused_and_nothing_is_kept(desk: Desk, config: dict[str, str], said: str) -> None:
    assert said in refusal(desk.run("accept_findings", "accept", **config))
    assert read_decisions(desk.settings) == []


def test_the_page_of_a_subject_on_request(desk: Desk) -> None:
    ((subject,),) = desk.ask("select usubjid from analysis.adsl order by usubjid limit 1")
    result = desk.run("subject_page", "show_subject", usubjid=f" {subject} ")
    assert set(pages(result)) == {("subject", subject)}
    assert desk.instance.get_dynamic_partitions("review_subject") == [subject]
    assert "There is no subject 'MRBS-S01'" in refusal(desk.run("subject_page", "show_subject", usubjid="MRBS-S01"))


def test_every_page_can_be_made_again_by_hand(desk: Desk) -> None:
    ((subject, site),) = desk.ask("select usubjid, siteid from analysis.adsl order by usubjid limit 1")
    for name, partition in [("landing_page", None), ("clean_subjects", None), ("site", site), ("subject", subject)]:
        if partition:
            desk.instance.add_dynamic_partitions(f"review_{name}", [partition])
        result = dg.materialize(
            [asset for asset in defs.assets or [] if isinstance(asset, dg.AssetsDefinition)],
            selection=[dg.AssetKey(["review", name])],
            partition_key=partition,
            instance=desk.instance,
        )
        assert set(pages(result)) == {(name, partition)}


def test_a_new_column_is_approved_from_dagster(desk: Desk) -> None:
    """The column that nobody knows, planted at one site; the approval is kept for the next load."""
    ((site, form, message),) = desk.ask(
        "select siteid, form, message from quality.findings where rule_id = 'DEL04' and status = 'OPEN'"
    )
    assert "mhcomment" in message
    about = {"site": site, "form": form, "column": "mhcomment", **WHO}
    wrong = desk.run("approve_column", "approve", decision="maybe", **about)
    assert refusal(wrong) == "decision 'maybe' is none of use, gone, keep, changed"
    assert "'mhcom' is no column of mh" in refusal(
        desk.run("approve_column", "approve", decision="use", **(about | {"ours": "mhcom"}))
    )
    result = desk.run("approve_column", "approve", decision="keep", **about)
    assert result.success
    (made,) = approvals(desk.settings)
    assert (made.kind, made.siteid, made.form, made.column, made.name) == ("known", site, form, "mhcomment", WHO["by"])
    assert desk.instance.get_run_by_id(result.run_id).tags["mrbs/decided_by"] == WHO["by"]  # type: ignore[union-attr]
