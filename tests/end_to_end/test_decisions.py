"""Decisions about findings in real loads: on nights with and without news, killed half way, expired, changed."""

from __future__ import annotations

import csv
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Trial
from tests.support.command_line import mrbs
from tests.support.killed_load import kill_a_load
from tests.support.load import environment, load_landing, parquet_hashes, published

pytestmark = pytest.mark.slow

CODES = """
select finding_id, siteid, form, field, source_row, message from quality.findings
where status = 'OPEN' and rule_id = 'VAL02' order by field = 'visit', finding_id limit 3
"""
STATUSES = "select finding_id, status from quality.findings where finding_id in (select unnest($ids))"
MADE = (
    "select decision, decided_by, taken_from, effect, applied_on from quality.decisions order by decision, decided_by"
)


def test_accepted_on_the_command_line_and_from_a_file(
    messy_trial: Trial, messy_warehouse: Path, tmp_path: Path
) -> None:
    """After the last night: one finding (on no key column) accepted for a month, one for a day, one commented."""
    last = messy_trial.nights[-1]
    warehouse, landing = tmp_path / "warehouse", messy_trial.land(tmp_path / "landing", *messy_trial.nights)
    shutil.copytree(messy_warehouse, warehouse, symlinks=True)
    settings = environment(landing, messy_trial.sites_file, warehouse)
    with published(warehouse / "analysis.duckdb") as connection:
        month, day, noted = connection.execute(CODES).fetchall()
    ids = [month[0], day[0], noted[0]]

    said: list[str] = []

    def load(nights_later: int, full: bool = False) -> tuple[bool, list[str]]:
        """Whether the last publication's tables were taken over, and how the three stand."""
        said.clear()
        night = last + timedelta(days=nights_later)
        database = load_landing(landing, messy_trial.sites_file, warehouse, night, full, said)
        with published(database) as connection:
            statuses = dict(connection.execute(STATUSES, {"ids": ids}).fetchall())
        return any("nothing has changed" in message for message in said), [statuses[one] for one in ids]

    by = ("--by", "A. Meyer", "--reason", "a local form")
    accepted = mrbs("findings", "accept", month[0], *by, "--until", str(last + timedelta(days=30)), **settings)
    assert accepted.returncode == 0, accepted.stderr
    assert month[-1] in accepted.stdout
    answers = tmp_path / "answers.csv"
    one_day = last + timedelta(days=1)
    answers.write_text(
        "finding_id,decision,by,reason,until\n"
        f"{day[0]},accept,Dr Roth,confirmed,{one_day}\n{noted[0]},comment,Dr Roth,asked,\n"
    )
    imported = mrbs("findings", "import", str(answers), **settings)
    assert (imported.returncode, imported.stderr) == (0, "")
    assert "2 decisions taken from answers.csv" in imported.stdout

    refused = mrbs("findings", "accept", "--rule", "INV02", "--site", "S01", *by, "--until", str(last), **settings)
    assert refused.returncode == 1
    assert "INV02 is an invariant" in refused.stderr

    # A night without news, killed once the ledger has the decisions.
    kill_a_load("^publish: writing", one_day, settings)
    assert load(1) == (True, ["ACCEPTED", "ACCEPTED", "OPEN"])
    with published(warehouse / "analysis.duckdb") as connection:
        assert connection.execute(MADE).fetchall() == [
            ("ACCEPT", "A. Meyer", "command line", "ACCEPTED", one_day),
            ("ACCEPT", "Dr Roth", "answers.csv row 2", "ACCEPTED", one_day),
            ("COMMENT", "Dr Roth", "answers.csv row 3", "NOTED", one_day),
        ]
    taken_over = parquet_hashes(warehouse, "quality")
    assert load(1, full=True) == (False, ["ACCEPTED", "ACCEPTED", "OPEN"])
    assert parquet_hashes(warehouse, "quality") == taken_over

    # The day is over, there is no news, and somebody has damaged a file: the load names it and goes on.
    broken = warehouse / "decisions" / "findings" / "20260101T000000000000Z-00000000.jsonl"
    broken.write_text('{"decision_id": "D-1", "deci')
    assert load(2) == (True, ["ACCEPTED", "OPEN", "OPEN"])
    assert [message for message in said if "GOING ON WITHOUT" in message and broken.name in message]
    broken.unlink()
    again = mrbs("findings", "import", str(answers), **settings)
    assert "0 decisions taken from answers.csv; 2 rows were known already" in again.stdout

    # The site delivers another value.
    _, siteid, form, field, source_row, _ = month
    changed = landing / siteid / str(last + timedelta(days=3))
    shutil.copytree(landing / siteid / str(last), changed)
    (changed / "manifest.csv").unlink(missing_ok=True)  # it would speak of the old bytes
    change_cell(changed / f"{form}.csv", source_row, field, "NOCODE")
    assert load(3) == (False, ["OPEN", "OPEN", "OPEN"])
    listed = mrbs("findings", "decisions", "--finding", month[0], **settings)
    assert "a local form" in listed.stdout
    assert "1 of 1 decisions" in listed.stdout


def change_cell(file: Path, source_row: int, field: str, value: str) -> None:
    """Another value in one cell; the header is row 1."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    rows[source_row - 1][rows[0].index(field)] = value
    with file.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows(rows)
