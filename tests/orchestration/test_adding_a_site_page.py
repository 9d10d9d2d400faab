"""docs/adding-a-site.md can be followed word for word: its entries read the sites' files into the rows written here by
hand, its outputs are what the command says, and its tables explain every key that the register takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel

from orchestration import cli_register
from orchestration.ingestion.forms import column_names
from orchestration.ingestion.site_entries import FormEntry, ItemsEntry, RowsEntry, SiteEntry
from tests.orchestration.ingestion.landing_folder import LandingFolder
from tests.orchestration.site_examples import PAGE, blocks, write_redcap, write_transport, write_workbook

EXAMPLES = {"S07": write_redcap, "S08": write_workbook, "S09": write_transport}
ENTRIES, OUTPUTS = blocks("yaml"), blocks("text")
DM = {
    ("0001", "2026-01-05", "1985", "40", "F", "WHITE", "168", "2019-06"),
    ("0002", "2026-01-12", "1990", "36", "M", "ASIAN", "171.5", "2021"),
}
EXPECTED: dict[str, dict[str, set[tuple[str | None, ...]]]] = {
    "S07": {
        "dm": DM,
        "vs": {
            ("0001", "SCR", "2026-01-05", "WEIGHT", "61.5", "kg"),
            ("0001", "SCR", "2026-01-05", "TEMP", "36.6", "C"),
            ("0001", "D0", "2026-01-19", "WEIGHT", "62", "kg"),
            ("0002", "SCR", "2026-01-12", "WEIGHT", "80", "kg"),
            ("0002", "SCR", "2026-01-12", "TEMP", "37.1", "C"),
        },
        "cm": {
            ("0001", "1", "Prednisone", "CORTICOSTEROID", "10", "mg", "QD", "ORAL", "SLE", "2025-03", None, "Y"),
            ("0001", "2", "Hydroxychloroquine", "ANTIMALARIAL", "200", "mg", "BID", "ORAL", "SLE", "2019", None, "Y"),
        },
    },
    "S08": {
        "vs": {
            ("0001", "SCR", "2026-01-05", "WEIGHT", "61.5", "kg"),
            ("0001", "SCR", "2026-01-05", "TEMP", None, "C"),
            ("0002", "D0", "2026-01-19", "WEIGHT", "80", "kg"),
        },
        "pga": {("0001", "SCR", "2026-01-05", "1.8", "0-3"), ("0002", "D0", "2026-01-19", "2", "0-3")},
    },
    "S09": {
        "dm": DM,
        "vs": {
            ("0001", "SCR", "2026-01-05", "WEIGHT", "61.5", "kg"),
            ("0002", "SCR", "2026-01-12", "WEIGHT", None, "kg"),
        },
    },
}


def delivered(folder: Path, siteid: str, entry: str, write: Callable[[Path], None]) -> LandingFolder:
    trial = LandingFolder(folder, register=entry)
    write(trial.deliver(siteid, "2026-11-21"))
    return trial


@pytest.mark.parametrize(("siteid", "entry"), list(zip(EXAMPLES, ENTRIES, strict=True)))
def test_an_entry_of_the_page_reads_the_sites_files(siteid: str, entry: str, tmp_path: Path) -> None:
    trial = delivered(tmp_path, siteid, entry, EXAMPLES[siteid])
    trial.load(date(2026, 11, 21))
    assert trial.problems() == []
    loaded = {form for _, form, status, _ in trial.statuses(siteid) if status == "LOADED"}
    assert loaded == EXPECTED[siteid].keys()
    for form, rows in EXPECTED[siteid].items():
        read = trial.current(form, ", ".join(column_names(form)), siteid)
        assert len(read) == len(rows)
        assert set(read) == rows


@pytest.mark.parametrize(("siteid", "entry", "shown"), list(zip(EXAMPLES, ENTRIES, OUTPUTS, strict=True)))
def test_the_command_says_what_the_page_shows(
    siteid: str, entry: str, shown: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Line by line in this order; the page leaves lines out, and the table's frame."""
    trial = delivered(tmp_path, siteid, entry, EXAMPLES[siteid])
    trial.settings.sites_file.write_text(entry)
    cli_register._check_delivery(trial.settings, siteid, None, None, quick=True)
    said = iter(plain(line) for line in capsys.readouterr().out.splitlines())
    for line in shown.splitlines():
        assert plain(line) in said, f"the command does not say, at this place: {line}"


def plain(line: str) -> str:
    """A line of a table without its frame and widths."""
    return " | ".join(cell.strip() for cell in re.split("[│┃]", line)).strip(" |")


@pytest.mark.parametrize(
    ("heading", "model"),
    [
        ("The keys of a site", SiteEntry),
        ("The keys of a form", FormEntry),
        ("The keys of rows", RowsEntry),
        ("The keys of items", ItemsEntry),
    ],
)
def test_every_key_of_the_register_is_explained(heading: str, model: type[BaseModel]) -> None:
    (section,) = re.findall(rf"^## {heading}\n(.*?)^## ", PAGE.read_text(), flags=re.DOTALL | re.MULTILINE)
    assert re.findall(r"^\| `(\w+)` \| ", section, flags=re.MULTILINE) == list(model.model_fields)
