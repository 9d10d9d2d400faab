"""The dialects that turn records: tests side by side, an answer per row, REDCap's flat file; by hand."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from simulation.dialects.catalogue import DIALECTS
from simulation.dialects.dialect import CannotCarryError, Table
from tests.simulation.dialects.example import NIGHT, read_back, simulated

VS = Table(
    ["subjid", "visit", "vsdtc", "vstestcd", "vsorres", "vsorresu"],
    [
        ["0001", "SCR", "2026-01-08", "WEIGHT", "61.50", "kg"],
        ["0001", "SCR", "2026-01-08", "TEMP", "36.8", ""],
        ["0001", "UNS", "2026-02-01", "TEMP", "37.9", "C"],
        ["0001", "UNS", "2026-02-09", "TEMP", "36.9", "C"],
        ["0001", "UNS", "2026-02-09", "TEMP", "37.0", "C"],
        ["0002", "W2", "2026-02-30", "PULSE", "70", "beats/min"],
    ],
)
CM = Table(["subjid", "cmseq", "cmtrt", "cmongo"], [["0001", "1", "PREDNISONE", "Y"], ["0001", "4", "IBUPROFEN", ""]])
DS = Table(["subjid", "dscat", "dsdtc"], [["0002", "TREATMENT", "2026-03-01"], ["0002", "STUDY", "2026-03-09"]])
PGA = Table(
    ["subjid", "visit", "pgadtc", "pgares", "pgascale"],
    [["0001", "D0", "2026-01-31T10:57", "1.50", "0-3"], ["0001", "W2", "2026-02-14", "", "0-3"]],
)


def cells(content: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    """The rows, with what is filled in."""
    rows = csv.DictReader(io.StringIO(content.decode(), newline=""), delimiter=delimiter)
    return [{name: value for name, value in row.items() if value} for row in rows]


def test_tests_stand_side_by_side() -> None:
    (file,) = DIALECTS["wide"].write({"vs": VS}, NIGHT).values()
    assert cells(file.content, "|") == [
        {"subjid": "0001", "visit": "SCR", "vsdtc": "2026/01/08", "weight_vsorres": "61.50", "weight_vsorresu": "kg",
         "temp_vsorres": "36.8"},
        {"subjid": "0001", "visit": "UNS", "vsdtc": "2026/02/01", "temp_vsorres": "37.9", "temp_vsorresu": "C"},
        {"subjid": "0001", "visit": "UNS", "vsdtc": "2026/02/09", "temp_vsorres": "36.9", "temp_vsorresu": "C"},
        {"subjid": "0001", "visit": "UNS", "vsdtc": "2026/02/09", "temp_vsorres": "37.0", "temp_vsorresu": "C"},
        {"subjid": "0002", "visit": "W2", "vsdtc": "2026-02-30", "pulse_vsorres": "70", "pulse_vsorresu": "beats/min"},
    ]  # fmt: skip
    said = DIALECTS["wide"].entry()["forms"]["vs"]["rows"]
    assert {
        "columns": {"temp_vsorres": "vsorres", "temp_vsorresu": "vsorresu"}, "constants": {"vstestcd": "TEMP"}
    } in said  # fmt: skip


def test_an_answer_has_a_row() -> None:
    (file,) = DIALECTS["item_per_row"].write({"pga": PGA}, NIGHT).values()
    assert file.content.decode().splitlines() == [
        "participant,timepoint,completed,question,answer",
        "0001,D0,2026-01-31T10:57,Q_PGARES,1.50",
        "0001,D0,2026-01-31T10:57,Q_PGASCALE,0-3",
        "0001,W2,2026-02-14,Q_PGARES,",
        "0001,W2,2026-02-14,Q_PGASCALE,0-3",
    ]
    assert DIALECTS["item_per_row"].entry()["forms"]["pga"] == {
        "file": "pga_answers.csv",
        "items": {"item": "question", "value": "answer"},
        "columns": {
            "participant": "subjid", "timepoint": "visit", "completed": "pgadtc", "Q_PGARES": "pgares",
            "Q_PGASCALE": "pgascale",
        },
    }  # fmt: skip


def test_redcap_has_a_row_per_event_and_per_repeat() -> None:
    (file,) = DIALECTS["redcap_csv"].write({"vs": VS, "pga": PGA, "cm": CM, "ds": DS}, NIGHT).values()
    first = {"record_id": "0001"}
    uns = {**first, "redcap_event_name": "unscheduled_arm_1", "vs_complete": "2", "temp_vsorresu": "C"}
    assert cells(file.content) == [
        {**first, "redcap_event_name": "screening_arm_1", "vsdtc": "2026-01-08", "weight_vsorres": "61.50",
         "weight_vsorresu": "kg", "temp_vsorres": "36.8", "vs_complete": "2"},
        {**uns, "redcap_repeat_instance": "1", "vsdtc": "2026-02-01", "temp_vsorres": "37.9"},
        {**uns, "redcap_repeat_instance": "2", "vsdtc": "2026-02-09", "temp_vsorres": "36.9"},
        {**uns, "redcap_repeat_instance": "3", "vsdtc": "2026-02-09", "temp_vsorres": "37.0"},
        {**first, "redcap_event_name": "day_0_arm_1", "pgadtc": "2026-01-31 10:57", "pgares": "1.50", "pgascale": "0-3",
         "pga_complete": "2"},
        {**first, "redcap_event_name": "week_2_arm_1", "pgadtc": "2026-02-14", "pgascale": "0-3", "pga_complete": "2"},
        {**first, "redcap_event_name": "logs_arm_1", "redcap_repeat_instrument": "cm", "redcap_repeat_instance": "1",
         "cmtrt": "PREDNISONE", "cmongo": "1", "cm_complete": "2"},
        {**first, "redcap_event_name": "logs_arm_1", "redcap_repeat_instrument": "cm", "redcap_repeat_instance": "4",
         "cmtrt": "IBUPROFEN", "cm_complete": "2"},
        {"record_id": "0002", "redcap_event_name": "week_2_arm_1", "vsdtc": "2026-02-30", "pulse_vsorres": "70",
         "pulse_vsorresu": "beats/min", "vs_complete": "2"},
        {"record_id": "0002", "redcap_event_name": "logs_arm_1", "redcap_repeat_instrument": "ds",
         "redcap_repeat_instance": "1", "dscat": "TREATMENT", "dsdtc": "2026-03-01", "ds_complete": "2"},
        {"record_id": "0002", "redcap_event_name": "logs_arm_1", "redcap_repeat_instrument": "ds",
         "redcap_repeat_instance": "2", "dscat": "STUDY", "dsdtc": "2026-03-09", "ds_complete": "2"},
    ]  # fmt: skip


def test_the_projects_reader_takes_redcaps_file_apart() -> None:
    tables = {table.name: table for _, table in read_back(DIALECTS["redcap_csv"], {"vs": VS, "cm": CM, "ds": DS})}
    assert tables["cm"].frame.select("subject", "repeat", "cmtrt", "cmongo").rows() == [
        ("0001", "1", "PREDNISONE", "1"), ("0001", "4", "IBUPROFEN", None),
    ]  # fmt: skip
    assert tables["ds"].frame.select("subject", "repeat", "dscat").rows() == [
        ("0002", "1", "TREATMENT"), ("0002", "2", "STUDY"),
    ]  # fmt: skip
    assert tables["vs"].frame.select("subject", "event", "vsdtc", "temp_vsorres").rows() == [
        ("0001", "screening_arm_1", "2026-01-08", "36.8"),
        ("0001", "unscheduled_arm_1", "2026-02-01", "37.9"),
        ("0001", "unscheduled_arm_1", "2026-02-09", "36.9"),
        ("0001", "unscheduled_arm_1", "2026-02-09", "37.0"),
        ("0002", "week_2_arm_1", "2026-02-30", None),
    ]


MEASURES = {
    "acr": ("acrcrit", ("acrmet", "acrdtc")),
    "ie": ("ietestcd", ("ieorres",)),
    "vs": ("vstestcd", ("vsorres", "vsorresu")),
    "lb": ("lbtestcd", ("lborres", "lborresu", "lbnrlo", "lbnrhi")),
}


@pytest.mark.parametrize("form", MEASURES)
def test_every_result_of_a_site_is_in_its_column(tmp_path: Path, form: str) -> None:
    """Counted, whatever the dates look like: subject, test and values of each record, from the wide rows again."""
    site = simulated(tmp_path)
    test, measures = MEASURES[form]
    at = {name: position for position, name in enumerate(site[form].header)}
    dates = {"acrdtc"}
    expected = Counter(
        (row[at["subjid"]], row[at[test]], *(row[at[name]].replace("-", "/") if name in dates else row[at[name]]
                                             for name in measures))
        for row in site[form].rows
    )  # fmt: skip
    ((_, table),) = [(name, table) for name, table in read_back(DIALECTS["wide"], {form: site[form]})]
    found: Counter[tuple[str, ...]] = Counter()
    for row in table.frame.iter_rows(named=True):
        for said in DIALECTS["wide"].entry()["forms"][form]["rows"]:
            values = {ours: row[theirs] or "" for theirs, ours in said["columns"].items()}
            if any(values.values()):
                found[row["subjid"], said["constants"][test], *(values[name] for name in measures)] += 1
    assert found == expected


def test_questionnaires_of_a_site_come_back_answer_by_answer(tmp_path: Path) -> None:
    site = simulated(tmp_path)
    for form in ("sledai", "bilag", "pga"):
        said = DIALECTS["item_per_row"].entry()["forms"][form]["columns"]
        ((_, table),) = read_back(DIALECTS["item_per_row"], {form: site[form]})
        records: dict[tuple[str, str, str], dict[str, str]] = {}
        for subject, visit, day, item, value in table.frame.drop("row").iter_rows():
            records.setdefault((subject, visit, day), {})[said[item]] = value or ""
        assert [[*identity, *answers.values()] for identity, answers in records.items()] == site[form].rows
        assert [list(answers) for answers in records.values()] == [site[form].header[3:]] * len(records)


@pytest.mark.parametrize("dialect", ["wide", "redcap_csv"])
def test_a_criterion_without_an_answer_leaves_no_trace_in_a_wide_row(dialect: str) -> None:
    unanswered = Table(["subjid", "ietestcd", "ieorres"], [["0001", "INC01", "Y"], ["0001", "EXC07", ""]])
    with pytest.raises(CannotCarryError, match="ie: EXC07 of subject 0001 has no value"):
        DIALECTS[dialect].write({"ie": unanswered}, NIGHT)


def test_what_else_turned_records_cannot_hold() -> None:
    unknown = Table(VS.header, [["0001", "SCR", "2026-01-08", "MOOD", "1", ""]])
    with pytest.raises(CannotCarryError, match="'MOOD' is no test that has a column"):
        DIALECTS["wide"].write({"vs": unknown}, NIGHT)
    with pytest.raises(CannotCarryError, match="two records of 0001, D0, 2026-01-31T10:57 would become one"):
        DIALECTS["item_per_row"].write({"pga": Table(PGA.header, [PGA.rows[0], PGA.rows[0]])}, NIGHT)
    for dialect in ("redcap_csv", "redcap_odm", "odm"):
        with pytest.raises(CannotCarryError, match="cm: a record of subject 0001 has no number"):
            DIALECTS[dialect].write({"cm": Table(CM.header, [["0001", "", "PREDNISONE", "Y"]])}, NIGHT)
