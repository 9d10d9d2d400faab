"""Visits against their plan, and the ends of study and treatment that decide what is still due.

Every expectation is worked out by hand from the protocol; day 0 is the day of the infusion at D0.
"""

from __future__ import annotations

import duckdb
import pytest

from tests.dbt_project.subject_tables import expected, subject
from tests.dbt_project.written_trial import Derived, write_down

INFUSED = "visit  exstdtc\nD0  0"

SUBJECTS = [
    subject(
        "WINDOWS",
        ex=INFUSED,
        sv="""
        visit  svdtc
        SCR    -35
        D0     0
        W2     17
        W4     32
        W8     49
        W12    76
        W16    119
        W20    148
        """,
    ),
    subject("SCREEN36", ex=INFUSED, sv="visit  svdtc\nSCR  -36\nD0  1"),
    subject("SCREEN1", ex=INFUSED, sv="visit  svdtc\nSCR  -1\nD0  -1"),
    subject("CUT24", cut=24, ex=INFUSED, sv="visit  svdtc\nSCR  -7\nD0  0"),
    subject("CUT25", cut=25, ex=INFUSED, sv="visit  svdtc\nSCR  -7\nD0  0"),
    subject("CUT70", cut=70, ex=INFUSED, sv="visit  svdtc\nSCR  -7\nD0  0\nW2  14\nW4  28"),
    subject("CUT71", cut=71, ex=INFUSED, sv="visit  svdtc\nSCR  -7\nD0  0\nW2  14\nW4  28"),
    subject(
        "ENDED28",
        cut=400,
        ex=INFUSED,
        sv="visit  svoccur  svdtc\nSCR  Y  -7\nD0  Y  0\nW8  N  .\nW12  Y  84",
        ds="dscat  dsdecod  dsdtc\nSTUDY  LOST TO FOLLOW-UP  28",
    ),
    subject(
        "OFFTREATMENT",
        cut=60,
        ex=INFUSED,
        sv="visit  svdtc\nSCR  -7\nD0  0",
        ds="dscat  dsdecod  dsdtc\nTREATMENT  ADVERSE EVENT  7",
    ),
    subject(
        "RECORDED",
        cut=30,
        ex=INFUSED,
        sv="""
        visit  svoccur  svdtc
        D0     .        0
        W2     N        14
        W4     Y        2025-02
        W8     .        .
        """,
    ),
    subject(
        "BEYOND",
        cut=10,
        ex=INFUSED,
        sv="""
        visit  svoccur  svdtc
        UNS    Y        40
        UNS    Y        20
        ET     Y        60
        Wk 8   Y        56
        """,
    ),
    subject("SCREENED", sv="visit  svoccur  svdtc\nSCR  Y  -7\nD0  N  ."),
    # Ends of study and treatment. The subject was last seen on day 40, by its PGA.
    subject(
        "UNDATED",
        ex="visit  exoccur  exstdtc\nD0  Y  0\nW4  N  50",
        sv="visit  svoccur  svdtc\nD0  Y  0\nW4  N  51",
        pga="visit  pgadtc\nUNS  40",
        vs="vsdtc  vsorres\n90  60",
        ds="dscat  dsdecod  dsdtc\nSTUDY  LOST TO FOLLOW-UP  .\nTREATMENT  ADVERSE EVENT  2025-02",
    ),
    subject(
        "SEVERAL",
        ex=INFUSED,
        sledai="visit  sledtc\nW2  14",
        ds="""
        dscat      dsdecod                dsdtc
        STUDY      DEATH                  200
        STUDY      WITHDRAWAL BY SUBJECT  100
        TREATMENT  COMPLETED              90
        TREATMENT  LACK OF EFFICACY       .
        """,
    ),
    subject(
        "ONEDAY",
        ex=INFUSED,
        ds="""
        dscat      dsdecod                dsdtc
        STUDY      COMPLETED              300
        STUDY      ADVERSE EVENT          300
        STUDY      DEATH                  300
        TREATMENT  COMPLETED              300
        TREATMENT  withdrawn              300
        """,
    ),
    subject("CATEGORY", ex=INFUSED, ds="dscat  dsdecod  dsdtc\ntherapy  ADVERSE EVENT  30"),
    subject("NEVERSEEN", ds="dscat  dsdecod  dsdtc\nSTUDY  WITHDRAWAL BY SUBJECT  ."),
    subject("ONGOING", ex=INFUSED),
]
SITES = "VISITS_"
write_down(SUBJECTS, ["+adsv"], SITES)


@pytest.fixture
def derived(written_trial: duckdb.DuckDBPyConnection) -> Derived:
    return Derived(written_trial, SITES)


def adsv(derived: Derived, siteid: str, columns: str, where: str = "true") -> list[list[str]]:
    return derived.rows("candidate.analysis.adsv", siteid, columns, where)


def statuses(derived: Derived, siteid: str) -> str:
    """The 15 statuses from SCR to W48, each by its first letter: Done, Missed, Not due, Pending, or `.`."""
    return "".join(status[0] for (status,) in adsv(derived, siteid, "status", "visitnum <= 48"))


def test_windows_include_their_first_and_last_day(derived: Derived) -> None:
    assert adsv(
        derived, "WINDOWS", "visit visitnum visitdy protday ady daysoff inwinfl", "status = 'DONE'"
    ) == expected("""
        visit  visitnum  visitdy  protday  ady  daysoff  inwinfl
        SCR    -1        .        -35      -35  .        Y
        D0     0         0        0        1    0        Y
        W2     2         14       17       18   3        Y
        W4     4         28       32       33   4        N
        W8     8         56       49       50   -7       Y
        W12    12        84       76       77   -8       N
        W16    16        112      119      120  7        Y
        W20    20        140      148      149  8        N
    """)
    assert adsv(derived, "SCREEN36", "visit protday inwinfl", "status = 'DONE'") == [
        ["SCR", "-36", "N"],
        ["D0", "1", "N"],
    ]
    assert adsv(derived, "SCREEN1", "visit protday inwinfl", "status = 'DONE'") == [
        ["SCR", "-1", "Y"],
        ["D0", "-1", "N"],
    ]


@pytest.mark.parametrize(
    ("siteid", "plan"),
    [
        # W2: 14 + 3 + 7 = day 24, W8: 56 + 7 + 7 = day 70; that day must lie before the site cut.
        ("CUT24", "DDPPPPPPPPPPPPP"),
        ("CUT25", "DDMPPPPPPPPPPPP"),
        ("CUT70", "DDDDPPPPPPPPPPP"),
        ("CUT71", "DDDDMPPPPPPPPPP"),
        # W4 is due on the last day of the study. W8 is recorded as not done, W12 as done, whenever the study ended.
        ("ENDED28", "DDMMMDNNNNNNNNN"),
        # A subject off treatment is still expected at its visits: W2 and W4 are overdue on day 60, W8 is not.
        ("OFFTREATMENT", "DDMMPPPPPPPPPPP"),
        # Nobody knows when a subject without a day 0 was due.
        ("SCREENED", "DM............."),
    ],
)
def test_status_of_the_planned_visits(derived: Derived, siteid: str, plan: str) -> None:
    assert statuses(derived, siteid) == plan


def test_what_was_recorded_of_a_visit(derived: Derived) -> None:
    # D0: a date is enough. W2: a visit not done has no date. W4: done, on an unknown day. W8: an empty record says
    # nothing.
    columns = "visit status svdt protday inwinfl srcid"
    assert adsv(derived, "RECORDED", columns, "visitnum between 0 and 8") == expected("""
        visit  status   svdt  protday  inwinfl  srcid
        D0     DONE     0     0        Y        RECORDED sv 1
        W2     MISSED   .     .        N        RECORDED sv 2
        W4     DONE     .     .        N        RECORDED sv 3
        W8     PENDING  .     .        N        RECORDED sv 4
    """)


def test_visits_beyond_the_plan_have_rows_of_their_own(derived: Derived) -> None:
    assert adsv(
        derived, "BEYOND", "visit visitnum visitdy protday daysoff status inwinfl", "svdt is not null"
    ) == expected("""
        visit  visitnum  visitdy  protday  daysoff  status  inwinfl
        ET     90        .        60       .        DONE    N
        UNS    99        .        20       .        DONE    N
        UNS    99        .        40       .        DONE    N
        .      .         .        56       .        DONE    N
    """)
    assert len(adsv(derived, "BEYOND", "visit")) == 15 + 4


def test_a_subject_without_day_0_has_its_visits_but_no_days(derived: Derived) -> None:
    assert adsv(derived, "SCREENED", "visit svdt protday ady daysoff inwinfl", "visitnum <= 2") == expected("""
        visit  svdt  protday  ady  daysoff  inwinfl
        SCR    -7    .        .    .        N
        D0     .     .        .    .        N
        W2     .     .        .    .        N
    """)


@pytest.mark.parametrize(
    ("siteid", "study", "treatment"),
    [
        # The day after day 40: a visit or an infusion that did not take place is none, and a weight does not count. A
        # date known only to the month is no date.
        ("UNDATED", "Y 41 LOST TO FOLLOW-UP Y", "Y 41 ADVERSE EVENT Y"),
        # The earliest counts, with or without a date: last seen on day 14, so LACK OF EFFICACY stands on day 15.
        ("SEVERAL", "Y 100 WITHDRAWAL BY SUBJECT N", "Y 15 LACK OF EFFICACY Y"),
        # On one day: death first, completed last; an end that cannot be read is not completed.
        ("ONEDAY", "Y 300 DEATH N", "Y 300 . N"),
        # Of a category that cannot be read the end of treatment is certain.
        ("CATEGORY", "N . . N", "Y 30 ADVERSE EVENT N"),
        # Never seen at all: ended, on an unknown day.
        ("NEVERSEEN", "Y . WITHDRAWAL BY SUBJECT Y", "N . . N"),
        ("ONGOING", "N . . N", "N . . N"),
    ],
)
def test_which_end_counts_and_from_when(derived: Derived, siteid: str, study: str, treatment: str) -> None:
    def end(columns: str) -> str:
        (row,) = derived.rows("intermediate.int_disposition", siteid, columns)
        return " ".join(row)

    assert end("has_eos eosdt eosdecod eosdt_imputed") == study
    assert end("has_eot eotdt eotdecod eotdt_imputed") == treatment


def test_a_later_death_is_still_a_death(derived: Derived) -> None:
    assert derived.rows("intermediate.int_disposition", "SEVERAL", "died trt_end_dt") == [["Y", "15"]]
    assert derived.rows("intermediate.int_disposition", "UNDATED", "died trt_end_dt") == [["N", "41"]]
