"""adae: what is treatment-emergent, by full, partial and missing dates, and the infusion that an event follows."""

from __future__ import annotations

import duckdb
import pytest

from tests.dbt_project.subject_tables import expected, subject
from tests.dbt_project.written_trial import Derived, write_down

THREE_INFUSIONS = "visit  exstdtc\nD0  0\nW2  14\nW4  28"
AE = "aeseq  aecat  aestdtc  aeendtc"
COMPLETED = "dscat  dsdecod  dsdtc\nTREATMENT  COMPLETED  30"


def ae(*events: str) -> str:
    """Events written as 'start end', all of the category OTHER."""
    rows = [f"{number}  OTHER  {'  '.join(event.split())}" for number, event in enumerate(events, 1)]
    return "\n".join([AE, *rows])


# Day 0 is 2025-01-06: January holds days -5 to 25, December 2024 ends on day -6. The last infusion is on day 28, and 28
# days later is day 56, in March (days 54 to 84); April is days 85 to 114.
DATES = {
    "-1 .": "N",
    "0 .": "Y",
    "-1 300": "N",
    "56 .": "Y",
    "57 .": "N",
    "2025-01 .": "Y",
    "2024-12 .": "N",
    "2024 .": "N",
    "2025 .": "Y",
    "2025-03 .": "Y",
    "2025-04 .": "N",
    ". .": "Y",
    "soon .": "Y",
    # It began by the day it ended at the latest.
    ". -1": "N",
    ". 0": "Y",
    "2025-01 -1": "N",
    "2025-01 2025-01": "Y",
    ". 2024": "N",
    # An end before the start is no end.
    "10 -10": "Y",
    "2025-02 -10": "Y",
}
SUBJECTS = [
    subject("DATES", ex=THREE_INFUSIONS, ds=COMPLETED, ae=ae(*DATES)),
    # While treatment goes on there is no last infusion; an end of study ends it, too.
    subject("ONGOING", ex=THREE_INFUSIONS, ae=ae("57 .")),
    subject("STUDYENDED", ex=THREE_INFUSIONS, ds="dscat  dsdecod  dsdtc\nSTUDY  COMPLETED  30", ae=ae("56 .", "57 .")),
    # The last infusion is the last one given: one not given is none.
    subject(
        "NOTGIVEN",
        ex="visit  exstdtc  exoccur\nD0  0  Y\nW2  14  Y\nW4  28  N",
        ds=COMPLETED,
        ae=ae("42 .", "43 .", "28 ."),
    ),
    # Day 336 is 2025-12-08. An infusion of that December, or of a row that can't be used, may be the last one.
    subject(
        "PARTIAL",
        ex="visit  exstdtc\nD0  0\nW44  308\nW48  2025-12",
        ds="dscat  dsdecod  dsdtc\nSTUDY  COMPLETED  345",
        ae=ae("340 .", "-1 ."),
    ),
    subject("UNDATED", ex="visit  exstdtc\nD0  0\nW2  .", ds=COMPLETED, ae=ae("100 .")),
    subject("CONTRADICTED", ex="visit  exstdtc\nD0  0\nW2  14\nW2  15", ds=COMPLETED, ae=ae("100 .", "-1 .")),
    # A copy tells of no other infusion, one not given is none. Of a dose that can't be read the day is known all the same.
    subject("COPIED", ex="visit  exstdtc\nD0  0\nW2  14\nW2  14", ds=COMPLETED, ae=ae("42 .", "43 .")),
    subject("UNDATEDNOTGIVEN", ex="visit  exstdtc  exoccur\nD0  0  Y\nW2  .  N", ds=COMPLETED, ae=ae("28 .", "29 .")),
    subject("UNREADDOSE", ex="visit  exstdtc  exdose\nD0  0  600\nW2  14  full", ds=COMPLETED, ae=ae("42 .", "43 .")),
    subject("SCREENED", ae=ae("5 .")),
    subject("HELD", ex="visit  exstdtc\nW2  14", ae=ae("15 .")),
    subject(
        "REACTIONS",
        ex="visit  exstdtc\nD0  0\nW2  14\nUNS  20\nW4  28",
        ae=f"""{AE}
        1  INFUSION REACTION  -1       .
        2  INFUSION REACTION  0        .
        3  INFUSION REACTION  15       .
        4  INFUSION REACTION  16       .
        5  INFUSION REACTION  20       21
        6  INFUSION REACTION  2025-02  .
        7  INFECTION          28       .
        8  reaction           28       .
        """,
    ),
    subject(
        "ANSWERS",
        ex=THREE_INFUSIONS,
        ae="aeseq  aecat  aeterm  aestdtc  aeendtc  aesev  aeser  aerel  aeacn  aeout\n"
        "1  INFECTION  Pneumonia  3  9  SEVERE  Y  N  INTERRUPTED  FATAL\n"
        "2  OTHER  Rash  4  2025  mild  yes  .  .  gone\n3  OTHER  Rash  5  6  MILD  N  Y  NONE  RECOVERED",
    ),
]
SITES = "EVENT_"
write_down(SUBJECTS, ["+adae"], SITES)


@pytest.fixture
def derived(written_trial: duckdb.DuckDBPyConnection) -> Derived:
    return Derived(written_trial, SITES)


def adae(derived: Derived, siteid: str, columns: str) -> list[list[str]]:
    return derived.rows("(from candidate.analysis.adae order by usubjid, cast(aeseq as integer))", siteid, columns)


def test_what_is_treatment_emergent(derived: Derived) -> None:
    found = adae(derived, "DATES", "trtemfl")
    assert dict(zip(DATES, [flag for (flag,) in found], strict=True)) == DATES


def test_nothing_is_imputed(derived: Derived) -> None:
    rows = dict(zip(DATES, adae(derived, "DATES", "astdt astdtlo astdthi protday ady aendthi"), strict=True))
    assert rows["-1 300"] == ["-1", "-1", "-1", "-1", "-1", "300"]
    assert rows["0 ."] == ["0", "0", "0", "0", "1", "."]
    assert rows["2025-01 -1"] == [".", "-5", "25", ".", ".", "-1"]
    assert rows["soon ."] == ["."] * 6


def test_the_end_of_treatment(derived: Derived) -> None:
    assert adae(derived, "ONGOING", "trtemfl") == [["Y"]]
    assert adae(derived, "STUDYENDED", "trtemfl") == [["Y"], ["N"]]
    # 14 + 28 = 42.
    assert adae(derived, "NOTGIVEN", "trtemfl lexdays lexplan") == [
        ["Y", "28", "2"],
        ["N", "29", "2"],
        ["Y", "14", "2"],
    ]


@pytest.mark.parametrize(
    ("siteid", "flags"),
    [
        ("PARTIAL", "Y N"),
        ("UNDATED", "Y"),
        ("CONTRADICTED", "Y N"),
        ("COPIED", "Y N"),
        ("UNDATEDNOTGIVEN", "Y N"),
        ("UNREADDOSE", "Y N"),
    ],
)
def test_after_an_infusion_on_a_day_that_nobody_knows(derived: Derived, siteid: str, flags: str) -> None:
    assert [flag for (flag,) in adae(derived, siteid, "trtemfl")] == flags.split()


def test_without_day_0(derived: Derived) -> None:
    assert adae(derived, "SCREENED", "trtemfl protday ady lexdt astdt") == [["N", ".", ".", ".", "5"]]
    assert adae(derived, "HELD", "trtemfl protday ady lexdt lexdays") == [[".", ".", ".", "14", "1"]]


def test_infusion_reactions_belong_to_an_infusion_of_the_day_or_the_day_before(derived: Derived) -> None:
    assert adae(derived, "REACTIONS", "aeseq inffl irfl irplan irsrcid lexdt lexplan lexdays") == expected("""
        aeseq  inffl  irfl  irplan  irsrcid         lexdt  lexplan  lexdays
        1      N      Y     .       .               .      .        .
        2      N      Y     1       REACTIONS ex 1  0      1        0
        3      N      Y     2       REACTIONS ex 2  14     2        1
        4      N      Y     .       .               14     2        2
        5      N      Y     .       REACTIONS ex 3  20     .        0
        6      N      Y     .       .               .      .        .
        7      Y      N     .       .               28     3        0
        8      .      .     .       .               28     3        0
    """)


def test_what_the_site_says_of_an_event(derived: Derived) -> None:
    columns = "aecat aendt aendy aesev aeser aerel aeacn aeout fatalfl srcid"
    assert adae(derived, "ANSWERS", columns) == expected("""
        aecat      aendt  aendy  aesev   aeser  aerel  aeacn        aeout      fatalfl  srcid
        INFECTION  9      10     SEVERE  Y      N      INTERRUPTED  FATAL      Y        ANSWERS ae 1
        OTHER      .      .      .       .      .      .            .          .        ANSWERS ae 2
        OTHER      6      7      MILD    N      Y      NONE         RECOVERED  N        ANSWERS ae 3
    """)


def test_no_term_is_published(derived: Derived) -> None:
    rows = derived.all_rows("from candidate.analysis.adae")
    assert [row for row in rows for value in row.values() if value in ("Pneumonia", "Rash")] == []
