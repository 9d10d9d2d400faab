"""ELI: consent and eligibility, seen in the dates of what was done and in what excludes a subject.

Who was never infused may fail any criterion: those rules look at infused subjects alone. Windows, counts and what the
data say of a criterion come from dbt (checks.chk_eligibility and its sisters).
"""

from __future__ import annotations

from validation.rule import MAJOR, STAGING, Expectation, Look, Rule

SUBJECTS = "checks.chk_eligibility"
ANSWERS = "checks.chk_eligibility_answers"
LABORATORY = "checks.chk_eligibility_labs"
HISTORY = "checks.chk_eligibility_history"


def _form_of_infused(form: str) -> Expectation:
    """Only who was infused had to be eligible."""
    return lambda column, limit: column("form").eq(form) & column("infused")


def _history_looks(form: str, said_of: str) -> tuple[Look, ...]:
    """What certainly lies inside its window, and what may: a date that decides must be known."""
    columns = ("what", "when_delivered", "date_column", "start_delivered", "window_in_words", "verdict")
    return (
        Look(
            table=HISTORY,
            field="{date_column}",
            columns=columns,
            expectation=lambda column, limit: column("verdict").ne_missing("INSIDE"),
            applies=lambda column, limit: column("form").eq(form),
            message=(
                "infused in spite of " + said_of + " {what} {when_delivered} (record {record_key}), "
                "which excludes {window_in_words}"
            ),
            value="start_delivered",
        ),
        Look(
            table=HISTORY,
            field="{date_column}",
            columns=columns,
            expectation=lambda column, limit: column("verdict").ne_missing("UNDECIDED"),
            applies=lambda column, limit: column("form").eq(form),
            message=(
                "infused, but " + said_of + " {what} {when_delivered} (record {record_key}) may lie "
                "{window_in_words}: what is recorded does not settle it"
            ),
            value="start_delivered",
        ),
    )


RULES = (
    Rule(
        rule_id="ELI01",
        title="No date of consent",
        severity=MAJOR,
        stage=STAGING,
        form="dm",
        description="Every subject must have a date of informed consent.",
        source="ICH E6: informed consent; checks.md",
        records="subjects",
        fault="have no date of consent",
        looks=(
            Look(
                table=SUBJECTS,
                field="rficdtc",
                columns=("rficdtc_delivered",),
                # A date that is there but can't be read is another finding.
                expectation=lambda column, limit: column("rficdtc_delivered").is_not_null(),
                applies=lambda column, limit: column("form").eq("dm"),
                message="there is no date of informed consent",
            ),
        ),
    ),
    Rule(
        rule_id="ELI02",
        title="Procedure or infusion before consent",
        severity=MAJOR,
        stage=STAGING,
        form="dm",
        description="Nothing that the protocol asks for may be done before the subject has consented.",
        source="ICH E6: informed consent; checks.md",
        records="subjects with a procedure",
        fault="have one dated before consent",
        looks=(
            Look(
                table="checks.chk_consent",
                field="rficdtc",
                columns=("kind", "performed_dt", "rficdt", "forms_before_consent"),
                expectation=lambda column, limit: column("performed_dt") >= column("rficdt"),
                # A subject without a readable date of consent is another finding.
                applies=lambda column, limit: column("rficdt").is_not_null(),
                message=(
                    "consent was given on {rficdt}, after the first {kind} on {performed_dt} "
                    "(records before consent, by form: {forms_before_consent})"
                ),
                value="rficdt",
            ),
        ),
    ),
    Rule(
        rule_id="ELI03",
        title="Fewer ACR criteria than needed",
        severity=MAJOR,
        stage=STAGING,
        form="acr",
        description="An infused subject must meet the number of 1997 ACR criteria that makes the diagnosis.",
        source="Registry: SLE by the 1997 ACR criteria (acr_criteria_min)",
        records="infused subjects",
        fault="have fewer ACR criteria than needed",
        looks=(
            Look(
                table=SUBJECTS,
                field="acrmet",
                columns=("infused", "criteria_met", "criteria_met_at_most"),
                # A criterion whose record another rule reports may have been met.
                expectation=lambda column, limit: column("criteria_met_at_most") >= int(limit("acr_criteria_min")),
                applies=_form_of_infused("acr"),
                message=(
                    "infused with {criteria_met} ACR criteria recorded as met; at least {acr_criteria_min} are needed"
                ),
                value="criteria_met",
            ),
        ),
    ),
    Rule(
        rule_id="ELI04",
        title="Not old enough",
        severity=MAJOR,
        stage=STAGING,
        form="dm",
        description="An infused subject must be older than the age that the protocol sets.",
        source="Registry: older than 18 years (age_over)",
        records="infused subjects with an age",
        fault="are not old enough",
        looks=(
            Look(
                table=SUBJECTS,
                field="age",
                columns=("infused", "age"),
                expectation=lambda column, limit: column("age") > int(limit("age_over")),
                applies=lambda column, limit: _form_of_infused("dm")(column, limit) & column("age").is_not_null(),
                message="infused at the age of {age}; subjects must be older than {age_over} years",
                value="age",
            ),
            # Without an age, the year of birth tells who can't be old enough.
            Look(
                table=SUBJECTS,
                field="brthyr",
                columns=("infused", "age_at_most", "brthyr"),
                expectation=lambda column, limit: column("age_at_most") > int(limit("age_over")),
                applies=lambda column, limit: (
                    _form_of_infused("dm")(column, limit) & column("age_at_most").is_not_null()
                ),
                message="infused at the age of {age_at_most} at most; subjects must be older than {age_over} years",
                value="brthyr",
            ),
        ),
    ),
    Rule(
        rule_id="ELI05",
        title="Not active at baseline",
        severity=MAJOR,
        stage=STAGING,
        form="sledai",
        description="A treated subject must be active by SLEDAI-2K at baseline.",
        source="Registry: active by SLEDAI-2K; the threshold is assumed (sledai_active_min)",
        records="complete SLEDAI-2K baselines",
        fault="lie below the activity threshold",
        looks=(
            Look(
                table=SUBJECTS,
                field="sledai01-sledai24",
                columns=("sledai", "baseline_dt"),
                # Without a complete baseline nobody knows: another finding.
                expectation=lambda column, limit: column("sledai") >= int(limit("sledai_active_min")),
                applies=lambda column, limit: column("form").eq("sledai"),
                message="SLEDAI-2K at baseline ({baseline_dt}) is {sledai}; at least {sledai_active_min} is needed",
                value="sledai",
            ),
        ),
    ),
    Rule(
        rule_id="ELI06",
        title="Not eligible by the site's answers, yet infused",
        severity=MAJOR,
        stage=STAGING,
        form="ie",
        description="An infused subject must meet every inclusion and no exclusion criterion, all of them answered.",
        source="Registry: inclusion and exclusion criteria",
        records="answers of infused subjects",
        fault="are against eligibility, or missing",
        looks=(
            Look(
                table=ANSWERS,
                field="ieorres",
                columns=("infused", "ietestcd", "ietest", "kind", "ieorres", "eligible_answer"),
                expectation=lambda column, limit: column("ieorres") == column("eligible_answer"),
                applies=lambda column, limit: column("infused") & column("ieorres").is_not_null(),
                message="infused, although {kind} {ietestcd} ({ietest}) is answered {ieorres}",
                value="ieorres",
            ),
            Look(
                table=SUBJECTS,
                field="ieorres",
                columns=("infused", "unanswered"),
                expectation=lambda column, limit: column("unanswered").is_null(),
                applies=_form_of_infused("ie"),
                message="infused, but there is no answer to the eligibility criteria {unanswered}",
                value="unanswered",
            ),
        ),
    ),
    Rule(
        rule_id="ELI07",
        title="Immunoglobulin too low at screening",
        severity=MAJOR,
        stage=STAGING,
        form="lb",
        description="An infused subject must not have had too little IgG or IgA at screening.",
        source="Registry: IgG < 400 mg/dL or IgA < 10 mg/dL excludes (igg_min, iga_min)",
        records="immunoglobulins at screening of infused subjects",
        fault="are too low",
        looks=(
            Look(
                table=LABORATORY,
                field="lborres",
                columns=("infused", "lbtestcd", "lbdt", "result_delivered", "result", "result_unit", "lowest_allowed"),
                expectation=lambda column, limit: column("result") >= column("lowest_allowed"),
                applies=lambda column, limit: column("infused") & column("result").is_not_null(),
                message=(
                    "infused with {lbtestcd} of {result_delivered} ({result} {result_unit}) at screening on {lbdt}; "
                    "below {lowest_allowed} {result_unit} excludes"
                ),
                value="result_delivered",
            ),
        ),
    ),
    Rule(
        rule_id="ELI08",
        title="HIV, hepatitis B or hepatitis C positive",
        severity=MAJOR,
        stage=STAGING,
        form="lb",
        description="An infused subject must be negative for HIV, HBsAg, HBcAb and HCV antibody.",
        source="Registry: HIV positive, HBsAg or HBcAb positive, HCV antibody positive excludes",
        records="serologies of infused subjects",
        fault="are positive",
        looks=(
            Look(
                table=LABORATORY,
                field="lborres",
                columns=("infused", "lbtestcd", "lbdt", "serology"),
                expectation=lambda column, limit: column("serology") != "POSITIVE",
                applies=lambda column, limit: column("infused") & column("serology").is_not_null(),
                message="infused, although {lbtestcd} of {lbdt} is {serology}",
                value="serology",
            ),
        ),
    ),
    Rule(
        rule_id="ELI09",
        title="Excluded history inside its look-back",
        severity=MAJOR,
        stage=STAGING,
        form="mh",
        description="An infused subject must have no excluded history inside its look-back from the first infusion.",
        source=(
            "Registry: malignancy, infection with hospitalisation, substance abuse, suicidal behaviour and ideation "
            "(*_lookback_*)"
        ),
        records="history entries that may exclude",
        fault="lie inside the look-back, or may",
        looks=_history_looks("mh", "a history of"),
    ),
    Rule(
        rule_id="ELI10",
        title="Excluded medication before the first infusion",
        severity=MAJOR,
        stage=STAGING,
        form="cm",
        description=(
            "An infused subject must have had no parenteral anti-infective inside the look-back, and neither "
            "cyclophosphamide nor rituximab before the first infusion."
        ),
        source="Registry: exclusions (anti_infective_lookback_days)",
        records="medication records that may exclude",
        fault="lie before the first infusion where they exclude, or may",
        looks=_history_looks("cm", "the medication"),
    ),
    Rule(
        rule_id="ELI11",
        title="The site's answer contradicts the data",
        severity=MAJOR,
        stage=STAGING,
        form="ie",
        description="The answer to an eligibility criterion must agree with what the data say of it.",
        source="checks.md: the answers of form ie beside the other forms",
        records="answered criteria",
        fault="are contradicted by the data",
        looks=(
            Look(
                table=ANSWERS,
                field="ieorres",
                columns=("ietestcd", "ietest", "ieorres", "contradiction"),
                expectation=lambda column, limit: column("contradiction").is_null(),
                applies=lambda column, limit: column("ieorres").is_not_null(),
                message="{ietestcd} ({ietest}) is answered {ieorres}, but {contradiction}",
                value="ieorres",
            ),
        ),
    ),
)
