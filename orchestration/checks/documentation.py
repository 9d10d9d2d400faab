"""Where a rule is explained: its section of docs/rules.md, as an anchor, as a path, and as a link in Dagster.

What stands in the section belongs in `orchestration.checks.rules_page`.
"""

import os

import dagster as dg

PAGE = "docs/rules.md"


def anchor(rule_id: str) -> str:
    """The section's anchor: the rule's id alone, so that another title breaks no link."""
    return rule_id.lower()


def link_to_rule(rule_id: str) -> dg.UrlMetadataValue | dg.TextMetadataValue:
    """What a check's page in Dagster shows: a link when MRBS_DOCS_URL says where docs/ is served, else the place.

    Dagster serves no files of the project, so without that address there is nothing a browser could open.
    """
    address = os.environ.get("MRBS_DOCS_URL", "").rstrip("/")
    if address:
        return dg.MetadataValue.url(f"{address}/{PAGE.removeprefix('docs/')}#{anchor(rule_id)}")
    return dg.MetadataValue.text(f"{PAGE}#{anchor(rule_id)}")
