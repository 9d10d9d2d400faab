"""VIS: visits and dates that can't be, or lie where they should not."""

from __future__ import annotations

from validation.protocol import form_columns
from validation.rule import MAJOR, MINOR, STAGING, Look, Rule

VISITS = "checks.chk_visits"
DATES = "checks.chk_dates"
VISITS_WITH_A_DATE = "select count(svdt) from working.staging.typed_sv where quarantine_rule is null"


def _dates_delivered() -> str:
    """The query that counts every date of every form: the frame holds only those that can't be."""
    counted = []
    for form, columns in form_columns().items():
        read = [f"{column.typed_name}{'_min' if column.type == 'partial_date' else ''}" for column in columns
                if column.has_dates]  # fmt: skip
        if read:
            dates = " + ".join(f"count({name})" for name in read)
            counted.append(f"(select {dates} from working.staging.typed_{form} where quarantine_rule is null)")
    return f"select {' + '.join(counted)}"


RULES = (
    Rule(
        rule_id="VIS01",
        title="Visit missed with no reason",
        severity=MINOR,
        stage=STAGING,
        form="sv",
        description="A visit that did not take place should be recorded, with the reason.",
        source="Site exports: svreasnd; a visit is due once its window and the entry lag lie before the site cut",
        records="visits done or missed",
        fault="are missed with no reason",
        looks=(
            Look(
                table=VISITS,
                field="svreasnd",
                columns=("missed_how", "svreasnd"),
                expectation=lambda column, limit: column("missed_how").is_null() | column("svreasnd").is_not_null(),
                message="visit is missed ({missed_how}), and no reason is given",
            ),
        ),
    ),
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
                table=VISITS,
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
        rule_id="VIS03",
        title="Visits out of order",
        severity=MAJOR,
        stage=STAGING,
        form="sv",
        description="Planned visits take place in the order in which they are planned.",
        source="Protocol: schedule of visits",
        records="planned visits with one before",
        fault="are dated before a visit that comes first",
        looks=(
            Look(
                table=VISITS,
                field="svdtc",
                columns=("svdt", "svdtc_delivered", "previous_visit", "previous_dt"),
                expectation=lambda column, limit: column("svdt") >= column("previous_dt"),
                applies=lambda column, limit: column("previous_dt").is_not_null(),
                message="visit on {svdt} is dated before {previous_visit} ({previous_dt}), which should come first",
                value="svdtc_delivered",
            ),
        ),
    ),
    Rule(
        rule_id="VIS04",
        title="Two visits on one date",
        severity=MAJOR,
        stage=STAGING,
        form="sv",
        description="One date belongs to one visit: two labels for it make it unclear which visit was which.",
        source="checks.md",
        records="visits done or missed",
        fault="are dated on the day of another visit",
        looks=(
            Look(
                table=VISITS,
                field="svdtc",
                columns=("svdt", "svdtc_delivered", "same_date_visits"),
                expectation=lambda column, limit: column("same_date_visits").is_null(),
                message="visit on {svdt} has the same date as {same_date_visits}",
                value="svdtc_delivered",
            ),
        ),
    ),
    Rule(
        rule_id="VIS05",
        title="Assessment date differs from the visit date",
        severity=MINOR,
        stage=STAGING,
        form="*",
        description="The assessments of a visit should be dated on its day, or within a few days of it.",
        source="checks.md; the limit is assumed (visit_date_difference_days)",
        records="dated visits",
        fault="have assessments dated too far from them",
        looks=(
            Look(
                table="checks.chk_assessment_dates",
                field="{date_column}",
                columns=("date_column", "svdt", "assessments_off", "days_off"),
                expectation=lambda column, limit: column("days_off") <= int(limit("visit_date_difference_days")),
                message=(
                    "visit is dated {svdt}, but its assessments {assessments_off} ({days_off} days apart); "
                    "{visit_date_difference_days} days are allowed"
                ),
                value="assessments_off",
                counted_by=VISITS_WITH_A_DATE,
            ),
        ),
    ),
    Rule(
        rule_id="VIS06",
        title="Date after the delivery or before birth",
        severity=MAJOR,
        stage=STAGING,
        form="*",
        description="Nothing can have happened after the delivery that tells of it, or before the subject was born.",
        source="checks.md; the delivery is the one that holds the row",
        records="dates",
        fault="lie after the delivery or before birth",
        looks=(
            Look(
                table=DATES,
                field="{date_column}",
                columns=("date_column", "date_label", "date_delivered", "earliest_dt", "delivery_dt", "dates_so"),
                expectation=lambda column, limit: column("earliest_dt") <= column("delivery_dt"),
                applies=lambda column, limit: column("delivery_dt").is_not_null() & column("earliest_dt").is_not_null(),
                message=(
                    "{date_label} ({date_column}) is {date_delivered}, after the delivery of {delivery_dt} "
                    "that holds it (records: {dates_so})"
                ),
                value="date_delivered",
                counted_by=_dates_delivered(),
            ),
            Look(
                table=DATES,
                field="{date_column}",
                columns=("date_column", "date_label", "date_delivered", "latest_year", "birth_year", "dates_so"),
                expectation=lambda column, limit: column("latest_year") >= column("birth_year"),
                applies=lambda column, limit: column("latest_year").is_not_null() & column("birth_year").is_not_null(),
                message=(
                    "{date_label} ({date_column}) is {date_delivered}, before the subject was born "
                    "(year of birth {birth_year:d}; dates of the subject before birth: {dates_so})"
                ),
                value="date_delivered",
                counted_by=_dates_delivered(),
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
