"""What holds for every dialect: the same bytes every time, a register's entry that fits its files, sites dealt."""

from __future__ import annotations

import time
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml

from simulation import simulate
from simulation.dialects.catalogue import DIALECTS, dealt
from simulation.dialects.dialect import CannotCarryError, Table
from tests.simulation.dialects.example import NIGHT, simulated
from tests.simulation.reading import contract, keys, read
from tests.simulation.test_deliveries import hashes

OTHERS = [name for name in DIALECTS if name != "canonical"]
SITE_KEYS = {
    "format", "file", "encoding", "delimiter", "skip_lines", "header_rows", "header", "decimal", "date_format",
    "datetime_format", "missing", "visits", "forms",
}  # fmt: skip
FORM_KEYS = {"file", "sheet", "columns", "values", "dates", "missing", "ignore", "rows", "items"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Table]:
    return simulated(tmp_path_factory.mktemp("site"))


def test_the_same_forms_give_the_same_bytes_a_second_later(site: dict[str, Table]) -> None:
    """Workbooks, transport files and zip archives would say when they were written."""
    first = {name: dialect.write(site, NIGHT) for name, dialect in DIALECTS.items()}
    time.sleep(2.1)  # zip counts in steps of two seconds
    assert {name: dialect.write(site, NIGHT) for name, dialect in DIALECTS.items()} == first


@pytest.mark.parametrize("name", OTHERS)
def test_the_register_names_the_files_and_nothing_but_our_columns(site: dict[str, Table], name: str) -> None:
    entry = DIALECTS[name].entry()
    assert yaml.safe_load(yaml.safe_dump(entry, allow_unicode=True)) == entry
    assert entry.keys() <= SITE_KEYS
    files = DIALECTS[name].write(site, NIGHT)
    endings = {"csv": "csv", "xlsx": "xlsx", "xpt": "xpt", "parquet": "parquet", "dataset-json": "json"}
    for form in keys():
        said = entry.get("forms", {}).get(form, {})
        assert said.keys() <= FORM_KEYS
        expected = said.get("file") or entry.get("file") or f"{form}.{endings[entry['format']]}"
        assert sum(fnmatchcase(file, expected) for file in files) == 1, form
        ours = {*said.get("columns", {}).values(), *said.get("values", {}), *said.get("dates", {}),
                *said.get("missing", {})}  # fmt: skip
        for row in said.get("rows", ()):
            ours |= {*row["columns"].values(), *row["constants"]}
        assert ours <= set(contract(form)), form
        theirs = [column.lower() for column in said.get("columns", {})]
        assert len(theirs) == len(set(theirs)), form


def test_sites_are_dealt_dialects() -> None:
    assert dealt(["canonical"], 3) == ["canonical"] * 3
    assert dealt(["odm", "wide"], 3) == ["odm", "wide", "odm"]
    mixed = dealt(["mixed"], len(DIALECTS) + 4)
    assert sorted(mixed[: len(OTHERS)]) == sorted(OTHERS)
    assert set(mixed[len(OTHERS) :]) == {"canonical"}
    for wrong in (["sas7bdat"], ["mixed", "odm"], []):
        with pytest.raises(ValueError, match="there are canonical, german_csv"):
            dealt(wrong, 3)


def test_a_trial_in_many_dialects_is_the_same_trial(tmp_path: Path) -> None:
    """The truth differs in the sites' dialects alone; the same arguments give the same bytes."""
    mixed, again, plain = tmp_path / "mixed", tmp_path / "again", tmp_path / "plain"
    wanted = {"sites": len(DIALECTS), "subjects": 60, "seed": 3, "clean": True}
    trial = simulate(mixed, dialects=["mixed"], **wanted)
    simulate(again, dialects=["mixed"], **wanted)
    simulate(plain, **wanted)
    assert trial.dialects == (*OTHERS, "canonical")
    assert hashes(mixed) == hashes(again)
    for table in ("subjects", "defects", "changes", "late_entries"):
        assert read(mixed / "truth" / f"{table}.csv") == read(plain / "truth" / f"{table}.csv")
    sites = read(mixed / "truth" / "sites.csv")
    assert tuple(row["dialect"] for row in sites) == trial.dialects
    assert [{**row, "dialect": "canonical"} for row in sites] == read(plain / "truth" / "sites.csv")
    registered = yaml.safe_load(trial.sites_file.read_text(encoding="utf-8"))["sites"]
    for number, name in enumerate(trial.dialects, 1):
        expected = {"name": f"Site {number}", **DIALECTS[name].entry()}
        assert registered[f"S{number:02d}"] == expected


def test_a_site_that_its_dialect_cannot_carry_sends_canonical_csv_when_mixed(tmp_path: Path) -> None:
    """With defects some site has a criterion without an answer, say. Of a dialect asked for by name it is an error."""
    trial = simulate(tmp_path / "mixed", sites=14, subjects=500, seed=1, dialects=["mixed"])
    lost = [(siteid, name) for siteid, name in zip(range(1, 15), OTHERS, strict=True)
            if trial.dialects[siteid - 1] != name]  # fmt: skip
    assert lost
    assert all(trial.dialects[siteid - 1] == "canonical" for siteid, _ in lost)
    siteid = lost[0][0]
    assert {file.name for file in (trial.landing / f"S{siteid:02d}").glob("*/*")} >= {f"{form}.csv" for form in keys()}
    with pytest.raises(CannotCarryError):
        simulate(tmp_path / "named", sites=14, subjects=500, seed=1, dialects=[*OTHERS])
