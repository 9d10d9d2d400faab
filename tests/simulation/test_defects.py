"""Planted defects: none in a clean trial, every kind in the other, and each one really in the files."""

from collections import Counter

import pytest

from simulation.defects import KINDS
from simulation.file_defects import FILE_DEFECTS
from tests.simulation.conftest import Written
from tests.simulation.reading import Table, contract, keys, read

MUST_OCCUR = {
    *(f"VAL{number:02d}" for number in range(1, 11)), *(f"VIS{number:02d}" for number in range(1, 8)),
    *(f"ELI{number:02d}" for number in range(1, 12)), *(f"DSP{number:02d}" for number in range(1, 6)),
    *(f"DOS{number:02d}" for number in range(12)), *(f"EFF{number:02d}" for number in range(1, 11)),
    "LAB01", "LAB02",
    "MED02", "MED03", "MED04", "DEL03", "DEL04", "DEL07",
}  # fmt: skip


def test_a_clean_trial_has_none(clean: Written) -> None:
    assert clean.truth("defects") == []
    assert clean.trial.defects == 0


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS] + [defect.kind for defect in FILE_DEFECTS])
def test_every_kind_stands_in_the_last_deliveries(dirty: Written, kind: str) -> None:
    last = dirty.trial.nights[-1].isoformat()
    assert any(row["kind"] == kind and row["last_delivered"] == last for row in dirty.truth("defects"))


def test_every_rule_of_the_first_stage_has_a_defect(dirty: Written) -> None:
    assert {row["rule"] for row in dirty.truth("defects")} >= MUST_OCCUR


def test_each_listed_defect_is_in_the_files_of_its_nights(dirty: Written) -> None:
    nights = [night.isoformat() for night in dirty.trial.nights]
    for defect in dirty.truth("defects"):
        if not defect["subject"]:
            continue
        for position, night in enumerate(nights):
            if defect["first_delivered"] <= night <= defect["last_delivered"]:
                found = matching(defect, dirty.form(defect["form"], position))
                assert found, defect
                if defect["kind"] == "row twice":
                    assert len(found) == 2


def matching(defect: dict[str, str], rows: Table) -> Table:
    """The rows with the key and the value of a defect."""
    parts = defect["key"].split(" | ")
    columns = keys()[defect["form"]]
    return [
        row
        for row in rows
        if row["site"] == defect["site"]
        and [row[column] for column in columns] == parts[: len(columns)]
        and row.get(defect["field"], "") == defect["value"]
    ]


def test_files_with_a_defect_have_it_on_the_last_night_alone(dirty: Written) -> None:
    first, last = (night.isoformat() for night in dirty.trial.nights)
    for defect in FILE_DEFECTS:
        site = f"S{defect.place:02d}"
        before = dirty.trial.landing / site / first / f"{defect.form}.csv"
        after = dirty.trial.landing / site / last / f"{defect.form}.csv"
        columns = [file.read_text(encoding="utf-8").splitlines()[0].split(",") for file in (before, after)]
        assert columns[0] == contract(defect.form)
        if defect.rule == "DEL07":
            assert len(read(after)) < 0.9 * len(read(before))
        else:
            assert columns[1] != columns[0]


def test_one_subject_carries_one_kind_of_planted_error_at_most(dirty: Written) -> None:
    natural = {"infusion missed between two", "steroid increase"}
    kinds = {(row["site"], row["subject"], row["kind"]) for row in dirty.truth("defects") if row["subject"]}
    planted = Counter((site, subject) for site, subject, kind in kinds if kind not in natural)
    assert max(planted.values()) == 1
