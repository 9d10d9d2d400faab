"""The catalogue: every rule there is, in the order of the catalogue, each once.

Rules are declared in `validation.rulebook`; nothing is declared here.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from validation.rule import Rule

MODULES = (
    "deliveries",
    "values",
    "eligibility",
    "disposition",
    "visits",
    "dosing",
    "infusions",
    "activity",
    "laboratory",
    "medication",
    "invariants",
)


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, in the order of the catalogue."""
    declared: list[Rule] = []
    for module in MODULES:
        declared += import_module(f"validation.rulebook.{module}").RULES
    return tuple(declared)


@cache
def rule_by_id() -> dict[str, Rule]:
    return {rule.rule_id: rule for rule in rules()}


@cache
def tables_of_stage(stage: str) -> dict[str, tuple[Rule, ...]]:
    """The tables that a stage looks at, with the rules on each: the index of what must run tonight."""
    concerned = [rule for rule in rules() if rule.stage == stage]
    tables = dict.fromkeys(table for rule in concerned for table in rule.tables)
    return {table: tuple(rule for rule in concerned if table in rule.tables) for table in tables}
