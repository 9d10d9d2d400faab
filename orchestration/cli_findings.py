"""mrbs findings: list findings, and what people decide about them. Arguments in, the right function called, printed.

The work is in `orchestration.findings`, `listings` and `site_listings`, imported inside the commands.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.terminal import console

if TYPE_CHECKING:
    from orchestration.findings.standing import Finding

LISTED = 20
NEXT = "The next load takes it in; `mrbs findings decisions` shows what came of it."

app = typer.Typer(
    invoke_without_command=True,
    help="List findings, worst first, then newest; accept, reopen or comment them, from here or from a CSV.",
    epilog="Decisions never wait for a load, and the next load takes them in. See docs/reviewing-findings.md.",
)

FindingArgument = Annotated[
    str | None, typer.Argument(metavar="FINDING", help="Id of one finding, as `mrbs findings` lists it.")
]
RuleOption = Annotated[str | None, typer.Option("--rule", help="With --site instead of an id: all of this rule there.")]
SiteOption = Annotated[str | None, typer.Option("--site", help="With --rule instead of an id: all of it at this site.")]
ByOption = Annotated[str, typer.Option("--by", help="Who decides.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, in a sentence.")]
UntilOption = Annotated[
    datetime,
    typer.Option(
        "--until",
        formats=["%Y-%m-%d"],
        help="Last day of the acceptance (YYYY-MM-DD): through it the finding is accepted, the day after it is open.",
    ),
]


@app.callback()
def findings(
    context: typer.Context,
    site: Annotated[str | None, typer.Option(help="Only this site.")] = None,
    rule: Annotated[str | None, typer.Option(help="Only this rule, for example DOS01.")] = None,
    severity: Annotated[str | None, typer.Option(help="Only CRITICAL, MAJOR or MINOR.")] = None,
    status: Annotated[str, typer.Option(help="OPEN, RESOLVED, ACCEPTED or ALL.")] = "OPEN",
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those whose answer is overdue.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many lines.")] = 50,
) -> None:
    """List findings: worst first, then newest. Accept, reopen or comment them."""
    from orchestration.ingestion.settings import Settings
    from orchestration.listings import list_findings

    command = context.invoked_subcommand
    if command is None:
        database = Settings.from_environment().published_file
        console.print(*list_findings(database, site, rule, severity, status, overdue, limit), sep="\n")
    elif (site, rule, severity, status, overdue, limit) != (None, None, None, "OPEN", False, 50):
        raise typer.BadParameter(f"options stand behind the command: mrbs findings {command} --rule ... --site ...")


@app.command(
    epilog='For example: mrbs findings accept DOS06-0123456789abcdef --by "A. Meyer" --until 2026-12-31 '
    '--reason "the pump log confirms 40 minutes"; or --rule DOS06 --site S03 instead of the id.'
)
def accept(
    by: ByOption, reason: ReasonOption, until: UntilOption,
    finding: FindingArgument = None, rule: RuleOption = None, site: SiteOption = None,
) -> None:  # fmt: skip
    """Accept a finding as it is: it leaves the open counts until its value changes or the last day has passed.

    One by its id, or all open ones of a rule at a site (those there are now, not those to come).
    """
    _decide("accept", finding, rule, site, by, reason, until)


@app.command()
def reopen(
    by: ByOption, reason: ReasonOption,
    finding: FindingArgument = None, rule: RuleOption = None, site: SiteOption = None,
) -> None:  # fmt: skip
    """Take an acceptance back: the finding counts as open again. One by its id, or all of a rule at a site."""
    _decide("reopen", finding, rule, site, by, reason, None)


@app.command()
def comment(
    by: ByOption, reason: Annotated[str, typer.Option("--reason", help="The comment, in a sentence.")],
    finding: FindingArgument = None, rule: RuleOption = None, site: SiteOption = None,
) -> None:  # fmt: skip
    """Note something about a finding; its status stays what it is. One by its id, or all of a rule at a site."""
    _decide("comment", finding, rule, site, by, reason, None)


@app.command()
def decisions(
    site: Annotated[str | None, typer.Option(help="Only this site.")] = None,
    rule: Annotated[str | None, typer.Option(help="Only this rule, for example DOS01.")] = None,
    finding: Annotated[str | None, typer.Option(help="Only about this finding.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many lines, newest first.")] = 50,
) -> None:
    """List decisions, newest first: who, why, and what came of them."""
    from orchestration.ingestion.settings import Settings
    from orchestration.listings import list_finding_decisions

    console.print(*list_finding_decisions(Settings.from_environment(), site, rule, finding, limit), sep="\n")


@app.command("import")
def import_file(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="A CSV in UTF-8; its first row names columns.")
    ],
) -> None:
    """Take in decisions from a CSV that a site or an EDC sends back: all of the file, or nothing.

    Columns: finding_id, decision (accept, reopen, comment), by, reason, and until (YYYY-MM-DD) for acceptances; others
    are left alone, but a column value must hold what the finding has now. Rows without an answer are passed over. The
    same file a second time adds nothing.
    """
    from orchestration.findings.importing import import_decisions
    from orchestration.ingestion.settings import Settings

    imported = import_decisions(Settings.from_environment(), file)
    console.print(
        f"{len(imported.added):,} decisions taken from {file.name}; {imported.known:,} rows were known already, "
        f"{imported.unanswered:,} had no answer."
    )
    if imported.added:
        console.print(NEXT)


@app.command()
def listing(
    to: Annotated[Path, typer.Option("--to", help="Folder to write to; listings of the same sites are replaced.")],
    site: Annotated[str | None, typer.Option(help="Only this site; default: every site.")] = None,
) -> None:
    """Write each site's open findings as CSV and as a workbook, for the site to take in."""
    from orchestration.ingestion.settings import Settings
    from orchestration.site_listings.files import write_listings
    from orchestration.site_listings.findings import site_listings

    for path in write_listings(site_listings(Settings.from_environment().published_file, site), to):
        console.print(str(path), markup=False)


def _decide(
    kind: str, finding: str | None, rule: str | None, site: str | None, by: str, reason: str, until: datetime | None
) -> None:
    from orchestration.findings.deciding import About, decide
    from orchestration.ingestion.settings import Settings

    last_day = until.date() if until else None
    about = About(finding, rule, site)
    made = decide(Settings.from_environment(), kind.upper(), about, by=by, reason=reason, until=last_day)
    _print_findings([about_finding for _, about_finding in made])
    what = {"accept": f"accepted until {last_day}", "reopen": "reopened", "comment": "commented"}[kind]
    console.print(
        f"{len(made):,} finding{'s' if len(made) > 1 else ''} {what} by {made[0][0].decided_by}.", markup=False
    )
    console.print(NEXT)


def _print_findings(findings: list[Finding]) -> None:
    for finding in findings[:LISTED]:
        console.print(f"{finding.finding_id}  {finding.message}", markup=False)
    if len(findings) > LISTED:
        console.print(f"and {len(findings) - LISTED:,} more")
