"""What is delivered: the same bytes for the same arguments, all forms, cumulative from night to night."""

import csv
import hashlib
from collections import Counter
from pathlib import Path

import pytest
import yaml

from simulation import simulate
from tests.simulation.conftest import NIGHTS, SEED, SITES, Written, written
from tests.simulation.reading import contract, keys, read


def hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_same_arguments_give_the_same_bytes(dirty: Written, tmp_path: Path) -> None:
    written(tmp_path, clean=False)
    assert hashes(tmp_path) == hashes(dirty.out)


def test_another_seed_gives_another_trial(dirty: Written, tmp_path: Path) -> None:
    simulate(tmp_path, sites=1, subjects=2, seed=SEED + 1)
    first = read(next(tmp_path.glob("landing/S01/*/dm.csv")))
    assert first != dirty.form("dm")[: len(first)]


@pytest.mark.parametrize("form", keys())
def test_every_delivery_holds_every_form_with_the_columns_of_the_contract(clean: Written, form: str) -> None:
    files = sorted(clean.trial.landing.glob(f"*/*/{form}.csv"))
    assert len(files) == SITES * NIGHTS
    for file in files:
        with file.open(encoding="utf-8", newline="") as text:
            assert next(csv.reader(text)) == contract(form)


def test_a_site_without_subjects_still_sends_headers(tmp_path: Path) -> None:
    trial = simulate(tmp_path, sites=2, subjects=1, seed=SEED)
    assert trial.subjects == 1
    assert all(read(file) == [] for file in tmp_path.glob("landing/S02/*/*.csv"))
    assert len(list(tmp_path.glob("landing/S02/*/*.csv"))) == len(keys())


def test_clean_deliveries_are_cumulative(clean: Written) -> None:
    for form, key in keys().items():
        rows = [Counter((row["site"], *(row[column] for column in key)) for row in clean.form(form, night))
                for night in range(NIGHTS)]  # fmt: skip
        assert rows[0] <= rows[1], form
        assert max(rows[1].values()) == 1 or form in ("ex", "sledai", "bilag", "pga", "sv"), form
    assert len(clean.form("lb", 1)) > len(clean.form("lb", 0))


def test_unclean_nights_correct_and_remove_rows(dirty: Written) -> None:
    for form in ("vs", "lb"):
        before, after = (Counter(tuple(row.values()) for row in dirty.form(form, night)) for night in range(NIGHTS))
        lost = sum((before - after).values())
        assert 0 < lost < 0.01 * sum(before.values())


def test_the_register_names_every_site(dirty: Written) -> None:
    register = yaml.safe_load(dirty.trial.sites_file.read_text(encoding="utf-8"))
    assert register["study"] == "MRBS"
    assert sorted(register["sites"]) == sorted(folder.name for folder in dirty.trial.landing.iterdir())


def test_manifests_match_their_files(dirty: Written) -> None:
    manifests = sorted(dirty.trial.landing.glob("*/*/manifest.csv"))
    assert 0 < len({manifest.parent.parent for manifest in manifests}) < SITES
    for manifest in manifests:
        entries = read(manifest)
        assert [entry["file"] for entry in entries] == [f"{form}.csv" for form in keys()]
        for entry in entries:
            file = manifest.parent / entry["file"]
            assert entry["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
            assert int(entry["rows"]) == len(read(file))


def test_nothing_is_dated_after_its_delivery(clean: Written) -> None:
    dates = {"sv": "svdtc", "vs": "vsdtc", "ex": "exstdtc", "sledai": "sledtc", "bilag": "bildtc", "pga": "pgadtc",
             "lb": "lbdtc", "ds": "dsdtc", "ae": "aeendtc", "cm": "cmendtc"}  # fmt: skip
    for night, day in enumerate(clean.trial.nights):
        for form, column in dates.items():
            assert all(row[column][:10] <= day.isoformat() for row in clean.form(form, night)), form
