"""Every figure's table holds what one counts by hand from the nine subjects (small_publication says who they are)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from orchestration.report.contents import Figure
from orchestration.report.figures import FIGURES
from orchestration.report.published import Published, open_for_report
from tests.orchestration.report.small_publication import HOSTILE, always, publish_report_tables, subject

BY_NAME = {module.__name__.rpartition(".")[2]: module for module in FIGURES}


def rows(figure: Figure) -> list[list[str]]:
    assert figure.table is not None
    return [list(row) for row in figure.table.rows]


@pytest.mark.parametrize("name", BY_NAME)
def test_a_figure_has_a_definition_a_drawing_and_a_table(published: Published, name: str) -> None:
    figure = BY_NAME[name].figure(published)
    assert figure.drawings
    assert all(drawing.label.endswith(".") for drawing in figure.drawings)
    assert figure.definition.endswith(".")
    assert rows(figure)


def test_disposition(published: Published) -> None:
    assert rows(BY_NAME["disposition"].figure(published)) == [
        ["In the data", "9"],
        ["Not treated, still in the study (screening)", "1"],
        ["Never treated, ended", "1"],
        ["Treated", "7"],
        ["Held: day 0 unknown", "1"],
        ["Day 0 known", "6"],
        ["Week 48 not mature yet", "2"],
        ["Week 48 mature", "4"],
        ["Week 48 mature: response", "2"],
        ["Week 48 mature: no response", "2"],
        ["Treated: Completed the study", "2"],
        ["Treated: In the study", "3"],
        [f"Treated: Left early: {HOSTILE.lower()}", "1"],
        ["Treated: Left early: death", "1"],
    ]


def test_who_ended_on_an_unknown_day_is_not_in_screening(tmp_path: Path) -> None:
    """The site wrote that the study ended and no date; somebody else's screening ended, and a third is in it."""
    ended = {"saffl": "N", "eosstt": "DISCONTINUED"}
    adsl = [
        subject("S01-0001", **ended),
        subject("S01-0002", **ended, eosdt=date(2025, 6, 1)),
        subject("S01-0003", saffl="N"),
    ]
    warehouse = publish_report_tables(tmp_path, {**always(3), "analysis.adsl": adsl})
    with open_for_report(warehouse) as opened:
        assert rows(BY_NAME["disposition"].figure(opened))[1:3] == [
            ["Not treated, still in the study (screening)", "1"],
            ["Never treated, ended", "2"],
        ]


def test_enrolment(published: Published) -> None:
    """Seven consents in March 2025, one in April; day 0 in March, April, May, June and twice in September."""
    figure = BY_NAME["enrolment"].figure(published)
    assert rows(figure)[:4] == [
        ["2025-03", "7", "7", "1", "1"],
        ["2025-04", "1", "8", "1", "2"],
        ["2025-05", "0", "8", "1", "3"],
        ["2025-06", "0", "8", "1", "4"],
    ]
    assert rows(figure)[6] == ["2025-09", "0", "8", "2", "6"]
    assert rows(figure)[-1] == ["2026-06", "0", "8", "0", "6"]
    assert figure.notes == ["Without a full date of consent, so in no month: 1 subject."]


def test_response(published: Published) -> None:
    figure = BY_NAME["response"].figure(published)
    assert rows(figure) == [
        ["Week 2", "NRI", "6", "1", "16.7 %", "3.0 % to 56.4 %", "0"],
        ["Week 48", "NRI", "4", "2", "50.0 %", "15.0 % to 85.0 %", "2"],
        ["Week 48", "OC", "3", "2", "66.7 %", "20.8 % to 93.9 %", "2"],
        ["Week 48", "LOCF", "0", "0", "–", "", "2"],
    ]
    assert figure.notes[0] == (
        "Week 48: 2 of 4 mature subjects respond, 50.0 % (95 % interval 15.0 % to 85.0 %); 2 more are not mature yet."
    )


def test_sensitivity(published: Published) -> None:
    """The three estimators of the primary analysis, and of each scenario the one that is compared."""
    figure = BY_NAME["sensitivity"].figure(published)
    assert rows(figure) == [
        ["The primary analysis", "4", "2", "50.0 %", "10.0 % to 90.0 %", "0.0", "0", "0", "2"],
        [
            "Observed cases: no event applied, nothing imputed",
            *["3", "2", "66.7 %", "10.0 % to 90.0 %", "16.7", "1", "0", "2"],
        ],
        ["Steroids don't count", "4", "3", "75.0 %", "10.0 % to 90.0 %", "25.0", "1", "0", "2"],
        ["Stricter PGA", "4", "1", "25.0 %", "10.0 % to 90.0 %", "−25.0", "0", "1", "2"],
    ]
    assert figure.notes[0] == (
        "The primary rate is 50.0 %; the others lie between 25.0 % (Stricter PGA) and 75.0 % (Steroids don't count)."
    )


def test_components(published: Published) -> None:
    """Four mature subjects; who left has no component, one PGA is missing, who died is not mature."""
    assert rows(BY_NAME["components"].figure(published)) == [
        ["Week 48", "SLEDAI-2K fell enough", "3", "2", "66.7 %", "1"],
        ["Week 48", "BILAG no worse", "3", "3", "100.0 %", "1"],
        ["Week 48", "PGA no worse", "2", "2", "100.0 %", "2"],
    ]


def test_failures(published: Published) -> None:
    figure = BY_NAME["failures"].figure(published)
    assert rows(figure) == [
        ["left the study", "intercurrent event", "1", "50.0 %"],
        ["SLEDAI-2K fell too little", "assessed: a component failed", "1", "50.0 %"],
    ]
    assert figure.notes == ["Without response: 2 of 4 subjects mature at week 48."]


def test_pending(published: Published) -> None:
    figure = BY_NAME["pending"].figure(published)
    assert rows(figure) == [["2026-08", "1", "0", "5", "83.3 %"], ["2026-09", "0", "1", "6", "100.0 %"]]
    assert figure.notes == [
        "Week 48 is mature for 4 of 6 subjects with a known day 0, and not yet for 2; the last of them becomes so on "
        "2026-09-08 at the earliest.",
        "Held, so in no month, as day 0 is unknown: 1 subject.",
    ]


def test_swimmer(published: Published) -> None:
    figure = BY_NAME["swimmer"].figure(published)
    assert figure.notes == ["Shown: all 6 subjects of 6 with a known day 0."]
    first, second, third, *_ = rows(figure)
    assert first == [
        *("S01-0001", "2025-03-03", "2", "0", "3", "0", "–", "completed, day 336", "response", "responder"),
    ]
    assert second[2:6] == ["0", "1", "1", "1"]
    # From 2025-05-05 to 2025-08-01 are 88 days.
    assert third[6:] == ["discontinued, day 88", "discontinued, day 88", "no response", "discontinued"]


def test_waterfall(published: Published) -> None:
    """−8 twice with response, −2 without; the +3 of the subject who is not mature is left out."""
    figure = BY_NAME["waterfall"].figure(published)
    assert rows(figure) == [["−2", "1", "0", "1", "33.3 %"], ["−8", "2", "2", "0", "66.7 %"]]
    assert figure.notes == [
        "2 of 3 subjects (66.7 %) fell by 4 points or more.",
        "Not shown, as the change is unknown: 1 mature subject.",
    ]


def test_exposure(published: Published) -> None:
    figure = BY_NAME["exposure"].figure(published)
    assert rows(figure) == [
        ["D0", "3", "0", "0", "0", "100.0 %"],
        ["W2", "1", "1", "1", "1", "50.0 %"],
        ["intensity below 55 %", "1", "", "", "", ""],
        ["intensity 95 to below 100 %", "1", "", "", "", ""],
        ["intensity 100 to below 105 %", "1", "", "", "", ""],
    ]
    assert figure.notes == [
        "5 infusions given and 1 missed in 4 subjects. Relative dose intensity of 3 subjects: median 100.0 %."
    ]


def test_groups(published: Published) -> None:
    figure = BY_NAME["groups"].figure(published)
    assert rows(figure) == [
        ["Age", "years", "2", "40.00 (1.41)", "2", "30.50 (2.12)", "0.50"],
        ["Sex: F", "", "2", "1 (50.0 %)", "2", "2 (100.0 %)", "−1.25"],
        ["Sex: M", "", "2", "1 (50.0 %)", "2", "0 (0.0 %)", "1.25"],
    ]
    assert figure.notes[0] == ("2 subjects with and 2 without response. The largest difference: Sex: M, 1.25.")


def test_data_quality(published: Published) -> None:
    figure = BY_NAME["data_quality"].figure(published)
    assert rows(figure) == [
        ["S02", "4", "2026-06-30", "0", "0", "3", "0", "0", "0", "1"],
        ["S01", "5", "2026-06-30", "1", "1", "0", "1", "1", "2", "0"],
    ]
    assert "Of no site in particular: 1 open finding." in figure.notes


def test_site_indicators(published: Published) -> None:
    figure = BY_NAME["site_indicators"].figure(published)
    assert rows(figure) == [
        ["S01", "Missed visits", "percent", "12.35", "2.00", "stands out: high", "2026-06-30"],
        ["S02", "Missed visits", "percent", "2.00", "2.00", "as the others", ""],
        ["S03", "Missed visits", "percent", "0.00", "2.00", "too little to judge", ""],
    ]
    assert figure.notes == ["Standing out: 1 of 3 indicators. S01 missed visits (high)."]


def test_a_site_that_lags_behind(tmp_path: Path) -> None:
    """Known from 2026-06-13 on, if the site had delivered: it has not since the first of June."""
    late = subject("S01-0001", trtsdt=date(2025, 6, 20), sitecutdt=date(2026, 6, 1), respgrp="PENDING")
    warehouse = publish_report_tables(tmp_path, {**always(subjects=1), "analysis.adsl": [late]})
    with open_for_report(warehouse) as opened:
        figure = BY_NAME["pending"].figure(opened)
    assert rows(figure) == [["2026-06", "1", "0", "1", "100.0 %"]]
    assert figure.notes == [
        "Week 48 is mature for 0 of 1 subjects with a known day 0, and not yet for 1; the last of them becomes so on "
        "2026-06-30 at the earliest.",
        "Could be mature today, had their sites delivered further data: 1 subject.",
    ]
