"""What is wrong in the frames of VIS and DOS, in SQL of its own; limits stand here as numbers, on purpose.

test_counts_against_sql.py counts with it. (field, what is wrong), field by field, per rule and table.
"""

from __future__ import annotations

USED = "quarantine_rule is null"
WRONG: dict[tuple[str, str], list[tuple[str, str]]] = {
    ("VIS01", "checks.chk_visits"): [("svreasnd", "missed_how is not null and svreasnd is null")],
    ("VIS03", "checks.chk_visits"): [
        ("svdtc", "previous_dt is not null and (svdt is null or svdt < previous_dt)"),
    ],
    ("VIS04", "checks.chk_visits"): [("svdtc", "same_date_visits is not null")],
    ("VIS05", "checks.chk_assessment_dates"): [("dates", "days_off is null or days_off > 3")],
    ("VIS06", "checks.chk_dates"): [
        ("date", "earliest_dt > delivery_dt or latest_year < birth_year"),
    ],
    ("DOS06", "checks.chk_infusions"): [
        (
            "exendtc",
            """
            (duration < 50 and (exadj in ('NONE', 'SLOWED') or (exadj is null and exadj_delivered is null)))
            or (duration > 120 and (exadj in ('NONE', 'STOPPED') or (exadj is null and exadj_delivered is null)))
            """,
        )
    ],
    ("DOS07", "staging.typed_ex"): [
        ("exdose", f"{USED} and exoccur = 'Y' and (exdose <= 0 or (exdose is null and exdose_delivered is null))"),
        ("exdose", f"{USED} and exoccur = 'N' and exdose > 0"),
    ],
    ("DOS08", "checks.chk_infusions"): [("exvial400", "vials_mg < exdose_mg")],
    ("DOS09", "checks.chk_due_infusions"): [("exoccur", "problem is not null")],
    ("DOS10", "checks.chk_weights"): [
        (
            "vsorres",
            "previous_kg is not null and not coalesce(is_return, false)"
            " and not coalesce(weight_kg >= lowest_kg and weight_kg <= highest_kg, false)",
        )
    ],
    ("DOS11", "checks.chk_infusions"): [("weight", "weight_age > 28")],
}
