"""VIS: visits and dates that can't be, or lie where they should not."""

from __future__ import annotations

from validation.rule import MAJOR, MINOR, STAGING, Look, Rule

RULES = (
    Rule(
        rule_id="VIS02",
        title="Visit outside its window",
        severity=MINOR,
        stage=STAGING,
        form="sv",
        description="A planned visit should take place inside its window around the target day.",
        source="Protocol: schedule of visits; window tolerances are assumed (protocol_parameters)",
        records="planned visits",
        fault="lie outside the window",
        looks=(
            Look(
                table="checks.chk_visits",
                field="svdtc",
                columns=("svdt", "svdtc_delivered", "protday", "window_first_day", "window_last_day"),
                expectation=lambda column, limit: column("protday").is_between(
                    column("window_first_day"), column("window_last_day")
                ),
                # Without a full date, or without a day 0, nobody knows the protocol day.
                applies=lambda column, limit: column("protday").is_not_null(),
                message=(
                    "visit on {svdt} is protocol day {protday}, outside its window "
                    "(day {window_first_day} to {window_last_day})"
                ),
                value="svdtc_delivered",
            ),
        ),
    ),
    Rule(
        rule_id="VIS07",
        title="End before start",
        severity=MAJOR,
        stage=STAGING,
        form="*",
        description="An infusion, medication, adverse event or history entry can't end before it starts.",
        source="checks.md",
        records="records with a start and an end",
        fault="have an end before the start",
        looks=(
            Look(
                table="checks.chk_periods",
                field="{end_column}",
                columns=("kind", "end_column", "start_delivered", "end_delivered", "earliest_start", "latest_end"),
                expectation=lambda column, limit: column("latest_end") >= column("earliest_start"),
                applies=lambda column, limit: (
                    column("latest_end").is_not_null() & column("earliest_start").is_not_null()
                ),
                message="{kind} ends on {end_delivered}, before it starts on {start_delivered} (record {record_key})",
                value="end_delivered",
            ),
        ),
    ),
)
