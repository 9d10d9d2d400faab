"""A small whole file of every format, for tests that damage it."""

from __future__ import annotations

import io
import json
import tempfile
from functools import cache
from pathlib import Path

import pandas as pd
import polars as pl
import pyreadstat
import xlsxwriter

from tests.orchestration.ingestion.formats.reading import sas_data_set

FRAME = {"SUBJID": ["0001", "0002", "0003"], "WT": [61.5, 80.0, 0.1]}
CSV = b'SUBJID;WT;NOTE\n0001;61,5;"a;b"\n0002;80;"say ""x"""\n'
REDCAP = b"record_id,redcap_event_name,sex,dm_complete,sys,bp_complete\n1,w4,F,2,110,2\n2,w4,M,0,,\n"
ODM = (
    b'<?xml version="1.0"?><ODM xmlns="http://www.cdisc.org/ns/odm/v1.3"><ClinicalData StudyOID="S" '
    b'MetaDataVersionOID="M"><SubjectData SubjectKey="1"><StudyEventData StudyEventOID="E" StudyEventRepeatKey="2">'
    b'<FormData FormOID="F" FormRepeatKey="1"><ItemGroupData ItemGroupOID="G" ItemGroupRepeatKey="1"><ItemData '
    b'ItemOID="I" Value="5"/><ItemDataString ItemOID="J">x</ItemDataString></ItemGroupData></FormData>'
    b"</StudyEventData></SubjectData></ClinicalData></ODM>"
)
DATASET_JSON = json.dumps(
    {
        "datasetJSONVersion": "1.1.0", "itemGroupOID": "IG.VS", "records": 2, "name": "VS",
        "columns": [{"itemOID": "A", "name": "SUBJID", "dataType": "string"}, {"name": "WT", "dataType": "float"}],
        "rows": [["0001", 61.5], ["0002", None]],
    }
).encode()  # fmt: skip


@cache
def whole_files() -> dict[str, bytes]:
    """By format, but SAS data sets, which only SAS writes; the CSV is one with semicolons."""
    workbook, parquet = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(workbook) as book:
        sheet = book.add_worksheet("vs")
        for position, (name, values) in enumerate(FRAME.items()):
            sheet.write_column(0, position, [name, *values])
    pl.DataFrame(FRAME).write_parquet(parquet)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vs.xpt"
        pyreadstat.write_xport(pd.DataFrame(FRAME), path, table_name="VS", file_format_version=5)
        transport = path.read_bytes()
    return {
        "csv": CSV,
        "xlsx": workbook.getvalue(),
        "xpt": transport,
        "parquet": parquet.getvalue(),
        "dataset-json": DATASET_JSON,
        "odm": ODM,
        "redcap": REDCAP,
    }


def whole_file(name: str) -> bytes:
    """Of this format; skips a test of SAS data sets where there is none."""
    return sas_data_set("missing_test") if name == "sas7bdat" else whole_files()[name]
