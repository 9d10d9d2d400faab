"""SLEDAI-2K and PGA against baseline, and the composite of the three components.

Every expectation is worked out by hand from the protocol. The standard baseline is SLEDAI-2K 10, two Bs, PGA 1.5.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.dbt_project.endpoint_tables import RESPONSE, endpoint_subject
from tests.dbt_project.subject_tables import expected
from tests.dbt_project.written_trial import Derived

ADSRI = "candidate.analysis.adsri"

# 8 + 4 + 2 + 1 = 15 at baseline; then 11, 12, 10, 9, 8 and 7 points: falls of 4, 3, 5, 6, 7 and 8.
POINTS = endpoint_subject(
    "POINTS",
    baseline="0  D0  8+9+15+22  DBDBDDDDD  1.5",
    activity="""
    14   W2   8+15+22     DBDBDDDDD  1.5
    28   W4   9+10+11     DBDBDDDDD  1.5
    56   W8   8+15        DBDBDDDDD  1.5
    84   W12  8+22        DBDBDDDDD  1.5
    112  W16  8           DBDBDDDDD  1.5
    140  W20  9+15+22     DBDBDDDDD  1.5
    168  W24  9+15+22 ?24  DBDBDDDDD  1.5
    """,
)
# All 24 items: 8 x 8 + 6 x 4 + 7 x 2 + 3 x 1 = 105.
EVERYTHING = endpoint_subject(
    "EVERYTHING", baseline="0  D0  " + "+".join(str(item) for item in range(1, 25)) + "  DBDBDDDDD  1.5"
)
# An unanswered item makes the total unknown, at baseline as well, whatever the answered ones would decide.
NOBASELINETOTAL = endpoint_subject(
    "NOBASETOTAL", baseline="0  D0  9+12 ?1  DBDBDDDDD  1.5", activity="336  W48  0  DBDBDDDDD  1.5"
)
# A baseline below 4 can't fall by 4: not attainable, but still unknown until assessed or closed.
LOWBASELINE = endpoint_subject(
    "LOWBASE", baseline="0  D0  15  DBDBDDDDD  1.5", activity="14  W2  0  DBDBDDDDD  1.5", cut=300
)


def test_sledai_is_the_weighted_sum_of_its_items_and_falls_by_k(endpoint: Derived) -> None:
    assert endpoint.rows(
        ADSRI, POINTS, "avisitn sledaibl sledai sledchg sledfl sri4 sri5 sri6 sri7 sri8", "avisitn <= 24"
    ) == expected("""
        avisitn  sledaibl  sledai  sledchg  sledfl  sri4  sri5  sri6  sri7  sri8
        2        15        11      -4       Y       Y     N     N     N     N
        4        15        12      -3       N       N     N     N     N     N
        8        15        10      -5       Y       Y     Y     N     N     N
        12       15        9       -6       Y       Y     Y     Y     N     N
        16       15        8       -7       Y       Y     Y     Y     Y     N
        20       15        7       -8       Y       Y     Y     Y     Y     Y
        24       15        .       .        .       N     N     N     N     N
    """)


def test_all_items_present_make_105_points(endpoint: Derived) -> None:
    assert endpoint.rows(ADSRI, EVERYTHING, "sledaibl", "avisitn = 48") == [["105"]]


def test_an_unanswered_item_at_baseline_leaves_the_component_unknown(endpoint: Derived) -> None:
    columns = "sledaibl sledai sledchg sledfl sri4oc sri4 reason"
    assert endpoint.rows(ADSRI, NOBASELINETOTAL, columns, "avisitn = 48") == [[".", "0", ".", ".", ".", "N", "MISSING"]]


def test_a_baseline_below_4_is_unknown_until_assessed(endpoint: Derived) -> None:
    assert endpoint.rows(ADSRI, LOWBASELINE, "avisitn sledfl sri4 reason", "avisitn in (2, 48)") == expected("""
        avisitn  sledfl  sri4  reason
        2        N       N     SLEDAI
        48       .       .     PENDING
    """)


# Every pair of one-decimal assessments that differ by 0.30: 0.0 and 0.3, 0.1 and 0.4, ... 2.7 and 3.0. In binary
# floating point many of these differences are not 0.3. On the wider scales 0.30 is 1.0 and 10.
PGA_PAIRS = [
    endpoint_subject(
        f"PGA3-{tenths}",
        baseline=f"0  D0  9+12+15  DBDBDDDDD  {Decimal(tenths) / 10}",
        activity=f"""
        14   W2   9  DBDBDDDDD  {Decimal(tenths + 3) / 10}
        28   W4   9  DBDBDDDDD  {Decimal(tenths * 10 + 29) / 100}
        """,
    )
    for tenths in range(28)
]
PGA_10_PAIRS = [
    endpoint_subject(
        f"PGA10-{number}",
        baseline=f"0  D0  9+12+15  DBDBDDDDD  {Decimal(number * 3) / 10} of 0-10",
        activity=f"""
        14   W2   9  DBDBDDDDD  {Decimal(number * 3 + 10) / 10} of 0-10
        28   W4   9  DBDBDDDDD  {Decimal(number * 3 + 9) / 10} of 0-10
        """,
    )
    for number in range(28)
]
PGA_100_PAIRS = [
    endpoint_subject(
        f"PGA100-{number}",
        baseline=f"0  D0  9+12+15  DBDBDDDDD  {number * 3} of 0-100",
        activity=f"""
        14   W2   9  DBDBDDDDD  {number * 3 + 10} of 0-100
        28   W4   9  DBDBDDDDD  {Decimal(number * 30 + 99) / 10} of 0-100
        """,
    )
    for number in range(28)
]
# 45 of 0-100 is 1.35 of 0-3, 4.5 of 0-10 as well; 55 is 1.65, exactly 0.30 more; off its scale is missing.
PGA_SCALES = endpoint_subject(
    "PGASCALES",
    baseline="0  D0  9+12+15  DBDBDDDDD  45 of 0-100",
    activity="""
    14   W2   9  DBDBDDDDD  1.65
    28   W4   9  DBDBDDDDD  5.5 of 0-10
    56   W8   9  DBDBDDDDD  1.64999
    84   W12  9  DBDBDDDDD  3.1
    112  W16  9  DBDBDDDDD  -0.1
    140  W20  9  DBDBDDDDD  1.0 of 0-5
    168  W24  9  DBDBDDDDD  3.0
    """,
)


@pytest.mark.parametrize("siteid", PGA_PAIRS + PGA_10_PAIRS + PGA_100_PAIRS)
def test_a_rise_of_exactly_030_is_worsening_and_anything_less_is_not(endpoint: Derived, siteid: str) -> None:
    assert endpoint.rows(ADSRI, siteid, "avisitn pgafl sri4 reason", "avisitn in (2, 4)") == expected("""
        avisitn  pgafl  sri4  reason
        2        N      N     PGA
        4        Y      Y     RESPONDER
    """)


def test_pga_is_compared_across_scales_and_missing_off_its_scale(endpoint: Derived) -> None:
    assert endpoint.rows(ADSRI, PGA_SCALES, "avisitn pgabl pga pgachg pgafl", "avisitn <= 24") == expected("""
        avisitn  pgabl  pga   pgachg  pgafl
        2        1.35   1.65  0.3     N
        4        1.35   1.65  0.3     N
        8        1.35   1.65  0.3     Y
        12       1.35   .     .       .
        16       1.35   .     .       .
        20       1.35   .     .       .
        24       1.35   3     1.65    N
    """)


# Component by component: met, failed, unknown. A fall of 6 or 0; no new grade or a new A; PGA 0.8 or 1.9.
COMPOSITE = endpoint_subject(
    "COMPOSITE",
    activity="""
    14   W2   9        DCDCDDDDD  0.8
    28   W4   9        DCDCDDDDD  .
    56   W8   9        .          1.9
    84   W12  .        DADCDDDDD  .
    112  W16  9+12+15  DADCDDDDD  1.9
    140  W20  .        DCDCDDDDD  0.8
    168  W24  9        DADCDDDDD  1.9
    196  W28  9        DCDCDDDDD  1.9
    224  W32  9+12+15  .          .
    252  W36  .        .          .
    """,
)


def test_one_known_failure_is_a_failure_and_otherwise_anything_unknown_makes_it_unknown(endpoint: Derived) -> None:
    assert endpoint.rows(
        ADSRI, COMPOSITE, "avisitn sledfl bilfl pgafl sri4oc sri4 reason misspat", "avisitn <= 36"
    ) == expected("""
        avisitn  sledfl  bilfl  pgafl  sri4oc  sri4  reason     misspat
        2        Y       Y      Y      Y       Y     RESPONDER  .
        4        Y       Y      .      .       N     MISSING    P
        8        Y       .      N      N       N     PGA        B
        12       .       N      .      N       N     BILAG      SP
        16       N       N      N      N       N     SLEDAI     .
        20       .       Y      Y      .       N     MISSING    S
        24       Y       N      N      N       N     BILAG      .
        28       Y       Y      N      N       N     PGA        .
        32       N       .      .      N       N     SLEDAI     BP
        36       .       .      .      .       N     MISSING    SBP
    """)


ROWIDS = endpoint_subject("ROWIDS", activity=f"330  W48  {RESPONSE}")


def test_each_component_names_its_raw_row(endpoint: Derived) -> None:
    assert endpoint.rows(ADSRI, ROWIDS, "adt protday ady srcsled srcbil srcpga", "avisitn = 48") == [
        ["330", "330", "331", "ROWIDS sledai 2", "ROWIDS bilag 2", "ROWIDS pga 2"]
    ]
