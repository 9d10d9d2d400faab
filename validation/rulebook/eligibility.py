"""ELI: consent and eligibility, seen in the dates of what was done."""

from __future__ import annotations

from validation.rule import MAJOR, STAGING, Look, Rule

RULES = (
    Rule(
        rule_id="ELI02",
        title="Procedure or infusion before consent",
        severity=MAJOR,
        stage=STAGING,
        form="*",
        description="Nothing that the protocol asks for may be done before the subject has consented.",
        source="ICH E6: informed consent; checks.md",
        records="first procedures (one per subject and form)",
        fault="are dated before consent",
        looks=(
            Look(
                table="checks.chk_consent",
                field="{date_column}",
                columns=("kind", "date_column", "performed_dt", "rficdt", "records_before_consent"),
                expectation=lambda column, limit: column("performed_dt") >= column("rficdt"),
                # A subject without a readable date of consent is another finding.
                applies=lambda column, limit: column("rficdt").is_not_null(),
                message=(
                    "{kind} of {performed_dt} is dated before consent was given on {rficdt} "
                    "(records in {form} before consent: {records_before_consent})"
                ),
                value="performed_dt",
            ),
        ),
    ),
)
