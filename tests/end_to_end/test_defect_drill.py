"""The defect drill: each record or file broken in one known way, all in one trial, and every rule finds its own.

What was planted is the simulator's own list (drill_trial.py), never read off the findings. A clean trial gives no
finding at all (test_findings.py). Invariants have no place here, as no delivery can provoke them: each is broken by
hand in tests/validation/test_invariants.py.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest

from simulation.defects import KINDS
from simulation.file_defects import FILE_DEFECTS
from tests.end_to_end.drill_trial import BETWEEN_DELIVERIES, RULES_PROVOKED, Drill, Planted, make_drill
from tests.simulation.reading import keys
from tests.support.load import published
from tests.support.shared import made_once
from validation.catalogue import rules

pytestmark = pytest.mark.slow

# What is missing has no row, and of two records that contradict each other one is told of: the finding stands in this
# file of the same subject.
AT_ANOTHER_RECORD = {
    "three criteria of four": ("acr.csv", "the first criterion that is not met"),
    "two answers to one question": ("pga.csv", "the first of the two"),
    "second end of study": ("ds.csv", "the last of the two; of one date, either"),
    "end of study before an infusion": ("ex.csv", "the infusion after it"),
    "immunodeficiency denied": ("ie.csv", "the answer that the history contradicts"),
    "no global assessment at baseline": ("ex.csv", "the infusion that makes a baseline due"),
    "infusion without a record": ("sv.csv", "the visit at which it was due"),
    "no global assessment at week 48": (None, "another component of the visit, else the visit"),
}


@dataclass(frozen=True)
class Found:
    """A finding as published."""

    rule_id: str
    siteid: str
    usubjid: str | None
    visit: str | None
    form: str | None
    field: str | None
    value: str | None
    record_key: str | None
    source_file: str | None
    source_row: int | None
    message: str


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Drill:
    return Drill(made_once(tmp_path_factory, "drill", make_drill))


@pytest.fixture(scope="module")
def findings(drill: Drill) -> list[Found]:
    columns = ", ".join(Found.__dataclass_fields__)
    with published(drill.database) as connection:
        return [
            Found(*row)
            for row in connection.execute(f"select {columns} from quality.findings where status = 'OPEN'").fetchall()
        ]


def of(defect: Planted, findings: list[Found]) -> list[Found]:
    """What the defect's rule says of its subject, or of its form."""
    return [
        found
        for found in findings
        if (found.rule_id, found.siteid) == (defect.rule, defect.siteid)
        and found.usubjid == defect.usubjid
        and (defect.subjid or not defect.form or found.form == defect.form)
    ]


def test_every_rule_that_deliveries_can_provoke_is_provoked() -> None:
    assert {rule.rule_id for rule in rules() if not rule.blocking} == RULES_PROVOKED


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_a_broken_record_is_found_where_it_stands(drill: Drill, findings: list[Found], kind: str) -> None:
    planted = [defect for defect in drill.planted() if defect.kind == kind]
    assert planted
    for defect in planted:
        found = [finding for finding in of(defect, findings) if is_about(finding, defect, drill)]
        assert len(found) == 1, (defect, found)
        prefix = f"{defect.siteid}-{(defect.usubjid or '').rpartition('-')[2]}"
        assert found[0].message.startswith((f"{prefix}, ", f"{prefix}: "))


def is_about(finding: Found, defect: Planted, drill: Drill) -> bool:
    """Whether the file and the row that the finding names hold the planted record, read from the delivered file."""
    row = row_of(finding, drill)
    if row["subjid"] != (defect.value if defect.field == "subjid" else defect.subjid):
        return False
    if defect.kind in AT_ANOTHER_RECORD:
        file, _ = AT_ANOTHER_RECORD[defect.kind]
        return file is None or finding.source_file == file
    if finding.source_file != f"{defect.form}.csv":
        return False
    parts, columns = defect.key.split(" | "), keys()[defect.form]
    return [row[column] for column in columns] == parts[: len(columns)] and row.get(defect.field, "") == defect.value


def row_of(finding: Found, drill: Drill) -> dict[str, str]:
    assert finding.source_file, finding
    assert finding.source_row, finding
    return drill.row(finding.siteid, finding.source_file, finding.source_row)


# One subject, one planted defect, and yet several findings of its rule: each about something else that is wrong.
SEVERAL = {
    "infusion missed between two": "a subject can miss another infusion later",
    "weights left out": "each infusion that lacks a recent weight",
}


def test_one_defect_is_one_finding_of_its_rule(drill: Drill, findings: list[Found]) -> None:
    planted = [defect for defect in drill.planted() if defect.kind not in SEVERAL]
    defects = Counter((defect.rule, defect.siteid, defect.usubjid, defect.form) for defect in planted)
    told = {(defect.rule, defect.siteid, defect.usubjid, defect.form): len(of(defect, findings)) for defect in planted}
    assert {where: number for where, number in told.items() if number > defects[where]} == {}


def test_several_findings_of_a_rule_about_one_record_are_about_several_fields(findings: list[Found]) -> None:
    """Two fields that are both wrong are two findings; one defect told twice would be a bug."""
    of_records = Counter((found.rule_id, found.siteid, found.form, found.record_key) for found in findings)
    several = {where for where, number in of_records.items() if number > 1}
    # An item each, contradicted by a laboratory test of its own.
    assert {rule_id for rule_id, *_ in several} <= {"EFF07", "EFF10"}


@pytest.mark.parametrize("kind", [*(kind.kind for kind in FILE_DEFECTS), *BETWEEN_DELIVERIES])
def test_a_broken_delivery_is_found(drill: Drill, findings: list[Found], kind: str) -> None:
    planted = [defect for defect in drill.planted() if kind in (defect.kind, defect.rule)]
    assert planted
    for defect in planted:
        found = of(defect, findings)
        assert len(found) == 1, (defect, found)
        assert found[0].message.startswith(defect.siteid)
        if defect.form:
            assert f"{defect.form}" in found[0].message
            assert found[0].source_file is None  # the message names the file and its date; no row of it is in question


def test_no_rule_of_deliveries_tells_of_a_sound_site(drill: Drill, findings: list[Found]) -> None:
    planted = {(defect.rule, defect.siteid) for defect in drill.planted()}
    assert {(found.rule_id, found.siteid) for found in findings if found.rule_id.startswith("DEL")} <= planted


def test_every_finding_about_a_record_leads_to_a_row(drill: Drill, findings: list[Found]) -> None:
    """Only a delivery has no row: what is missing stands at the record that makes it due."""
    without_row = {found.rule_id for found in findings if found.source_row is None}
    assert without_row == {rule.rule_id for rule in rules() if rule.rule_id.startswith("DEL")}
    for found in findings:
        if found.source_row is not None:
            assert found.message.endswith(f"; {found.source_file} row {found.source_row}.")
            assert row_of(found, drill)["subjid"] == (found.usubjid or "").rpartition("-")[2]


# Where several cells are wrong together, the value is what follows from them, in words a person can check.
WORKED_OUT = {
    "DOS00": "why day 0 is unknown",
    "DOS06": "the minutes between two times",
    "DOS08": "what the vials hold",
    "ELI03": "how many criteria are met",
    "DSP01": "both ends",
    "ELI06": "the criteria without an answer",
    "MED02": "the daily dose of several records",
    "VIS05": "the assessments of a visit with their dates",
}
# The cell with what belongs to it.
AS_DELIVERED_WITH = {"ELI07": "its unit", "VAL09": "its unit"}
ONLY_THE_DAY = {"DSP02": "an infusion has a time too", "EFF08": "and so may an assessment"}
NOT_SHOWN = {"VAL10": "a text that may be a subject's own words"}


def test_the_value_is_the_cell_of_the_field(drill: Drill, findings: list[Found]) -> None:
    compared = set()
    for found in findings:
        if found.source_row is None or found.rule_id in {*WORKED_OUT, *NOT_SHOWN}:
            continue
        row = row_of(found, drill)
        if found.source_file != f"{found.form}.csv" or found.field not in row:
            continue
        cell, value = row[found.field], found.value or ""
        if found.rule_id in AS_DELIVERED_WITH:
            assert value.split(" ")[0] == cell, found
        elif found.rule_id in ONLY_THE_DAY:
            assert cell.startswith(value), found
        else:
            assert value == cell, found
        compared.add(found.rule_id)
    assert len(compared) > 30
