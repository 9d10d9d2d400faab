"""How things are written on a page: counts with their nouns, lists, and texts that anybody may have typed.

Dagster shows a table's cells as text, and a page's text as Markdown, so only what stands in the text can be taken for
markup. Sentences about findings are the rules' own (validation.sentences).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from orchestration.findings.deciding import one_line
from validation.sentences import written

LONGEST_CELL = 1_000
LISTED = 10
UNKNOWN = "unknown"
PLAIN = re.compile(r"[A-Za-z0-9]+([ -][A-Za-z0-9]+)*")


def literal(text: str | None) -> str:
    """A delivered text inside Markdown: as it is when it can't be markup, else as code, where nothing is markup."""
    line = one_line(text or "") or "(blank)"
    return line if PLAIN.fullmatch(line) else code(line)


def code(line: str) -> str:
    """One line as code inside Markdown; a fence longer than any run of backticks in it can't be closed by it."""
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    return f"{ticks} {line} {ticks}" if line.startswith("`") or line.endswith("`") else f"{ticks}{line}{ticks}"


def cell(text: str) -> str:
    """A text in a table's cell: one line of bearable length."""
    line = one_line(text)
    return line if len(line) <= LONGEST_CELL else f"{line[:LONGEST_CELL]} ... (cut; whole in quality.findings)"


def number_of(count: int, thing: str, things: str | None = None) -> str:
    """'1 site', '3 sites', '1,200 rows'."""
    return f"{count:,} {thing if count == 1 else things or thing + 's'}"


def listed(words: Iterable[str]) -> str:
    """'S01, S02' and, of very many, how many more there are."""
    words = list(words)
    more = len(words) - LISTED
    return ", ".join(words[:LISTED]) + (f" and {more} more" if more > 0 else "")


def by_severity(critical: int, major: int, minor: int) -> str:
    """'1 CRITICAL, 3 MINOR'; severities without any are left out."""
    counts = (("CRITICAL", critical), ("MAJOR", major), ("MINOR", minor))
    return ", ".join(f"{count:,} {severity}" for severity, count in counts if count)


def quantity(value: Decimal | int | None, unit: str = "", places: int = 2) -> str:
    """'58.4 kg'; what is not known is said to be unknown."""
    if value is None:
        return UNKNOWN
    return f"{written(round(value, places))} {unit}".strip()


def change(value: Decimal | int | None) -> str:
    """'+2', '-4', '0'; unknown when it is."""
    return UNKNOWN if value is None else ("+" if value > 0 else "") + written(value)
