"""Subjects of the endpoint tests: assessments, medication and disposition as small tables.

On top of the notation of subject_tables an assessment day is one line of `activity`: its protocol day, the visit label,
and one cell per component (`.`: not assessed). SLEDAI-2K is written as the items that are present (`9+12`; `0`: none)
and those left unanswered (`9 ?24`), with the site's own total where it matters (`9 =6`), BILAG-2004 as nine grades in
the protocol's order (`-` is a missing one), PGA as a number on the 0-3 scale or with its scale (`76 of 0-100`). What
belongs here: this notation. What does not: any rule of the protocol.
"""

from __future__ import annotations

import re

from tests.dbt_project.subject_tables import subject, table
from tests.dbt_project.written_trial import write_down

COLUMNS = "day  visit  sledai  bilag  pga"
SYSTEMS = ["bilconst", "bilmuco", "bilneuro", "bilmusc", "bilcard", "bilgast", "bilopht", "bilrenal", "bilhaem"]
TABLES = ["+adqs", "+adsri", "+srisum"]

# Arthritis 4 + haematuria 4 + rash 2: SLEDAI-2K 10; two Bs; PGA 1.5.
STANDARD_BASELINE = "0  D0  9+12+15  DBDBDDDDD  1.5"
# SLEDAI-2K 10 - 4: a fall of 6; no new A or B; PGA 1.5 to 0.8.
RESPONSE = "9  DCDCDDDDD  0.8"
USUAL_MEDICATION = {"cmdosu": "mg", "cmdosfrq": "QD", "cmroute": "ORAL"}


def endpoint_subject(
    siteid: str,
    activity: str = "",
    *,
    baseline: str = STANDARD_BASELINE,
    cut: int | None = 400,
    ex: str = "visit  exstdtc\nD0  0",
    cm: str = "",
    ds: str = "",
) -> str:
    """Writes a subject down, alone at its site, and returns the site: the subject's name in the tests.

    The columns of `baseline` and `activity` are COLUMNS; of the other tables, those of their form.
    """
    lines = [line for line in (baseline + "\n" + activity).splitlines() if line.strip()]
    forms = {"ex": ex, **_assessments(table("\n".join([COLUMNS, *lines])))}
    if cm:
        rows = [{"cmseq": str(number), **USUAL_MEDICATION, **row} for number, row in enumerate(table(cm), 1)]
        forms["cm"] = _as_text(rows)
    if ds:
        forms["ds"] = ds
    write_down([subject(siteid, cut, **forms)], TABLES)
    return siteid


def _assessments(rows: list[dict[str, str]]) -> dict[str, str]:
    forms: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        if row["sledai"] != ".":
            dated = {"visit": row["visit"], "sledtc": row["day"]}
            forms.setdefault("sledai", []).append({**dated, **_items(row["sledai"])})
        if row["bilag"] != ".":
            grades = dict(zip(SYSTEMS, row["bilag"].replace("-", "."), strict=True))
            forms.setdefault("bilag", []).append({"visit": row["visit"], "bildtc": row["day"], **grades})
        if row["pga"] != ".":
            value, _, scale = row["pga"].partition(" of ")
            dated = {"visit": row["visit"], "pgadtc": row["day"], "pgares": value, "pgascale": scale or "0-3"}
            forms.setdefault("pga", []).append(dated)
    return {form: _as_text(rows) for form, rows in forms.items()}


def _items(cell: str) -> dict[str, str]:
    items, _, total = cell.partition(" =")
    present, _, unanswered = items.partition(" ?")
    marked = {int(number) for number in re.findall(r"\d+", present)}
    empty = {int(number) for number in re.findall(r"\d+", unanswered)}
    answers = {f"sledai{item:02d}": "." if item in empty else str(int(item in marked)) for item in range(1, 25)}
    return {**answers, "sledtot": total or "."}


def _as_text(rows: list[dict[str, str]]) -> str:
    """Rows back as a table of text; the columns of the first row."""
    return "\n".join(["  ".join(rows[0]), *("  ".join(row.values()) for row in rows)])
