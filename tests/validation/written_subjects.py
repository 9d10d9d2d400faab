"""Whole, clean subjects for the rules' tests to spoil, and what every rule says of them.

What belongs here: writing records shortly (`sledai`, `bilag`, `infusions`), the forms of a clean subject (`WHOLE`),
running all rules over what dbt makes of them. What does not: any defect, and any expectation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from tests.dbt_project.subject_tables import Derived, Subject
from validation.outcome import RuleOutcome
from validation.runner import run_stage

ITEMS = [f"sledai{number:02d}" for number in range(1, 25)]
SYSTEMS = ["bilconst", "bilmuco", "bilneuro", "bilmusc", "bilcard", "bilgast", "bilopht", "bilrenal", "bilhaem"]


def row(*cells: object) -> str:
    return "  ".join(str(cell) for cell in cells)


def sledai(*records: tuple[str, str, dict[str, str]]) -> str:
    """Records as (visit, day, what is not 0); the item arthritis is always there, which makes a total of 4."""
    lines = [row("visit", "sledtc", *ITEMS, "sledtot")]
    for visit, day, other in records:
        cells = {**dict.fromkeys(ITEMS, "0"), "sledai09": "1", "sledtot": "4", **other}
        lines.append(row(visit, day, *(cells[item] for item in ITEMS), cells["sledtot"]))
    return "\n".join(lines)


def bilag(*records: tuple[str, str, dict[str, str]]) -> str:
    lines = [row("visit", "bildtc", *SYSTEMS)]
    for visit, day, other in records:
        lines.append(row(visit, day, *(other.get(system, "C") for system in SYSTEMS)))
    return "\n".join(lines)


WHOLE = {
    "dm": "subjid  sex\n1  F",
    "sv": "visit  svdtc\nD0  0\nW2  14\nW4  28",
    "vs": "visit  vsdtc  vsorres\nD0  0  60",
    "ex": "visit  exstdtc  exendtc  exdose\nD0  0 09:30  0 10:30  600\nW2  14 09:30  14 10:30  600",
    "sledai": sledai(("D0", "0", {}), ("W2", "14", {})),
    "bilag": bilag(("D0", "0", {}), ("W2", "14", {})),
    "pga": "visit  pgadtc  pgares  pgascale\nD0  0  1.5  0-3\nW2  14  1.2  0-3",
    "cm": "cmseq  cmtrt  cmclas  cmdose  cmdosu  cmstdtc  cmongo\n1  PREDNISONE  CORTICOSTEROID  10  mg  -30  Y",
    "lb": "visit  lbdtc  lbtestcd  lborres  lborresu  lbnrlo\nSCR  -7  C3  0.9  g/L  0.8\nSCR  -7  HIV  NEGATIVE  .  .",
}

# The site cut of most subjects, as a protocol day: late enough for the steroid rule, before week 48 is closed.
CUT = 300
FIRST_INFUSION = "D0  0 09:30  0 10:30  600"


def infusions(*rows: str) -> str:
    return "\n".join(["visit  exstdtc  exendtc  exdose", *rows])


def outcomes_of(folder: Path, subjects: Sequence[Subject]) -> list[RuleOutcome]:
    """What every rule says of these subjects, whose tables dbt derives in the folder."""
    warehouse = Derived(folder, subjects, ["+path:models/checks", "+row_accounting"]).warehouse
    with warehouse.connect() as connection:
        frames = {"raw.delivery_problems": []}
        return [
            outcome
            for stage in ("RAW", "STAGING", "ANALYSIS")
            for outcome in run_stage(stage, connection, frames=frames)
        ]


def found(outcomes: list[RuleOutcome], siteid: str, families: tuple[str, ...] = ("",)) -> list[str]:
    """Every finding at a site (of some families of rules) as 'RULE sentence', without where it stands."""
    sentences = [
        f"{violation['rule_id']} {re.sub(r'(; [a-z]+.csv row [0-9]+)?[.]$', '', violation['message'])}"
        for outcome in outcomes
        if not outcome.rule.blocking and outcome.rule.rule_id.startswith(families)
        for violation in outcome.violations.iter_rows(named=True)
        if violation["siteid"] == siteid
    ]
    return sorted(sentences)
