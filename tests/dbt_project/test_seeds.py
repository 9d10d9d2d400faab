"""The protocol's tables agree with themselves and with trial.md: no number stands twice with two values."""

from __future__ import annotations

import csv
import re
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from orchestration.derivation.project import PROJECT_DIR, load_manifest

SEEDS = sorted(path.stem for path in (PROJECT_DIR / "seeds").glob("*.csv"))
KEYS = {
    "acr_criteria": ["acrcrit"],
    "analysis_visits": ["scenario", "avisit"],
    "bilag_grades": ["grade"],
    "bilag_systems": ["column_name"],
    "codelists": ["codelist", "code"],
    "dose_frequencies": ["frequency"],
    "drug_dictionary": ["name"],
    "eligibility_criteria": ["ietestcd"],
    "form_columns": ["form", "column_name"],
    "lab_tests": ["testcd"],
    "pga_scales": ["scale"],
    "planned_visits": ["visit"],
    "plausible_ranges": ["form", "column_name", "testcd"],
    "protocol_parameters": ["scenario", "parameter"],
    "scenarios": ["scenario"],
    "site_indicators": ["indicator"],
    "sledai_items": ["item"],
    "unit_conversions": ["domain", "testcd", "unit"],
}


def seed(name: str) -> list[dict[str, str]]:
    with (PROJECT_DIR / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def parameter(name: str) -> Decimal:
    rows = seed("protocol_parameters")
    (value,) = (row["value"] for row in rows if row["scenario"] == "PRIMARY" and row["parameter"] == name)
    return Decimal(value)


def codes(codelist: str) -> list[str]:
    return [row["code"] for row in seed("codelists") if row["codelist"] == codelist]


@pytest.mark.parametrize("name", SEEDS)
def test_keys_are_unique_whatever_the_case(name: str) -> None:
    keys = Counter(tuple(row[column].lower() for column in KEYS[name]) for row in seed(name))
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("name", SEEDS)
def test_every_column_has_a_type_and_a_description(name: str) -> None:
    node: dict[str, Any] = load_manifest()["nodes"][f"seed.mrbs.{name}"]
    columns = list(seed(name)[0])
    assert list(node["config"]["column_types"]) == columns
    assert {column for column in columns if node["columns"].get(column, {}).get("description")} == set(columns)


def test_visit_windows_are_the_target_days_with_the_tolerances() -> None:
    for row in seed("planned_visits"):
        if row["visit"] == "SCR":
            expected = [parameter("screening_first_day"), parameter("screening_last_day")]
        elif row["target_day"] in ("", "0"):
            continue
        else:
            target = Decimal(row["target_day"])
            early = target <= parameter("visit_tolerance_early_until_day")
            tolerance = parameter("visit_tolerance_early" if early else "visit_tolerance_late")
            expected = [target - tolerance, target + tolerance]
        assert [Decimal(row["window_first_day"]), Decimal(row["window_last_day"])] == expected, row["visit"]


def test_analysis_windows_follow_each_other_from_day_1_to_day_350() -> None:
    visits = [row for row in seed("analysis_visits") if row["scenario"] == "PRIMARY"]
    windows = [(int(row["window_first_day"]), int(row["window_last_day"])) for row in visits]
    assert (windows[0][0], windows[-1][1]) == (1, 350)
    assert all(before[1] + 1 == after[0] for before, after in pairwise(windows))
    assert all(int(row["target_day"]) == 7 * int(row["avisitn"]) for row in seed("analysis_visits"))


def test_every_scenario_has_the_visit_of_the_endpoint_and_does_something_differently() -> None:
    scenarios = [row["scenario"] for row in sorted(seed("scenarios"), key=lambda row: int(row["position"]))]
    assert scenarios[0] == "PRIMARY"
    primary = {row["parameter"]: row["value"] for row in seed("protocol_parameters") if row["scenario"] == "PRIMARY"}
    windows = {
        row["scenario"]: (row["avisit"], row["window_first_day"], row["window_last_day"])
        for row in seed("analysis_visits")
        if int(row["avisitn"]) == parameter("response_week")
    }
    assert list(windows) == scenarios
    model = PROJECT_DIR / "models" / "intermediate" / "endpoint" / "int_endpoint_parameters.sql"
    read = set(re.findall(r"parameter\('(\w+)'\)", model.read_text(encoding="utf-8"))) & primary.keys()
    assert {"sri_points", "steroid_rule"} <= read
    for scenario in scenarios[1:]:
        own = {row["parameter"]: row["value"] for row in seed("protocol_parameters") if row["scenario"] == scenario}
        # Only what the endpoint's models read can make a difference; another number would be told as one that makes none.
        assert own.keys() <= read, scenario
        assert all(value != primary[name] for name, value in own.items()), scenario
        assert own or windows[scenario] != windows["PRIMARY"], scenario
    others = {row["scenario"] for row in [*seed("protocol_parameters"), *seed("analysis_visits")]}
    assert others == set(scenarios)


def test_planned_infusions_and_instruments_have_their_number_of_rows() -> None:
    numbers = [int(row["plannum"]) for row in seed("planned_visits") if row["plannum"]]
    assert numbers == list(range(1, int(parameter("planned_infusions")) + 1))
    weights = [int(row["weight"]) for row in seed("sledai_items")]
    assert (len(weights), sum(weights)) == (parameter("sledai_items"), parameter("sledai_max"))
    assert len(seed("bilag_systems")) == parameter("bilag_systems")


def test_tables_and_codelists_name_the_same_codes() -> None:
    assert [row["visit"] for row in seed("planned_visits")] == codes("VISIT")
    assert [row["grade"] for row in seed("bilag_grades")] == codes("BILAGGRADE")
    assert [row["scale"] for row in seed("pga_scales")] == codes("PGASCALE")
    assert [row["frequency"] for row in seed("dose_frequencies")] == codes("CMDOSFRQ")
    assert [row["ietestcd"] for row in seed("eligibility_criteria")] == codes("IETESTCD")
    assert [row["acrcrit"] for row in seed("acr_criteria")] == codes("ACRCRIT")
    assert {row["codelist"] for row in seed("form_columns")} - {""} == {row["codelist"] for row in seed("codelists")}


def test_drugs_are_in_upper_case_and_known_by_their_preferred_name() -> None:
    drugs = seed("drug_dictionary")
    assert [row["name"] for row in drugs if row["name"] != row["name"].upper().strip()] == []
    facts = {row["name"]: (row["drug_class"], row["prednisone_equivalent"], row["is_study_drug"]) for row in drugs}
    for row in drugs:
        assert facts[row["name"]] == facts[row["preferred_name"]], row["name"]
    assert {row["drug_class"] for row in drugs} <= set(codes("CMCLAS"))
    assert {row["preferred_name"] for row in drugs if row["is_study_drug"] == "Y"} == {"BELIMUMAB"}


def test_laboratory_tests_are_the_codes_and_bear_on_items_by_known_limits() -> None:
    tests = seed("lab_tests")
    assert [row["testcd"] for row in tests] == codes("LBTESTCD")
    assert {row["limits_needed"] for row in tests} == {"LOWER", "UPPER", "BOTH", "NONE"}
    of_items = [row for row in tests if row["sledai_item"]]
    assert {row["sledai_side"] for row in of_items} == {"BELOW", "ABOVE"}
    assert {row["sledai_parameter"] for row in of_items} <= {
        row["parameter"] for row in seed("protocol_parameters")
    } | {""}
    # Where the laboratory's own limit decides, it is one that a result needs.
    by_own_limit = {(row["sledai_side"], row["limits_needed"]) for row in of_items if not row["sledai_parameter"]}
    assert by_own_limit == {("BELOW", "LOWER"), ("ABOVE", "UPPER")}
    macros = (PROJECT_DIR / "macros" / "frames.sql").read_text(encoding="utf-8")
    items = ", ".join(sorted({row["sledai_item"] for row in of_items}, key=int))
    assert f"return([{items}])" in macros


def test_plausible_ranges_are_ranges_of_known_values_in_standard_units() -> None:
    ranges = seed("plausible_ranges")
    columns = {(row["form"], row["column_name"]) for row in seed("form_columns")}
    standards = {(row["domain"], row["testcd"]): row["standard_unit"] for row in seed("unit_conversions")}
    for row in ranges:
        assert Decimal(row["low"]) < Decimal(row["high"])
        assert (row["form"], row["column_name"]) in columns
        assert row["status"] == "ASSUMED"
        if row["form"] in ("vs", "lb"):
            assert row["unit"] == standards[row["form"], row["testcd"]]
    assert {row["testcd"] for row in ranges if row["form"] == "vs"} == set(codes("VSTESTCD"))
    # What is answered with positive or negative has no range.
    measured = {row["testcd"] for row in seed("lab_tests") if row["limits_needed"] != "NONE"}
    assert {row["testcd"] for row in ranges if row["form"] == "lb"} == measured


def test_units_know_every_test_and_its_standard_unit() -> None:
    units = seed("unit_conversions")
    of_domain = {domain: {row["testcd"] for row in units if row["domain"] == domain} for domain in ("lb", "vs")}
    assert of_domain == {"lb": set(codes("LBTESTCD")), "vs": set(codes("VSTESTCD"))}
    for row in units:
        if row["unit"] == row["standard_unit"]:
            assert (Decimal(row["factor"]), Decimal(row["subtract_first"])) == (1, 0)
    standards = {(row["domain"], row["testcd"]): row["standard_unit"] for row in units}
    assert {(row["domain"], row["testcd"]): row["standard_unit"] for row in units[::-1]} == standards


def test_doses_stay_exact_with_the_decimals_that_are_kept() -> None:
    """int_steroid_doses keeps six decimals of a dose, three of its unit and three of its equivalent."""
    factors = [Decimal(row["factor"]) for row in seed("unit_conversions") if row["domain"] == "cm"]
    equivalents = [Decimal(row["prednisone_equivalent"] or 0) for row in seed("drug_dictionary")]
    assert factors
    assert all(number == round(number, 3) for number in factors + equivalents)
    assert all(row["subtract_first"] == "0" for row in seed("unit_conversions") if row["domain"] == "cm")
