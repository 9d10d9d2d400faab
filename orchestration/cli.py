"""mrbs, the command line: arguments in, the right function called, its outcome printed and turned into an exit code.

Imports stand inside the commands: `mrbs query` must not wait for Dagster.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from orchestration import cli_columns, cli_export, cli_findings, cli_inspect, cli_register, cli_report, cli_trace
from orchestration.terminal import console, errors, progress_display

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="The MRBS trial data warehouse: load site deliveries, look at findings, query the published tables.",
    epilog="Folders come from the environment: MRBS_LANDING_DIR, MRBS_WAREHOUSE_DIR, MRBS_SITES_FILE, "
    "MRBS_SETTLE_SECONDS, DAGSTER_HOME. See docs/running-nightly.md.",
)
# What typer raises for a wrong command line: the class that BadParameter has in common with a missing argument or an
# unknown option. typer carries a click of its own and exports only the leaves.
CommandLineError: type[Exception] = typer.BadParameter.__mro__[2]

delivery_app = typer.Typer(no_args_is_help=True, help="What arrived, and decisions about it.")
app.add_typer(delivery_app, name="delivery")
app.add_typer(cli_columns.app, name="columns")
app.add_typer(cli_findings.app, name="findings")
app.add_typer(cli_register.app, name="register")
app.command()(cli_inspect.inspect)
app.command()(cli_export.export)
app.command()(cli_report.report)
app.command()(cli_trace.trace)


def _as_date(value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()
    except ValueError:
        raise typer.BadParameter(f"{value!r} is not a date like 2026-11-21") from None


@app.command()
def simulate(
    out: Annotated[Path, typer.Argument(help="Folder to write: OUT/landing, OUT/sites.yml, OUT/truth.")],
    sites: Annotated[int, typer.Option(min=1, help="Number of sites.")] = 12,
    subjects: Annotated[int, typer.Option(min=0, help="Number of subjects, over all sites.")] = 180,
    seed: Annotated[int, typer.Option(help="The same seed gives the same files, byte for byte.")] = 1,
    nights: Annotated[int, typer.Option(min=1, help="Deliveries per site, on successive days.")] = 1,
    clean: Annotated[bool, typer.Option("--clean", help="No data defects at all.")] = False,
    last: Annotated[str | None, typer.Option(help="Date of the last delivery (YYYY-MM-DD).")] = None,
    dialects: Annotated[
        str,
        typer.Option(
            help="How sites write: a dialect for all, several with commas that they get in turn, or mixed (each of the "
            "first sites another one). They are named in docs/simulation.md; a wrong name lists them."
        ),
    ] = "canonical",
) -> None:
    """Simulate a trial: deliveries, the site register, and the truth beside them."""
    import simulation

    last_delivery = _as_date(last) or simulation.LAST_DELIVERY
    try:
        trial = simulation.simulate(
            out,
            sites=sites,
            subjects=subjects,
            seed=seed,
            nights=nights,
            clean=clean,
            last_delivery=last_delivery,
            dialects=dialects.split(","),
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    console.print(f"Wrote {subjects} subjects at {sites} sites, {nights} deliveries each, to {out}/landing")
    spoken = Counter(trial.dialects)
    if set(spoken) != {"canonical"}:
        console.print("Sites by dialect: " + ", ".join(f"{name} {number}" for name, number in spoken.items()))
    console.print(f"Register: {out}/sites.yml; what is true of them: {out}/truth")
    console.print("Load them with:")
    console.print(
        f"  MRBS_LANDING_DIR={out}/landing MRBS_SITES_FILE={out}/sites.yml "
        f"MRBS_WAREHOUSE_DIR={out}/warehouse MRBS_SETTLE_SECONDS=0 mrbs load"
    )


@app.command()
def load(
    load_date: Annotated[
        str | None, typer.Option("--date", help="The date this load takes as today (YYYY-MM-DD); default today.")
    ] = None,
    wait: Annotated[int, typer.Option(min=0, help="Seconds to wait for another load to finish.")] = 3600,
    full: Annotated[
        bool, typer.Option("--full", help="Derive and check everything, also when nothing has changed.")
    ] = False,
) -> None:
    """Run one load: land, derive, check, publish, and the monitors' pages.

    Exit 0 published; 1 failed; 2 held back by an invariant; 3 published, but the monitors' pages could not be made.
    """
    from orchestration.ingestion.settings import Settings
    from orchestration.loading import Outcome, run_load
    from orchestration.publication.publish import DATABASE
    from orchestration.summary import print_summary

    settings = Settings.from_environment()
    with progress_display() as listener:
        result = run_load(_as_date(load_date), wait, listener, full=full)
    if result.outcome is Outcome.PUBLISHED:
        print_summary(console, settings.warehouse_dir / DATABASE)
        console.print(f"[green]Published[/green] {settings.warehouse_dir / DATABASE} (run {result.run_id})")
        return
    stays = "Nothing was replaced: the last good publication stays. Every delivery that was taken is kept."
    said, then = {
        Outcome.FAILED: ("The load failed.", stays),
        Outcome.HELD_BACK: ("Held back: an invariant is broken.", stays),
        Outcome.WITHOUT_PAGES: (
            "Published, but the monitors' pages could not be made.",
            f"{settings.warehouse_dir / DATABASE} is tonight's; the pages are those of the load before until the next "
            "one, or until somebody materializes them in Dagster.",
        ),
    }[result.outcome]
    errors.print(said, style="red")
    for message in result.messages:
        errors.print(f"  {message}", markup=False)
    errors.print(f"{then} The run is {result.run_id}; `make ui` shows it.")
    raise typer.Exit(int(result.outcome))


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="For example: select respgrp, count(*) from analysis.adsl group by 1")],
    format: Annotated[str, typer.Option(help="table, csv, markdown, or parquet (which needs --out).")] = "table",
    out: Annotated[Path | None, typer.Option(help="Write to this file instead of the terminal.")] = None,
) -> None:
    """Run SQL on the published database, read-only; as a table, or as CSV, Markdown or Parquet to take away."""
    import duckdb

    from orchestration.answers import print_table, write_answer
    from orchestration.summary import open_published

    try:
        with open_published(_database()) as connection:
            answer = connection.sql(sql)
            if answer is None:
                raise typer.BadParameter("that statement returns no rows")
            if format == "table" and out is None:
                print_table(console, answer)
            else:
                write_answer(answer, format, out)
                if out is not None:
                    errors.print(f"Written to {out}", markup=False)
    except duckdb.Error as error:
        errors.print(str(error), markup=False, style="red")
        raise typer.Exit(1) from None


@delivery_app.command("list")
def delivery_list(
    site: Annotated[str | None, typer.Option(help="Only this site.")] = None,
    status: Annotated[str | None, typer.Option(help="LOADED, UNCHANGED, REFUSED, HELD, WITHDRAWN or SETTLING.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many lines, newest first.")] = 60,
) -> None:
    """List what arrived and what became of it."""
    from orchestration.ingestion.settings import Settings
    from orchestration.listings import list_deliveries

    console.print(*list_deliveries(Settings.from_environment(), site, status, limit), sep="\n")


@app.command()
def verify(
    everyone: Annotated[
        bool, typer.Option("--all", help="Derive everyone a second time, not only those whose raw rows changed.")
    ] = False,
    wait: Annotated[int, typer.Option(min=0, help="Seconds to wait for a load to finish.")] = 0,
) -> None:
    """Derive the endpoint a second time, in Python from raw rows, and compare it with what is published.

    Exit 0 they agree, 2 they do not: then every value that differs is named.
    """
    from orchestration.ingestion.settings import Settings
    from orchestration.verification import verify_published

    found = verify_published(Settings.from_environment(), everyone, wait, report=console.print)
    console.print(
        f"{found.derived_again:,} of {found.subjects:,} subjects derived a second time; "
        f"{found.values_compared:,} subjects, visits and infusions compared with the publication of {found.load_id}."
    )
    if not found.is_latest_load:
        console.print(
            "A later load took deliveries in and did not publish: what they changed differs here as well.",
            style="yellow",
        )
    if found.disagreements:
        errors.print(f"[red]{len(found.disagreements):,} values are not the same:[/red]")
        for sentence in found.disagreements:
            errors.print(f"  {sentence}", markup=False)
        raise typer.Exit(2)
    console.print("[green]Both derivations agree.[/green]")


SiteArgument = Annotated[str, typer.Argument(help="Site id, for example S01.")]
DateArgument = Annotated[str, typer.Argument(help="Date of the delivery (YYYY-MM-DD).")]
FormArgument = Annotated[str | None, typer.Option("--form", help="Only this form; default: every form concerned.")]
NameOption = Annotated[str, typer.Option("--name", help="Who decides.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why.")]


@delivery_app.command("release")
def delivery_release(
    site: SiteArgument, delivered: DateArgument, name: NameOption, reason: ReasonOption, form: FormArgument = None
) -> None:
    """Take a held delivery into use with the next load."""
    _decide("release", site, delivered, form, name, reason)


@delivery_app.command("withdraw")
def delivery_withdraw(
    site: SiteArgument, delivered: DateArgument, name: NameOption, reason: ReasonOption, form: FormArgument = None
) -> None:
    """Take a loaded or held delivery out of use with the next load; the state before it comes back."""
    _decide("withdraw", site, delivered, form, name, reason)


def _decide(kind: str, site: str, delivered: str, form: str | None, name: str, reason: str) -> None:
    from orchestration.ingestion import decisions
    from orchestration.ingestion.settings import Settings

    decide = decisions.release if kind == "release" else decisions.withdraw
    when = _as_date(delivered)
    assert when is not None
    for line in decide(Settings.from_environment(), site, when, form, name, reason):
        console.print(line)
    console.print("The next load applies it.")


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Folder of the demo; an earlier demo in it is replaced.")] = Path(
        "demo"
    ),
    sites: Annotated[int, typer.Option(min=1)] = 12,
    subjects: Annotated[int, typer.Option(min=0)] = 180,
    seed: Annotated[int, typer.Option()] = 1,
) -> None:
    """Simulate a trial, load two successive nights of it, and show what came out."""
    from orchestration.demo import run_demo

    raise typer.Exit(run_demo(folder, sites, subjects, seed))


def _database() -> Path:
    from orchestration.ingestion.settings import Settings
    from orchestration.publication.publish import DATABASE

    return Settings.from_environment().warehouse_dir / DATABASE


def main() -> None:
    """Entry point of `mrbs`: errors that a person can mend come as one sentence, never as a traceback."""
    os.environ.setdefault("DO_NOT_TRACK", "1")
    try:
        code = app(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except (typer.Abort, KeyboardInterrupt):
        errors.print("Interrupted. Run it again: nothing was left half done.")
        sys.exit(1)
    except CommandLineError as error:
        # Not click's own exit code 2, which here means "held back by an invariant".
        errors.print(error.format_message(), style="red", markup=False)  # type: ignore[attr-defined]
        sys.exit(1)
    except (ValueError, OSError, RuntimeError) as error:
        if os.environ.get("MRBS_TRACEBACK"):
            raise
        errors.print(str(error), style="red", markup=False)
        errors.print("(MRBS_TRACEBACK=1 shows where this comes from.)")
        sys.exit(1)


if __name__ == "__main__":
    main()
