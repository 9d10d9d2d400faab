"""One reading of one file, as a process of its own: by the project's reader, or by the plain library alone.

    python -m tests.bench.format_reader ours|batches|inspect|long|plain FORMAT FILE

Prints one line of JSON: rows, seconds (imports are no part of them), and the most memory the process ever held.
"""

from __future__ import annotations

import io
import json
import re
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from orchestration.ingestion.formats.tables import ReadAs, read_batches, read_tables

DESCRIBED = {
    "csv": ReadAs(),
    "csv-gb18030": ReadAs(encoding="gb18030"),
    **{name: ReadAs(name) for name in ("redcap", "xlsx", "xpt", "parquet", "dataset-json", "odm")},  # type: ignore[arg-type]
}


def plain_csv(path: Path) -> int:
    import polars as pl

    return pl.read_csv(path, infer_schema=False).height


def plain_csv_gb18030(path: Path) -> int:
    import polars as pl

    return pl.read_csv(path, infer_schema=False, encoding="gb18030").height


def plain_xlsx(path: Path) -> int:
    import pandas as pd

    return len(pd.read_excel(path, engine="calamine"))


def plain_xpt(path: Path) -> int:
    import pyreadstat

    frame, _ = pyreadstat.read_xport(path)
    return len(frame)


def plain_parquet(path: Path) -> int:
    import polars as pl

    return pl.read_parquet(path).height


def plain_json(path: Path) -> int:
    import polars as pl

    document = json.loads(path.read_bytes())
    names = [column["name"] for column in document["columns"]]
    return pl.DataFrame(document["rows"], schema=names, orient="row").height


def plain_odm(path: Path) -> int:
    """What one writes first: lxml's iterparse, a dictionary for each form, a frame in the end."""
    import polars as pl
    from lxml import etree  # type: ignore[import-untyped]

    space = "{http://www.cdisc.org/ns/odm/v1.3}"
    rows: list[dict[str, Any]] = []
    for _, form in etree.iterparse(path, tag=f"{space}FormData"):
        event = form.getparent()
        row = {"subject": event.getparent().get("SubjectKey"), "event": event.get("StudyEventOID")}
        for item in form.iter(f"{space}ItemData"):
            row[item.get("ItemOID")] = item.get("Value")
        rows.append(row)
        form.clear()
    return pl.DataFrame(rows, infer_schema_length=None).height


PLAIN: dict[str, tuple[str, Callable[[Path], int]]] = {
    "csv": ("polars.read_csv", plain_csv),
    "csv-gb18030": ("polars.read_csv, encoding given", plain_csv_gb18030),
    "redcap": ("polars.read_csv", plain_csv),
    "xlsx": ("pandas.read_excel with calamine", plain_xlsx),
    "xpt": ("pyreadstat.read_xport", plain_xpt),
    "parquet": ("polars.read_parquet", plain_parquet),
    "dataset-json": ("json.loads and a polars frame", plain_json),
    "odm": ("lxml.iterparse and a polars frame", plain_odm),
}


def ours(path: Path, name: str) -> int:
    return sum(table.frame.height for table in read_tables(path, DESCRIBED[name]))


def batches(path: Path, name: str) -> int:
    return sum(table.frame.height for table in read_batches(path, DESCRIBED[name]))


def command(path: Path, name: str, *more: str) -> int:
    """`mrbs inspect` as a person gives it, what it prints thrown away."""
    from orchestration.cli import main

    sys.argv = ["mrbs", "inspect", str(path), *more]
    with Path("/dev/null").open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        try:
            main()
        except SystemExit as ended:
            if ended.code:
                raise
    return 0


def main() -> None:
    how, name, path = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    readers: dict[str, Callable[[], int]] = {
        "ours": lambda: ours(path, name),
        "batches": lambda: batches(path, name),
        "inspect": lambda: command(path, name),
        "long": lambda: command(path, name, "--long"),
        "plain": lambda: PLAIN[name][1](path),
    }
    _import_everything(name)
    started = time.monotonic()
    rows = readers[how]()
    seconds = time.monotonic() - started
    # Not getrusage: that counts what the process that started this one had, too.
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert peak is not None
    print(json.dumps({"rows": rows, "seconds": seconds, "peak_mib": int(peak[1]) / 1024}))


def _import_everything(name: str) -> None:
    """By reading a small text in the same way: libraries import parts of themselves when first used."""
    import polars as pl

    pl.read_csv(io.BytesIO(b"a\n1\n"))
    for module in {"xlsx": ("pandas", "python_calamine"), "xpt": ("pyreadstat",), "parquet": ("pyarrow.parquet",),
                   "odm": ("lxml.etree",)}.get(name, ()):  # fmt: skip
        __import__(module)


if __name__ == "__main__":
    main()
