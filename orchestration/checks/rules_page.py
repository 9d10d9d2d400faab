"""docs/rules.md, made from the declarations of the rules: what each expects, what it tells, and what to do then.

    python -m orchestration.checks.rules_page        (or: make docs)

A test fails when the page is stale. Nothing about a rule is written down here but what follows from its severity; the
sentences' placeholders become words in `orchestration.checks.placeholders`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from orchestration.checks.documentation import PAGE, anchor
from orchestration.checks.placeholders import sentence_in_words
from orchestration.checks.rules import checked_asset
from orchestration.derivation.project import PROJECT_DIR
from validation import protocol
from validation.catalogue import rules as catalogue
from validation.rule import CRITICAL, INVARIANT, MAJOR, MINOR, RAW, Rule

FILE = PROJECT_DIR.parent / PAGE
SENTENCES_SHOWN = 3

GROUPS = {
    "DEL": "Files and deliveries",
    "VAL": "Rows and values",
    "ELI": "Consent and eligibility",
    "DSP": "Disposition",
    "VIS": "Visits and dates",
    "DOS": "Dosing",
    "EFF": "Disease activity",
    "MED": "Medication",
    "LAB": "Laboratory",
    "INV": "Invariants",
}

HEAD = """# The rules

Made from the rules' declarations by `make docs`; change them there ([adding-a-rule.md](adding-a-rule.md)).
How to work with what they find: [reviewing-findings.md](reviewing-findings.md).

A rule has an id that stays, and a severity that says what a failure means:

| severity | meaning |
|---|---|
| CRITICAL | a value, row or file can't be used |
| MAJOR | a query to the site: it bears on safety, dosing or the endpoint |
| MINOR | worth a look |
| INVARIANT | the warehouse itself is wrong, not a site; nothing is published |

and a stage that says what it looks at: RAW the deliveries, and every value as it came; STAGING the records, across
fields and forms; ANALYSIS the published tables. Numbers such as tolerances are the protocol's parameters; some are
assumed, as the source says.

A finding tells one sentence that can be pasted into a query. Words in *italics* are filled in from the record; around
the sentence stand the subject, the visit, the file and the row: "S02-0017, W8: …; ex.csv row 214."

The check of a CRITICAL or MAJOR rule is red while a finding is new tonight or older than {days} days. A rule that could
not run is red too, says *Not run* and why, and never counts as passed: `quality.rule_runs` has every rule and table.
"""


def rules_page(rules: Sequence[Rule]) -> str:
    """The page as Markdown: an index, then a section per rule under the heading of its group."""
    days = protocol.limits().in_words()["finding_response_days"]
    sections = [HEAD.format(days=days), _index(rules)]
    for group, members in groupby(rules, key=lambda rule: rule.rule_id[:3]):
        sections.append(f"## {group}: {GROUPS[group]}\n")
        sections += [_section(rule) for rule in members]
    return "\n".join(sections)


def _index(rules: Iterable[Rule]) -> str:
    lines = ["| rule | title | severity | stage | form |", "|---|---|---|---|---|"]
    for rule in rules:
        link = f"[{rule.rule_id}](#{anchor(rule.rule_id)})"
        lines.append(f"| {link} | {rule.title} | {rule.severity} | {rule.stage} | {_form(rule)} |")
    return "\n".join(lines) + "\n"


def _form(rule: Rule) -> str:
    return "several" if rule.form == "*" else f"`{rule.form}`"


def _forms(rule: Rule) -> str:
    return "several forms" if rule.form == "*" else f"form `{rule.form}`"


def _section(rule: Rule) -> str:
    lines = [
        f'<a id="{anchor(rule.rule_id)}"></a>',
        f"### {rule.rule_id}: {rule.title}",
        "",
        f"{rule.severity} · stage {rule.stage} · {_forms(rule)}",
        "",
        rule.description,
        "",
        f"- Looks at: {_tables(rule)}",
        f"- In Dagster: {_pages(rule)}: {_counted(rule)}",
        *_told(rule),
        f"- What happens: {what_happens(rule)}",
        f"- Source: {rule.source}",
    ]
    return "\n".join(lines) + "\n"


def _tables(rule: Rule) -> str:
    forms = [table.split(".typed_")[1] for table in rule.tables if ".typed_" in table]
    others = [f"`{table}`" for table in rule.tables if ".typed_" not in table]
    as_read = [f"the form{'s' * (len(forms) > 1)} {_listed(forms)}, as delivered and as read"] if forms else []
    return "; ".join([", ".join(others), *as_read] if others else as_read)


def _pages(rule: Rule) -> str:
    assets = dict.fromkeys("/".join(checked_asset(table).path) for table in rule.tables)
    if len(assets) > 1 and all(".typed_" in table for table in rule.tables):
        return f"check {rule.rule_id} of each of these forms under `raw`"
    return f"check {rule.rule_id} of {_listed(assets)}"


def _counted(rule: Rule) -> str:
    """The sentence of the check, as `validation.summary` makes it, without its numbers."""
    return f"“… of … {rule.records.format(table='the table')} … {rule.fault}”"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _told(rule: Rule) -> list[str]:
    """The sentences, each once; of a rule with a sentence for every column of every form, the first few."""
    sentences = list(dict.fromkeys(sentence_in_words(look) for look in rule.looks))
    if len(sentences) == 1:
        return [f"- A finding tells: “{sentences[0]}”"]
    lines = ["- A finding tells one of:", *(f"    - “{sentence}”" for sentence in sentences[:SENTENCES_SHOWN])]
    rest = len(sentences) - SENTENCES_SHOWN
    return lines + ([f"    - and so on: {rest} more of the kind"] if rest > 0 else [])


def what_happens(rule: Rule) -> str:
    """What a failure does, and what a monitor does then: it follows from the severity and from where the rule looks."""
    query = "Send the sentence to the site as a query."
    if rule.severity == INVARIANT:
        return "Nothing is published; the last good publication stays. No site is asked: tell the data engineers."
    if rule.rule_id.startswith("DEL"):
        taken = (
            "The file or delivery is not taken into use, and the last good state stays in force."
            if rule.severity == CRITICAL
            else "The load goes on with what there is."
        )
        return f"{taken} Tell the site; the next accepted delivery of the form resolves it."
    if rule.severity == CRITICAL and rule.stage == RAW:
        return f"The value counts as missing, or the row is kept out, until the site corrects it. {query}"
    if rule.severity == CRITICAL:
        return f"What hangs on it can't be known until the site corrects it. {query}"
    if rule.severity == MAJOR:
        return f"The load goes on. {query}"
    assert rule.severity == MINOR
    return "The load goes on, and the check is never red. Ask the site when it is asked about something else."


def write_page() -> None:
    FILE.write_text(rules_page(catalogue()), encoding="utf-8")


if __name__ == "__main__":
    write_page()
