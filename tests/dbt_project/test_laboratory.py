"""adlb: the standard unit, the limits, the baseline, the windows, and that adsl says the same of the baseline."""

from __future__ import annotations

import duckdb
import pytest

from tests.dbt_project.subject_tables import expected, subject
from tests.dbt_project.written_trial import Derived, write_down

INFUSED = "visit  exstdtc\nD0  0"
C3 = "visit  lbtestcd  lbdtc  lborres  lborresu  lbnrlo  lbnrhi"


def c3(*results: str) -> str:
    """Results of C3 written as 'visit day value', in g/L with limits of 0.9 and 1.8."""
    return "\n".join([C3, *("  ".join([*_visit_first(result), "g/L", "0.9", "1.8"]) for result in results)])


def _visit_first(result: str) -> list[str]:
    visit, day, value = result.split()
    return [visit, "C3", day, value]


SUBJECTS = [
    subject("UNTREATED", lb=c3("SCR -7 0.8")),
    subject("HELD", ex="visit  exstdtc\nW2  14", lb=c3("SCR -7 0.8", "W2 14 1.0")),
    # The last one on or before the first infusion, however long before: there is no look-back.
    subject("LONGAGO", ex=INFUSED, lb=c3("SCR -400 0.8", "UNS 1 1.2")),
    # The edges of the windows: Week 2 is day 1 to 21, Week 4 22 to 42, Week 48 323 to 350.
    subject(
        "WINDOWS",
        ex=INFUSED,
        lb=c3("D0 0 1.0", "UNS 1 1.1", "UNS 21 1.2", "UNS 22 1.3", "UNS 42 1.4", "UNS 323 1.5", "UNS 350 1.6", "UNS 351 1.7"),
    ),
    # Target 28: 27 and 29 are as near, the later counts. Two of day 30 would be: scheduled before ET before UNS.
    subject("NEAREST", ex=INFUSED, lb=c3("UNS 27 1.1", "UNS 29 1.2", "UNS 31 1.3")),
    subject("TIES", ex=INFUSED, lb=c3("UNS 28 1.1", "ET 28 1.2", "W4 28 1.3", "W8 28 1.4", "WEEK4 28 1.5")),
    # A result of C3 without its lower limit gives way, at baseline and in a window, to one that has it.
    subject(
        "NOLIMIT",
        ex=INFUSED,
        lb=f"{C3}\nSCR  C3  -7  0.8  g/L  0.9  1.8\nD0  C3  0  1.0  g/L  .  1.8\n"
        "UNS  C3  5  0.7  g/L  0.9  1.8\nW2  C3  14  1.0  g/L  .  1.8",
    ),
    # Creatinine has no limit that predicts: the last number counts, whatever limits it has.
    subject("CREATININE", ex=INFUSED, lb=f"{C3}\nSCR  CREAT  -7  1  mg/dL  .  1.2\nD0  CREAT  0  0.5  mg/dL  .  ."),
    subject("PROTEIN", ex=INFUSED, lb=f"{C3}\nSCR  PROT24  -7  500  mg/24 h  .  150\nW2  PROT24  1  700  mg/24 h  .  150"),
    # A word for what is measured in numbers gives way to a number, at baseline and in a window, however near it lies; of a
    # test in words the last one counts. Alone it stands for itself.
    subject(
        "WORDS",
        ex=INFUSED,
        lb=f"{C3}\nSCR  PROT24  -14  1.2  g/24 h  .  0.15\nD0  PROT24  0  NEGATIVE  .  .  .\n"
        "UNS  PROT24  10  0.9  g/24 h  .  0.15\nW2  PROT24  14  NEGATIVE  .  .  .\n"
        "SCR  URBC  -14  3  /HPF  .  .\nD0  URBC  0  POSITIVE  .  .  .\nD0  UWBC  0  NEGATIVE  .  .  .\n"
        "SCR  UCAST  -14  POSITIVE  .  .  .\nD0  UCAST  0  NEGATIVE  .  .  .",
    ),
    # What says nothing has no row: not readable, in a unit that nobody knows, without a full date.
    subject(
        "NOTHING",
        ex=INFUSED,
        lb=f"{C3}\nSCR  C3  -7  <5  g/L  0.9  1.8\nD0  C3  0  1.0  furlong  0.9  1.8\nW2  C3  2025-01  1.0  g/L  0.9  1.8",
    ),
    # Exactly at a limit is normal; beyond it is not. UPCR has an upper limit alone.
    subject(
        "LIMITS",
        ex=INFUSED,
        lb=f"{C3}\nSCR  C3  -30  0.9  g/L  0.9  1.8\nSCR  C3  -29  1.8  g/L  0.9  1.8\n"
        "SCR  C3  -28  0.89  g/L  0.9  1.8\nSCR  C3  -27  1.81  g/L  0.9  1.8\n"
        "SCR  UPCR  -7  100  mg/mmol  .  20\nSCR  UPCR  -6  20  mg/mmol  .  20\nSCR  HGB  -7  12  g/dL  .  16\n"
        "SCR  HGB  -6  17  g/dL  .  16\nSCR  URBC  -7  3  /HPF  .  .\nSCR  ANA  -7  POSITIVE  .  .  .",
    ),
    # Limits the wrong way round: complement is held against the lower, anti-dsDNA against the upper, platelets both.
    subject(
        "REVERSED",
        ex=INFUSED,
        lb=f"{C3}\nSCR  C3  -7  1.2  g/L  1.8  0.9\nSCR  DSDNA  -7  20  IU/mL  30  10\nSCR  PLT  -7  200  10^9/L  400  150",
    ),
]  # fmt: skip
SITES = "LAB_"
write_down(SUBJECTS, ["+adlb", "+adsl"], SITES)


@pytest.fixture
def derived(written_trial: duckdb.DuckDBPyConnection) -> Derived:
    return Derived(written_trial, SITES)


def adlb(derived: Derived, siteid: str, columns: str, where: str = "true") -> list[list[str]]:
    return derived.rows(f"(from candidate.analysis.adlb where {where} order by paramcd, adt, srcid)", siteid, columns)


@pytest.mark.parametrize("siteid", ["UNTREATED", "HELD"])
def test_without_day_0_there_is_nothing_that_hangs_on_it(derived: Derived, siteid: str) -> None:
    columns = "protday ady avisit avisitn base bnrind chg shift1 ablfl anl01fl"
    for row in adlb(derived, siteid, columns):
        assert row == ["."] * 10
    assert adlb(derived, siteid, "param aval anrind")[0] == ["Complement C3 (g/L)", "0.8", "LOW"]


def test_the_baseline_has_no_look_back(derived: Derived) -> None:
    assert adlb(derived, "LONGAGO", "protday ady avisitn aval base chg shift1 ablfl anl01fl") == expected("""
        protday  ady   avisitn  aval  base  chg  shift1         ablfl  anl01fl
        -400     -400  0        0.8   0.8   .    .              Y      Y
        1        2     2        1.2   0.8   0.4  LOW to NORMAL  .      Y
    """)


def test_the_windows_are_those_of_the_analysis_visits(derived: Derived) -> None:
    assert adlb(derived, "WINDOWS", "protday avisit avisitn anl01fl") == expected("""
        protday  avisit    avisitn  anl01fl
        0        Baseline  0        Y
        1        Week 2    2        .
        21       Week 2    2        Y
        22       Week 4    4        Y
        42       Week 4    4        .
        323      Week 48   48       Y
        350      Week 48   48       .
        351      .         .        .
    """)


def test_inside_a_window_the_nearest_then_the_later_then_the_planned_one(derived: Derived) -> None:
    assert adlb(derived, "NEAREST", "protday", "anl01fl = 'Y'") == [["29"]]
    # Of two planned visits on one day the later one; a label that can't be read comes last.
    assert adlb(derived, "TIES", "visit aval", "anl01fl = 'Y'") == [["W8", "1.4"]]


def test_what_predicts_by_its_limit_gives_way_without_it(derived: Derived) -> None:
    assert adlb(derived, "NOLIMIT", "protday anrind bnrind shift1 ablfl anl01fl") == expected("""
        protday  anrind  bnrind  shift1      ablfl  anl01fl
        -7       LOW     LOW     .           Y      Y
        0        .       LOW     .           .      .
        5        LOW     LOW     LOW to LOW  .      Y
        14       .       LOW     .           .      .
    """)
    # 0.5 mg/dL x 88.4.
    assert adlb(derived, "CREATININE", "protday base avalu anrind", "ablfl = 'Y'") == [["0", "44.2", "umol/L", "."]]


def test_a_word_gives_way_to_a_number_where_numbers_are_measured(derived: Derived) -> None:
    assert adlb(derived, "WORDS", "paramcd protday aval avalc ablfl anl01fl") == expected("""
        paramcd  protday  aval  avalc     ablfl  anl01fl
        PROT24   -14      1.2   .         Y      Y
        PROT24   0        .     NEGATIVE  .      .
        PROT24   10       0.9   .         .      Y
        PROT24   14       .     NEGATIVE  .      .
        UCAST    -14      .     POSITIVE  .      .
        UCAST    0        .     NEGATIVE  Y      Y
        URBC     -14      3     .         Y      Y
        URBC     0        .     POSITIVE  .      .
        UWBC     0        .     NEGATIVE  Y      Y
    """)
    # 0.9 - 1.2.
    assert adlb(derived, "WORDS", "protday base chg", "paramcd = 'PROT24' and protday > 0") == [
        ["10", "1.2", "-0.3"],
        ["14", "1.2", "."],
    ]
    assert derived.rows("candidate.analysis.adsl", "WORDS", "blprot24") == [["1.2"]]


def test_what_says_nothing_has_no_row(derived: Derived) -> None:
    assert adlb(derived, "NOTHING", "srcid") == []


def test_the_standard_unit_and_the_limits_of_normal(derived: Derived) -> None:
    # 100 mg/mmol x 0.00884 = 0.884 mg/mg; 20 x 0.00884 = 0.1768. 12 g/dL are 120 g/L.
    assert adlb(derived, "LIMITS", "paramcd protday aval avalc avalu anrlo anrhi anrind") == expected("""
        paramcd  protday  aval    avalc     avalu   anrlo  anrhi   anrind
        ANA      -7       .       POSITIVE  .       .      .       .
        C3       -30      0.9     .         g/L     0.9    1.8     NORMAL
        C3       -29      1.8     .         g/L     0.9    1.8     NORMAL
        C3       -28      0.89    .         g/L     0.9    1.8     LOW
        C3       -27      1.81    .         g/L     0.9    1.8     HIGH
        HGB      -7       120     .         g/L     .      160     .
        HGB      -6       170     .         g/L     .      160     HIGH
        UPCR     -7       0.884   .         mg/mg   .      0.1768  HIGH
        UPCR     -6       0.1768  .         mg/mg   .      0.1768  NORMAL
        URBC     -7       3       .         /HPF    .      .       .
    """)


def test_limits_the_wrong_way_round(derived: Derived) -> None:
    assert adlb(derived, "REVERSED", "paramcd anrind") == [["C3", "LOW"], ["DSDNA", "HIGH"], ["PLT", "."]]


def test_adsl_says_the_same_of_everybodys_baseline(derived: Derived) -> None:
    """Of every subject that any test wrote down: adsl's three columns counted from the rows of adlb."""
    disagreeing = derived.all_rows("""
        select adsl.usubjid
        from candidate.analysis.adsl as adsl
        left join candidate.analysis.adlb as adlb on adsl.usubjid = adlb.usubjid and adlb.ablfl = 'Y'
        group by adsl.usubjid, adsl.bllowcfl, adsl.bldnafl, adsl.blprot24
        having
            (count(*) filter (where paramcd in ('C3', 'C4', 'CH50') and aval < anrlo) > 0) <> (bllowcfl = 'Y')
            or (count(*) filter (where paramcd = 'DSDNA' and (aval > anrhi or avalc = 'POSITIVE')) > 0)
            <> (bldnafl = 'Y')
            or round(max(aval) filter (where paramcd = 'PROT24'), 4) is distinct from blprot24
    """)
    assert disagreeing == []
    (known,) = derived.all_rows("""
        select count(*) filter (where bllowcfl = 'Y') as low, count(*) filter (where bldnafl = 'Y') as dna,
            count(blprot24) as protein
        from candidate.analysis.adsl
    """)
    assert min(known.values()) > 0
