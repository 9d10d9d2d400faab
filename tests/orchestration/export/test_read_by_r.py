"""Exported transport files as R reads them: by foreign, whose reader shares nothing with the library that wrote
them, and by haven, which keeps labels and dates. Skipped where there is no R.
"""

from __future__ import annotations

import csv
from pathlib import Path

from orchestration.export.described import analysis_tables
from orchestration.export.folder import export
from tests.support.r import run_r


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_foreign_reads_what_was_published(small_warehouse: Path, tmp_path: Path) -> None:
    xpt = export(small_warehouse, tmp_path / "out", ["xpt"]).folder / "xpt"
    script = f"""
        for (name in c("adsl", "adex"))
          write.csv(format(foreign::read.xport(file.path("{xpt}", paste0(name, ".xpt"))), digits = 15, trim = TRUE),
                    paste0(name, ".csv"), row.names = FALSE)
    """
    run_r(script, tmp_path, "foreign")
    one, two = rows(tmp_path / "adsl.csv")
    # By hand from small_warehouse: 1959-12-31 is the day before SAS's day 0, 2026-03-02 is 24,167 days after it.
    assert (one["USUBJID"], one["SITCUTDT"], one["BLWEIGHT"], one["BLBILTOT"]) == (
        "MRBS-S01-0001",
        "-1",
        "58.000001",
        "0",
    )
    assert (two["RACE"], two["BLPGA"], two["TRTSDT"], two["AGE"]) == ('WHITE, "OTHER"', "1.3", "24167", "47")
    assert one["AGE"] == one["TRTSDT"] == "NA"
    given, missed = rows(tmp_path / "adex.csv")
    # 09:05 of that day in seconds: 24,167 days of 86,400, and 9 hours and 5 minutes.
    assert (given["ASTDTM"], given["DEVPCT"]) == (str(24_167 * 86_400 + 9 * 3_600 + 5 * 60), "-0.02")
    assert (missed["STATUS"], missed["ASTDTM"]) == ("MISSED", "NA")


def test_haven_knows_every_label_and_date(small_warehouse: Path, tmp_path: Path) -> None:
    tables = analysis_tables()
    xpt = export(small_warehouse, tmp_path / "out", ["xpt"]).folder / "xpt"
    script = f"""
        for (file in list.files("{xpt}", full.names = TRUE)) {{
          table <- haven::read_xpt(file)
          labels <- vapply(table, function(of) attr(of, "label"), "")
          cat(paste(tools::file_path_sans_ext(basename(file)), names(labels), labels, sep = "|"), sep = "\\n")
        }}
        cat(format(haven::read_xpt(file.path("{xpt}", "adsl.xpt"))$TRTSDT), sep = "\\n")
    """
    *labels, first, second = run_r(script, tmp_path, "haven").splitlines()
    assert sorted(labels) == sorted(f"{t.name}|{c.xpt_name}|{c.label}" for t in tables.values() for c in t.columns)
    assert (first, second) == ("NA", "2026-03-02")
