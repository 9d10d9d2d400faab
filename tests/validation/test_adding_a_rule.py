"""docs/adding-a-rule.md does what it says: its declaration is a rule, its test passes, its count agrees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.validation import hand_made, test_counts_against_sql
from validation import catalogue, rule
from validation.rule import Rule
from validation.rulebook import dosing

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-rule.md"
DECLARATION, TEST, COUNT = re.findall(r"```python\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)


def forget_the_catalogue() -> None:
    for remembered in (catalogue.rules, catalogue.rule_by_id, catalogue.tables_of_stage):
        remembered.cache_clear()


@pytest.fixture
def declared() -> Iterator[Rule]:
    """The documented rule, in the catalogue as if it stood in its module."""
    before = dosing.RULES
    documented = eval(DECLARATION, vars(rule))
    dosing.RULES = (*before, documented)
    forget_the_catalogue()
    yield documented
    dosing.RULES = before
    forget_the_catalogue()


def test_the_declaration_is_ten_lines() -> None:
    assert len(DECLARATION.splitlines()) <= 10


def test_the_documented_test_passes_on_a_hand_made_table(declared: Rule) -> None:
    names = dict(vars(hand_made))
    exec(TEST, names)
    (test,) = (value for name, value in names.items() if name.startswith("test_"))
    test()
    names["run_rule"] = lambda rule_id, table, *rows: hand_made.run_rule(rule_id, table, *rows[1:])
    with pytest.raises(AssertionError):
        test()


def test_the_documented_count_agrees(declared: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = eval(COUNT)
    monkeypatch.setattr(test_counts_against_sql, "WRONG", test_counts_against_sql.WRONG | wrong)
    test_counts_against_sql.test_every_rule_and_table_has_a_count_of_its_own()
    for place in wrong:
        test_counts_against_sql.test_the_rule_finds_exactly_what_sql_finds(*place)


def test_a_rule_without_its_count_is_noticed(declared: Rule) -> None:
    with pytest.raises(AssertionError):
        test_counts_against_sql.test_every_rule_and_table_has_a_count_of_its_own()
