"""Infusions against their plan: status, weight, planned dose, deviation, windows, and what they add up to.

Every expectation is worked out by hand from the protocol; unless a test says otherwise the subject weighs 60 kg, so
that 600 mg are planned.
"""

from __future__ import annotations

import duckdb
import pytest

from tests.dbt_project.subject_tables import expected, subject
from tests.dbt_project.written_trial import Derived, write_down

WEIGHT_60 = "vsdtc  vsorres\n0  60"

SUBJECTS = [
    subject(
        "LIMITS",
        vs=WEIGHT_60,
        ex="""
        visit  exstdtc  exdose
        D0     0        600
        W2     14       660
        W4     28       660.01
        W8     56       540
        W12    84       539.99
        W16    112      1200
        W20    140      1200.01
        W24    168      300
        W28    196      299.99
        W32    224      5800
        """,
    ),
    subject(
        "ROUNDING",
        vs="vsdtc  vsorres\n0  100",
        ex="""
        visit  exstdtc  exdose
        D0     0        1000.05
        W2     14       999.95
        W4     28       1000.049
        W8     56       1001.15
        W12    84       1010.05
        """,
    ),
    subject(
        "POUNDS",
        vs="vsdtc  vsorres  vsorresu\n0  132.5  lb",
        ex="visit  exstdtc  exdose\nD0  0  661.11\nW2  14  661.12",
    ),
    subject(
        "WEIGHTS",
        vs="""
        visit  vsdtc  vsorres  vsorresu
        D0     0      60       kg
        W2     14     61       kg
        W4     27     62       kg
        W4     28     63       stone
        W8     57     64       kg
        W12    84     65       kg
        UNS    84     66       kg
        W16    112    67       kg
        W20    112    68       kg
        ET     140    69       kg
        UNS    140    70       kg
        W24    168    0        kg
        """,
        ex="visit  exstdtc\nD0  0\nW2  14\nW4  28\nW8  56\nW12  84\nW16  112\nW20  140\nW24  168",
    ),
    subject("NOWEIGHT", cut=30, vs="vsdtc  vsorres\n1  60", ex="visit  exstdtc\nD0  0\nW2  14"),
    subject(
        "MISSEDPLAN",
        cut=71,
        vs="visit  vsdtc  vsorres\nD0  0  60\nW2  14  61\nW4  29  62\nW8  56  63",
        ex="visit  exoccur  exstdtc  exdose\nD0  Y  0  600\nW4  N  .  .",
    ),
    subject(
        "WINDOWS",
        vs=WEIGHT_60,
        ex="""
        visit  exstdtc
        D0     0
        W2     17
        W4     32
        W8     63
        W12    92
        W16    105
        W20    132
        """,
    ),
    subject("EARLY", vs=WEIGHT_60, ex="visit  exstdtc\nD0  0\nW2  11\nW4  24"),
    subject("CUT24", cut=24, ex="visit  exstdtc\nD0  0"),
    subject("CUT25", cut=25, ex="visit  exstdtc\nD0  0"),
    subject("CUT70", cut=70, ex="visit  exstdtc\nD0  0\nW2  14\nW4  28"),
    subject("CUT71", cut=71, ex="visit  exstdtc\nD0  0\nW2  14\nW4  28"),
    subject("NOCUT", cut=None, ex="visit  exstdtc\nD0  0"),
    # The treatment ends on day 56, the study on day 84: whatever lies after day 56 is not due.
    subject(
        "ENDS56",
        ex="visit  exstdtc\nD0  0\nW2  14\nW4  28",
        ds="""
        dscat      dsdecod        dsdtc
        TREATMENT  ADVERSE EVENT  56
        STUDY      COMPLETED      84
        """,
    ),
    subject(
        "ENDS55", ex="visit  exstdtc\nD0  0", ds="dscat  dsdecod  dsdtc\nSTUDY  COMPLETED  55\nTREATMENT  COMPLETED  57"
    ),
    subject("DUEOPEN", cut=60, ex="visit  exstdtc\nD0  0", ds="dscat  dsdecod  dsdtc\nTREATMENT  ADVERSE EVENT  56"),
    subject(
        "AFTEREND",
        ex="visit  exoccur  exstdtc  exdose\nD0  Y  0  600\nW2  Y  14  600\nW4  N  .  .",
        ds="dscat  dsdecod  dsdtc\nTREATMENT  PHYSICIAN DECISION  7",
    ),
    subject(
        "OCCURRENCE",
        cut=30,
        vs=WEIGHT_60,
        ex="""
        visit  exoccur  exstdtc  exdose  exdosu
        D0     Y        0        600     mg
        W2     Y        14       .       .
        W4     Y        28       0       mg
        W8     N        .        600     mg
        W12    .        .        .       .
        W16    Y        .        600     mg
        W20    Y        29       6       bottles
        """,
    ),
    subject(
        "BEYOND",
        cut=30,
        vs=WEIGHT_60,
        ex="""
        visit  exoccur  exstdtc    exendtc    exdose
        D0     Y        0 09:30    0 10:30    600
        W2     Y        14 09:30   14 09:00   600
        UNS    Y        20         20         300
        Week4  Y        28 09:30   28 10:19   600
        ET     N        29         .          .
        """,
    ),
    # Numbers as large and as small as can be read.
    subject(
        "ABSURD",
        cut=30,
        vs="vsdtc  vsorres\n0  999999999\n14  0.000001",
        ex="visit  exstdtc  exdose\nD0  0  0.000001\nW2  14  999999999",
    ),
    subject("HELDABSENT", vs=WEIGHT_60, ex="visit  exstdtc\nW2  14"),
    subject("HELDNOTGIVEN", ex="visit  exoccur  exstdtc  exdose\nD0  N  .  .\nW2  Y  14  600"),
    subject("HELDNODOSE", ex="visit  exstdtc  exdose\nD0  0  0\nW2  14  600"),
    subject("HELDMONTH", ex="visit  exstdtc\nD0  2025-01"),
    subject("HELDTWICE", ex="visit  exstdtc  exdose\nD0  0  600\nD0  0  610"),
    subject("HELDLABEL", ex="visit  exstdtc\nDay 0  0"),
    subject("HELDTEXT", ex="visit  exstdtc  exdose\nD0  0  6OO"),
    subject("HELDANSWER", ex="visit  exoccur  exstdtc\nD0  yes  0"),
    subject("COPIEDTWICE", ex="visit  exstdtc\nD0  0\nD0  0"),
    subject("UNITUNKNOWN", vs=WEIGHT_60, ex="visit  exstdtc  exdosu\nD0  0  bottles"),
    subject("NEVER", ex="visit  exoccur  exstdtc  exdose\nD0  N  .  ."),
    subject("NODOSE", ex="visit  exoccur  exstdtc  exdose\nD0  Y  0  ."),
    subject("SCREENED"),
]
SITES = "DOSING_"
write_down(SUBJECTS, ["+adex", "+adexsum"], SITES)


@pytest.fixture
def derived(written_trial: duckdb.DuckDBPyConnection) -> Derived:
    return Derived(written_trial, SITES)


def adex(derived: Derived, siteid: str, columns: str, where: str = "true") -> list[list[str]]:
    return derived.rows("candidate.analysis.adex", siteid, columns, where)


def adexsum(derived: Derived, siteid: str, columns: str) -> list[list[str]]:
    return derived.rows("candidate.analysis.adexsum", siteid, columns)


def statuses(derived: Derived, siteid: str) -> str:
    """The 14 statuses in the order of the plan, each by its first letter: Given, Missed, Not due, Pending."""
    return "".join(status[0] for (status,) in adex(derived, siteid, "status", "plannum is not null"))


def test_exactly_the_limit_is_not_over_it(derived: Derived) -> None:
    assert adex(derived, "LIMITS", "visit devpct devfl grossfl", "status = 'GIVEN'") == expected("""
        visit  devpct   devfl  grossfl
        D0     0        N      N
        W2     10.00    N      N
        W4     10.00    Y      N
        W8     -10.00   N      N
        W12    -10.00   Y      N
        W16    100.00   Y      N
        W20    100.00   Y      Y
        W24    -50.00   Y      N
        W28    -50.00   Y      Y
        W32    866.67   Y      Y
    """)


def test_the_deviation_is_rounded_half_away_from_zero(derived: Derived) -> None:
    # In binary floating point the last two are 0.11499... and 1.00499...
    assert adex(derived, "ROUNDING", "visit devpct", "status = 'GIVEN'") == expected("""
        visit  devpct
        D0     0.01
        W2     -0.01
        W4     0
        W8     0.12
        W12    1.01
    """)


def test_the_plan_is_not_rounded_before_the_comparison(derived: Derived) -> None:
    # 132.5 lb are 60.100989025 kg, planned 601.00989025 mg, and 10 % over that are 661.110879275 mg.
    assert adex(derived, "POUNDS", "visit plandose devpct devfl", "status = 'GIVEN'") == expected("""
        visit  plandose  devpct  devfl
        D0     601.01    10.00   N
        W2     601.01    10.00   Y
    """)


def test_the_weight_is_the_latest_on_or_before_the_infusion(derived: Derived) -> None:
    # Day 28: the weight of the day has an unknown unit. Day 56: day 57 comes too late. Two on one day: a scheduled
    # visit before UNS, the later planned one of two, ET before UNS. A weight of 0 is none.
    assert adex(derived, "WEIGHTS", "visit weight weightdt plandose", "status = 'GIVEN'") == expected("""
        visit  weight  weightdt  plandose
        D0     60      0         600
        W2     61      14        610
        W4     62      27        620
        W8     62      27        620
        W12    65      84        650
        W16    68      112       680
        W20    69      140       690
        W24    69      140       690
    """)


def test_an_infusion_with_no_weight_before_it_has_no_plan(derived: Derived) -> None:
    assert adex(
        derived, "NOWEIGHT", "visit weight plandose devpct mgperkg devfl grossfl", "status = 'GIVEN'"
    ) == expected("""
        visit  weight  plandose  devpct  mgperkg  devfl  grossfl
        D0     .       .         .       .        N      N
        W2     60      600       0       10.00    N      N
    """)
    # What was planned in all is not known, so neither is the share of it.
    assert adexsum(derived, "NOWEIGHT", "ndue cumdose plancum rdi compl") == expected("""
        ndue  cumdose  plancum  rdi  compl
        2     1200     .        .    100
    """)


def test_a_missed_infusion_is_planned_by_the_weight_of_its_target_day(derived: Derived) -> None:
    assert adex(
        derived, "MISSEDPLAN", "visit status weight weightdt plandose exdose astdt", "plannum <= 5"
    ) == expected("""
        visit  status   weight  weightdt  plandose  exdose  astdt
        D0     GIVEN    60      0         600       600     0
        W2     MISSED   61      14        610       .       .
        W4     MISSED   61      14        610       .       .
        W8     MISSED   63      56        630       .       .
        W12    PENDING  .       .         .         .       .
    """)
    # 600 of 600 + 610 + 610 + 630 = 2450 mg, one of four.
    assert adexsum(derived, "MISSEDPLAN", "ndue ngiven nmissed cumdose plancum rdi compl maxgap") == expected("""
        ndue  ngiven  nmissed  cumdose  plancum  rdi    compl  maxgap
        4     1       3        600      2450     24.49  25     .
    """)


def test_windows_are_three_days_until_day_28_and_seven_after(derived: Derived) -> None:
    assert adex(derived, "WINDOWS", "visit protday ady daysoff latefl intervl", "status = 'GIVEN'") == expected("""
        visit  protday  ady  daysoff  latefl  intervl
        D0     0        1    0        N       .
        W2     17       18   3        N       17
        W4     32       33   4        Y       15
        W8     63       64   7        N       31
        W12    92       93   8        Y       29
        W16    105      106  -7       N       13
        W20    132      133  -8       Y       27
    """)
    assert adex(derived, "EARLY", "visit daysoff latefl", "status = 'GIVEN'") == [
        ["D0", "0", "N"], ["W2", "-3", "N"], ["W4", "-4", "Y"]
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("siteid", "plan"),
    [
        # W2: 14 + 3 + 7 = day 24, which must lie before the site cut.
        ("CUT24", "GPPPPPPPPPPPPP"),
        ("CUT25", "GMPPPPPPPPPPPP"),
        # W8: 56 + 7 + 7 = day 70.
        ("CUT70", "GGGPPPPPPPPPPP"),
        ("CUT71", "GGGMPPPPPPPPPP"),
        # Without a site cut nothing can be missing.
        ("NOCUT", "GPPPPPPPPPPPPP"),
    ],
)
def test_an_infusion_is_missed_when_its_entry_is_overdue_to_the_day(derived: Derived, siteid: str, plan: str) -> None:
    assert statuses(derived, siteid) == plan


@pytest.mark.parametrize(
    ("siteid", "plan"),
    [
        # Due on the day the treatment ends is due; the earlier of the two ends decides, completed or not.
        ("ENDS56", "GGGMNNNNNNNNNN"),
        ("ENDS55", "GMMNNNNNNNNNNN"),
        # Due by the end, and not overdue yet: pending.
        ("DUEOPEN", "GMMPNNNNNNNNNN"),
        # What is recorded counts after the end, too: given is given, and not given is missed.
        ("AFTEREND", "GGMNNNNNNNNNNN"),
    ],
)
def test_what_lies_after_the_end_is_not_due(derived: Derived, siteid: str, plan: str) -> None:
    assert statuses(derived, siteid) == plan


def test_given_needs_an_occurrence_and_a_dose(derived: Derived) -> None:
    # W12: an empty record says nothing. W16: given, but nobody knows when, so by which weight. W20: given, but in a
    # unit that nobody knows.
    columns = "visit status astdt exdose weight plandose devpct"
    assert adex(derived, "OCCURRENCE", columns, "plannum <= 7") == expected("""
        visit  status   astdt  exdose  weight  plandose  devpct
        D0     GIVEN    0      600     60      600       0
        W2     MISSED   .      .       60      600       .
        W4     MISSED   .      .       60      600       .
        W8     MISSED   .      .       60      600       .
        W12    PENDING  .      .       .       .         .
        W16    GIVEN    .      600     .       .         .
        W20    GIVEN    29     .       60      600       .
    """)
    assert adexsum(derived, "OCCURRENCE", "ndue ngiven nmissed cumdose plancum rdi compl") == expected("""
        ndue  ngiven  nmissed  cumdose  plancum  rdi  compl
        6     3       3        .        .        .    50
    """)


def test_infusions_beyond_the_plan_have_rows_of_their_own(derived: Derived) -> None:
    columns = "visit plannum targetday astdt protday daysoff exdose devpct latefl duration intervl srcid"
    assert adex(derived, "BEYOND", columns, "status = 'GIVEN'") == expected("""
        visit  plannum  targetday  astdt  protday  daysoff  exdose  devpct  latefl  duration  intervl  srcid
        D0     1        0          0      0        0        600     0       N       60        .        BEYOND ex 1
        W2     2        14         14     14       0        600     0       N       .         14       BEYOND ex 2
        UNS    .        .          20     20       .        300     -50     N       .         6        BEYOND ex 3
        .      .        .          28     28       .        600     0       N       49        8        BEYOND ex 4
    """)
    # Two were due: 1200 of 1200 mg. All that was given adds up to 2100 mg. Not given beyond the plan is nothing.
    assert adexsum(derived, "BEYOND", "ndue ngiven nmissed cumdose plancum rdi compl maxgap") == expected("""
        ndue  ngiven  nmissed  cumdose  plancum  rdi  compl  maxgap
        2     4       0        2100     1200     100  100    14
    """)
    assert len(adex(derived, "BEYOND", "visit")) == 14 + 2


def test_numbers_that_nobody_can_have_do_not_stop_a_load(derived: Derived) -> None:
    columns = "visit plandose devpct mgperkg grossfl"
    assert adex(derived, "ABSURD", columns, "status = 'GIVEN'") == expected("""
        visit  plandose    devpct            mgperkg          grossfl
        D0     9999999990  -100              0                Y
        W2     0           9999999989999900  999999999000000  Y
    """)


@pytest.mark.parametrize(
    "siteid",
    ["HELDABSENT", "HELDNOTGIVEN", "HELDNODOSE", "HELDMONTH", "HELDTWICE", "HELDLABEL", "HELDTEXT", "HELDANSWER"],
)
def test_infused_without_a_usable_first_infusion_is_held(derived: Derived, siteid: str) -> None:
    assert derived.rows("intermediate.int_day0", siteid, "trtsdt infused held day0_row_id") == [[".", "Y", "Y", "."]]
    assert adex(derived, siteid, "visit") == []
    assert adexsum(derived, siteid, "ndue") == []


def test_the_doses_of_a_held_subject_are_still_looked_at(derived: Derived) -> None:
    columns = "visit status exstdt exdose_mg plan_mg trtsdt"
    assert derived.rows("intermediate.int_infusions", "HELDABSENT", columns) == [
        ["W2", "GIVEN", "14", "600", "600", "."]
    ]


@pytest.mark.parametrize("siteid", ["COPIEDTWICE", "UNITUNKNOWN"])
def test_an_identical_copy_or_an_unknown_unit_leaves_day_0_known(derived: Derived, siteid: str) -> None:
    assert derived.rows("intermediate.int_day0", siteid, "trtsdt infused held") == [["0", "Y", "N"]]
    assert statuses(derived, siteid)[0] == "G"


@pytest.mark.parametrize("siteid", ["NEVER", "NODOSE", "SCREENED"])
def test_never_infused_is_not_held(derived: Derived, siteid: str) -> None:
    assert derived.rows("intermediate.int_day0", siteid, "trtsdt infused held") == [[".", "N", "N"]]
    assert adex(derived, siteid, "visit") == []
