"""How things look on a terminal and in a log: one console, progress lines, tables.

Rich knows whether it writes to a terminal; in a log there are no colours, no spinners and no cursor movements.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from orchestration.progress import Listener

# A log has no width of its own; a sentence should stand on a line there.
WIDTH_OF_A_LOG = 200
LONG = 40

console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else WIDTH_OF_A_LOG)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def progress_display() -> Iterator[Listener]:
    """A listener that prints a line per report, with the time since the start; a spinner on a terminal."""
    started = time.monotonic()

    def line(step: str, message: str) -> str:
        return f"[dim]{time.monotonic() - started:6.1f} s[/dim]  [cyan]{escape(step):<8}[/cyan] {escape(message)}"

    if not console.is_terminal:
        yield lambda step, message: console.print(line(step, message))
        return
    with console.status("starting") as status:

        def show(step: str, message: str) -> None:
            console.print(line(step, message))
            status.update(f"{escape(step)}: {escape(message)}")

        yield show


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, fold_all: bool = False) -> Table:
    """A table; numbers stand right, missing values are empty.

    Where the width does not suffice, the last column is broken into lines, and any that holds long texts, which would
    leave no room for the others; all of them with `fold_all`.
    """
    rows = [list(row) for row in rows]
    result = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for index, column in enumerate(columns):
        numeric = any(isinstance(row[index], int | float) for row in rows)
        is_long = any(len(str(row[index])) > LONG for row in rows)
        may_fold = fold_all or is_long or index == len(columns) - 1
        result.add_column(column, justify="right" if numeric else "left", overflow="fold", no_wrap=not may_fold)
    for row in rows:
        result.add_row(*[_cell(value) for value in row])
    return result


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}"
    return escape(str(value))
