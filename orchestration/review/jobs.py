"""The jobs of a monitor: accept, reopen or comment findings, approve a changed column, the page of a subject, and
the proof of its response.

A job takes what a person writes in its launchpad, does it, and shows the outcome; what can't be done is refused in a
sentence. Deciding itself belongs to `orchestration.findings.deciding`.
"""

from collections.abc import Sequence
from datetime import date

import dagster as dg
from pydantic import Field

from orchestration.findings.deciding import About, decide
from orchestration.findings.decision_files import DecisionFileDamagedError
from orchestration.findings.standing import DecisionRefusedError, Finding, standing
from orchestration.ingestion.column_log import Kind
from orchestration.ingestion.columns import approve as approve_column
from orchestration.ingestion.columns import take_as_it_comes
from orchestration.ingestion.decisions import DecisionRefusedError as ColumnDecisionRefusedError
from orchestration.ingestion.settings import Settings
from orchestration.review import specs
from orchestration.review.logging_pages import log_sites, materialized
from orchestration.review.pages import NotThereError, clean_subjects, landing_page, subject_page
from orchestration.review.pages.trace import trace_page
from orchestration.trace.subjects import NothingToTraceError
from validation.decisions import ACCEPT, COMMENT, REOPEN, Decision

TAKEN_FROM = "Dagster"
SHOWN = 50


class AboutFindings(dg.Config):
    """What is decided about: one finding by its id, or all of a rule at a site; by whom, and why."""

    finding: str = Field(default="", description="Id of one finding, like DOS01-0123456789abcdef; or empty")
    rule: str = Field(default="", description="Instead of an id, together with site: all of this rule there")
    site: str = Field(default="", description="Instead of an id, together with rule: all of it at this site")
    by: str = Field(default="", description="Who decides: write the name of your login")
    reason: str = Field(default="", description="Why, in a sentence")


class Acceptance(AboutFindings):
    """An acceptance, which needs a last day."""

    until: str = Field(default="", description="Last day of the acceptance, like 2026-12-31; the day after it is open")


@dg.op
def accept(context: dg.OpExecutionContext, config: Acceptance) -> None:
    """Accept: out of the open counts until the value changes or the last day has passed."""
    try:
        until = date.fromisoformat(config.until) if config.until else None
    except ValueError:
        raise _refused(f"until {config.until!r} is no date: write it like 2026-12-31") from None
    _decide(context, ACCEPT, config, until)


@dg.op
def reopen(context: dg.OpExecutionContext, config: AboutFindings) -> None:
    """Take an acceptance back."""
    _decide(context, REOPEN, config, None)


@dg.op
def comment(context: dg.OpExecutionContext, config: AboutFindings) -> None:
    """Note something; the status stays."""
    _decide(context, COMMENT, config, None)


class WhichSubject(dg.Config):
    """Whose page is asked for."""

    usubjid: str = Field(description="The subject's id, for example MRBS-S02-0017")


@dg.op
def show_subject(context: dg.OpExecutionContext, config: WhichSubject) -> None:
    """Make a subject's page, under review/subject."""
    usubjid = config.usubjid.strip()
    with standing(Settings.from_environment(), whatever_is_damaged=True) as now:
        try:
            page = subject_page(now.connection, usubjid)
        except NotThereError as unknown:
            raise _refused(str(unknown)) from None
    context.instance.add_dynamic_partitions(str(specs.SUBJECTS.name), [usubjid])
    context.log_event(materialized(specs.SUBJECT, page, usubjid))


class WhichTrace(dg.Config):
    """Whose response is to be proved, and at which visit."""

    usubjid: str = Field(description="The subject's id, for example MRBS-S02-0017")
    visit: str = Field(default="Week 48", description="The analysis visit, for example Week 24")


@dg.op
def show_trace(context: dg.OpExecutionContext, config: WhichTrace) -> None:
    """Make the proof of a subject's response, under review/trace."""
    try:
        made = trace_page(Settings.from_environment(), config.usubjid.strip(), config.visit)
    except (NotThereError, NothingToTraceError) as unknown:
        raise _refused(str(unknown)) from None
    context.instance.add_dynamic_partitions(str(specs.TRACES.name), [made.partition])
    context.log_event(materialized(specs.TRACE, made.page, made.partition))
    if made.written is not None:
        context.add_output_metadata({"html": dg.MetadataValue.path(made.written)})


class ColumnApproval(dg.Config):
    """What is approved about a column of a site's form; by whom, and why."""

    site: str = Field(description="Site id, for example S01")
    form: str = Field(description="Form, for example dm")
    column: str = Field(description="Their new column; or the one that is gone or changed")
    decision: str = Field(description="use (it stands for `ours`), gone, changed or keep")
    ours: str = Field(default="", description="With use: the column of ours that it stands for")
    by: str = Field(default="", description="Who decides: write the name of your login")
    reason: str = Field(default="", description="Why, in a sentence")


KINDS: dict[str, Kind] = {"use": "use", "gone": "absent", "keep": "known"}
CHANGED = "changed"


@dg.op
def approve(context: dg.OpExecutionContext, config: ColumnApproval) -> None:
    """Approve what changed in a site's columns; the next load takes it into use."""
    settings, decision = Settings.from_environment(), config.decision.strip()
    site, form, who = config.site.strip(), config.form.strip(), {"by": config.by, "reason": config.reason}
    if decision not in (*KINDS, CHANGED):
        raise _refused(f"decision {config.decision!r} is none of {', '.join((*KINDS, CHANGED))}")
    try:
        if decision == CHANGED:
            sentence = "; ".join(take_as_it_comes(settings, site, form, **who))
        else:
            sentence = approve_column(settings, KINDS[decision], site, form, config.column, config.ours, **who).sentence
    except ColumnDecisionRefusedError as refusal:
        raise _refused(str(refusal)) from None
    about = f"{site} {form} {config.column}".strip()
    context.instance.add_run_tags(context.run_id, {"mrbs/decided_by": config.by, "mrbs/decided_about": about})
    context.add_output_metadata({"approved": dg.MetadataValue.text(f"{sentence}. The next load applies it.")})


def _decide(context: dg.OpExecutionContext, kind: str, config: AboutFindings, until: date | None) -> None:
    settings = Settings.from_environment()
    about = About(config.finding.strip() or None, config.rule.strip() or None, config.site.strip() or None)
    try:
        made = decide(settings, kind, about, by=config.by, reason=config.reason, until=until, taken_from=TAKEN_FROM)
    except (DecisionRefusedError, DecisionFileDamagedError) as refusal:
        raise _refused(str(refusal)) from None
    context.instance.add_run_tags(
        context.run_id, {"mrbs/decided_by": made[0][0].decided_by, "mrbs/decided_about": _about(made)}
    )
    context.add_output_metadata(_outcome(kind, made))
    context.log.info(f"{len(made):,} decisions kept; the next load takes them in")
    with standing(settings) as now:
        context.log_event(materialized(specs.LANDING_PAGE, landing_page(now.connection, now)))
        context.log_event(materialized(specs.CLEAN_SUBJECTS, clean_subjects(now.connection)))
        log_sites(context, now, sorted({finding.siteid for _, finding in made if finding.siteid}))


def _about(made: Sequence[tuple[Decision, Finding]]) -> str:
    first = made[0][1]
    return first.finding_id if len(made) == 1 else f"{len(made)} of {first.rule_id} at {first.siteid}"


def _outcome(kind: str, made: Sequence[tuple[Decision, Finding]]) -> dict[str, dg.MetadataValue]:
    """What a person reads in the run: how many, and which."""
    rows = [dg.TableRecord({"finding": finding.finding_id, "what": finding.message}) for _, finding in made[:SHOWN]]
    return {
        "decided": dg.MetadataValue.text(
            f"{kind}: {len(made):,} finding{'s' if len(made) != 1 else ''}. The next load takes this in."
        ),
        "findings": dg.MetadataValue.table(rows),
    }


def _refused(sentence: str) -> dg.Failure:
    """Nothing was done, and the run says why; trying the same again would not help."""
    return dg.Failure(description=sentence, allow_retries=False)


def _job(op: dg.OpDefinition, name: str, description: str, launchpad: dict[str, str]) -> dg.JobDefinition:
    """A job of one op, whose launchpad shows every field with what a person has to write."""

    @dg.graph(name=name, description=description)
    def graph() -> None:
        op()

    return graph.to_job(
        config={"ops": {op.name: {"config": launchpad}}},
        executor_def=dg.in_process_executor,
        tags={"study": "mrbs"},
    )


_COLUMN = {"site": "S01", "form": "dm", "column": "", "decision": "keep", "ours": "", "by": "", "reason": ""}
_ABOUT = {"finding": "", "rule": "", "site": "", "by": "", "reason": ""}
JOBS = [
    _job(
        accept,
        "accept_findings",
        "Accept one finding, or all open ones of a rule at a site, until a day. The next load takes it in.",
        {**_ABOUT, "until": ""},
    ),
    _job(reopen, "reopen_findings", "Take acceptances back: the findings count as open again.", _ABOUT),
    _job(comment, "comment_findings", "Note something about findings; their status stays what it is.", _ABOUT),
    _job(
        approve,
        "approve_column",
        "Approve a column of a site that is new, renamed, gone or holds something else (DEL03, DEL04, DEL13).",
        _COLUMN,
    ),
    _job(
        show_subject,
        "subject_page",
        "Make the page of a subject: visits, infusions, components and findings in order.",
        {"usubjid": "MRBS-S01-0001"},
    ),
    _job(
        show_trace,
        "trace",
        "Make the proof of a subject's response at a visit, derived again from the delivered rows.",
        {"usubjid": "MRBS-S01-0001", "visit": "Week 48"},
    ),
]
