"""Files of every format that the readers are measured on: the same vital signs, as large as a trial's largest forms.

Written once and used again; which reader is measured on them is no matter here. SAS data sets are missing: only SAS
writes them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

import polars as pl

GIGABYTE = 1_000_000_000
# So many that reading takes a second or more; workbooks and SAS files have limits of their own.
ROWS = {
    "csv": 1_000_000,
    "csv-gb18030": 1_000_000,
    "redcap": 300_000,
    "xlsx": 60_000,
    "xpt": 300_000,
    "parquet": 1_000_000,
    "dataset-json": 200_000,
    "odm": 60_000,
}
ODM_BEGIN = '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3"><ClinicalData StudyOID="S" MetaDataVersionOID="M">\n'
ODM_END = "</ClinicalData></ODM>\n"


def vital_signs(rows: int) -> pl.DataFrame:
    """Typed as a database of a site would hold them."""
    number = pl.int_range(rows, eager=True)
    return pl.DataFrame(
        {
            "SUBJID": (number // 40).cast(pl.String).str.zfill(6),
            "VISIT": "W" + (number % 13 * 4).cast(pl.String),
            "VSTESTCD": pl.Series(["WEIGHT", "TEMP", "SYSBP", "DIABP", "PULSE"])[number % 5],
            "VSORRES": (number * 7919 % 1500) / 10 + 40,
            "VSSEQ": number % 40,
            "VSORRESU": pl.Series(["kg", "C", "mmHg", "mmHg", "/min"])[number % 5],
            "VSPOS": pl.Series(["SITTING", "SUPINE", None])[number % 3],
            "COMMENT": pl.Series([None, "repeated, after a rest", "受试者休息后", 'cuff "large"'])[number % 4],
        }
    )


def written(folder: Path, name: str) -> Path:
    """The file of this name in the folder, made if it isn't there."""
    ending = {"csv-gb18030": "csv", "redcap": "csv", "dataset-json": "json", "odm": "xml"}.get(name, name)
    path = folder / f"{name}.{ending}"
    if not path.exists():
        half = path.with_suffix(".part")
        WRITERS[name](half, vital_signs(ROWS[name]))
        half.rename(path)
    return path


def _csv(path: Path, frame: pl.DataFrame) -> None:
    frame.write_csv(path)


def _csv_gb18030(path: Path, frame: pl.DataFrame) -> None:
    path.write_bytes(frame.write_csv().encode("gb18030"))


def _redcap(path: Path, frame: pl.DataFrame) -> None:
    named = frame.rename({"SUBJID": "record_id", "VISIT": "redcap_event_name", "VSSEQ": "redcap_repeat_instance"})
    named.with_columns(pl.lit("vs").alias("redcap_repeat_instrument"), pl.lit(2).alias("vs_complete")).write_csv(path)


def _xlsx(path: Path, frame: pl.DataFrame) -> None:
    frame.write_excel(path, worksheet="vs")


def _xpt(path: Path, frame: pl.DataFrame) -> None:
    import pyreadstat

    plain = frame.with_columns(pl.col("COMMENT").replace("受试者休息后", "after a rest"))
    pyreadstat.write_xport(plain.to_pandas(), path, table_name="VS", file_format_version=5)


def _parquet(path: Path, frame: pl.DataFrame) -> None:
    frame.write_parquet(path)


def _dataset_json(path: Path, frame: pl.DataFrame) -> None:
    kinds = {"VSORRES": "float", "VSSEQ": "integer"}
    columns = [
        {"itemOID": f"IT.VS.{name}", "name": name, "label": name, "dataType": kinds.get(name, "string")}
        for name in frame.columns
    ]
    described = {"datasetJSONVersion": "1.1.0", "itemGroupOID": "IG.VS", "name": "VS", "label": "Vital signs"}
    document = {**described, "records": frame.height, "columns": columns, "rows": [list(r) for r in frame.iter_rows()]}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def _odm(path: Path, frame: pl.DataFrame) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(odm_lines(frame))


def odm_lines(frame: pl.DataFrame) -> Iterator[str]:
    """An ODM file of the frame's rows, a form each."""
    yield ODM_BEGIN
    yield from odm_subjects(frame, "")
    yield ODM_END


def odm_subjects(frame: pl.DataFrame, prefix: str) -> Iterator[str]:
    items = [name for name in frame.columns if name not in ("SUBJID", "VISIT")]
    for row in frame.iter_rows(named=True):
        key, visit = quoteattr(f"{prefix}{row['SUBJID']}"), quoteattr(row["VISIT"])
        yield (
            f'<SubjectData SubjectKey={key}><StudyEventData StudyEventOID={visit}><FormData FormOID="VS">'
            '<ItemGroupData ItemGroupOID="IG.VS">'
        )
        for name in items:
            if row[name] is not None:
                yield f"<ItemData ItemOID={quoteattr(name)} Value={quoteattr(str(row[name]))}/>"
        yield "</ItemGroupData></FormData></StudyEventData></SubjectData>\n"


def huge_csv(path: Path, size: int, encoding: str) -> int:
    """A CSV of at least so many bytes, a quoted line break in every eighth row; how many rows it has."""
    frame = vital_signs(200_000).with_columns(pl.col("COMMENT").str.replace("rest$", "rest\nof five minutes"))
    block = frame.write_csv(include_header=False).encode(encoding)
    times = -(-size // len(block))
    with path.open("wb") as file:
        file.write((",".join(frame.columns) + "\n").encode(encoding))
        for _ in range(times):
            file.write(block)
    return times * frame.height


def huge_odm(path: Path, size: int) -> int:
    """An ODM file of about so many bytes; how many forms it has."""
    frame = vital_signs(50_000)
    block = "".join(odm_subjects(frame, "TIME-"))
    times = -(-size // len(block.encode()))
    with path.open("w", encoding="utf-8") as file:
        file.write(ODM_BEGIN)
        for time in range(times):
            file.write(block.replace("TIME-", f"{time}-"))  # other subjects each time
        file.write(ODM_END)
    return times * frame.height


WRITERS: dict[str, Callable[[Path, pl.DataFrame], None]] = {
    "csv": _csv,
    "csv-gb18030": _csv_gb18030,
    "redcap": _redcap,
    "xlsx": _xlsx,
    "xpt": _xpt,
    "parquet": _parquet,
    "dataset-json": _dataset_json,
    "odm": _odm,
}
