"""adcm: intervals without gaps, sums, the limit and the low dose at their edges, and agreement with the endpoint.

Day 0 is 2025-01-06. A record is prednisone by mouth, in mg once a day, unless it says otherwise.
"""

from __future__ import annotations

import duckdb
import pytest

from tests.dbt_project.subject_tables import expected, subject
from tests.dbt_project.written_trial import Derived, write_down

INFUSED = "visit  exstdtc\nD0  0"
ENDED = "dscat  dsdecod  dsdtc\nSTUDY  COMPLETED  "
RECORDS = "cmseq  cmtrt  cmclas  cmdose  cmdosu  cmdosfrq  cmroute  cmstdtc  cmendtc"


def prednisone(*records: str) -> str:
    """Records written as 'dose start end'."""
    lines = [record.split() for record in records]
    return "\n".join(
        [
            RECORDS,
            *(f"{number}  {drug(dose)}  {start}  {end}" for number, (dose, start, end) in enumerate(lines, 1)),
        ]
    )


def drug(dose: str, frequency: str = "QD", route: str = "ORAL") -> str:
    return f"PREDNISONE  CORTICOSTEROID  {dose}  mg  {frequency}  {route}"


SUBJECTS = [
    subject("NONE", cut=300, ex=INFUSED),
    subject("UNTREATED", cm=prednisone("10 -60 .")),
    subject("HELD", ex="visit  exstdtc\nW2  14", cm=prednisone("10 -60 .")),
    # 10 mg to day 99; 5 mg more from day 90; a gap from day 100 to 104; 20 mg from day 105 on.
    subject("TAPER", cut=300, ex=INFUSED, cm=prednisone("10 -30 99", "5 90 99", "20 105 .")),
    subject("ENDED", ex=INFUSED, ds=ENDED + "200", cm=prednisone("10 -30 .", "30 201 .")),
    # Baseline 10: the limit is 15. Baseline 40: 50.
    subject("LIMIT", cut=300, ex=INFUSED, cm=prednisone("10 -30 99", "15 100 199", "15.001 200 .")),
    subject("FACTOR", cut=300, ex=INFUSED, cm=prednisone("40 -30 99", "50 100 199", "50.001 200 .")),
    # Three of seven days at 10 mg: 30/7 = 4.2857; the limit 9.2857 is 65/7.
    subject("THREEDAYS", cut=300, ex=INFUSED, cm=prednisone("10 -3 -1")),
    # Low is at most 7.5 mg a day: reached from a baseline above it, or never left.
    subject("SPARED", cut=300, ex=INFUSED, cm=prednisone("10 -30 49", "7.5 50 99", "7.501 100 .")),
    subject("ALWAYSLOW", cut=300, ex=INFUSED, cm=prednisone("7.5 -30 49", "5 50 .")),
    # 14 mg every other day are 7 a day, 7 mg once a week 1: exact, and 20 mg once is its day alone.
    subject(
        "FREQUENCIES",
        cut=300,
        ex=INFUSED,
        cm=f"{RECORDS}\n1  {drug('14', 'QOD')}  -30  .\n2  {drug('7', 'QW')}  -30  .\n3  {drug('20', 'ONCE')}  50  .",
    ),
    # A route that can't be read counts from day 0 on, and never in the baseline.
    subject("NOROUTE", cut=300, ex=INFUSED, cm=f"{RECORDS}\n1  {drug('20', route='p.o.')}  -30  ."),
    # What starts after the site cut counts on its first day.
    subject("AFTERCUT", cut=180, ex=INFUSED, cm=prednisone("20 200 .")),
    # A start far beyond the cut, of a mistyped year; and ends that are told beyond the cut, with days between that nobody knows.
    subject("TYPO", cut=180, ex=INFUSED, cm=prednisone("10 -30 99", "20 390 .")),
    subject("TOLD", cut=180, ex=INFUSED, cm=prednisone("20 170 190", "10 200 204")),
    subject("TOLDEARLY", cut=100, ex=INFUSED, cm=prednisone("20 90 169")),
    subject("TOLDUNKNOWN", cut=180, ex=INFUSED, cm=prednisone(". 185 190")),
    subject("NOCUT", cut=None, ex=INFUSED, cm=prednisone("20 200 .")),
]
SITES = "STEROID_"
write_down(SUBJECTS, ["+adcm", "+adsl"], SITES)


@pytest.fixture
def derived(written_trial: duckdb.DuckDBPyConnection) -> Derived:
    return Derived(written_trial, SITES)


def adcm(derived: Derived, siteid: str, columns: str, where: str = "true") -> list[list[str]]:
    return derived.rows("candidate.analysis.adcm", siteid, columns, where)


def test_without_a_record_the_dose_is_0(derived: Derived) -> None:
    assert adcm(derived, "NONE", "protday protdaye ady aendy adurn aphase dose chg ablfl nrec srcid") == expected("""
        protday  protdaye  ady  aendy  adurn  aphase                 dose  chg  ablfl  nrec  srcid
        -7       -1        -7   -1     7      BEFORE FIRST INFUSION  0     .    Y      0     .
        0        167       1    168    168    FROM FIRST INFUSION    0     0    .      0     .
        168      300       169  301    133    FROM FIRST INFUSION    0     0    .      0     .
    """)


@pytest.mark.parametrize("siteid", ["UNTREATED", "HELD"])
def test_without_day_0_there_are_no_intervals(derived: Derived, siteid: str) -> None:
    assert adcm(derived, siteid, "astdt") == []


def test_records_add_up_and_end(derived: Derived) -> None:
    assert adcm(derived, "TAPER", "protday protdaye dose chg overfl icefl ablfl nrec srcid") == expected("""
        protday  protdaye  dose  chg  overfl  icefl  ablfl  nrec  srcid
        -30      -8        10    .    N       N      .      1     TAPER cm 1
        -7       -1        10    .    N       N      Y      1     TAPER cm 1
        0        89        10    0    N       N      .      1     TAPER cm 1
        90       99        15    5    N       N      .      2     TAPER cm 2
        100      104       0     -10  N       N      .      0     .
        105      167       20    10   Y       N      .      1     TAPER cm 3
        168      300       20    10   Y       Y      .      1     TAPER cm 3
    """)


def test_the_end_of_the_study_ends_it(derived: Derived) -> None:
    assert adcm(derived, "ENDED", "protday protdaye dose", "aphase like 'FROM%'") == [
        ["0", "167", "10"],
        ["168", "200", "10"],
    ]


@pytest.mark.parametrize(
    ("siteid", "at_the_limit", "limit"), [("LIMIT", "15", "15"), ("FACTOR", "50", "50"), ("THREEDAYS", "0", "9.2857")]
)
def test_exactly_the_limit_is_not_above_it(derived: Derived, siteid: str, at_the_limit: str, limit: str) -> None:
    rows = adcm(derived, siteid, "dose limdose overfl icefl", "protday >= 100")
    assert {tuple(row) for row in rows if row[0] == at_the_limit} == {(at_the_limit, limit, "N", "N")}
    if siteid != "THREEDAYS":
        assert [row for row in rows if row[0] != at_the_limit] == [[f"{at_the_limit}.001", limit, "Y", "Y"]]


def test_the_baseline_is_a_mean_over_seven_days(derived: Derived) -> None:
    assert adcm(derived, "THREEDAYS", "protday protdaye dose base ablfl", "protday < 0") == expected("""
        protday  protdaye  dose  base    ablfl
        -7       -4        0     4.2857  Y
        -3       -1        10    4.2857  Y
    """)


def test_a_low_dose_and_who_came_down_to_it(derived: Derived) -> None:
    assert adcm(derived, "SPARED", "protday dose lowfl redlowfl", "protday not in (-7, 168)") == expected("""
        protday  dose   lowfl  redlowfl
        -30      10     N      N
        0        10     N      N
        50       7.5    Y      Y
        100      7.501  N      N
    """)
    assert {tuple(row) for row in adcm(derived, "ALWAYSLOW", "lowfl redlowfl")} == {("Y", "N")}


def test_frequencies(derived: Derived) -> None:
    assert adcm(derived, "FREQUENCIES", "protday protdaye dose nrec", "protday between 0 and 51") == expected("""
        protday  protdaye  dose  nrec
        0        49        8     2
        50       50        28    3
        51       167       8     2
    """)


def test_a_route_that_nobody_can_read(derived: Derived) -> None:
    assert adcm(derived, "NOROUTE", "protday dose base nrec") == expected("""
        protday  dose  base  nrec
        -30      0     0     0
        -7       0     0     0
        0        20    0     1
        168      20    0     1
    """)


@pytest.mark.parametrize("siteid", ["AFTERCUT", "NOCUT"])
def test_what_starts_after_the_site_cut(derived: Derived, siteid: str) -> None:
    assert adcm(derived, siteid, "protday protdaye dose", "dose > 0") == [["200", "200", "20"]]


def test_after_the_site_cut_there_are_the_days_of_a_record_alone(derived: Derived) -> None:
    columns = "protday protdaye dose nrec nunk"
    assert adcm(derived, "AFTERCUT", columns, "protday >= 168") == [
        ["168", "180", "0", "0", "0"],
        ["200", "200", "20", "1", "0"],
    ]
    assert adcm(derived, "TYPO", columns, "protday >= 100") == [
        ["100", "167", "0", "0", "0"],
        ["168", "180", "0", "0", "0"],
        ["390", "390", "20", "1", "0"],
    ]
    assert adcm(derived, "TOLD", columns, "protday >= 168") == expected("""
        protday  protdaye  dose  nrec  nunk
        168      169       0     0     0
        170      180       20    1     0
        181      190       20    1     0
        200      204       10    1     0
    """)
    # The rule on increases holds from day 168 on.
    assert adcm(derived, "TOLDEARLY", f"{columns} icefl", "protday >= 90") == expected("""
        protday  protdaye  dose  nrec  nunk  icefl
        90       100       20    1     0     N
        101      167       20    1     0     N
        168      169       20    1     0     Y
    """)
    assert adcm(derived, "TOLDUNKNOWN", columns, "protday >= 168") == expected("""
        protday  protdaye  dose  nrec  nunk
        168      180       0     0     0
        185      190       0     0     1
    """)


def test_the_first_day_above_the_limit_is_the_event_of_everybody(derived: Derived) -> None:
    """Of every subject that any test wrote down, in both directions."""
    disagreeing = derived.all_rows("""
        select coalesce(events.usubjid, first_days.usubjid) as usubjid, events.icedt, first_days.astdt
        from (
            select usubjid, icedt from intermediate.int_intercurrent_events
            where iceterm = 'STEROID INCREASE' and scenario = 'PRIMARY'
        ) as events
        full join (
            select usubjid, min(astdt) as astdt from candidate.analysis.adcm where icefl = 'Y' group by usubjid
        ) as first_days on events.usubjid = first_days.usubjid
        where events.icedt is distinct from first_days.astdt
    """)
    assert disagreeing == []


def test_intervals_follow_each_other_and_the_baseline_days_make_the_baseline(derived: Derived) -> None:
    # A gap is one of days that nobody knows: after it there are the days of records alone.
    gaps = derived.all_rows("""
        select adcm.usubjid, adcm.astdt
        from candidate.analysis.adcm as adcm
        inner join intermediate.int_medication_subjects as subjects
            on adcm.usubjid = subjects.usubjid and subjects.scenario = 'PRIMARY'
        qualify
            aendt < astdt
            or astdt < coalesce(lag(aendt) over (partition by adcm.usubjid order by astdt) + 1, astdt)
            or (
                astdt > coalesce(lag(aendt) over (partition by adcm.usubjid order by astdt) + 1, astdt)
                and (astdt <= known_until or nrec + nunk = 0)
            )
    """)
    assert gaps == []
    other_baselines = derived.all_rows("""
        select adsl.usubjid
        from candidate.analysis.adsl as adsl
        left join candidate.analysis.adcm as adcm on adsl.usubjid = adcm.usubjid and adcm.ablfl = 'Y'
        where adsl.trtsdt is not null and coalesce(adsl.eosdt >= adsl.trtsdt, true)
        group by adsl.usubjid, adsl.blsteroid
        having
            sum(adurn) is distinct from 7
            or max(base) is distinct from blsteroid
            -- The rounded doses of seven days are off by half of 0.0001 at most.
            or abs(sum(dose * adurn) - 7 * blsteroid) > 7 * 0.0001
    """)
    assert other_baselines == []
