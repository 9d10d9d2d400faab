"""docs/exports.md describes every format, says what each can carry, and its Python examples run."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from orchestration.export.described import analysis_tables
from orchestration.export.folder import export
from orchestration.export.formats import FORMATS

PAGE = (Path(__file__).parents[3] / "docs" / "exports.md").read_text(encoding="utf-8")


def test_every_format_has_a_section_and_a_line_in_the_comparison() -> None:
    assert re.findall(r"^## (\w+): ", PAGE, re.MULTILINE) == list(FORMATS)
    assert re.findall(r"^\| (\w+) \|", PAGE, re.MULTILINE) == ["format", *FORMATS]
    assert "mrbs export FOLDER" in PAGE


def test_every_short_name_stands_there() -> None:
    columns = [column for table in analysis_tables().values() for column in table.columns]
    page = " ".join(PAGE.split())
    short = [f"{column.xpt_name} (`{column.name}`)" for column in columns if column.declared_xpt_name]
    assert [name for name in short if name not in page] == []


def test_python_examples_run(small_warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(export(small_warehouse, tmp_path).folder)
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL):
        names.pop("adsl", None)
        exec(block, names)
        if "adsl" in names:
            adsl = names["adsl"]
            assert isinstance(adsl, pl.DataFrame)
            assert adsl.height == 2
    assert "define" in names
