"""LAB: laboratory results that can't be judged for want of limits, or change their unit on the way.

Whether a result agrees with the disease activity belongs in `activity`, whether it can be at all in `values`.
"""

from __future__ import annotations

from validation.rule import MINOR, STAGING, Look, Rule

LABORATORY = "checks.chk_laboratory"
# The frame holds only what is in question; this is what was looked at.
TESTS_OF_SUBJECTS = """
    select count(*) from (
        select distinct usubjid, lbtestcd from working.staging.typed_lb
        where quarantine_rule is null and lborresn is not null and lbtestcd is not null
    )
"""

RULES = (
    Rule(
        rule_id="LAB01",
        title="Limits of normal missing or reversed",
        severity=MINOR,
        stage=STAGING,
        form="lb",
        description="A numeric result needs the limits of normal that its test is judged by, in their order.",
        source="checks.md; which limits a test needs is assumed (lab_tests)",
        records="tests of subjects",
        fault="have a result whose limits of normal are missing or reversed",
        looks=(
            Look(
                table=LABORATORY,
                field="limits",
                columns=("problem", "lbtestcd", "lbdt", "lacking"),
                expectation=lambda column, limit: column("lacking").is_null(),
                applies=lambda column, limit: column("problem").eq_missing("LIMITS MISSING"),
                message="{lbtestcd} of {lbdt} has no {lacking} of normal (the first such result of the subject)",
                value="lacking",
                counted_by=TESTS_OF_SUBJECTS,
            ),
            Look(
                table=LABORATORY,
                field="lbnrlo",
                columns=("problem", "lbtestcd", "lbdt", "lbnrlo", "lbnrhi"),
                expectation=lambda column, limit: column("lbnrlo") <= column("lbnrhi"),
                applies=lambda column, limit: column("problem").eq_missing("LIMITS REVERSED"),
                message=(
                    "{lbtestcd} of {lbdt} has a lower limit of normal of {lbnrlo}, above its upper limit of {lbnrhi} "
                    "(the first such result of the subject)"
                ),
                value="lbnrlo",
                counted_by=TESTS_OF_SUBJECTS,
            ),
        ),
    ),
    Rule(
        rule_id="LAB02",
        title="Unit differs within a subject and test",
        severity=MINOR,
        stage=STAGING,
        form="lb",
        description="A subject's results of one test should come in one unit; a change is where slips happen.",
        source="checks.md; units are those of the seed unit_conversions",
        records="tests of subjects",
        fault="have results in different units",
        looks=(
            Look(
                table=LABORATORY,
                field="lborresu",
                columns=("problem", "lbtestcd", "lbdt", "lborresu", "first_unit"),
                expectation=lambda column, limit: column("lborresu") == column("first_unit"),
                applies=lambda column, limit: column("problem").eq_missing("OTHER UNIT"),
                message="{lbtestcd} of {lbdt} is in {lborresu}, while the subject's first result is in {first_unit}",
                value="lborresu",
                counted_by=TESTS_OF_SUBJECTS,
            ),
        ),
    ),
)
