"""Every rule's violations counted a second time, in SQL of its own, over tables with a third of the values missing.

Pandera's lazy mode is known to miss violations that missing values mask; here no rule may miss one, or see one too
many.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

import duckdb
import pytest

from tests.validation import counts_eligibility, counts_visits_dosing, drawn_activity
from tests.validation.hand_made import random_frame, run_frame
from validation import rules
from validation.protocol import SEEDS


def not_the_same(*values: str) -> list[tuple[str, str]]:
    """A row that one derivation lacks, and each value that differs where both have the row."""
    both = "is_published and is_derived_again"
    return [("usubjid", f"not coalesce({both}, false)")] + [
        (value, f"coalesce({both}, true) and {value} is distinct from second_{value}") for value in values
    ]


# Per rule and table: (field, what is wrong in SQL), field by field. Limits stand here as numbers, on purpose.
WRONG: dict[tuple[str, str], list[tuple[str, str]]] = {
    ("ELI02", "checks.chk_consent"): [
        ("rficdtc", "performed_dt < rficdt or (performed_dt is null and rficdt is not null)")
    ],
    ("VIS02", "checks.chk_visits"): [
        ("svdtc", "protday is not null and not coalesce(protday between window_first_day and window_last_day, false)")
    ],
    ("VIS07", "checks.chk_periods"): [("end", "latest_end < earliest_start")],
    ("DOS00", "checks.chk_subjects"): [("exstdtc", "coalesce(infused, true) and coalesce(held, true)")],
    ("DOS01", "checks.chk_infusions"): [
        (
            "exdose",
            "exdose_mg is not null and planned_mg is not null"
            " and not coalesce(exdose_mg >= lowest_mg and exdose_mg <= highest_mg, false)",
        )
    ],
    ("DOS02", "checks.chk_infusions"): [
        (
            "exdose",
            "exdose_mg is not null and planned_mg is not null"
            " and not coalesce(exdose_mg >= gross_low_mg and exdose_mg <= gross_high_mg, false)",
        )
    ],
    ("DOS03", "checks.chk_infusions"): [("weight", "exstdt is not null and weight_kg is null")],
    ("DOS04", "checks.chk_infusions"): [
        (
            "exstdtc",
            "protday is not null and window_first_day is not null"
            " and not coalesce(protday >= window_first_day and protday <= window_last_day, false)",
        )
    ],
    ("DOS05", "checks.chk_infusions"): [("exstdtc", "protday > 28 and (intervl < 10 or intervl > 42)")],
    ("EFF01", "checks.chk_baselines"): [("component", "baseline_dt is null or not coalesce(is_complete, false)")],
    ("EFF02", "checks.chk_sledai"): [("sledtot", "site_total <> items_total")],
    ("EFF03", "checks.chk_sledai"): [("items", "blank_items is not null")],
    ("EFF04", "checks.chk_bilag"): [("grades", "blank_systems is not null")],
    ("EFF05", "checks.chk_pga"): [
        ("pgares", "scale_max is not null and (pgares < 0 or pgares > scale_max)"),
        ("pgascale", "pgascale is not null and scale_before is not null"),
    ],
    ("MED01", "checks.chk_medications"): [("cmtrt", "prohibited_from is not null")],
    ("MED02", "checks.chk_steroids"): [("cmdose", "increase_dt is not null")],
    ("MED03", "checks.chk_medications"): [
        ("cmdose", "coalesce(is_systemic_steroid, true) and cmdose_delivered is null"),
        ("cmdosfrq", "coalesce(is_systemic_steroid, true) and cmdosfrq_delivered is null"),
        ("cmtrt", "coalesce(is_systemic_steroid, true) and prednisone_equivalent is null"),
        ("cmroute", "coalesce(is_systemic_steroid, true) and cmroute is null"),
    ],
    ("MED04", "checks.chk_medications"): [
        (
            "cmendtc",
            "(cmdosfrq is distinct from 'ONCE' and cmendtc_delivered is null and cmongo is distinct from 'Y')"
            " or coalesce(end_decides, true)",
        ),
        ("cmstdtc", "coalesce(start_decides, true)"),
    ],
    ("INV03", "analysis.adsri"): [
        (
            "sri4oc",
            """
            sri4oc is distinct from case
                when 'N' in (coalesce(sledfl, ''), coalesce(bilfl, ''), coalesce(pgafl, '')) then 'N'
                when sledfl = 'Y' and bilfl = 'Y' and pgafl = 'Y' then 'Y'
            end
            """,
        )
    ],
    ("INV05", "analysis.adsri"): [
        (
            "sri",
            " or ".join(f"(sri{k + 1} = 'Y' and sri{k} is distinct from 'Y')" for k in range(4, 8)),
        )
    ],
    ("INV06", "checks.chk_subject_tables"): [
        ("adsl", "adsl_rows is distinct from 1"),
        ("adsv", "coalesce(day0_is_known, true) and not coalesce(adsv_rows >= planned_visits, false)"),
        ("adex", "coalesce(day0_is_known, true) and not coalesce(adex_rows >= planned_infusions, false)"),
        ("adexsum", "coalesce(day0_is_known, true) and adexsum_rows is distinct from 1"),
        ("adsri", "coalesce(day0_is_known, true) and not coalesce(adsri_rows = response_visits, false)"),
    ],
    ("INV07", "quality.row_accounting"): [("difference", "difference is distinct from 0")],
    ("INV08", "checks.second_subjects"): not_the_same("trtsdt", "respgrp", "icedt", "iceterm"),
    ("INV08", "checks.second_responses"): not_the_same(
        "maturfl", "sri4oc", "sri4", "sri4locf", "sri5", "sri6", "sri7", "sri8", "reason"
    ),
    ("INV08", "checks.second_infusions"): not_the_same("status"),
    ("INV09", "checks.chk_sources"): [
        ("srcid", "not (coalesce(is_in_raw, false) and coalesce(is_in_provenance, false))")
    ],
    ("INV10", "analysis.adsri"): [
        (
            "sri4",
            "(icefl = 'Y' or icedt <= adt)"
            " and 'Y' in (coalesce(sri4, ''), coalesce(sri5, ''), coalesce(sri6, ''), coalesce(sri7, ''),"
            " coalesce(sri8, ''), coalesce(sri4locf, ''))",
        )
    ],
    ("INV11", "checks.chk_subject_tables"): [
        (table, f"coalesce(not day0_is_known, true) and {table}_rows is distinct from 0")
        for table in ("adsri", "adex", "adexsum")
    ],
}
WRONG |= {
    ("INV14", "checks.chk_kept_rows"): [
        (what, f"{what}_published is distinct from {what}_needed") for what in ("rows", "days", "analysed")
    ]
}
WRONG |= counts_eligibility.WRONG | counts_visits_dosing.WRONG | drawn_activity.WRONG
STUDY_DAY = "ady is distinct from case when protday >= 0 then protday + 1 else protday end"
WRONG |= {
    ("INV02", f"analysis.{table}"): [("ady", STUDY_DAY)]
    for table in ("adsv", "adex", "adqs", "adlb", "adcm", "adae", "adsri")
}
NOT_ONE_ANALYSED = (
    "avisit is not null and count(*) filter (where anl01fl = 'Y') over (partition by usubjid, paramcd, avisit) <> 1"
)
WRONG |= {("INV04", f"analysis.{table}"): [("anl01fl", NOT_ONE_ANALYSED)] for table in ("adqs", "adlb")}
WRONG |= {
    (f"DEL{number:02d}", "raw.delivery_problems"): [("file", f"rule_id = 'DEL{number:02d}'")] for number in range(1, 14)
}


def _values_wrong() -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """VAL, from the seed itself: which column is read into what, and what is wrong with a value that was not read."""
    partial = r"'\d{4}(-(0[1-9]|1[0-2]))?'"
    with (SEEDS / "form_columns.csv").open(encoding="utf-8", newline="") as lines:
        columns = list(csv.DictReader(lines))
    for column in columns:
        name, table = column["column_name"], f"staging.typed_{column['form']}"
        text = f"{name}_delivered"
        match column["type"]:
            case "code":
                yield ("VAL02", table), (name, f"{text} is not null and {name} is null")
            case "integer" | "decimal":
                yield ("VAL03", table), (name, f"{text} is not null and {name} is null")
            case "partial_date":
                yield ("VAL04", table), (name, f"{text} is not null and {name[:-1]}_min is null")
            case "date" | "datetime":
                unread = f"{text} is not null and {name[:-1]} is null"
                yield ("VAL04", table), (name, f"{unread} and not regexp_full_match({text}, {partial})")
                yield ("VAL05", table), (name, f"{unread} and regexp_full_match({text}, {partial})")
    for form in dict.fromkeys(column["form"] for column in columns):
        table = f"staging.typed_{form}"
        yield ("VAL01", table), ("key", "quarantine_rule = 'VAL01'")
        again = " or (record_key is not null and count(*) over (partition by siteid, record_key) > 1)"
        yield ("VAL07", table), ("key", f"quarantine_rule = 'VAL07'{again if form in ('ds', 'cm') else ''}")
        if form != "dm":
            yield ("VAL08", table), ("subjid", "quarantine_rule = 'VAL08'")
    yield ("VAL03", "staging.typed_lb"), ("lborres", "lborres is not null and lborresn is null and lbstresc is null")
    for form, number in (("lb", "lborresn"), ("vs", "vsorres"), ("ex", "exdose"), ("cm", "cmdose")):
        yield ("VAL06", f"staging.typed_{form}"), ("unit", f"{number} <> 0 and not unit_known")


for place, wrong in _values_wrong():
    WRONG.setdefault(place, []).append(wrong)

# Keys and contracts are about tables, not rows: test_invariants.py.
ABOUT_TABLES = ("INV01", "INV12", "INV13")


def test_every_rule_and_table_has_a_count_of_its_own() -> None:
    places = {(rule.rule_id, table) for rule in rules() for table in rule.tables}
    assert set(WRONG) == {place for place in places if place[0] not in ABOUT_TABLES}


@pytest.mark.parametrize(("rule_id", "table"), sorted(WRONG))
def test_the_rule_finds_exactly_what_sql_finds(rule_id: str, table: str) -> None:
    frame = random_frame(rule_id, table)
    with duckdb.connect() as connection:
        connection.register("frame", frame)
        counts = [
            connection.execute(f"select count(*) from (select {wrong} as wrong from frame) where wrong").fetchone()
            for _, wrong in WRONG[rule_id, table]
        ]
    expected = sum(count[0] for count in counts if count)
    outcome = run_frame(rule_id, table, frame)
    assert outcome.violations.height == expected
    assert 0 < expected < frame.height * len(counts), "the drawn rows must hold both: what is wrong and what is not"
