"""Subjects that are whole and clean but for what a test writes down, and what the rules say of them.

Protocol days stand for dates; day 0 is 2025-01-06. Every subject weighs 60 kg: 600 mg are planned. What belongs here:
the rows of a whole subject, and running every rule over such subjects. What does not: any expectation.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.dbt_project.subject_tables import Derived, Subject, subject
from validation.outcome import RuleOutcome
from validation.runner import run_stage

ITEMS = [f"sledai{number:02d}" for number in range(1, 25)]
SYSTEMS = ["bilconst", "bilmuco", "bilneuro", "bilmusc", "bilcard", "bilgast", "bilopht", "bilrenal", "bilhaem"]


def row(*cells: object) -> str:
    return "  ".join(str(cell) for cell in cells)


def sledai(*records: tuple[str, str, dict[str, str]]) -> str:
    """Records as (visit, day, what is not 0); the item arthritis is always there, which makes a total of 4.

    At D0 there is myositis besides, which makes 8: the subject is active at baseline.
    """
    lines = [row("visit", "sledtc", *ITEMS, "sledtot")]
    for visit, day, other in records:
        active = {"sledai10": "1", "sledtot": "8"} if visit == "D0" else {}
        cells = {**dict.fromkeys(ITEMS, "0"), "sledai09": "1", "sledtot": "4", **active, **other}
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
    "lb": "visit  lbdtc  lbtestcd  lborres  lborresu\nSCR  -7  C3  0.9  g/L\nSCR  -7  HIV  NEGATIVE  .",
}
FIRST_INFUSION = "D0  0 09:30  0 10:30  600"


def infusions(*rows: str) -> str:
    return "\n".join(["visit  exstdtc  exendtc  exdose", *rows])


class Cases:
    """Subject by subject: what differs from WHOLE, and every finding there must be."""

    def __init__(self) -> None:
        self.expected: dict[str, list[str]] = {}
        self.subjects: list[Subject] = []

    def add(self, siteid: str, *findings: str, **forms: str) -> None:
        self.subjects.append(subject(siteid, **{**WHOLE, **forms}))
        self.expected[siteid] = sorted(findings)

    def outcomes(self, folder: Path) -> list[RuleOutcome]:
        """Every rule of every stage over what dbt makes of these subjects."""
        warehouse = Derived(folder, self.subjects, ["+path:models/checks", "+row_accounting"]).warehouse
        with warehouse.connect() as connection:
            return [
                outcome
                for stage in ("RAW", "STAGING", "ANALYSIS")
                for outcome in run_stage(stage, connection, frames={"raw.delivery_problems": []})
            ]


def found(outcomes: list[RuleOutcome], siteid: str) -> list[str]:
    """Every finding at a site as 'RULE sentence', without where it stands."""
    sentences = [
        f"{violation['rule_id']} {re.sub(r'(; [a-z]+.csv row [0-9]+)?[.]$', '', violation['message'])}"
        for outcome in outcomes
        if not outcome.rule.blocking
        for violation in outcome.violations.iter_rows(named=True)
        if violation["siteid"] == siteid
    ]
    return sorted(sentences)
