"""More than a page can draw: what is shown of how many is chosen by a rule, and the figure says so.

Two hundred treated subjects, numbered -100 to 99: number n had day 0 so that the planned week 48 fell n days before the
data cut. Site and reason for leaving go by number.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from orchestration.report.contents import NARROW, WIDE, Figure
from orchestration.report.figures import data_quality, disposition, groups, swimmer, waterfall
from orchestration.report.published import Published, open_for_report
from tests.orchestration.report.small_publication import TODAY, always, group, publish_report_tables, subject, visit

NUMBERS = range(-100, 100)
REASONS, SITES, VARIABLES = 20, 40, 60


def name(number: int) -> str:
    return f"S{number % SITES:02}-{number + 1000:04}"


def rows() -> dict[str, list[dict[str, object]]]:
    subjects, visits = [], []
    for number in NUMBERS:
        mature = {"maturfl": "Y" if number > 21 else "N"}
        # 78 are mature; the others' changes must not be drawn. All left, each reason as often as any other.
        left = {"eosstt": "DISCONTINUED", "eosdt": TODAY, "dcsreas": f"REASON {number % REASONS:02}"}
        subjects.append(subject(name(number), trtsdt=TODAY - timedelta(days=336 + number), **left, **mature))
        visits.append(visit(name(number), 48, "Y" if number % 2 else "N", "SLEDAI", sledchg=-(number % 7), **mature))
    differences = [
        group(f"v{place:02}", "ALL", respgrp, f"{(place - 30) / 100:.4f}", mean="1.0000", sd="1.0000")
        for place in range(VARIABLES)
        for respgrp in ("RESPONSE", "NO RESPONSE")
    ]
    known = {"table_schema": "analysis", "table_name": "respbl", "known_at": "BASELINE"}
    return {
        **always(subjects=200),
        "analysis.adsl": subjects,
        "analysis.adsri": visits,
        "analysis.resptab": differences,
        "metadata.dictionary": [
            {**known, "position": place, "column_name": f"v{place:02}", "label": f"Variable {place:02}"}
            for place in range(VARIABLES)
        ],
        # Site 0 has one finding, site 1 two, and so on.
        "quality.findings": [
            {"finding_id": f"{site}-{number}", "siteid": f"S{site:02}", "severity": "MAJOR", "status": "OPEN",
             "overdue": "N"}
            for site in range(SITES)
            for number in range(site + 1)
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    warehouse: Path = publish_report_tables(tmp_path_factory.mktemp("report") / "many", rows())
    with open_for_report(warehouse) as opened:
        yield opened


def drawn(figure: Figure, layer: int, drawing: int = 0) -> list[dict[str, Any]]:
    """The data of one layer of a chart."""
    chart = figure.drawings[drawing].draw(WIDE).to_dict(validate=False)
    named = chart["layer"][layer].get("data") or chart["data"]
    found: list[dict[str, Any]] = chart["datasets"][named["name"]] if "name" in named else named["values"]
    return found


def test_the_swimmer_shows_those_nearest_to_the_cut(many: Published) -> None:
    figure = swimmer.figure(many)
    assert figure.table is not None
    # On the day of the cut or before it: 0 to 17; after it: -1 to -18. The longest treated come first.
    assert [row[0] for row in figure.table.rows] == [name(number) for number in range(17, -19, -1)]
    assert figure.notes[0].startswith("Shown: 36 subjects of 200 with a known day 0.")


def test_the_waterfall_becomes_blocks_that_fill_the_width(many: Published) -> None:
    """Of 22 to 99, twelve have the remainder 1 by seven, and eleven each other; 78 are below what is drawn singly."""
    figure = waterfall.figure(many)
    assert figure.table is not None
    assert {row[0]: row[1] for row in figure.table.rows} == {
        change: str(len([n for n in range(22, 100) if n % 7 == remainder]))
        for remainder, change in enumerate(("0", "−1", "−2", "−3", "−4", "−5", "−6"))
    }
    assert len(drawn(figure, 0)) == 78
    changes = [block["change"] for block in drawn(figure, 0)]
    assert changes == sorted(changes, reverse=True)


def test_rare_reasons_stand_together(many: Published) -> None:
    figure = disposition.figure(many)
    assert figure.table is not None
    treated = {name: number for name, number in figure.table.rows if name.startswith("Treated: ")}
    assert len(treated) == 13
    assert treated["Treated: Left early: other reasons"] == "80"  # 8 of 20 reasons, 10 subjects each
    assert treated["Treated: Left early: reason 00"] == "10"


def test_the_largest_differences_are_drawn(many: Published) -> None:
    """From -0.30 to 0.29: the largest 25 are -0.30 to -0.18 and 0.29 to 0.18."""
    figure = groups.figure(many)
    assert figure.table is not None
    assert len(figure.table.rows) == VARIABLES
    shown = {row["difference"] for row in drawn(figure, 2)}
    assert shown == {number / 100 for number in [*range(-30, -17), *range(18, 30)]}
    assert figure.notes[-1] == "Drawn are the 25 largest of 60; the table has all."


def test_the_sites_with_most_findings_are_drawn(many: Published) -> None:
    figure = data_quality.figure(many)
    assert figure.table is not None
    assert len(figure.table.rows) == SITES
    assert [row["site"] for row in drawn(figure, 1)] == [f"S{site:02}" for site in range(39, 9, -1)]
    assert figure.notes[-1] == "Drawn are the 30 sites with the most; the table has all."


def test_a_block_is_as_wide_as_its_share(tmp_path: Path) -> None:
    """151 subjects are too many for bars: 100 without any change and 51 with a fall of 8, one of them no response."""
    found = [visit(name(n), 48, "Y" if n > 100 else "N", "SLEDAI", sledchg=-8 if n > 99 else 0) for n in range(151)]
    with open_for_report(publish_report_tables(tmp_path, {**always(), "analysis.adsri": found})) as published:
        figure = waterfall.figure(published)
        blocks = [(row["change"], round(row["x"], 3), round(row["x2"], 3)) for row in drawn(figure, 0)]
    assert blocks == [(0, 0, 66.225), (-8, 66.225, 66.887), (-8, 66.887, 100)]
    assert figure.drawings[0].draw(NARROW) is not None
