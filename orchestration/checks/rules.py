"""The third step: every rule over every table it looks at, and the findings into the ledger.

One check is one rule on one table, named by the rule's id; all of them are one step, because what costs time in Dagster
is the number of steps. What a rule expects, and how it reads to a person, is said in `validation`; here it is only
turned into Dagster's words. An invariant that fails, or that could not be looked at, stops the publication: by being
a blocking check where Dagster allows one (on what is published; a blocking check on a raw form would have to run
before the derivation whose result it looks at), and by failing this step in any case.
"""

from collections.abc import Callable, Iterator

import dagster as dg
import duckdb

from orchestration.checks.documentation import link_to_rule
from orchestration.checks.run_tags import run_tags
from orchestration.derivation.candidate import CHECKED, DERIVED, require_candidate, set_candidate
from orchestration.resources import WAREHOUSE, Load
from validation.catalogue import rules
from validation.outcome import RuleOutcome
from validation.rule import STAGES, Rule, asset_path
from validation.summary import RuleSummary

PUBLISHED_SCHEMAS = ("analysis", "quality", "metadata")

# A frame that dbt prepares for rules is not where a monitor looks: the check stands on the table that it is about.
ASSET_OF_FRAME = {
    "checks.chk_after_end": ("raw", "ds"),
    "checks.chk_assessment_dates": ("analysis", "adsv"),
    "checks.chk_baselines": ("analysis", "adsl"),
    "checks.chk_bilag": ("raw", "bilag"),
    "checks.chk_components": ("analysis", "adqs"),
    "checks.chk_consent": ("raw", "dm"),
    "checks.chk_dates": ("raw", "deliveries"),
    "checks.chk_dispositions": ("raw", "ds"),
    "checks.chk_due_infusions": ("analysis", "adex"),
    "checks.chk_eligibility": ("raw", "dm"),
    "checks.chk_eligibility_answers": ("raw", "ie"),
    "checks.chk_eligibility_history": ("raw", "mh"),
    "checks.chk_eligibility_labs": ("raw", "lb"),
    "checks.chk_implausible": ("raw", "deliveries"),
    "checks.chk_infusions": ("analysis", "adex"),
    "checks.chk_kept_rows": ("metadata", "provenance"),
    "checks.chk_laboratory": ("raw", "lb"),
    "checks.chk_medications": ("raw", "cm"),
    "checks.chk_pga": ("raw", "pga"),
    "checks.chk_response_visit": ("analysis", "adsri"),
    "checks.chk_sledai": ("raw", "sledai"),
    "checks.chk_sledai_labs": ("raw", "sledai"),
    "checks.chk_sources": ("metadata", "provenance"),
    "checks.chk_steroids": ("raw", "cm"),
    "checks.chk_subject_tables": ("analysis", "adsl"),
    "checks.chk_subjects": ("analysis", "adsl"),
    "checks.chk_text": ("raw", "deliveries"),
    "checks.chk_visits": ("analysis", "adsv"),
    "checks.chk_weights": ("raw", "vs"),
    "checks.second_infusions": ("analysis", "adex"),
    "checks.second_responses": ("analysis", "adsri"),
    "checks.second_subjects": ("analysis", "adsl"),
}


def checked_asset(table: str) -> dg.AssetKey:
    """The asset on whose page the checks of a table stand."""
    return dg.AssetKey(ASSET_OF_FRAME.get(table) or asset_path(table))


def check_specs() -> list[dg.AssetCheckSpec]:
    """One spec per rule and table."""
    return [_spec(rule, table) for rule in rules() for table in rule.tables]


def _spec(rule: Rule, table: str) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        name=rule.rule_id,
        asset=checked_asset(table),
        description=f"{rule.severity}. {rule.description} (Source: {rule.source})",
        blocking=rule.blocking and checked_asset(table).path[0] in PUBLISHED_SCHEMAS,
        # The values of a raw form are judged by what staging read them as.
        additional_deps=[dg.AssetKey(table.split("."))] if table.startswith("staging.") else None,
        metadata={"severity": rule.severity, "stage": rule.stage, "title": rule.title},
    )


def check_step() -> dg.AssetChecksDefinition:
    """The multi-asset check over the whole catalogue."""

    @dg.multi_asset_check(name="check", specs=check_specs(), can_subset=False, pool=WAREHOUSE)
    def check(context: dg.AssetCheckExecutionContext, load: Load) -> Iterator[dg.AssetCheckResult]:
        """Run the rules stage by stage, merge what they found into the ledger, and tell each check's outcome."""
        from orchestration.findings.decision_files import DecisionFileDamagedError, read_decisions
        from orchestration.ingestion.bookkeeping import finish_load
        from validation.ledger import merge_findings, outcomes_of_last_run
        from validation.summary import summarise

        report = load.reporter(context, "check")
        with load.connect(candidate=True) as connection:
            require_candidate(connection, DERIVED)
            if load.taken_over:
                report(f"the rules found the same as in load {load.taken_over.load_id}: findings grow a day older")
                outcomes = outcomes_of_last_run(connection)
            else:
                outcomes = _look_at_everything(connection, report, everyone=load.full)
            report(f"{sum(len(outcome.violations) for outcome in outcomes)} violations into the ledger")
            damaged: list[DecisionFileDamagedError] = []
            decided = merge_findings(connection, outcomes, load.clock, read_decisions(load.settings, damaged))
            for problem in damaged:
                report(f"GOING ON WITHOUT: {problem}")
            report(f"{decided} decisions of people about findings taken in")
            summaries = summarise(connection, outcomes, load.clock)
            broken = [summary for summary in summaries if summary.blocking and not summary.passed]
            if broken:
                finish_load(connection, load.load_id, "HELD BACK")
            else:
                set_candidate(connection, CHECKED)
        context.instance.add_run_tags(context.run.run_id, run_tags(summaries, files_damaged=len(damaged)))
        yield from (_result(summary) for summary in summaries)
        if broken:
            raise BrokenInvariantError(
                "The warehouse breaks its own contract, so nothing is published. "
                + " ".join(f"{summary.rule.rule_id} on {summary.table}: {summary.sentence}" for summary in broken)
            )

    return check


def _look_at_everything(
    connection: duckdb.DuckDBPyConnection, report: Callable[[str], None], everyone: bool
) -> list[RuleOutcome]:
    """Every rule of every stage, over what was delivered, derived, and derived a second time."""
    from orchestration.ingestion import delivery_problems
    from validation.agreement import comparison_frames, renew
    from validation.runner import run_stage

    report("deriving the endpoint a second time")
    renewal = renew(connection, everyone=everyone, report=report)
    report(f"{renewal.derived_again:,} of {renewal.subjects:,} subjects derived a second time")
    problems = [problem._asdict() for problem in delivery_problems(connection)]
    frames = {"raw.delivery_problems": problems, **comparison_frames(connection)}
    outcomes: list[RuleOutcome] = []
    for stage in STAGES:
        report(f"rules of stage {stage}")
        outcomes += run_stage(stage, connection, frames=frames)
    return outcomes


class BrokenInvariantError(RuntimeError):
    """An invariant failed or could not be looked at: the last good publication stays."""


def _result(summary: RuleSummary) -> dg.AssetCheckResult:
    """A rule's outcome in Dagster's words. Keys show in alphabetical order; numbers are plotted over nights."""
    metadata: dict[str, dg.MetadataValue] = {
        "accepted_findings": dg.MetadataValue.int(summary.accepted),
        "failing_records": dg.MetadataValue.int(summary.failing_records),
        "new_tonight": dg.MetadataValue.int(summary.new),
        "open_findings": dg.MetadataValue.int(summary.open),
        "outcome": dg.MetadataValue.text(summary.outcome),
        "records_looked_at": dg.MetadataValue.int(summary.rows_checked),
        "rule": link_to_rule(summary.rule.rule_id),
    }
    if summary.open > len(summary.records) and not summary.blocking:
        metadata["failing_all"] = dg.MetadataValue.text(
            f"{len(summary.records)} of {summary.open:,} are shown. All: mrbs findings --rule {summary.rule.rule_id} "
            f"--limit {summary.open}, or quality.findings where rule_id = '{summary.rule.rule_id}'"
        )
    if summary.records:
        metadata["failing_sample"] = dg.MetadataValue.table(_sample(summary))
    if summary.sites:
        counts = [dg.TableRecord({"site": site.siteid, "open": site.open, "new": site.new}) for site in summary.sites]
        metadata["failing_by_site"] = dg.MetadataValue.table(counts)
    return dg.AssetCheckResult(
        asset_key=checked_asset(summary.table),
        check_name=summary.rule.rule_id,
        passed=summary.passed,
        severity=dg.AssetCheckSeverity[summary.severity],
        description=summary.sentence,
        metadata=metadata,
    )


def _sample(summary: RuleSummary) -> list[dg.TableRecord]:
    """At most 50 records (validation sees to it), in few narrow columns."""
    return [
        dg.TableRecord(
            {
                "subject": record.subject,
                "visit": record.visit,
                "finding": record.found,
                "since": "new" if record.new else record.since.isoformat() if record.since else "",
                "id": record.finding_id,
            }
        )
        for record in summary.records
    ]
