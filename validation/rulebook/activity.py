"""EFF: disease activity: what is missing at baseline or in a record, and what contradicts itself."""

from __future__ import annotations

from validation.protocol import LaboratoryItem, sledai_laboratory_items
from validation.rule import MAJOR, MINOR, STAGING, Look, Rule

SLEDAI = "checks.chk_sledai"
SLEDAI_AND_LABS = "checks.chk_sledai_labs"
RESPONSE_VISIT = "checks.chk_response_visit"


def _present_look(item: LaboratoryItem) -> Look:
    """An item is not present where all results near it are known, and normal."""
    answer, abnormal, results = item.column, f"abnormal{item.number}", f"results{item.number}"
    return Look(
        table=SLEDAI_AND_LABS,
        field=answer,
        columns=(answer, abnormal, results),
        expectation=lambda column, limit: (column(answer) != 1) | column(abnormal),
        applies=lambda column, limit: column(answer).is_not_null() & column(abnormal).is_not_null(),
        message=(
            f"SLEDAI-2K item {item.number} ({item.label}) is answered 1, but every result "
            f"within {{lab_item_days}} days is normal: {{{results}}}"
        ),
        value=answer,
    )


def _absent_look(item: LaboratoryItem) -> Look:
    """An item is present where the nearest result is abnormal."""
    answer, abnormal, results = item.column, f"nearest_abnormal{item.number}", f"results{item.number}"
    return Look(
        table=SLEDAI_AND_LABS,
        field=answer,
        columns=(answer, abnormal, results),
        expectation=lambda column, limit: (column(answer) != 0) | ~column(abnormal),
        applies=lambda column, limit: column(answer).is_not_null() & column(abnormal).is_not_null(),
        message=(
            f"SLEDAI-2K item {item.number} ({item.label}) is answered 0, but the nearest result "
            f"within {{lab_item_days}} days is abnormal: {{{results}}}"
        ),
        value=answer,
    )


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
    Rule(
        rule_id="EFF06",
        title="BILAG E after another grade",
        severity=MINOR,
        stage=STAGING,
        form="bilag",
        description="A system once graded A to D has been involved, and can't be graded E (never involved) later.",
        source="BILAG-2004: grade E is no current and no previous involvement",
        records="BILAG-2004 records",
        fault="have an E for a system that was graded otherwise before",
        looks=(
            Look(
                table="checks.chk_bilag",
                field="bilconst-bilhaem",
                columns=("systems_never_involved",),
                expectation=lambda column, limit: column("systems_never_involved").is_null(),
                message="BILAG-2004 grade E (never involved) after another grade: {systems_never_involved}",
                value="systems_never_involved",
            ),
        ),
    ),
    Rule(
        rule_id="EFF07",
        title="SLEDAI item present, laboratory normal",
        severity=MAJOR,
        stage=STAGING,
        form="sledai",
        description="A SLEDAI-2K item that the laboratory decides can't be present when all results near are normal.",
        source="SLEDAI-2K: definitions of the items (lab_tests); how near is assumed (lab_item_days)",
        records="SLEDAI-2K records with a laboratory result near them",
        fault="have an item present that the laboratory says is absent",
        looks=tuple(_present_look(item) for item in sledai_laboratory_items()),
    ),
    Rule(
        rule_id="EFF08",
        title="Components of one visit far apart",
        severity=MINOR,
        stage=STAGING,
        form="*",
        description="SLEDAI-2K, BILAG-2004 and PGA of one visit should describe the subject at one time.",
        source="SRI: one composite of three components; how far apart is assumed (component_spread_days)",
        records="visits with more than one component",
        fault="have components that are too far apart",
        looks=(
            Look(
                table="checks.chk_components",
                field="{date_column}",
                columns=("date_column", "sledai_dt", "bilag_dt", "pga_dt", "furthest_dt", "spread_days"),
                expectation=lambda column, limit: column("spread_days") <= limit("component_spread_days"),
                message=(
                    "the components of the visit are {spread_days} days apart (SLEDAI-2K {sledai_dt}, BILAG-2004 "
                    "{bilag_dt}, PGA {pga_dt}); {component_spread_days} days are allowed"
                ),
                value="furthest_dt",
            ),
        ),
    ),
    Rule(
        rule_id="EFF09",
        title="Week 48 closed with a component missing",
        severity=MAJOR,
        stage=STAGING,
        form="*",
        description="At week 48, once it is closed, each component must have been assessed unless it was not due.",
        source="Protocol: the endpoint is SRI-4 at week 48; closed is the end of the window with the entry lag",
        records="components of closed week 48 visits (three per subject)",
        fault="are missing",
        looks=(
            Look(
                table=RESPONSE_VISIT,
                field="{component_name}",
                columns=(
                    "component_name",
                    "window_first_dt",
                    "window_last_dt",
                    "record_dt",
                    "is_told_elsewhere",
                ),
                expectation=lambda column, limit: column("record_dt").is_not_null(),
                # What takes no part because it is quarantined, or for its date, is told of by the rule that says so.
                applies=lambda column, limit: ~column("is_told_elsewhere"),
                message=(
                    "the visit is closed with no {component_name}: none is dated {window_first_dt} to {window_last_dt}"
                ),
            ),
            Look(
                table=RESPONSE_VISIT,
                field="{component_name}",
                columns=("component_name", "record_dt", "is_blank"),
                expectation=lambda column, limit: column("is_blank").eq_missing(False),
                applies=lambda column, limit: column("record_dt").is_not_null(),
                message="the visit is closed with no {component_name}: that of {record_dt} has no value or no scale",
                value="record_dt",
            ),
        ),
    ),
    Rule(
        rule_id="EFF10",
        title="SLEDAI item absent, laboratory abnormal",
        severity=MINOR,
        stage=STAGING,
        form="sledai",
        description="A SLEDAI-2K item that the laboratory decides should be present when the nearest is abnormal.",
        source="SLEDAI-2K: definitions of the items (lab_tests); how near is assumed (lab_item_days)",
        records="SLEDAI-2K records with a laboratory result near them",
        fault="have an item absent that the laboratory says is present",
        looks=tuple(_absent_look(item) for item in sledai_laboratory_items()),
    ),
)
