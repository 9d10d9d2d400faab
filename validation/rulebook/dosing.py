"""DOS00 to DOS05: infusions against the plan: day 0, dose, window and interval.

The planned dose and the doses that the protocol allows come from dbt (checks.chk_infusions), from the unrounded plan.
How an infusion is recorded belongs in `validation.rulebook.infusions`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from validation.rule import CRITICAL, MAJOR, MINOR, STAGING, Columns, Look, Rule

if TYPE_CHECKING:
    import polars as pl

    from validation.protocol import Limits

INFUSIONS = "checks.chk_infusions"
PLANNED = "the planned {planned_mg} mg ({weight_kg:.1f} kg on {weight_dt})"


def _dose_is_known(column: Columns, limit: Limits) -> pl.Expr:
    """Without a weight, or in a unit nobody knows, there is nothing to compare: other rules find those."""
    return column("exdose_mg").is_not_null() & column("planned_mg").is_not_null()


RULES = (
    Rule(
        rule_id="DOS00",
        title="Infused, but day 0 unknown",
        severity=CRITICAL,
        stage=STAGING,
        form="ex",
        description="A subject who was infused must have a usable infusion at D0; without it the subject is held.",
        source="Protocol: day 0 is the first infusion",
        records="infused subjects",
        fault="have no known day 0 (held)",
        looks=(
            Look(
                table="checks.chk_subjects",
                field="exstdtc",
                columns=("infused", "held", "problem"),
                expectation=lambda column, limit: column("held").eq_missing(False),
                applies=lambda column, limit: column("infused"),
                message="infusions are recorded, but {problem}: day 0 is unknown and the subject is held",
                value="problem",
            ),
        ),
    ),
    Rule(
        rule_id="DOS01",
        title="Dose off the plan",
        severity=MAJOR,
        stage=STAGING,
        form="ex",
        description="The dose given should be 10 mg/kg of the latest weight by that day, within the tolerance.",
        source="Registry: belimumab 10 mg/kg; the tolerance is assumed (dose_tolerance_percent)",
        records="infusions",
        fault="are off the planned dose by more than the tolerance",
        looks=(
            Look(
                table=INFUSIONS,
                field="exdose",
                columns=(
                    "exdose_delivered",
                    "exdose_mg",
                    "planned_mg",
                    "weight_kg",
                    "weight_dt",
                    "lowest_mg",
                    "highest_mg",
                    "percent_off",
                    "side",
                ),
                expectation=lambda column, limit: column("exdose_mg").is_between(
                    column("lowest_mg"), column("highest_mg")
                ),
                applies=_dose_is_known,
                message=(
                    "infusion of {exdose_mg} mg is {percent_off:.2f} % {side} " + PLANNED + "; "
                    "{dose_tolerance_percent} % is allowed"
                ),
                value="exdose_delivered",
            ),
        ),
    ),
    Rule(
        rule_id="DOS02",
        title="Gross dosing error",
        severity=MAJOR,
        stage=STAGING,
        form="ex",
        description="A dose over twice or under half the planned one is a gross error, of the infusion or its entry.",
        source="Registry: belimumab 10 mg/kg; the factors are assumed (dose_gross_high_factor, dose_gross_low_factor)",
        records="infusions",
        fault="are grossly off the planned dose",
        looks=(
            Look(
                table=INFUSIONS,
                field="exdose",
                columns=(
                    "exdose_delivered",
                    "exdose_mg",
                    "planned_mg",
                    "weight_kg",
                    "weight_dt",
                    "gross_low_mg",
                    "gross_high_mg",
                    "times_planned",
                ),
                expectation=lambda column, limit: column("exdose_mg").is_between(
                    column("gross_low_mg"), column("gross_high_mg")
                ),
                applies=_dose_is_known,
                message="infusion of {exdose_mg} mg is {times_planned:.1f} times " + PLANNED,
                value="exdose_delivered",
            ),
        ),
    ),
    Rule(
        rule_id="DOS03",
        title="No weight on or before the infusion",
        severity=MAJOR,
        stage=STAGING,
        form="ex",
        description="There must be a weight on or before the infusion, else nobody can tell what dose was due.",
        source="Registry: belimumab 10 mg/kg",
        records="dated infusions",
        fault="have no weight on or before the day",
        looks=(
            Look(
                table=INFUSIONS,
                field="weight",
                columns=("exstdt", "exdose_delivered", "weight_kg"),
                expectation=lambda column, limit: column("weight_kg").is_not_null(),
                applies=lambda column, limit: column("exstdt").is_not_null(),
                message="the infusion of {exstdt} ({exdose_delivered}) has no usable weight on or before that day",
                value=None,
            ),
        ),
    ),
    Rule(
        rule_id="DOS04",
        title="Infusion outside its window",
        severity=MINOR,
        stage=STAGING,
        form="ex",
        description="A planned infusion should be given inside its window around the target day.",
        source="Registry: infusion days; window tolerances are assumed (protocol_parameters)",
        records="planned infusions given",
        fault="lie outside the window",
        looks=(
            Look(
                table=INFUSIONS,
                field="exstdtc",
                columns=("exstdt", "exstdtc_delivered", "protday", "window_first_day", "window_last_day"),
                expectation=lambda column, limit: column("protday").is_between(
                    column("window_first_day"), column("window_last_day")
                ),
                # Neither for an infusion beyond the plan, nor for one of a subject whose day 0 is not known.
                applies=lambda column, limit: (
                    column("protday").is_not_null() & column("window_first_day").is_not_null()
                ),
                message=(
                    "infusion on {exstdt} is protocol day {protday}, outside its window "
                    "(day {window_first_day} to {window_last_day})"
                ),
                value="exstdtc_delivered",
            ),
        ),
    ),
    Rule(
        rule_id="DOS05",
        title="Interval between infusions",
        severity=MAJOR,
        stage=STAGING,
        form="ex",
        description="After day 28, an infusion must come neither too soon nor too late after the one before.",
        source="Registry: every 28 days after day 28; the limits are assumed (infusion_interval_min, _max)",
        records="infusions after day 28",
        fault="have too short or too long an interval since the one before",
        looks=(
            Look(
                table=INFUSIONS,
                field="exstdtc",
                columns=("exstdt", "exstdtc_delivered", "protday", "intervl"),
                expectation=lambda column, limit: column("intervl").is_between(
                    int(limit("infusion_interval_min")), int(limit("infusion_interval_max"))
                ),
                applies=lambda column, limit: (
                    column("intervl").is_not_null() & (column("protday") > int(limit("infusion_interval_from_day")))
                ).fill_null(False),
                message=(
                    "infusion on {exstdt} comes {intervl} days after the one before; "
                    "{infusion_interval_min} to {infusion_interval_max} days are allowed"
                ),
                value="exstdtc_delivered",
            ),
        ),
    ),
)
