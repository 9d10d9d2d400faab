"""mrbs as a person runs it: a process of its own, its exit codes, and what it says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.end_to_end.conftest import Trial
from tests.support.command_line import ROOT, mrbs
from tests.support.load import environment, parquet_hashes, published

pytestmark = pytest.mark.slow


@pytest.fixture
def loaded(clean_trial: Trial, clean_warehouse: Path, tmp_path: Path) -> dict[str, str]:
    """The settings of a warehouse of the test's own, both nights loaded."""
    clean_trial.land(tmp_path / "landing", *clean_trial.nights)
    shutil.copytree(clean_warehouse, tmp_path / "warehouse", symlinks=True)
    return environment(tmp_path / "landing", clean_trial.sites_file, tmp_path / "warehouse")


def test_simulate_load_and_query(tmp_path: Path) -> None:
    simulated = mrbs("simulate", str(tmp_path), "--sites", "2", "--subjects", "6", "--seed", "3", "--clean")
    assert simulated.returncode == 0, simulated.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"landing", "sites.yml", "truth"}
    settings = environment(tmp_path / "landing", tmp_path / "sites.yml", tmp_path / "warehouse")
    loaded = mrbs("load", **settings)
    assert loaded.returncode == 0, loaded.stdout + loaded.stderr
    assert "SRI-4 at week 48" in loaded.stdout
    assert "\x1b" not in loaded.stdout, "a log is no terminal"
    answer = mrbs("query", "select count(*) as subjects from analysis.adsl", **settings)
    assert "6" in answer.stdout
    assert "0 of 0 findings" in mrbs("findings", "--severity", "MAJOR", **settings).stdout


def test_a_broken_invariant_holds_the_publication_back(loaded: dict[str, str]) -> None:
    warehouse = Path(loaded["MRBS_WAREHOUSE_DIR"])
    before = parquet_hashes(warehouse)
    # As if a merge had lost a row: the file in force holds one more than raw does.
    with duckdb.connect(str(warehouse / "working.duckdb")) as connection:
        connection.execute(
            "delete from raw.vs where row_id in (select min(row_id) from raw.vs where closed_load is null)"
        )
    held = mrbs("load", **loaded)
    assert held.returncode == 2, held.stdout + held.stderr
    assert "INV07" in held.stderr
    assert parquet_hashes(warehouse) == before


def test_two_derivations_that_disagree_hold_the_publication_back(loaded: dict[str, str]) -> None:
    warehouse = Path(loaded["MRBS_WAREHOUSE_DIR"])
    before = parquet_hashes(warehouse)
    # As if the SQL had made a responder: what the second derivation said of one is turned round. The next load derives,
    # as after a change of anything, but nobody a second time whose rows are the same.
    with duckdb.connect(str(warehouse / "working.duckdb")) as connection:
        ((usubjid, avisit),) = connection.execute(
            """
            update second.responses set sri4 = 'N', reason = 'SLEDAI'
            where (usubjid, avisit) in (select min((usubjid, avisit)) from second.responses where sri4 = 'Y')
            returning usubjid, avisit
            """
        ).fetchall()
        connection.execute("drop table derivation.published")
    held = mrbs("load", **loaded)
    assert held.returncode == 2, held.stdout + held.stderr
    assert "INV08" in held.stderr
    assert parquet_hashes(warehouse) == before

    seen = mrbs("verify", **loaded)
    assert seen.returncode == 2
    subject = usubjid.removeprefix("MRBS-")
    assert f"{subject}, {avisit}: sri4 is Y as published and N when derived a second time." in seen.stderr
    assert f"{subject}, {avisit}: reason is RESPONDER as published and SLEDAI when derived" in seen.stderr
    # Everyone from raw again: the one that was turned round as well.
    everyone = mrbs("verify", "--all", **loaded)
    assert everyone.returncode == 0, everyone.stdout + everyone.stderr
    assert "Both derivations agree." in everyone.stdout
    assert mrbs("load", **loaded).returncode == 0


def test_a_load_that_cannot_work_says_why(loaded: dict[str, str], tmp_path: Path) -> None:
    register = tmp_path / "broken.yml"
    register.write_text("study: MRBS\nsitse:\n  S01: {name: Site 1}\n")
    failed = mrbs("load", **{**loaded, "MRBS_SITES_FILE": str(register)})
    assert failed.returncode == 1
    assert "line 2: sitse: no such key" in failed.stderr
    assert "Traceback" not in failed.stderr


@pytest.mark.parametrize(
    "arguments", [["load", "--date", "2026-13-01"], ["load", "--nonsense"], ["query", "select * from nowhere"]]
)
def test_a_wrong_command_line_is_no_held_back_load(arguments: list[str], loaded: dict[str, str]) -> None:
    refused = mrbs(*arguments, **loaded)
    assert refused.returncode == 1
    assert refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_withdrawn_delivery_gives_back_the_night_before(loaded: dict[str, str], clean_trial: Trial) -> None:
    first, last = clean_trial.nights
    decision = ["--name", "A. Meyer", "--reason", "the wrong study"]
    withdrawn = mrbs("delivery", "withdraw", "S01", str(last), *decision, **loaded)
    assert withdrawn.returncode == 0, withdrawn.stderr
    assert "next load" in withdrawn.stdout
    assert mrbs("load", **loaded).returncode == 0
    with published(Path(loaded["MRBS_WAREHOUSE_DIR"]) / "analysis.duckdb") as connection:
        cuts = dict(connection.execute("select distinct siteid, sitecutdt from analysis.adsl").fetchall())
    assert cuts["S01"] == first
    assert cuts["S02"] == last
    listed = mrbs("delivery", "list", "--site", "S01", "--status", "WITHDRAWN", **loaded)
    assert "A. Meyer" in listed.stdout


def test_a_killed_load_does_not_block_the_next(loaded: dict[str, str]) -> None:
    killed = subprocess.run(
        [sys.executable, "-m", "tests.support.killed_load", "^check: ", "2026-06-30", "recorded"],
        env={**os.environ, **loaded},
        cwd=ROOT,
        capture_output=True,
    )
    assert killed.returncode < 0
    next_one = mrbs("load", **loaded)
    assert next_one.returncode == 0, next_one.stdout + next_one.stderr
    assert "had been killed" in next_one.stdout
