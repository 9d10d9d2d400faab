"""Which record is the baseline of each component, and what adqs shows of it."""

from __future__ import annotations

import pytest

from tests.dbt_project.endpoint_tables import endpoint_subject
from tests.dbt_project.subject_tables import expected
from tests.dbt_project.written_trial import Derived

ADQS = "candidate.analysis.adqs"
# The infusion starts at 09:30 where a test is about times of day.
AT_0930 = "visit  exstdtc\nD0  0 09:30"

# site: (records as day, visit, PGA), the day and value of the baseline by hand
CASES = {
    "LAST": ("-20  SCR  .  .  1.0\n-3  UNS  .  .  1.1\n14  W2  .  .  1.2", "-3", "1.1", AT_0930),
    # At most 35 days before it.
    "DAY35": ("-35  SCR  .  .  1.0", "-35", "1", AT_0930),
    "DAY36": ("-36  SCR  .  .  1.0", None, None, AT_0930),
    # Complete before incomplete, however much later the incomplete one is; but not outside the 35 days.
    "COMPLETE": ("-30  SCR  .  .  1.0\n0  D0  .  .  9", "-30", "1", AT_0930),
    "INCOMPLETE": ("-36  SCR  .  .  1.0\n-2  UNS  .  .  8\n-1  D0  .  .  9", "-1", None, AT_0930),
    # The same day counts as before the infusion unless both times are known and say otherwise.
    "NOTIME": ("-5  SCR  .  .  1.0\n0  D0  .  .  1.1", "0", "1.1", AT_0930),
    "NOINFUSIONTIME": ("-5  SCR  .  .  1.0\n0 15:00  D0  .  .  1.1", "0", "1.1", "visit  exstdtc\nD0  0"),
    "BEFORE": ("-5  SCR  .  .  1.0\n0 09:29  D0  .  .  1.1", "0", "1.1", AT_0930),
    "ATTHESTART": ("-5  SCR  .  .  1.0\n0 09:30  D0  .  .  1.1", "0", "1.1", AT_0930),
    "AFTER": ("-5  SCR  .  .  1.0\n0 09:31  D0  .  .  1.1", "-5", "1", AT_0930),
    # Two on one day: scheduled (the later planned of two), ET, UNS, a label that can't be read.
    "PLANNED": ("0  SCR  .  .  1.0\n0  D0  .  .  1.1\n0  UNS  .  .  1.2", "0", "1.1", AT_0930),
    "LATERPLANNED": ("0  W2  .  .  1.0\n0  D0  .  .  1.1", "0", "1", AT_0930),
    "ETFIRST": ("-1  UNS  .  .  1.0\n-1  ET  .  .  1.1\n-1  Day 0  .  .  1.2", "-1", "1.1", AT_0930),
    "UNREADABLE": ("-1  Day 0  .  .  1.0\n-1  UNS  .  .  1.1", "-1", "1.1", AT_0930),
    # No rule is left for two of one kind on one day: the later of two known times.
    "LATERTIME": ("-1 08:00  UNS  .  .  1.0\n-1 17:00  UNS  .  .  1.1\n-1  UNS  .  .  1.2", "-1", "1.1", AT_0930),
    # A record without a full date takes no part.
    "PARTIALDATE": ("-5  SCR  .  .  1.0\n2025-01  D0  .  .  1.1", "-5", "1", AT_0930),
}
SITES = {name: endpoint_subject(name, case[0], baseline="", ex=case[3]) for name, case in CASES.items()}


@pytest.mark.parametrize("name", CASES)
def test_the_baseline_record(endpoint: Derived, name: str) -> None:
    _, day, value, _ = CASES[name]
    found = endpoint.rows(ADQS, SITES[name], "adt aval avisit avisitn anl01fl", "paramcd = 'PGA' and ablfl = 'Y'")
    assert found == ([] if day is None else [[day, value or ".", "Baseline", "0", "Y"]])


def test_a_record_known_to_be_after_the_infusion_is_neither_baseline_nor_later(endpoint: Derived) -> None:
    columns = "adt protday ady avisit ablfl anl01fl base chg"
    assert endpoint.rows(ADQS, SITES["AFTER"], columns, "paramcd = 'PGA'") == expected("""
        adt  protday  ady  avisit    ablfl  anl01fl  base  chg
        -5   -5       -5   Baseline  Y      Y        1     .
        0    0        1    .         .      .        1     .
    """)


EACH_COMPONENT = endpoint_subject(
    "EACHCOMPONENT",
    baseline="""
    -10  SCR  9+12+15    DBDBDDDDD  1.5
    -4   UNS  9+12 ?24   DBD-DDDDD  1.4
    0    D0   .          DADBDDDDD  .
    """,
    activity="14  W2  9  DCDCDDDDE  0.8",
)


def test_each_component_has_its_own_baseline_and_adqs_all_parameters(endpoint: Derived) -> None:
    columns = "paramcd adt aval avalc base chg ablfl complfl"
    assert endpoint.rows(ADQS, EACH_COMPONENT, columns, "avisitn in (0, 2)") == expected("""
        paramcd   adt  aval  avalc  base  chg   ablfl  complfl
        BILAGA    0    1     .      1     .     Y      Y
        BILAGA    14   0     .      1     -1    .      Y
        BILAGB    0    1     .      1     .     Y      Y
        BILAGB    14   0     .      1     -1    .      Y
        BILAGTOT  0    20    .      20    .     Y      Y
        BILAGTOT  14   2     .      20    -18   .      Y
        BILCARD   0    0     D      0     .     Y      Y
        BILCARD   14   0     D      0     0     .      Y
        BILCONST  0    0     D      0     .     Y      Y
        BILCONST  14   0     D      0     0     .      Y
        BILGAST   0    0     D      0     .     Y      Y
        BILGAST   14   0     D      0     0     .      Y
        BILHAEM   0    0     D      0     .     Y      Y
        BILHAEM   14   0     E      0     0     .      Y
        BILMUCO   0    12    A      12    .     Y      Y
        BILMUCO   14   1     C      12    -11   .      Y
        BILMUSC   0    8     B      8     .     Y      Y
        BILMUSC   14   1     C      8     -7    .      Y
        BILNEURO  0    0     D      0     .     Y      Y
        BILNEURO  14   0     D      0     0     .      Y
        BILOPHT   0    0     D      0     .     Y      Y
        BILOPHT   14   0     D      0     0     .      Y
        BILRENAL  0    0     D      0     .     Y      Y
        BILRENAL  14   0     D      0     0     .      Y
        PGA       -4   1.4   .      1.4   .     Y      Y
        PGA       14   0.8   .      1.4   -0.6  .      Y
        SLEDAI    -10  10    .      10    .     Y      Y
        SLEDAI    14   4     .      10    -6    .      Y
        SLETOT    -10  .     .      .     .     Y      Y
        SLETOT    14   .     .      .     .     .      Y
    """)


def test_an_incomplete_record_has_its_known_grades_and_no_totals(endpoint: Derived) -> None:
    where = "adt = date '2025-01-02' and paramcd in ('SLEDAI', 'BILAGTOT', 'BILAGB', 'BILMUCO', 'BILMUSC')"
    assert endpoint.rows(ADQS, EACH_COMPONENT, "paramcd aval avalc complfl avisit anl01fl", where) == expected("""
        paramcd   aval  avalc  complfl  avisit  anl01fl
        BILAGB    .     .      N        .       .
        BILAGTOT  .     .      N        .       .
        BILMUCO   8     B      N        .       .
        BILMUSC   .     .      N        .       .
        SLEDAI    .     .      N        .       .
    """)


NEVER_TREATED = endpoint_subject("NEVERTREATED", ex="visit  exoccur  exstdtc  exdose\nD0  N  .  .")
HELD = endpoint_subject("HELD", "14  W2  9  DCDCDDDDD  0.8", ex="visit  exstdtc\nD0  2025-01\nW2  14")


@pytest.mark.parametrize("siteid", [NEVER_TREATED, HELD])
def test_without_a_day_0_records_stand_alone_and_there_is_no_endpoint(endpoint: Derived, siteid: str) -> None:
    flags = "protday ady avisit avisitn base chg ablfl anl01fl"
    assert endpoint.rows(ADQS, siteid, "adt aval " + flags, "paramcd = 'PGA' and adt = date '2025-01-06'") == [
        ["0", "1.5", ".", ".", ".", ".", ".", ".", ".", "."]
    ]
    assert endpoint.rows("candidate.analysis.adsri", siteid, "avisitn") == []
