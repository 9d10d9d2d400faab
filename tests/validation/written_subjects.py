"""Whole, clean subjects for the rules' tests to spoil, and what every rule says of them.

Protocol days stand for dates; day 0 is 2025-01-06. Every subject weighs 60 kg: 600 mg are planned. What belongs here:
writing records shortly (`sledai`, `bilag`, `infusions`), the forms of a clean subject (`WHOLE`), running all rules over
what dbt makes of them. What does not: any defect, and any expectation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from tests.dbt_project.subject_tables import Derived, Subject, subject
from validation.outcome import RuleOutcome
from validation.runner import run_stage

ITEMS = [f"sledai{number:02d}" for number in range(1, 25)]
SYSTEMS = ["bilconst", "bilmuco", "bilneuro", "bilmusc", "bilcard", "bilgast", "bilopht", "bilrenal", "bilhaem"]
# The visits of the plan from day 0 on, on their target days.
PLAN = {"D0": 0, "W2": 14} | {f"W{week}": 7 * week for week in range(4, 49, 4)}
# The site cut of most subjects, as a protocol day: late enough for the steroid rule, before week 48 is closed.
CUT = 300
# A site cut so early that no later visit or infusion is due: for subjects of whom only the first days are written.
NOTHING_DUE = 20


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


def visits(**other: str) -> str:
    """Screening and all planned visits; `other` says what a visit's day is instead ("." for none, "" for no record)."""
    days = {"SCR": "-7", **{visit: str(day) for visit, day in PLAN.items()}, **other}
    return "\n".join(["visit  svdtc", *(row(visit, day) for visit, day in days.items() if day)])


def weights(**other: str) -> str:
    """A weight of 60 kg at every planned visit; `other` says what a visit's weight is instead ("" for none)."""
    kilograms = {**dict.fromkeys(PLAN, "60"), **other}
    lines = [row(visit, PLAN[visit], weight) for visit, weight in kilograms.items() if weight]
    return "\n".join(["visit  vsdtc  vsorres", *lines])


def infusions(*rows: str) -> str:
    return "\n".join(["visit  exstdtc  exendtc  exdose", *rows])


FIRST_INFUSION = "D0  0 09:30  0 10:30  600"
INFUSIONS = {visit: f"{visit}  {day} 09:30  {day} 10:30  600" for visit, day in PLAN.items()}
WHOLE = {
    "dm": "subjid  sex\n1  F",
    "sv": visits(),
    "vs": weights(),
    "ex": infusions(*INFUSIONS.values()),
    "sledai": sledai(("D0", "0", {}), ("W2", "14", {})),
    "bilag": bilag(("D0", "0", {}), ("W2", "14", {})),
    "pga": "visit  pgadtc  pgares  pgascale\nD0  0  1.5  0-3\nW2  14  1.2  0-3",
    "cm": "cmseq  cmtrt  cmclas  cmdose  cmdosu  cmstdtc  cmongo\n1  PREDNISONE  CORTICOSTEROID  10  mg  -30  Y",
    "lb": "visit  lbdtc  lbtestcd  lborres  lborresu  lbnrlo\nSCR  -7  C3  0.9  g/L  0.8\nSCR  -7  HIV  NEGATIVE  .  .",
}
# The same subject when only two infusions were given: nothing later is due at the site cut of NOTHING_DUE.
FIRST_WEEKS = {
    "sv": "visit  svdtc\nSCR  -7\nD0  0\nW2  14\nW4  28",
    "vs": "visit  vsdtc  vsorres\nD0  0  60",
    "ex": infusions(FIRST_INFUSION, INFUSIONS["W2"]),
}


class Cases:
    """Subject by subject: what differs from WHOLE (or from `usual`), and every finding there must be."""

    def __init__(self, cut: int = CUT, usual: Mapping[str, str] = MappingProxyType({})) -> None:
        self.cut = cut
        self.whole = {**WHOLE, **usual}
        self.expected: dict[str, list[str]] = {}
        self.subjects: list[Subject] = []

    def add(self, siteid: str, *findings: str, cut: int | None = None, **forms: str) -> None:
        self.subjects.append(subject(siteid, self.cut if cut is None else cut, **{**self.whole, **forms}))
        self.expected[siteid] = sorted(findings)

    def rules_told(self) -> set[str]:
        return {finding.split(" ")[0] for findings in self.expected.values() for finding in findings}


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
