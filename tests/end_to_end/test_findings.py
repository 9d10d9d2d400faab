"""What the rules say of whole simulated trials: every planted defect is found, and clean data are left in peace."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.end_to_end.conftest import Trial
from tests.support.load import published

pytestmark = pytest.mark.slow


def planted_defects(trial: Trial) -> list[dict[str, str]]:
    """The defects that the last night's deliveries still hold, as the simulator wrote them down."""
    with (trial.folder / "truth" / "defects.csv").open(encoding="utf-8", newline="") as lines:
        last = str(trial.nights[-1])
        return [defect for defect in csv.DictReader(lines) if defect["last_delivered"] == last]


def subject_of(defect: dict[str, str]) -> str:
    """Whom the finding names: a row that was given to a subject who does not exist is found under that id."""
    subjid = defect["value"] if defect["field"] == "subjid" else defect["subject"]
    return f"MRBS-{defect['site']}-{subjid}" if subjid else ""


def test_every_planted_defect_is_found(messy_trial: Trial, messy_warehouse: Path) -> None:
    with published(messy_warehouse / "analysis.duckdb") as connection:
        found = connection.execute(
            "select distinct rule_id, siteid, coalesce(usubjid, '') from quality.findings where status = 'OPEN'"
        ).fetchall()
    planted = [(defect["rule"], defect["site"], subject_of(defect)) for defect in planted_defects(messy_trial)]
    assert len(planted) > 15
    assert sorted(set(planted) - set(found)) == []


def test_a_clean_trial_has_no_finding(clean_warehouse: Path) -> None:
    with published(clean_warehouse / "analysis.duckdb") as connection:
        findings = connection.execute("select message from quality.findings").fetchall()
        quarantined = connection.execute("select count(*) from quality.quarantine").fetchone()
    assert findings == []
    assert quarantined == (0,)


@pytest.mark.parametrize("warehouse", ["clean_warehouse", "messy_warehouse"])
def test_every_row_is_accounted_for(warehouse: str, request: pytest.FixtureRequest) -> None:
    with published(request.getfixturevalue(warehouse) / "analysis.duckdb") as connection:
        rows = connection.execute("select sum(rows_delivered), sum(abs(difference)) from quality.row_accounting")
        delivered, difference = rows.fetchall()[0]
    assert delivered > 1000
    assert difference == 0


@pytest.mark.parametrize("warehouse", ["clean_warehouse", "messy_warehouse"])
def test_every_rule_ran(warehouse: str, request: pytest.FixtureRequest) -> None:
    with published(request.getfixturevalue(warehouse) / "analysis.duckdb") as connection:
        lost = connection.execute(
            "select rule_id from quality.rules where not_run > 0 or passed + failed = 0"
        ).fetchall()
    assert lost == []


def test_every_published_value_leads_to_a_row_of_a_file(messy_warehouse: Path) -> None:
    with published(messy_warehouse / "analysis.duckdb") as connection:
        orphans = connection.execute(
            """
            with sources as (
                select srcid from analysis.adqs
                union select srcid from analysis.adex union select srcid from analysis.adsv
                union select srcsled from analysis.adsri union select srcbil from analysis.adsri
                union select srcpga from analysis.adsri
            )
            select count(*) from sources left join metadata.provenance as p on p.row_id = srcid
            where srcid is not null and (p.file is null or p.latest_row < 2)
            """
        ).fetchone()
    assert orphans == (0,)
