"""SAS files: dates by their format, special missing values, labels, several data sets in a file, files cut short."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from orchestration.ingestion.formats.sas_values import kind_of
from tests.orchestration.ingestion.formats.reading import only, refused, sas_data_set, tables

FRAME = pd.DataFrame(
    {
        "SUBJID": ["0001", "", "3 "],
        "WT": [61.5, float("nan"), 0.1],
        "DAY": [24431.0, 0.0, -1.0],
        "AT": [86400.0 + 34200, 0.5, float("nan")],
        "CLOCK": [34200.0, 129600.0, 86399.5],
    }
)
FORMATS = {"DAY": "DATE9.", "AT": "DATETIME20.", "CLOCK": "TIME8."}
# 1960-01-01 is day 0. 66 years and 17 leap days make 2026-01-01 day 24,107; day 24,431 is 324 later, 21 November.
ROWS = [
    (2, "0001", "61.5", "2026-11-21", "1960-01-02T09:30", "09:30"),
    (3, None, None, "1960-01-01", "1960-01-01T00:00:00.5", "36:00"),
    (4, "3", "0.1", "1959-12-31", None, "23:59:59.5"),
]


def transport(folder: Path, version: int, name: str = "VS", frame: pd.DataFrame = FRAME) -> bytes:
    path = folder / f"{name}{version}.xpt"
    formats = {column: shown for column, shown in FORMATS.items() if column in frame}
    labels = {"WT": "Weight (kg)"}
    pyreadstat.write_xport(
        frame, path, table_name=name, file_format_version=version, variable_format=formats, column_labels=labels
    )
    return path.read_bytes()


@pytest.mark.parametrize("version", [5, 8])
def test_transport_files(tmp_path: Path, version: int) -> None:
    table = only(transport(tmp_path, version), format="xpt")
    assert table.name == "VS"
    assert table.frame.rows() == ROWS
    assert table.labels == {"WT": "Weight (kg)"}
    assert table.kinds == {"SUBJID": "text", "WT": "number", "DAY": "date", "AT": "datetime", "CLOCK": "time"}


@pytest.mark.parametrize("version", [5, 8])
def test_special_missing_values_keep_their_text(tmp_path: Path, version: int) -> None:
    """.B in the weight of the second record: its 8 bytes are the letter and seven zeros (TS-140)."""
    data = transport(tmp_path, version)
    missing = b"." + bytes(7)
    assert data.count(missing) == 2
    for letter, text in ((b"B", ".B"), (b"_", "._"), (b"Z", ".Z")):
        marked = data.replace(missing, letter + bytes(7), 1)
        frame = only(marked, format="xpt").frame
        assert frame["WT"].to_list() == ["61.5", text, "0.1"]
        assert frame["AT"].to_list()[2] is None


def test_several_data_sets_in_one_file(tmp_path: Path) -> None:
    first, second = transport(tmp_path, 5, "VS"), transport(tmp_path, 5, "DM", FRAME[["SUBJID", "WT"]])
    both = first + second[240:]  # one library header of three cards, then each data set
    found = tables(both, format="xpt")
    assert list(found) == ["VS", "DM"]
    assert found["VS"].frame.rows() == ROWS
    assert found["DM"].frame.rows() == [row[:3] for row in ROWS]
    assert only(both, format="xpt", sheet="dm").frame.height == 3
    assert refused(both, "no data set 'AE', but VS, DM", format="xpt", sheet="AE") == "DEL01"


@pytest.mark.parametrize("version", [5, 8])
def test_every_cut_of_a_transport_file_is_noticed(tmp_path: Path, version: int) -> None:
    """Version 5 does not say how many records there are: a cut between two of them can't be seen, any other is."""
    frame = pd.DataFrame({"ID": [f"{number:06}" for number in range(40)], "X": [1.5 * n for n in range(40)]})
    data = transport(tmp_path, version, frame=frame)
    whole = only(data, format="xpt").frame
    for length in range(0, len(data) - 80, 40):
        cut = data[:length]
        if version == 5 and length % 80 == 0 and length >= data.index(b"OBS     HEADER") + 60:
            rest = (length - data.index(b"HEADER RECORD*******OBS") - 80) % 14
            if rest == 0:
                assert only(cut, format="xpt").frame.equals(whole[: only(cut, format="xpt").frame.height])
                continue
        assert refused(cut, "cut short|no bytes|begin as|no data set", format="xpt") in ("DEL01", "DEL02")


def test_a_data_set_that_sas_wrote() -> None:
    data = sas_data_set("missing_test")
    table = only(data, format="sas7bdat")
    assert table.name == "MISSING_TEST"
    assert table.frame.rows() == [(2, ".A", ".B", ".C", ".X", ".Y", ".Z", "._", None, "1")]
    assert refused(data[:70_000], "can't be read|cut short", format="sas7bdat") == "DEL01"
    assert refused(b"subjid,visit\n" * 40, "does not begin as", format="sas7bdat") == "DEL01"


def test_dates_that_sas_wrote_are_those_the_library_takes_them_for() -> None:
    data = sas_data_set("dates")
    table = only(data, format="sas7bdat")
    assert table.kinds == {"date": "date", "dtime": "datetime", "time": "time"}
    theirs, _ = pyreadstat.read_sas7bdat(io.BytesIO(data), output_format="dict")
    assert table.frame.height == 50
    assert [date.fromisoformat(text) for text in table.frame["date"]] == list(theirs["date"])
    assert [datetime.fromisoformat(text) for text in table.frame["dtime"]] == list(theirs["dtime"])
    assert [time.fromisoformat(text) for text in table.frame["time"]] == list(theirs["time"])


@pytest.mark.parametrize(
    ("shown", "kind"),
    [("DATE9", "date"), ("YYMMDD10", "date"), ("DDMMYYP10.", "date"), ("E8601DA10.", "date"), ("IS8601DA", "date"),
     ("MONYY7", "date"), ("WORDDATE18", "date"), ("DATETIME20.3", "datetime"), ("E8601DT19", "datetime"),
     ("E8601DN10", "datetime"), ("TIME5", "time"), ("HHMM5", "time"), ("TOD8", "time"), ("E8601TM8", "time"),
     ("BEST12", "number"), ("8.2", "number"), ("F8", "number"), ("COMMA10.2", "number"), ("DATEGRP", "number"),
     (None, "number")],
)  # fmt: skip
def test_the_format_says_what_a_number_is(shown: str | None, kind: str) -> None:
    assert kind_of(shown, is_number=True) == kind
    assert kind_of(shown, is_number=False) == "text"
