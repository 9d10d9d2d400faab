"""EFF: disease activity: what is missing at baseline or in a record, and what contradicts itself."""

from __future__ import annotations

from validation.rule import MAJOR, STAGING, Look, Rule

SLEDAI = "checks.chk_sledai"

RULES = (
    Rule(
        rule_id="EFF01",
        title="No baseline SLEDAI-2K, BILAG or PGA",
        severity=MAJOR,
        stage=STAGING,
        form="*",
        description="A treated subject needs a complete baseline of each component, else no response can be known.",
        source="Protocol: SRI-4 is a comparison with baseline",
        records="baselines (three per subject with a known day 0)",
        fault="are missing or incomplete",
        looks=(
            Look(
                table="checks.chk_baselines",
                field="{component_name}",
                columns=("component_name", "trtsdt", "baseline_dt"),
                expectation=lambda column, limit: column("baseline_dt").is_not_null(),
                message=(
                    "no {component_name} on or before the first infusion ({trtsdt}), "
                    "at most {baseline_lookback_days} days before it"
                ),
            ),
            Look(
                table="checks.chk_baselines",
                field="{component_name}",
                columns=("component_name", "trtsdt", "baseline_dt", "is_complete"),
                expectation=lambda column, limit: column("is_complete").eq_missing(True),
                applies=lambda column, limit: column("baseline_dt").is_not_null(),
                message=(
                    "the only baseline {component_name} (of {baseline_dt}) is incomplete, "
                    "so nothing can be compared with it"
                ),
                value="baseline_dt",
            ),
        ),
    ),
    Rule(
        rule_id="EFF02",
        title="SLEDAI total differs from its items",
        severity=MAJOR,
        stage=STAGING,
        form="sledai",
        description="The site's SLEDAI-2K total must be the weighted sum of its items; the items are what counts.",
        source="SLEDAI-2K: weights of the items",
        records="complete SLEDAI-2K records with a total",
        fault="have a total that differs from the items",
        looks=(
            Look(
                table=SLEDAI,
                field="sledtot",
                columns=("items_total", "site_total", "sledtot_delivered"),
                expectation=lambda column, limit: column("site_total") == column("items_total"),
                applies=lambda column, limit: column("site_total").is_not_null() & column("items_total").is_not_null(),
                message="SLEDAI-2K total is given as {site_total}, but the items add up to {items_total}",
                value="sledtot_delivered",
            ),
        ),
    ),
    Rule(
        rule_id="EFF03",
        title="SLEDAI item unanswered",
        severity=MAJOR,
        stage=STAGING,
        form="sledai",
        description="All 24 SLEDAI-2K items must be answered: the score exists only when they are.",
        source="SLEDAI-2K: 24 items",
        records="SLEDAI-2K records",
        fault="have an unanswered item",
        looks=(
            Look(
                table=SLEDAI,
                field="sledai01-sledai24",
                columns=("blank_items",),
                expectation=lambda column, limit: column("blank_items").is_null(),
                message="SLEDAI-2K items left blank: {blank_items}; without all {sledai_items} the score is unknown",
                value="blank_items",
            ),
        ),
    ),
    Rule(
        rule_id="EFF04",
        title="BILAG grade missing",
        severity=MAJOR,
        stage=STAGING,
        form="bilag",
        description="All nine organ systems must have a BILAG-2004 grade.",
        source="BILAG-2004: nine systems",
        records="BILAG-2004 records",
        fault="have a missing grade",
        looks=(
            Look(
                table="checks.chk_bilag",
                field="bilconst-bilhaem",
                columns=("blank_systems",),
                expectation=lambda column, limit: column("blank_systems").is_null(),
                message="BILAG-2004 grades left blank: {blank_systems}",
                value="blank_systems",
            ),
        ),
    ),
    Rule(
        rule_id="EFF05",
        title="PGA outside its scale, or scale changes",
        severity=MAJOR,
        stage=STAGING,
        form="pga",
        description="A global assessment must lie on its scale, and a subject's scale must not change.",
        source="SRI: the PGA is compared on the 0-3 scale",
        records="global assessments",
        fault="have a value off the scale, or another scale than before",
        looks=(
            Look(
                table="checks.chk_pga",
                field="pgares",
                columns=("pgares", "pgares_delivered", "pgascale", "scale_max"),
                expectation=lambda column, limit: (column("pgares") >= 0) & (column("pgares") <= column("scale_max")),
                applies=lambda column, limit: column("pgares").is_not_null() & column("scale_max").is_not_null(),
                message="PGA of {pgares} lies outside its scale {pgascale}",
                value="pgares_delivered",
            ),
            Look(
                table="checks.chk_pga",
                field="pgascale",
                columns=("pgascale", "scale_before"),
                expectation=lambda column, limit: column("scale_before").is_null(),
                applies=lambda column, limit: column("pgascale").is_not_null(),
                message="PGA is on the scale {pgascale}, while the subject's first is on {scale_before}",
                value="pgascale",
            ),
        ),
    ),
)
