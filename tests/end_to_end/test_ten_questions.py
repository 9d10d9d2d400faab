"""docs/ten-questions.md: four languages give the same answers, and the first ones are those that a person counts."""

from __future__ import annotations

import csv
import shlex
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.end_to_end import ten_questions as page
from tests.orchestration.export.small_warehouse import SUBJECT, publish_small, subject
from tests.support.command_line import mrbs
from tests.support.r import run_r

pytestmark = pytest.mark.slow

QUESTIONS = page.questions()
PUBLISHED = ("analysis.adsl", "analysis.adsv", "analysis.adex", "analysis.adexsum", "analysis.adsri", "analysis.respbl")
BESIDE = ("metadata.provenance", "quality.findings", "quality.rules")


@pytest.fixture
def names(messy_warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    monkeypatch.chdir(messy_warehouse)
    with page.opened(messy_warehouse) as names:
        yield names


def test_there_are_ten() -> None:
    assert list(QUESTIONS) == list(range(1, 11))


@pytest.mark.parametrize("number", QUESTIONS)
def test_sql_polars_and_pandas_agree(number: int, names: dict[str, Any]) -> None:
    in_sql = page.answer_in_sql(names, QUESTIONS[number]["sql"])
    assert in_sql, "an answer without rows would agree with anything"
    for library in ("python polars", "python pandas"):
        answer, _ = page.answer_in_python(names, QUESTIONS[number][library])
        assert page.difference(answer, in_sql) == "", library


@pytest.mark.parametrize("library", ["python polars", "python pandas"])
def test_the_regression_found_the_maximum(library: str, names: dict[str, Any]) -> None:
    """There the residuals add up to nothing, alone and weighted by the predictor: the definition of the estimate."""
    _, left = page.answer_in_python(names, QUESTIONS[6][library])
    assert np.abs(left["x"].T @ (left["y"] - 1 / (1 + np.exp(-left["x"] @ left["beta"])))).max() < 1e-9
    assert left["odds_ratio"] == pytest.approx(np.exp(left["beta"][1]))


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """148 mature subjects of whom 15 respond, and 5 who are not mature yet."""
    because = ["RESPONDER"] * 15 + ["SLEDAI"] * 90 + ["MISSING"] * 30 + ["BILAG"] * 13 + ["PENDING"] * 5
    results = {"RESPONDER": "Y", "PENDING": None}
    maturity = {"PENDING": "N"}
    week48 = [
        {**SUBJECT, "usubjid": f"MRBS-S01-{number:04}", "avisit": "Week 48", "avisitn": 48, "reason": reason,
         "sri4": results.get(reason, "N"), "maturfl": maturity.get(reason, "Y")}
        for number, reason in enumerate(because, start=1)
    ]  # fmt: skip
    groups = [
        subject(number, maturfl="Y", respgrp=group, blsledai=sledai, blpga=Decimal(pga), bllowcfl=low)
        for number, (group, sledai, pga, low) in enumerate(
            [("RESPONSE", 8, "1.2", "Y"), ("RESPONSE", 12, "1.3", "N"), ("NO RESPONSE", 6, "0.5", "Y"),
             ("NO RESPONSE", 6, "1.5", "Y"), ("NO RESPONSE", 9, "1.0", "Y"), ("PENDING", 30, "3.0", "Y")], start=1)
    ]  # fmt: skip
    return publish_small(tmp_path_factory.mktemp("counted") / "warehouse", {"adsri": week48, "adsl": groups})


@pytest.mark.parametrize("library", ["python polars", "python pandas"])
def test_the_interval_is_the_one_of_the_literature(
    library: str, counted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """15 of 148 is an example of Newcombe 1998 (Statistics in Medicine 17, table I): Wilson gives 0.0624 to 0.1605."""
    monkeypatch.chdir(counted)
    with page.opened(counted) as names:
        ((row,), _) = page.answer_in_python(names, QUESTIONS[1][library])
    assert (row["n"], row["nresp"], row["nimmature"]) == (148, 15, 5)
    assert (round(row["cilow"], 4), round(row["cihigh"], 4)) == (0.0624, 0.1605)


@pytest.mark.parametrize("language", ["sql", "python polars", "python pandas"])
def test_counted_by_hand(language: str, counted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(counted)
    with page.opened(counted) as names:
        reasons, groups = (
            page.answer_in_sql(names, QUESTIONS[number]["sql"])
            if language == "sql"
            else page.answer_in_python(names, QUESTIONS[number][language])[0]
            for number in (2, 4)
        )
    assert [(row["reason"], row["n"]) for row in reasons] == [("SLEDAI", 90), ("MISSING", 30), ("BILAG", 13)]
    # 6, 6 and 9: the mean is 7, the squares of what is left add up to 1 + 1 + 4, over two. 8 and 12: 4 + 4 over one.
    no_response = {"respgrp": "NO RESPONSE", "n": 3, "sledai": 7, "sledai_sd": 3**0.5, "pga": 1, "low_complement": 3}
    response = {"respgrp": "RESPONSE", "n": 2, "sledai": 10, "sledai_sd": 8**0.5, "pga": 1.25, "low_complement": 1}
    assert page.difference(groups, page.rows_of([no_response, response])) == ""


def test_the_commands_run(messy_warehouse: Path, tmp_path: Path) -> None:
    for command in page.opening("sh"):
        _, *arguments = shlex.split(command)
        if "--out" in arguments:
            arguments[-1] = str(tmp_path / arguments[-1])
        done = mrbs(*arguments, MRBS_WAREHOUSE_DIR=str(messy_warehouse))
        assert done.returncode == 0, done.stderr
    assert len((tmp_path / "week48.csv").read_text().splitlines()) == 4  # a header, and LOCF, NRI and OC


def test_r_agrees_with_sql(messy_warehouse: Path, names: dict[str, Any], tmp_path: Path) -> None:
    """The page's R with another opening: the same tables, as `mrbs query` takes them out."""
    kept = sorted(path.name for path in (messy_warehouse / "publications").iterdir())
    (tmp_path / "publications").mkdir()
    tables = [*PUBLISHED, "analysis.adqs", *BESIDE]
    for publication in kept:
        (tmp_path / "publications" / publication).mkdir()
        tables.append(f"'publications/{publication}/parquet/analysis/adsri.parquet'")
    for table in tables:
        file = tmp_path / f"{table.replace('/', '_')}.csv"
        names["con"].sql(f"copy (from {table}) to '{str(file).replace(chr(39), chr(39) * 2)}' (header)")
    odds = run_r(_script(), tmp_path, "dplyr")

    for number, block in QUESTIONS.items():
        in_sql = page.answer_in_sql(names, block["sql"])
        texts = {name for row in in_sql for name, value in row.items() if isinstance(value, str)}
        with (tmp_path / f"{number}.csv").open(encoding="utf-8", newline="") as handle:
            in_r = [
                {name: _read(value, name in texts) for name, value in row.items()} for row in csv.DictReader(handle)
            ]
        assert page.difference(in_r, in_sql) == "", number
    _, left = page.answer_in_python(names, QUESTIONS[6]["python polars"])
    assert float(odds) == pytest.approx(left["odds_ratio"], rel=1e-6)


def _script() -> str:
    """Every question in R, each in an environment of its own, its answer as a CSV; columns of dates are dates."""
    opening = """
        library(dplyr, warn.conflicts = FALSE)
        trial <- function(table) {
          rows <- read.csv(paste0(gsub("/", "_", table), ".csv"), colClasses = "character", na.strings = "")
          rows <- type.convert(rows, as.is = TRUE)
          for (name in names(rows)) {
            of <- rows[[name]]
            dates <- is.character(of) && any(!is.na(of)) && all(grepl("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", of[!is.na(of)]))
            if (dates) rows[[name]] <- as.Date(of)
          }
          rows
        }
    """
    answers = [
        f'local({{\n{of["r"]}\nwrite.csv(as.data.frame(answer), "{number}.csv", na = "", row.names = FALSE)\n'
        + ("cat(format(odds_ratio, digits = 12))\n" if number == 6 else "")
        + "})"
        for number, of in QUESTIONS.items()
    ]
    return "\n".join([opening, *answers])


def _read(value: str, is_text: bool) -> object:
    """What R wrote into a CSV: nothing where it had NA."""
    return None if value == "" else value if is_text else float(value)
