"""The report of a whole load: what its tables say against what is published, asked in another way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.report import write_report
from orchestration.report.figures import data_quality, disposition, exposure, failures, pending, swimmer, waterfall
from orchestration.report.published import Published, open_for_report
from tests.orchestration.report.small_publication import OTHER_TABLES

pytestmark = pytest.mark.slow
MOST_BYTES = 5_000_000


@pytest.fixture(scope="module")
def published(messy_warehouse: Path) -> Iterator[Published]:
    with open_for_report(messy_warehouse) as opened:
        yield opened


def ask(published: Published, query: str) -> int:
    row = published.source.connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


def numbers(cells: list[str]) -> list[int]:
    return [int(cell.replace(",", "")) for cell in cells]


def test_everything_is_drawn(messy_warehouse: Path, tmp_path: Path) -> None:
    written = write_report(messy_warehouse, tmp_path / "report.html")
    assert written.without_data == 0
    assert written.bytes < MOST_BYTES


def test_what_the_small_publication_has_is_what_is_published(published: Published) -> None:
    """The tests by hand write tables of their own; a load publishes the same columns."""
    for table, columns in OTHER_TABLES.items():
        schema, name = table.split(".")
        there = dict(
            published.source.connection.execute(
                "select column_name, lower(data_type) from duckdb_columns() "
                "where database_name = 'mrbs' and schema_name = ? and table_name = ?",
                [schema, name],
            ).fetchall()
        )
        for column in columns.split(", "):
            wanted, kind = column.split(" ")
            assert there.get(wanted) == kind, f"{table}.{wanted}"


def test_when_a_week_48_is_known_is_when_the_tables_call_it_mature(published: Published) -> None:
    """Days from day 0, as the report counts them, against the flag that the SQL derived from windows and site cuts."""
    different = (
        f"select count(*) from analysis.adsl where trtsdt is not null "
        f"and (trtsdt + {published.days_until_known} <= sitecutdt) is distinct from (maturfl = 'Y')"
    )
    assert ask(published, different) == 0
    assert ask(published, "select count(distinct maturfl) from analysis.adsl where trtsdt is not null") == 2


def test_the_flow_adds_up(published: Published) -> None:
    table = disposition.figure(published).table
    assert table is not None
    found = {name: int(number) for name, number in table.rows}
    assert found["In the data"] == published.run["subjects"]
    assert found["Treated"] == found["Held: day 0 unknown"] + found["Day 0 known"]
    assert found["Treated"] == sum(number for name, number in found.items() if name.startswith("Treated: "))
    assert found["Day 0 known"] == found["Week 48 mature"] + found["Week 48 not mature yet"]
    assert found["Week 48 mature"] == ask(published, "select count(*) from analysis.respbl")


def test_failures_and_pending_are_what_the_rate_leaves(published: Published) -> None:
    nonresponse = ask(published, "select n - nresp from analysis.srisum where avisit = 'Week 48' and estimator = 'NRI'")
    waiting = ask(published, "select nimmature from analysis.srisum where avisit = 'Week 48' and estimator = 'NRI'")
    reasons, months = failures.figure(published).table, pending.figure(published).table
    assert reasons is not None
    assert months is not None
    assert sum(numbers([row[2] for row in reasons.rows])) == nonresponse
    assert sum(numbers([cell for row in months.rows for cell in row[1:3]])) == waiting


def test_changes_are_those_of_the_records_chosen(published: Published) -> None:
    """adqs holds every score; the waterfall reads adsri."""
    changes = waterfall.figure(published).table
    assert changes is not None
    asked = """
        select adqs.chg, count(*) from analysis.adqs join analysis.adsl using (usubjid)
        where adqs.paramcd = 'SLEDAI' and adqs.avisitn = 48 and adqs.anl01fl = 'Y' and adsl.maturfl = 'Y'
            and adqs.chg is not null
        group by adqs.chg order by adqs.chg desc
    """
    expected = [(int(change), count) for change, count in published.source.connection.execute(asked).fetchall()]
    assert [(int(row[0].replace("−", "-")), int(row[1])) for row in changes.rows] == expected


def test_infusions_are_counted_once(published: Published) -> None:
    table = exposure.figure(published).table
    assert table is not None
    planned = [row for row in table.rows if not row[0].startswith("intensity")]
    assert len(planned) == 14
    assert sum(sum(numbers(list(row[1:5]))) for row in planned) == ask(
        published, "select count(*) from analysis.adex where plannum is not null"
    )


def test_open_findings_are_counted_once(published: Published) -> None:
    table = data_quality.figure(published).table
    assert table is not None
    counted = sum(numbers([cell for row in table.rows for cell in row[3:6]]))
    assert counted == ask(
        published, "select count(*) from quality.findings where status = 'OPEN' and siteid is not null"
    )


def test_a_swimmer_has_the_infusions_of_its_subject(published: Published) -> None:
    table = swimmer.figure(published).table
    assert table is not None
    given = dict(
        published.source.connection.execute(
            "select siteid || '-' || right(usubjid, 4), ngiven from analysis.adexsum"
        ).fetchall()
    )
    assert {row[0]: int(row[4]) for row in table.rows} == {row[0]: given[row[0]] for row in table.rows}
