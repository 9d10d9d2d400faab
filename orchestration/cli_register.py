"""mrbs register: the site register, and a delivery tried as it says. Arguments in, the right function called, printed.

The work is in `orchestration.dry_run`, imported inside the command. Nothing of the warehouse is changed.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from orchestration.terminal import console, errors, progress_display, table

if TYPE_CHECKING:
    from orchestration.dry_run.check import Checked
    from orchestration.dry_run.whole_load import KeptOut, WholeLoad
    from orchestration.ingestion.settings import Settings

NOT_ALL_TAKEN = 3
app = typer.Typer(no_args_is_help=True, help="The site register, and what it makes of a site's files.")


@app.callback()
def register() -> None:
    """The site register, and what it makes of a site's files."""


@app.command(
    epilog="For example: mrbs register check; mrbs register check S07 --folder first-export; "
    "mrbs register check S07 --delivery 2026-11-21 --quick. Exit 0: all of it would be loaded; 3: something would be "
    "refused or held; 1: it can't be checked."
)
def check(
    site: Annotated[str | None, typer.Argument(metavar="[SITE]", help="Default: only the register itself.")] = None,
    delivery: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Its date; default: the latest in the landing folder.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Any folder with the files of a delivery, instead of the landing folder.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Only what becomes of the files; derive and check nothing.")
    ] = False,
) -> None:
    """Check the register, or try a delivery: what would be loaded, refused or held, and why. Nothing is changed.

    With SITE, its latest delivery is loaded in a temporary warehouse that is deleted afterwards, against what counts
    now: what becomes of each form, which columns nobody knows, which rows would be kept out, which findings open.

    Exit 0: all of it would be loaded. 3: something would be refused or held. 1: it can't be checked.
    """
    from orchestration.ingestion.register import RegisterError
    from orchestration.ingestion.settings import Settings

    settings = Settings.from_environment()
    try:
        if site is not None:
            _check_delivery(settings, site, delivery and delivery.date(), folder, quick)
        elif delivery or folder:
            raise typer.BadParameter("a delivery is checked of a site: mrbs register check SITE --delivery ...")
        else:
            _check_register(settings)
    except RegisterError as error:
        errors.print(str(error), markup=False, style="red")
        raise typer.Exit(1) from None


def _check_register(settings: Settings) -> None:
    from orchestration.dry_run.listing import site_lines
    from orchestration.ingestion.register import load_register

    sites = site_lines(load_register(settings.sites_file, strict=True))
    console.print(table("Sites", ["site", "name", "format", "files", "forms", "delivers"], sites))
    console.print(f"[green]{settings.sites_file} can be used:[/green] {len(sites):,} sites")


def _check_delivery(settings: Settings, site: str, delivered: date | None, folder: Path | None, quick: bool) -> None:
    from orchestration.dry_run.check import check_delivery, register_for
    from orchestration.dry_run.delivery import NothingToCheckError
    from orchestration.resources import trial_timezone

    today = datetime.now(ZoneInfo(trial_timezone())).date()
    try:
        for reason in register_for(settings, site).unusable.values():
            errors.print(f"Not about {site}: {reason}.", markup=False, style="yellow")
        with progress_display() as listener:
            checked = check_delivery(settings, site, today, listener, delivered, folder, quick)
    except NothingToCheckError as error:
        errors.print(str(error), markup=False, style="red")
        raise typer.Exit(1) from None
    _print_answers(checked)
    if checked.whole is not None:
        _print_whole_load(checked.whole)
    _print_verdict(checked)
    if not checked.all_taken:
        raise typer.Exit(NOT_ALL_TAKEN)


def _print_answers(checked: Checked) -> None:
    delivery, answers = checked.delivery, checked.answers
    console.rule(f"{delivery.siteid}, {delivery.delivered}: {delivery.folder}")
    for remark in checked.remarks:
        console.print(remark, markup=False)
    rows = [
        (one.form or "(all)", one.file, one.status, one.rows, one.subjects, one.rule_id, one.reason)
        for one in answers.forms
    ]
    console.print(table("Forms", ["form", "file", "status", "rows", "subjects", "rule", "why"], rows))
    for title, sentences in (
        ("Read wrongly? Look at the register's columns, dates and values", answers.unreadable),
        ("Columns nobody knows", answers.unknown_columns),
        ("Left alone", answers.left_alone),
    ):
        if sentences:
            console.print(f"[bold]{title}[/bold]")
        for sentence in sentences:
            console.print(f"  {sentence}", markup=False)


def _print_whole_load(whole: WholeLoad) -> None:
    for message in whole.messages:
        errors.print(message, markup=False, style="red")
    if not whole.published:
        return
    if whole.kept_out:
        console.print(_kept_out(whole.kept_out))
    if whole.open_rules:
        rules = [(one.severity, one.rule_id, one.open, one.new, one.example) for one in whole.open_rules]
        console.print(table("Open findings", ["severity", "rule", "open", "new", "for example"], rules))


def _kept_out(kept_out: tuple[KeptOut, ...]):  # type: ignore[no-untyped-def]
    rows = [
        (one.form, one.rule_id, one.rows, "\n".join(f"{row.file}, row {row.row}: {row.reason}" for row in one.first))
        for one in kept_out
    ]
    return table("Rows kept out of the analysis", ["form", "rule", "rows", "the first of them"], rows)


def _print_verdict(checked: Checked) -> None:
    kept = sum(one.rows for one in checked.whole.kept_out) if checked.whole else 0
    found = sum(one.open for one in checked.whole.open_rules) if checked.whole else 0
    told = f" Rows kept out: {kept:,}; open findings: {found:,}." if checked.whole else ""
    if not checked.answers.all_taken:
        console.print(f"[red]Something would be refused or held.[/red]{told} Nothing was changed.")
    elif checked.whole is not None and not checked.whole.published:
        console.print("[red]Its files can be read, but the load would publish nothing.[/red] Nothing was changed.")
    else:
        console.print(f"[green]All of it would be loaded.[/green]{told} Nothing was changed.")
