"""mrbs columns: what changed in sites' columns, and approvals of it. Arguments in, the right function called, printed.

The work is in `orchestration.ingestion.columns`, imported inside the commands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.terminal import console, table

if TYPE_CHECKING:
    from orchestration.ingestion.column_log import Kind

app = typer.Typer(
    invoke_without_command=True,
    help="Columns that are new, missing or hold something else at a site; and approvals of them.",
    epilog="An approval never waits for a load, and the next load applies it. See docs/adding-a-site.md.",
)


@app.callback()
def columns(context: typer.Context, site: Annotated[str | None, typer.Option(help="Only this site.")] = None) -> None:
    """List what is held out of use, with before and after."""
    if context.invoked_subcommand is not None:
        return
    from orchestration.ingestion.columns import column_changes
    from orchestration.ingestion.settings import Settings

    found = [change for change in column_changes(Settings.from_environment()) if site in {None, change.siteid}]
    rows = [(change.siteid, change.form, change.rule_id, change.message) for change in found]
    console.print(table("Columns that changed", ["site", "form", "rule", "what"], rows))
    console.print(f"{len(rows):,} to decide; `mrbs columns approve --help` says how")


@app.command("approve")
def approve(
    site: Annotated[str, typer.Argument(help="Site id, for example S01.")],
    form: Annotated[str, typer.Argument(help="Form, for example dm.")],
    column: Annotated[str, typer.Argument(help="Their new column; or the one that is gone or changed.")],
    by: Annotated[str, typer.Option("--by", help="Who decides.")],
    reason: Annotated[str, typer.Option("--reason", help="Why, in a sentence.")],
    ours: Annotated[str | None, typer.Option("--as", help="It stands for this column of ours from now on.")] = None,
    gone: Annotated[bool, typer.Option("--gone", help="It is no longer delivered: its values are missing.")] = False,
    changed: Annotated[
        bool, typer.Option("--changed", help="The form held because of it is taken as it came (DEL13).")
    ] = False,
    keep: Annotated[bool, typer.Option("--keep", help="It is kept and not used, and no news any more.")] = False,
) -> None:
    """Approve one change, with the next load. Say exactly one of --as, --gone, --changed and --keep.

    For example, when sex has become gender: [bold]mrbs columns approve S01 dm gender --as sex --by "A. Meyer" --reason
    "new EDC version"[/bold]
    """
    from orchestration.ingestion.columns import approve as approve_column
    from orchestration.ingestion.columns import take_as_it_comes
    from orchestration.ingestion.settings import Settings

    asked: dict[Kind, bool] = {"use": ours is not None, "absent": gone, "known": keep}
    kinds = [kind for kind, wanted in asked.items() if wanted]
    if len(kinds) + changed != 1:
        raise typer.BadParameter("say exactly one of --as COLUMN, --gone, --changed and --keep")
    if changed:
        for line in take_as_it_comes(Settings.from_environment(), site, form, by=by, reason=reason):
            console.print(line)
        console.print("The next load applies it.")
        return
    made = approve_column(Settings.from_environment(), kinds[0], site, form, column, ours or "", by=by, reason=reason)
    console.print(made.sentence)
    console.print("The next load applies it.")


@app.command("approved")
def approved() -> None:
    """List approvals, the newest first."""
    from orchestration.ingestion.columns import approved as all_approved
    from orchestration.ingestion.settings import Settings

    rows = [(made.time[:16].replace("T", " "), made.sentence) for made in all_approved(Settings.from_environment())]
    console.print(table("Approvals of columns", ["when (UTC)", "what"], rows))
