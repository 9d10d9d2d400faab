"""MED: concomitant medication that makes a non-responder, or whose record leaves that open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from validation.rule import MAJOR, MINOR, STAGING, Columns, Look, Rule

if TYPE_CHECKING:
    import polars as pl

    from validation.protocol import Limits

MEDICATIONS = "checks.chk_medications"


def _is_systemic_steroid(column: Columns, limit: Limits) -> pl.Expr:
    """Systemic by class and route, and not premedication: only these add up to a dose."""
    return column("is_systemic_steroid")


def _steroid_look(field: str, needed: str, message: str, value: str | None) -> Look:
    columns = ("cmtrt", "is_systemic_steroid", needed)
    return Look(
        table=MEDICATIONS,
        field=field,
        columns=columns,
        expectation=lambda column, limit: column(needed).is_not_null(),
        applies=_is_systemic_steroid,
        message=message,
        value=value,
    )


RULES = (
    Rule(
        rule_id="MED01",
        title="Prohibited medication after day 0",
        severity=MAJOR,
        stage=STAGING,
        form="cm",
        description="No cytotoxic, other biologic or new immunosuppressant may be given from the first infusion on.",
        source="Protocol: prohibited medication (assumed); from then on the subject is a non-responder",
        records="medication records",
        fault="are of a prohibited medication that counts from a day on treatment",
        looks=(
            Look(
                table=MEDICATIONS,
                field="cmtrt",
                columns=("cmtrt", "cmstdtc_delivered", "medication_class", "prohibited_from", "trtsdt"),
                expectation=lambda column, limit: column("prohibited_from").is_null(),
                message=(
                    "{cmtrt} ({medication_class}, started {cmstdtc_delivered}) is prohibited and counts "
                    "from {prohibited_from}; the first infusion was on {trtsdt}"
                ),
                value="cmtrt",
            ),
        ),
    ),
    Rule(
        rule_id="MED02",
        title="Steroid increase that makes non-response",
        severity=MAJOR,
        stage=STAGING,
        form="cm",
        description=(
            "From the rule's first day on, the daily dose of systemic steroids must not exceed the baseline dose "
            "by more than the larger of a factor and a number of milligrams."
        ),
        source="Protocol: steroid increase (assumed; steroid_rule_day, steroid_increase_factor, steroid_increase_mg)",
        records="subjects with a known day 0",
        fault="have a steroid increase that makes a non-responder",
        looks=(
            Look(
                table="checks.chk_steroids",
                field="cmdose",
                columns=("increase_dt", "increase_day", "dose_mg", "baseline_mg"),
                expectation=lambda column, limit: column("increase_dt").is_null(),
                message=(
                    "systemic steroids of {dose_mg} mg/day prednisone equivalent on {increase_dt} (protocol day "
                    "{increase_day}), against {baseline_mg} mg/day at baseline, make the subject a non-responder"
                ),
                value="dose_mg",
            ),
        ),
    ),
    Rule(
        rule_id="MED03",
        title="Steroid without dose, frequency, route or convertible name",
        severity=MAJOR,
        stage=STAGING,
        form="cm",
        description=(
            "A systemic steroid needs a dose, a frequency and a convertible name, else it counts nothing; without a "
            "route nobody can tell whether it is systemic, so it counts against the subject."
        ),
        source="Protocol: prednisone equivalents; systemic is by class and route",
        records="systemic steroid records",
        fault="have no dose, no frequency, no route or no convertible name",
        looks=(
            _steroid_look(
                "cmdose", "cmdose_delivered", "systemic steroid {cmtrt} has no dose, so it counts nothing", None
            ),
            _steroid_look(
                "cmdosfrq",
                "cmdosfrq_delivered",
                "systemic steroid {cmtrt} has no frequency, so it counts nothing",
                None,
            ),
            _steroid_look(
                "cmtrt",
                "prednisone_equivalent",
                "systemic steroid '{cmtrt}' has no known prednisone equivalent, so it counts nothing",
                "cmtrt",
            ),
            Look(
                table=MEDICATIONS,
                field="cmroute",
                columns=("cmtrt", "is_systemic_steroid", "cmroute", "cmroute_delivered"),
                expectation=lambda column, limit: column("cmroute").is_not_null(),
                applies=_is_systemic_steroid,
                message=(
                    "steroid {cmtrt} has no route that can be read ({cmroute_delivered}), so it counts as systemic "
                    "from protocol day {steroid_rule_day} on, but not in the baseline dose"
                ),
                value="cmroute_delivered",
            ),
        ),
    ),
    Rule(
        rule_id="MED04",
        title="Medication with an open or partial date",
        severity=MINOR,
        stage=STAGING,
        form="cm",
        description="A medication needs an end date or a mark that it goes on, and full dates where they decide.",
        source="Protocol: what is unknown never makes a responder",
        records="medication records",
        fault="have no end and no mark as ongoing, or a partial date that decides",
        looks=(
            Look(
                table=MEDICATIONS,
                field="cmendtc",
                columns=("cmtrt", "cmendtc_delivered", "cmongo", "cmdosfrq"),
                expectation=lambda column, limit: (
                    column("cmendtc_delivered").is_not_null() | column("cmongo").eq_missing("Y")
                ),
                # What is given once ends on the day it starts.
                applies=lambda column, limit: column("cmdosfrq").ne_missing("ONCE"),
                message="{cmtrt} has no end date and is not marked as ongoing, so it is taken to go on",
            ),
            Look(
                table=MEDICATIONS,
                field="cmstdtc",
                columns=("cmtrt", "cmstdtc_delivered", "start_decides"),
                expectation=lambda column, limit: column("start_decides").eq_missing(False),
                message="the start of {cmtrt} is only known as '{cmstdtc_delivered}', and its day decides what counts",
                value="cmstdtc_delivered",
            ),
            Look(
                table=MEDICATIONS,
                field="cmendtc",
                columns=("cmtrt", "cmendtc_delivered", "end_decides"),
                expectation=lambda column, limit: column("end_decides").eq_missing(False),
                message="the end of {cmtrt} is only known as '{cmendtc_delivered}', and its day decides what counts",
                value="cmendtc_delivered",
            ),
        ),
    ),
)
