"""docs/rules.md is what the rules' declarations say now, and Dagster leads to it."""

from __future__ import annotations

import re

import pytest

from orchestration.checks.documentation import anchor, link_to_rule
from orchestration.checks.placeholders import sentence_in_words
from orchestration.checks.rules_page import FILE, rules_page
from validation import rule_by_id, rules
from validation.rule import Rule


def section(rule_id: str) -> str:
    _, _, rest = FILE.read_text(encoding="utf-8").partition(f'<a id="{anchor(rule_id)}"></a>\n')
    return rest.partition("<a id=")[0]


def test_the_page_is_fresh() -> None:
    assert FILE.read_text(encoding="utf-8") == rules_page(rules()), "run `make docs`"


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.rule_id)
def test_every_rule_has_a_line_and_a_section_in_words(rule: Rule) -> None:
    page = FILE.read_text(encoding="utf-8")
    assert page.count(f'<a id="{anchor(rule.rule_id)}"></a>') == 1
    assert page.count(f"| [{rule.rule_id}](#{anchor(rule.rule_id)}) | {rule.title} |") == 1
    for words in (rule.title, rule.severity, rule.stage, rule.description, rule.source, rule.fault):
        assert words in section(rule.rule_id)
    for look in rule.looks:
        assert not re.search(r"[{}]|\*\w*_\w*\*", sentence_in_words(look)), "a placeholder is not in words"


def test_a_sentence_has_the_record_in_words_and_the_protocols_numbers() -> None:
    """10 % is dose_tolerance_percent of the protocol."""
    (look,) = rule_by_id()["DOS01"].looks
    assert sentence_in_words(look) == (
        "infusion of *dose given (mg)* mg is *how far off the plan, in percent* % *above or below the plan* "
        "the planned *planned dose (mg)* mg (*latest weight on or before the infusion (kg)* kg "
        "on *date of that weight*); 10 % is allowed"
    )


def test_what_happens_follows_from_the_severity() -> None:
    assert "Nothing is published" in section("INV01")
    assert "the row is kept out" in section("VAL01")
    assert "Send the sentence to the site" in section("DOS01")
    assert "never red" in section("VIS02")
    assert "next accepted delivery" in section("DEL03")


def test_a_check_links_to_its_section_where_the_docs_have_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MRBS_DOCS_URL", "https://git.example.org/mrbs/docs/")
    assert link_to_rule("DOS01").value == "https://git.example.org/mrbs/docs/rules.md#dos01"
    monkeypatch.delenv("MRBS_DOCS_URL")
    assert link_to_rule("DOS01").value == "docs/rules.md#dos01"
