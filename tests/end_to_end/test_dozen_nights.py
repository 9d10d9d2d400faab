"""Twelve nights in the life of six findings: mended, come back, accepted, changed, expired, commented, late, held.

What must stand in the ledger after every night is worked out by hand from docs/reviewing-findings.md, in the tables
below; how to deliver and load belongs in dozen_nights.py.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from orchestration.findings.deciding import About, decide
from orchestration.ingestion.decisions import release
from tests.end_to_end.dozen_nights import LATE_SITE, Cell, DozenNights

pytestmark = pytest.mark.slow

SEX = Cell("S01", "dm", 2, "sex")
PRESSURE = Cell("S01", "vs", 5, "vsorres")
SEX_ELSEWHERE = Cell("S02", "dm", 2, "sex")
IN_HOSPITAL = Cell("S02", "mh", 2, "mhhosp")

# Per finding (rule, site, form, field), all of July 2028: after which night it stands how, the day an answer is due (14
# days after it was last opened), whether that is past, how often it came back, its age in days since it was first seen,
# and the value. Before the first night of a table the finding does not exist.
HISTORIES = {
    # Mended on the 4th, back on the 7th, accepted that day; on the 9th another value, accepted again.
    ("VAL02", "S01", "dm", "sex"): """
        2   OPEN      16  N  0  0   Female
        3   OPEN      16  N  0  1   Female
        4   RESOLVED  16  N  0  2   Female
        5   RESOLVED  16  N  0  2   Female
        6   RESOLVED  16  N  0  2   Female
        7   OPEN      21  N  1  5   Female
        8   ACCEPTED  21  N  1  6   Female
        9   OPEN      23  N  1  7   Woman
        10  ACCEPTED  23  N  1  8   Woman
        16  ACCEPTED  23  N  1  14  Woman
        17  ACCEPTED  23  N  1  15  Woman
        """,
    # Accepted through the 5th: open again on the 6th, a night without news. Mended on the last night.
    ("VAL03", "S01", "vs", "vsorres"): """
        2   OPEN      16  N  0  0   147mm
        3   ACCEPTED  16  N  0  1   147mm
        4   ACCEPTED  16  N  0  2   147mm
        5   ACCEPTED  16  N  0  3   147mm
        6   OPEN      20  N  0  4   147mm
        7   OPEN      20  N  0  5   147mm
        8   OPEN      20  N  0  6   147mm
        9   OPEN      20  N  0  7   147mm
        10  OPEN      20  N  0  8   147mm
        16  OPEN      20  N  0  14  147mm
        17  RESOLVED  20  N  0  15  147mm
        """,
    # Never mended, only commented: in time on the 16th itself, overdue on the 17th.
    ("VAL02", "S02", "dm", "sex"): """
        2   OPEN      16  N  0  0   female
        3   OPEN      16  N  0  1   female
        4   OPEN      16  N  0  2   female
        5   OPEN      16  N  0  3   female
        6   OPEN      16  N  0  4   female
        7   OPEN      16  N  0  5   female
        8   OPEN      16  N  0  6   female
        9   OPEN      16  N  0  7   female
        10  OPEN      16  N  0  8   female
        16  OPEN      16  N  0  14  female
        17  OPEN      16  Y  0  15  female
        """,
    # Silent since the 1st, expected every two days: late on the 4th, and until it delivers on the last night.
    ("DEL08", "S03", None, "file"): """
        4   OPEN      18  N  0  0   .
        5   OPEN      18  N  0  1   .
        6   OPEN      18  N  0  2   .
        7   OPEN      18  N  0  3   .
        8   OPEN      18  N  0  4   .
        9   OPEN      18  N  0  5   .
        10  OPEN      18  N  0  6   .
        16  OPEN      18  N  0  12  .
        17  RESOLVED  18  N  0  13  .
        """,
    # One row of three is gone on the 4th: held, and released after the night of the 6th.
    ("DEL07", "S02", "mh", "file"): """
        4   OPEN      18  N  0  0   mh.csv
        5   OPEN      18  N  0  1   mh.csv
        6   OPEN      18  N  0  2   mh.csv
        7   RESOLVED  18  N  0  3   mh.csv
        8   RESOLVED  18  N  0  3   mh.csv
        9   RESOLVED  18  N  0  3   mh.csv
        10  RESOLVED  18  N  0  3   mh.csv
        16  RESOLVED  18  N  0  3   mh.csv
        17  RESOLVED  18  N  0  3   mh.csv
        """,
    # In the file that was held: unseen until it counts.
    ("VAL02", "S02", "mh", "mhhosp"): """
        7   OPEN      21  N  0  0   yes
        8   OPEN      21  N  0  1   yes
        9   OPEN      21  N  0  2   yes
        10  OPEN      21  N  0  3   yes
        16  OPEN      21  N  0  9   yes
        17  OPEN      21  N  0  10  yes
        """,
}
FINDINGS = """
select
    rule_id, siteid, form, field, finding_id,
    cast(day(last_seen) as varchar) as seen, status, day(response_due), overdue, reopened, days_open, value
from quality.findings
"""


def on(day: int) -> date:
    return date(2028, 7, day)


def by_hand(day: int) -> dict[tuple[str | None, ...], list[str]]:
    """How each finding must stand after this night."""
    rows = [(finding, line.split()) for finding, table in HISTORIES.items() for line in table.strip().splitlines()]
    return {finding: cells for finding, (night, *cells) in rows if night == str(day)}


class Story:
    """The nights one after the other: what is published after each is compared with what was worked out by hand."""

    def __init__(self, folder: Path) -> None:
        self.trial = DozenNights(folder)
        self.ids: dict[tuple[str | None, ...], str] = {}

    def night(self, day: int, *delivering: str, news: bool = True) -> None:
        """These sites deliver, one load; `news` is whether anything had to be derived again."""
        for siteid in delivering:
            self.trial.deliver(siteid, on(day))
        assert self.trial.load(on(day)) is not news, f"night {day}"
        published = self.trial.published(FINDINGS)
        stands = {tuple(row[:4]): ["." if cell is None else str(cell) for cell in row[6:]] for row in published}
        assert stands == by_hand(day), f"night {day}"
        for *_, seen, status in (row[:7] for row in published):
            assert (seen == str(day)) is (status != "RESOLVED"), f"night {day}"
        ids = {tuple(row[:4]): row[4] for row in published}
        assert {finding: ids[finding] for finding in self.ids} == self.ids, f"an id has changed in night {day}"
        self.ids = ids

    def decide(self, kind: str, *about: str, until: date | None = None) -> None:
        (finding_id,) = [found for finding, found in self.ids.items() if finding[:3] == about]
        decide(self.trial.settings, kind, About(finding_id), by="A. Meyer", reason="asked the site", until=until)


def test_a_dozen_nights(tmp_path: Path) -> None:
    story = Story(tmp_path)
    trial = story.trial
    story.night(1, "S01", "S02", LATE_SITE)

    trial.changed = {SEX: "Female", PRESSURE: "147mm", SEX_ELSEWHERE: "female"}
    story.night(2, "S01", "S02")
    story.decide("ACCEPT", "VAL03", "S01", "vs", until=on(5))
    story.decide("COMMENT", "VAL02", "S02", "dm")
    story.night(3, news=False)

    del trial.changed[SEX]
    trial.changed[IN_HOSPITAL] = "yes"
    trial.cut["S02", "mh"] = 2
    story.night(4, "S01", "S02")
    story.night(5, news=False)
    story.night(6, news=False)
    release(trial.settings, "S02", on(4), "mh", "B. Roth", "the entry was a double")

    trial.changed[SEX] = "Female"
    story.night(7, "S01")
    story.decide("ACCEPT", "VAL02", "S01", "dm", until=date(2028, 12, 31))
    story.night(8, news=False)

    trial.changed[SEX] = "Woman"
    story.night(9, "S01")
    story.decide("ACCEPT", "VAL02", "S01", "dm", until=date(2028, 12, 31))
    story.night(10, news=False)
    story.night(16, news=False)

    del trial.changed[PRESSURE]
    story.night(17, "S01", LATE_SITE)
    assert trial.published(
        "select rule_id, siteid, decision, effect, day(applied_on) from quality.decisions order by applied_on, rule_id"
    ) == [
        ("VAL02", "S02", "COMMENT", "NOTED", 3),
        ("VAL03", "S01", "ACCEPT", "ACCEPTED", 3),
        ("VAL02", "S01", "ACCEPT", "ACCEPTED", 8),
        ("VAL02", "S01", "ACCEPT", "ACCEPTED", 10),
    ]
