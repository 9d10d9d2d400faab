"""What people do about columns that changed at a site: look at them with before and after, and approve them.

Works while a load is running, like `decisions`: what is open is read from the working file when nobody holds it, else
from the published database, and an approval is a line in a file of its own (`column_log`). The next load applies it.
"""

from __future__ import annotations

from typing import NamedTuple

import duckdb

from orchestration.ingestion.column_log import Approval, Kind, approvals, record_approval
from orchestration.ingestion.decisions import DecisionRefusedError, list_deliveries, release
from orchestration.ingestion.forms import column_names, form_names
from orchestration.ingestion.lock import LoadLocked, hold_lock
from orchestration.ingestion.problems import delivery_problems
from orchestration.ingestion.settings import Settings

# Which rule tells of what an approval is about.
RULES_OF: dict[Kind, tuple[str, ...]] = {
    "use": ("DEL03", "DEL04"),
    "absent": ("DEL03",),
    "known": ("DEL03", "DEL04"),
}
COLUMN_RULES = ("DEL03", "DEL04", "DEL13")
PUBLISHED = """
    select siteid, form, rule_id, message from quality.findings
    where status = 'OPEN' and rule_id in ('DEL03', 'DEL04', 'DEL13')
    order by siteid, form, rule_id
"""


class ColumnChange(NamedTuple):
    """A column of a site's form that is held out of use: by which rule, and what it was and is."""

    siteid: str
    form: str
    rule_id: str
    message: str


def column_changes(settings: Settings) -> list[ColumnChange]:
    """What is open, as of the last load.

    Raises:
        DecisionRefusedError: nothing has been loaded yet.
    """
    try:
        with hold_lock(settings, owner="mrbs columns"):
            if settings.working_file.exists():
                with duckdb.connect(str(settings.working_file), read_only=True) as connection:
                    return [
                        ColumnChange(problem.siteid, problem.form, problem.rule_id, problem.message)
                        for problem in delivery_problems(connection)
                        if problem.rule_id in COLUMN_RULES and problem.form is not None
                    ]
    except (LoadLocked, duckdb.IOException):
        if not settings.published_file.exists():
            raise
    if not settings.published_file.exists():
        raise DecisionRefusedError(f"nothing has been loaded yet in {settings.warehouse_dir}")
    with duckdb.connect(str(settings.published_file), read_only=True) as connection:
        return [ColumnChange(*row) for row in connection.execute(PUBLISHED).fetchall()]


def approve(
    settings: Settings, kind: Kind, siteid: str, form: str, column: str, ours: str = "", *, by: str, reason: str
) -> Approval:
    """Approve one change; the next load applies it.

    Raises:
        DecisionRefusedError: there is nothing like that to approve, or it can't be approved like that.
    """
    column, ours = column.strip(), ours.strip().lower()
    if not by.strip() or not reason.strip():
        raise DecisionRefusedError("an approval needs the name of who decides and a reason")
    if form not in form_names(settings.seeds_dir):
        raise DecisionRefusedError(f"{form!r} is no form; forms are {', '.join(form_names(settings.seeds_dir))}")
    contract = column_names(form, settings.seeds_dir)
    if kind == "use" and ours not in contract:
        raise DecisionRefusedError(f"{ours!r} is no column of {form}; its columns are {', '.join(contract)}")
    if kind == "use" and column.lower() in contract:
        raise DecisionRefusedError(f"{column} is a column of {form} itself and can't stand for {ours}")
    everything = column_changes(settings)
    here = [change for change in everything if (change.siteid, change.form) == (siteid, form)]
    fitting = [change for change in here if change.rule_id in RULES_OF[kind]]
    if not fitting:
        raise DecisionRefusedError(_nothing_there(siteid, form, here, everything))
    if kind != "use" and not any(_names(change, column) for change in fitting):
        told = " ".join(change.message for change in fitting)
        raise DecisionRefusedError(f"nothing is said about a column {column}: {told}")
    return record_approval(settings, kind, siteid, form, column, ours, by.strip(), reason.strip())


def take_as_it_comes(settings: Settings, siteid: str, form: str, *, by: str, reason: str) -> list[str]:
    """Release the form that is held because a column holds something else (DEL13): these bytes, and no later ones.

    Raises:
        DecisionRefusedError: no such form is held.
    """
    held = [
        file
        for file in list_deliveries(settings, siteid)
        if file.form == form and file.standing == "HELD" and file.delivered is not None
    ]
    if not held:
        raise DecisionRefusedError(f"{siteid}, {form}: no delivery of it is held")
    newest = max(file.delivered for file in held if file.delivered is not None)
    return release(settings, siteid, newest, form, by, reason)


def approved(settings: Settings) -> list[Approval]:
    """Every approval, the newest first."""
    return approvals(settings)[::-1]


def _names(change: ColumnChange, column: str) -> bool:
    """Whether a message is about a column."""
    return column.lower() in change.message.lower()


def _nothing_there(siteid: str, form: str, here: list[ColumnChange], everything: list[ColumnChange]) -> str:
    if here:
        return f"{siteid}, {form}: that can't be approved so; what is open: {' '.join(c.message for c in here)}"
    others = sorted({f"{change.siteid} {change.form}" for change in everything})
    return f"{siteid}, {form}: no column waits for an approval; open are {', '.join(others) or 'none'}"
