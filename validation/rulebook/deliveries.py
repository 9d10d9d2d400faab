"""DEL: deliveries and their files, before anything is merged.

Ingestion notices these while it takes a delivery in; what is still open stands as one row per site, form and rule in
raw.delivery_problems. A rule passes when none of its own is open.
"""

from __future__ import annotations

from validation.rule import CRITICAL, MAJOR, RAW, Look, Rule

PROBLEMS = "raw.delivery_problems"
FORMS_OF_SITES = "select count(*) from (select distinct siteid, form from working.raw.deliveries)"


def _delivery_rule(rule_id: str, title: str, severity: str, description: str, fault: str) -> Rule:
    look = Look(
        table=PROBLEMS,
        field="file",
        columns=("rule_id", "file", "message"),
        expectation=lambda column, limit: column("rule_id").ne_missing(rule_id),
        message="{message}",
        value="file",
        counted_by=FORMS_OF_SITES,
    )
    return Rule(
        rule_id=rule_id,
        title=title,
        severity=severity,
        stage=RAW,
        form="*",
        description=description,
        source="Site exports: what arrives",
        records="forms of the sites",
        fault=fault,
        looks=(look,),
    )


RULES = (
    _delivery_rule(
        "DEL01",
        "File unreadable",
        CRITICAL,
        "A file must be readable in the format and encoding that the register names.",
        "have a file that can't be read",
    ),
    _delivery_rule(
        "DEL02",
        "File empty",
        CRITICAL,
        "A file must at least have a header; a header alone is a form with no rows yet.",
        "have a file without even a header",
    ),
    _delivery_rule(
        "DEL03",
        "Required column missing",
        CRITICAL,
        "A file must have every column of its form; a value may be absent, a column may not.",
        "have a file that lacks a column",
    ),
    _delivery_rule(
        "DEL04",
        "Unknown column",
        MAJOR,
        "A file should hold no column that its form does not know; what it holds is kept in raw.",
        "have a file with an unknown column",
    ),
    _delivery_rule(
        "DEL05",
        "Manifest mismatch",
        CRITICAL,
        "With a manifest, every file must have the row count and the hash that it states.",
        "have a delivery that does not match its manifest",
    ),
    _delivery_rule(
        "DEL06",
        "Older than the last delivery",
        CRITICAL,
        "A delivery must not be dated before the latest one already loaded for the site.",
        "have a delivery that came too late to be taken",
    ),
    _delivery_rule(
        "DEL07",
        "Form has shrunk",
        CRITICAL,
        "A form that lost more of its rows or subjects than the limit is held until a person releases or withdraws it.",
        "have lost so much that they are held",
    ),
    _delivery_rule(
        "DEL08",
        "Site late",
        MAJOR,
        "A site should deliver as often as the register says.",
        "are late",
    ),
    _delivery_rule(
        "DEL09",
        "Unknown site",
        CRITICAL,
        "Only a site that is in the register may deliver.",
        "come from a site that is not in the register",
    ),
    _delivery_rule(
        "DEL10",
        "Form missing from a delivery",
        MAJOR,
        "A delivery should hold every form that the site has delivered before.",
        "are missing from the latest delivery",
    ),
    _delivery_rule(
        "DEL11",
        "Bytes changed under the same date",
        MAJOR,
        "What has been delivered under a date should not change afterwards; a correction comes under a new date.",
        "have bytes that changed under the same date",
    ),
    _delivery_rule(
        "DEL12",
        "Dated after the load",
        CRITICAL,
        "A delivery must not be dated in the future.",
        "have a delivery dated after the load",
    ),
    _delivery_rule(
        "DEL13",
        "Column holds something else",
        CRITICAL,
        "A column must go on holding what it held: a form of which most values of a column can't be read any more, or "
        "all are gone, is held until a person approves it.",
        "have a column that holds something else than before",
    ),
)
