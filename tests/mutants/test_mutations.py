"""The catalogue fits the SQL as it stands, leaves no model out, and the runner can tell a kill from a survivor.

What belongs here: whether the catalogue can be trusted. What does not: trying all of it, which is `make mutants`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import pytest

from tests.golden.reading import read_cases
from tests.mutants.__main__ import run_list
from tests.mutants.mutations import Mutation, places_of, read_left_out, read_mutations, rows_changed
from tests.support.compiled import CompiledModel, compiled_models

MUTATIONS = read_mutations()
OF_MODELS = [mutation for mutation in MUTATIONS if mutation.model]
OF_SEEDS = [mutation for mutation in MUTATIONS if mutation.seed]
FOLDERS = ("endpoint", "dosing", "subjects", "eligibility", "intermediate", "analysis")
NEEDS_NO_MUTATION = {
    "adsens": "the other scenarios, which no case expects; both derivations agree under each (tests/properties)",
    "adeff": "other endpoints, which no case expects; every limit by hand in tests/dbt_project/test_other_endpoints.py",
    "adresp": "the course of the response, which no case expects; by hand in tests/dbt_project/test_other_endpoints.py",
    "adtte": "times to events, which no case expects; by hand in tests/dbt_project/test_other_endpoints.py",
    "int_sensitivity": "what sensum counts; by hand in tests/dbt_project/test_endpoint_scenarios.py",
    "int_endpoint_parameters": "it turns rows of a seed into columns; each of those numbers has a mutation of its own",
    "respbl": "put together of what others derive; every column by hand in tests/dbt_project/test_comparison.py",
    "resptab": "figures about groups, and no case is a group; by hand in tests/dbt_project/test_comparison.py",
    "sensum": "rates over all sites, as srisum; by hand in tests/dbt_project/test_endpoint_scenarios.py",
    "srisum": "a rate over all sites would be one over all cases, so no case can expect one (tests/dbt_project)",
}
NO_CASE_CAN_TELL = {"confidence_z": "only srisum reads it"}


@pytest.fixture(scope="module")
def models() -> Mapping[str, CompiledModel]:
    return {model.name: model for model in compiled_models()}


def test_there_are_enough_and_each_has_an_id_of_its_own() -> None:
    assert len(MUTATIONS) >= 60
    assert [name for name, count in Counter(mutation.id for mutation in MUTATIONS).items() if count > 1] == []


def test_each_says_who_would_be_harmed_and_changes_something() -> None:
    assert [mutation.id for mutation in MUTATIONS if not mutation.wrong] == []
    assert [mutation.id for mutation in MUTATIONS if mutation.original.split() == mutation.mutated.split()] == []
    assert [mutation.id for mutation in MUTATIONS if bool(mutation.model) == bool(mutation.seed)] == []


def test_each_place_stands_exactly_once_in_the_compiled_query(models: Mapping[str, CompiledModel]) -> None:
    found = {mutation.id: places_of(mutation.original, models[mutation.model].query) for mutation in OF_MODELS}
    assert {name: len(places) for name, places in found.items() if len(places) != 1} == {}


def test_each_place_stands_once_in_the_model_or_is_said_to_hold_jinja(models: Mapping[str, CompiledModel]) -> None:
    for mutation in OF_MODELS:
        source = models[mutation.model].source_file.read_text(encoding="utf-8")
        assert len(places_of(mutation.original, source)) == (0 if mutation.jinja else 1), mutation.id


def test_each_changed_value_stands_in_one_row_of_its_seed() -> None:
    assert {mutation.id: rows for mutation in OF_SEEDS if len(rows := rows_changed(mutation)) != 1} == {}


def test_what_was_left_out_still_stands_in_the_model_and_is_not_in_the_list(
    models: Mapping[str, CompiledModel],
) -> None:
    tried = {(mutation.model, mutation.original, mutation.mutated) for mutation in MUTATIONS}
    for entry in read_left_out():
        model = models[entry.model]
        text = model.query if entry.jinja else model.source_file.read_text(encoding="utf-8")
        assert places_of(entry.original, text), entry
        assert entry.because, entry
        assert (entry.model, entry.original, entry.mutated) not in tried, entry


def test_no_model_of_the_endpoint_the_doses_and_the_subjects_is_left_out(models: Mapping[str, CompiledModel]) -> None:
    needed = {name for name, model in models.items() if model.source_file.parent.name in FOLDERS}
    assert len(needed) > 40
    mutated = {mutation.model for mutation in OF_MODELS}
    assert needed - mutated == set(NEEDS_NO_MUTATION)


def test_no_number_that_the_derivation_reads_is_left_out(models: Mapping[str, CompiledModel]) -> None:
    readers = ("int_endpoint_parameters", "int_dosing_parameters", "adsl")
    read = {name for reader in readers for name in re.findall(r"parameter = '(\w+)'", models[reader].query)}
    assert {"sri_points", "planned_mg_per_kg", "response_week"} <= read
    moved = {mutation.row["parameter"] for mutation in OF_SEEDS if mutation.seed == "protocol_parameters"}
    assert read - moved == set(NO_CASE_CAN_TELL)


def test_white_space_is_any_white_space_and_the_rest_is_exact() -> None:
    assert places_of("a < b and c", "where a < b\n    and c") == ["a < b\n    and c"]
    assert places_of("a.b", "where a_b") == []


@pytest.mark.slow
def test_the_runner_tells_a_kill_from_a_survivor_and_from_what_does_not_build(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """On one case alone: a rise of exactly 0.30, and of 0.29."""
    cases = [case for case in read_cases() if case.siteid == "P02"]
    known = next(mutation for mutation in MUTATIONS if mutation.id == "parameter-pga-lower")
    original = "compared.pgachg < parameters.pga_worsening"
    same = Mutation("the-same", original, "parameters.pga_worsening > compared.pgachg", "", "planted", "int_components")
    broken = Mutation("broken", original, "compared.pgachg <", "nothing", "planted", "int_components")
    absent = Mutation("absent", "no such text", "", "nothing", "planted", "int_components")

    assert run_list([known], jobs=1, cases=cases) == 0
    assert "killed by P02" in capsys.readouterr().out
    # The known one comes last: what the others did has been taken back.
    assert run_list([same, broken, absent, known], jobs=1, cases=cases) == 1
    lines = [re.split(r"\s+", line.strip()) for line in capsys.readouterr().out.splitlines()]
    outcomes = {words[1]: words[4] for words in lines if len(words) > 4 and words[0].isdigit() and words[3] == "s"}
    assert outcomes == {"the-same": "SURVIVED:", "broken": "BUILD", "absent": "BUILD", known.id: "killed"}
