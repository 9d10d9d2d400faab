"""DOS06 to DOS11: how an infusion is recorded: its duration, dose and vials, its record at all, the weight it goes by.

Whether a planned infusion was due is derived with the published tables; here it is only asked what is recorded.
Infusions against the plan belong in `validation.rulebook.dosing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from validation.rule import MAJOR, MINOR, STAGING, Columns, Look, Rule

if TYPE_CHECKING:
    import polars as pl

    from validation.protocol import Limits

INFUSIONS = "checks.chk_infusions"


def _duration_is_as_planned_or_explained(column: Columns, limit: Limits) -> pl.Expr:
    """An interruption explains either; slowing an infusion only makes it longer, stopping it only shorter."""
    minutes, adjustment = column("duration"), column("exadj")
    too_short = minutes < int(limit("infusion_minutes_min"))
    too_long = minutes > int(limit("infusion_minutes_max"))
    interrupted = adjustment.eq_missing("INTERRUPTED")
    return (~too_short | interrupted | adjustment.eq_missing("STOPPED")) & (
        ~too_long | interrupted | adjustment.eq_missing("SLOWED")
    )


RULES = (
    Rule(
        rule_id="DOS06",
        title="Duration of the infusion",
        severity=MINOR,
        stage=STAGING,
        form="ex",
        description="An infusion takes an hour; one that is much shorter or longer should say what happened.",
        source="Registry: over 1 hour; the limits are assumed (infusion_minutes_min, _max)",
        records="infusions with both times",
        fault="are too short or too long, with no interruption recorded",
        looks=(
            Look(
                table=INFUSIONS,
                field="exendtc",
                columns=("duration", "exadj", "exadj_delivered"),
                expectation=_duration_is_as_planned_or_explained,
                # An adjustment that can't be read is another finding, and may be the interruption.
                applies=lambda column, limit: (
                    column("duration").is_not_null()
                    & (column("exadj").is_not_null() | column("exadj_delivered").is_null())
                ),
                message=(
                    "infusion took {duration} minutes with adjustment {exadj_delivered}, which does not explain it; "
                    "{infusion_minutes_min} to {infusion_minutes_max} minutes are expected"
                ),
                value="duration",
            ),
        ),
    ),
    Rule(
        rule_id="DOS07",
        title="Given without a dose, or not given with one",
        severity=MAJOR,
        stage=STAGING,
        form="ex",
        description="An infusion that was given has a dose, one that was not given has none.",
        source="checks.md; without a dose an infusion counts as not given",
        records="infusion records that say whether it was given",
        fault="are given without a dose, or not given with one",
        looks=(
            Look(
                table="staging.typed_ex",
                field="exdose",
                columns=("quarantine_rule", "exoccur", "exdose", "exdose_delivered"),
                expectation=lambda column, limit: (column("exdose") > 0).fill_null(False),
                # A dose that can't be read is another finding.
                applies=lambda column, limit: (
                    column("quarantine_rule").is_null()
                    & column("exoccur").eq_missing("Y")
                    & (column("exdose").is_not_null() | column("exdose_delivered").is_null())
                ),
                message="infusion is recorded as given, but its dose is {exdose_delivered}; it counts as not given",
                value="exdose_delivered",
            ),
            Look(
                table="staging.typed_ex",
                field="exdose",
                columns=("quarantine_rule", "exoccur", "exdose", "exdose_delivered", "exdosu"),
                expectation=lambda column, limit: ~(column("exdose") > 0).fill_null(False),
                applies=lambda column, limit: column("quarantine_rule").is_null() & column("exoccur").eq_missing("N"),
                message="infusion is recorded as not given, but with a dose of {exdose_delivered} ({exdosu})",
                value="exdose_delivered",
            ),
        ),
    ),
    Rule(
        rule_id="DOS08",
        title="Vials and dose",
        severity=MINOR,
        stage=STAGING,
        form="ex",
        description="The vials that were used must hold at least the dose that was given.",
        source="Product: vials of 120 and 400 mg (vial_small_mg, vial_large_mg)",
        records="infusions with a dose and the number of vials",
        fault="have vials that can't make the dose",
        looks=(
            Look(
                table=INFUSIONS,
                field="exvial400",
                columns=("exdose_mg", "exvial120", "exvial400", "vials_mg"),
                expectation=lambda column, limit: column("vials_mg") >= column("exdose_mg"),
                applies=lambda column, limit: column("vials_mg").is_not_null() & column("exdose_mg").is_not_null(),
                message=(
                    "infusion of {exdose_mg} mg can't be made from the vials used ({exvial120} of {vial_small_mg} mg "
                    "and {exvial400} of {vial_large_mg} mg hold {vials_mg} mg)"
                ),
                value="vials_mg",
            ),
        ),
    ),
    Rule(
        rule_id="DOS09",
        title="Due infusion with no record",
        severity=MAJOR,
        stage=STAGING,
        form="ex",
        description="A planned infusion that was due must be recorded, as given or as not given.",
        source="Registry: infusion days; an infusion is due once its window and the entry lag lie before the site cut",
        records="planned infusions that were due",
        fault="have no record that says whether they were given",
        looks=(
            Look(
                table="checks.chk_due_infusions",
                field="exoccur",
                columns=("target_dt", "target_day", "problem"),
                expectation=lambda column, limit: column("problem").is_null(),
                message="infusion was due on {target_dt} (protocol day {target_day}), but {problem}",
                counted_by=(
                    "select count(*) from working.intermediate.int_planned_infusions"
                    " where status in ('GIVEN', 'MISSED')"
                ),
            ),
        ),
    ),
    Rule(
        rule_id="DOS10",
        title="Weight jump",
        severity=MINOR,
        stage=STAGING,
        form="vs",
        description="A weight should not differ much from the one before: the dose goes by it.",
        source="checks.md; the limit is assumed (weight_jump_percent)",
        records="weights with one before",
        fault="are too far from the one before",
        looks=(
            Look(
                table="checks.chk_weights",
                field="vsorres",
                columns=(
                    "vsorres_delivered",
                    "weight_kg",
                    "previous_kg",
                    "previous_dt",
                    "lowest_kg",
                    "highest_kg",
                    "percent_off",
                    "side",
                    "is_return",
                ),
                expectation=lambda column, limit: column("weight_kg").is_between(
                    column("lowest_kg"), column("highest_kg")
                ),
                # Back to the weight before a jump is no second jump.
                applies=lambda column, limit: column("previous_kg").is_not_null() & ~column("is_return"),
                message=(
                    "weight of {weight_kg:.1f} kg is {percent_off:.1f} % {side} the {previous_kg:.1f} kg "
                    "of {previous_dt}; {weight_jump_percent} % is allowed"
                ),
                value="vsorres_delivered",
            ),
        ),
    ),
    Rule(
        rule_id="DOS11",
        title="Weight used is old",
        severity=MINOR,
        stage=STAGING,
        form="ex",
        description="The weight that an infusion is dosed by should be recent.",
        source="checks.md; the limit is assumed (weight_age_days)",
        records="infusions with a weight",
        fault="have a weight older than the limit",
        looks=(
            Look(
                table=INFUSIONS,
                field="weight",
                columns=("exstdt", "weight_kg", "weight_dt", "weight_age"),
                expectation=lambda column, limit: column("weight_age") <= int(limit("weight_age_days")),
                # Without any weight it is DOS03.
                applies=lambda column, limit: column("weight_age").is_not_null(),
                message=(
                    "the latest weight for the infusion of {exstdt} ({weight_kg:.1f} kg on {weight_dt}) "
                    "is {weight_age} days old; at most {weight_age_days} days are expected"
                ),
                value="weight_dt",
            ),
        ),
    ),
)
