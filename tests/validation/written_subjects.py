"""Whole, clean subjects for the rules' tests to spoil, and what every rule says of them.

Protocol days stand for dates; day 0 is 2025-01-06. Every subject weighs 60 kg: 600 mg are planned. What belongs here:
writing records shortly (`sledai`, `bilag`, `infusions`), the forms of a clean subject (`WHOLE`), running all rules over
what dbt makes of them. What does not: any defect, and any expectation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType

import duckdb

from tests.dbt_project.subject_tables import Subject, subject
from tests.dbt_project.written_trial import write_down
from validation.outcome import RuleOutcome
from validation.runner import run_stage

# What rules look at.
LOOKED_AT = ["+path:models/checks", "+row_accounting"]
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

    def add(self, siteid: str, *findings: str, cut: int | None = None, **forms: str) -> None:
        self.add_subject(
            subject(siteid, self.cut if cut is None else cut, **{**self.whole, **forms}), *sorted(findings)
        )

    def add_subject(self, subject: Subject, *findings: str) -> None:
        write_down([subject], LOOKED_AT)
        self.expected[subject.siteid] = list(findings)

    def rules_told(self) -> set[str]:
        return {finding.split(" ")[0] for findings in self.expected.values() for finding in findings}


class Outcomes(list[RuleOutcome]):
    """What every rule says of every subject of the written trial."""

    @cached_property
    def found_at(self) -> dict[str, list[tuple[str, str]]]:
        """The findings at each site: the rule, and its sentence without where the record stands."""
        found: dict[str, list[tuple[str, str]]] = {}
        for outcome in self:
            if not outcome.rule.blocking:
                for violation in outcome.violations.iter_rows(named=True):
                    sentence = re.sub(r"(; [a-z]+.csv row [0-9]+)?[.]$", "", violation["message"])
                    found.setdefault(violation["siteid"], []).append((violation["rule_id"], sentence))
        return found


def outcomes_of(connection: duckdb.DuckDBPyConnection) -> Outcomes:
    """What every rule says of what was derived."""
    frames = {"raw.delivery_problems": []}
    stages = ("RAW", "STAGING", "ANALYSIS")
    return Outcomes(outcome for stage in stages for outcome in run_stage(stage, connection, frames=frames))


def found(outcomes: Outcomes, siteid: str, families: tuple[str, ...] = ("",)) -> list[str]:
    """Every finding at a site (of some families of rules) as 'RULE sentence', without where it stands."""
    at_site = outcomes.found_at.get(siteid, [])
    return sorted(f"{rule_id} {sentence}" for rule_id, sentence in at_site if rule_id.startswith(families))
