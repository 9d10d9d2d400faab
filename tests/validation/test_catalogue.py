"""The catalogue: every rule declared once, whole, and for the tables and columns that there are."""

from __future__ import annotations

import re

import polars as pl
import pytest
import yaml

from validation import asset_path, rules, tables_of_stage
from validation.contracts import ANALYSIS_MODELS, analysis_contracts, form_contract
from validation.protocol import SEEDS, form_columns
from validation.protocol import limits as protocol_limits
from validation.rule import SEVERITIES, STAGES, Rule
from validation.summary import SINGULAR

RULES_OF_THIS_CATALOGUE = (
    [f"DEL{number:02d}" for number in range(1, 14)]
    + [f"VAL{number:02d}" for number in range(1, 11)]
    + [f"ELI{number:02d}" for number in range(1, 12)]
    + [f"DSP{number:02d}" for number in range(1, 6)]
    + [f"VIS{number:02d}" for number in range(1, 8)]
    + [f"DOS{number:02d}" for number in range(12)]
    + [f"EFF{number:02d}" for number in range(1, 11)]
    + ["LAB01", "LAB02"]
    + [f"MED{number:02d}" for number in range(1, 5)]
    + [f"INV{number:02d}" for number in range(1, 15)]
)


def test_every_rule_is_there_once() -> None:
    assert sorted(rule.rule_id for rule in rules()) == sorted(RULES_OF_THIS_CATALOGUE)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.rule_id)
def test_a_rule_is_declared_whole(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z]{3}\d\d", rule.rule_id)
    assert rule.severity in SEVERITIES
    assert rule.stage in STAGES
    assert rule.title
    assert rule.source
    assert rule.records
    assert rule.looks
    assert rule.description.endswith(".")
    assert rule.fault.split(" ")[0] in SINGULAR
    for look in rule.looks:
        named = set(re.findall(r"\{(\w+)[:}]", look.message)) | set(re.findall(r"\{(\w+)\}", look.field))
        limits = set(re.findall(r"^PRIMARY,(\w+),", (SEEDS / "protocol_parameters.csv").read_text(), re.MULTILINE))
        identity = {"form", "siteid", "usubjid", "visit", "record_key", "row_id", "table"}
        assert named <= set(look.columns) | limits | identity
        # What a look does not name is not read for it (validation.runner): it would see a missing value.
        conditions = [condition for condition in (look.expectation, look.applies) if condition is not None]
        used = {name for condition in conditions for name in condition(pl.col, protocol_limits()).meta.root_names()}
        assert used | ({look.value} - {None}) <= set(look.columns) | identity


def test_every_form_is_looked_at_for_every_kind_of_column_it_has() -> None:
    tables = {rule.rule_id: set(rule.tables) for rule in rules()}
    for form, columns in form_columns().items():
        table = f"staging.typed_{form}"
        assert (table in tables["VAL02"]) == any(column.has_codes for column in columns)
        assert (table in tables["VAL04"]) == any(column.has_dates for column in columns)
        assert (table in tables["VAL03"]) == (any(column.has_numbers for column in columns) or form == "lb")
        assert table in tables["VAL01"] & tables["VAL07"] & tables["INV13"]


def test_each_check_belongs_to_the_asset_it_looks_at() -> None:
    assert asset_path("raw.delivery_problems") == ("raw", "deliveries")
    assert asset_path("staging.typed_ex") == ("raw", "ex")
    assert asset_path("checks.chk_infusions") == ("checks", "chk_infusions")
    assert asset_path("analysis.adsri") == ("analysis", "adsri")


def test_few_tables_are_read() -> None:
    """A Pandera call costs 20 ms: some tens of them, whatever the number of rules."""
    assert sum(len(tables_of_stage(stage)) for stage in STAGES) <= 90


def test_the_frames_are_documented_with_every_column_a_rule_reads() -> None:
    documented = {
        f"checks.{model['name']}": {column["name"] for column in model["columns"]}
        for described in (ANALYSIS_MODELS.parent / "checks").glob("_checks*.yml")
        for model in yaml.safe_load(described.read_text())["models"]
    }
    for rule in rules():
        for look in rule.looks:
            # The frames of INV08 are no models: validation.agreement makes them, and says what stands in them.
            if look.table.startswith("checks.") and rule.rule_id != "INV08":
                assert set(look.columns) <= documented[look.table]


def test_analysis_contracts_name_the_columns_of_the_documentation() -> None:
    for name, contract in analysis_contracts().items():
        models = yaml.safe_load((ANALYSIS_MODELS / f"{name}.yml").read_text())["models"]
        (model,) = (model for model in models if model["name"] == name)
        assert [column.name for column in contract.columns] == [column["name"] for column in model["columns"]]
        assert contract.key
        assert set(contract.key) <= {column.name for column in contract.columns}


def test_a_form_contract_has_every_value_typed_beside_delivered() -> None:
    columns = {column.name: column.type for column in form_contract("cm")}
    assert columns["cmdose"] == "decimal"
    assert columns["cmdose_delivered"] == "varchar"
    assert columns["cmstdt"] == columns["cmstdt_min"] == columns["cmstdt_max"] == "date"
    assert "cmtrt_delivered" not in columns
    assert {column.name: column.type for column in form_contract("ex")}["exstdtm"] == "timestamp"
    assert {column.name: column.type for column in form_contract("sledai")}["sledai01"] == "integer"
