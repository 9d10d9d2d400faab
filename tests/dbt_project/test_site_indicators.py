"""What the site indicators count, worked out by hand; day 0 is the day of the infusion at D0.

S01 has delivered up to protocol day 100 and has every kind of subject; S02 has no site cut; S03 is about entry lags.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.dbt_project.subject_tables import USUAL_ROWS, dated, table
from tests.support.compiled import write_warehouse
from tests.support.dbt import BuiltWarehouse, Row

DELIVERED = {
    "dm": """
        siteid  subjid
        S01     TREATED
        S01     LEFT
        S01     FINISHED
        S01     LEAVES
        S01     SCREENED
        S01     HELD
        S02     NOCUT
        S03     EARLY
        S03     TWO
        S03     THREE
        """,
    # TREATED: 60 kg, so 600 mg; 660 is just inside the tolerance of 10 %, 661 outside. LEFT has no weight, so no plan.
    # HELD has no usable day 0, and its infusion counts all the same.
    "ex": """
        siteid  subjid    visit  exstdtc  exdose
        S01     TREATED   D0     0        600
        S01     TREATED   W2     14       660
        S01     TREATED   W4     28       661
        S01     LEFT      D0     0        600
        S01     FINISHED  D0     0        600
        S01     LEAVES    D0     0        600
        S01     HELD      W2     14       6000
        S02     NOCUT     D0     0        600
        S03     EARLY     D0     0        600
        S03     TWO       D0     0        600
        S03     THREE     D0     0        600
        """,
    "vs": """
        siteid  subjid   vsdtc  vsorres
        S01     TREATED  0      60
        S01     HELD     0      60
        S01     .        0      70
        """,
    "ds": """
        siteid  subjid    dscat  dsdecod                dsdtc
        S01     LEFT      STUDY  WITHDRAWAL BY SUBJECT  50
        S01     FINISHED  STUDY  COMPLETED              90
        S01     LEAVES    STUDY  LOST TO FOLLOW-UP      101
        """,
    # Events of TREATED, by their start: before day 0; on it; in the month of day 0 (the 6th), so perhaps after it; on
    # the day of the cut; after the cut; without a start. LEFT: on its last day, and after it.
    "ae": """
        siteid  subjid    aeseq  aestdtc
        S01     TREATED   1      -1
        S01     TREATED   2      0
        S01     TREATED   3      2025-01
        S01     TREATED   4      100
        S01     TREATED   5      101
        S01     TREATED   6      .
        S01     LEFT      1      50
        S01     LEFT      2      51
        S01     SCREENED  1      5
        S02     NOCUT     1      5
        """,
}

# `opened` is the day of the delivery that brought the row, `closed` says whether it is current.
VISITS = """
    siteid  subjid    visit  svoccur  svdtc  opened  closed
    S01     TREATED   SCR    Y        -7     100     .
    S01     TREATED   D0     Y        0      100     .
    S01     TREATED   W2     Y        14     100     .
    S01     TREATED   W4     N        .      100     .
    S01     TREATED   UNS    Y        30     100     .
    S01     SCREENED  SCR    Y        -7     100     .
    S03     TWO       D0     Y        0      10      .
    S03     TWO       W2     Y        14     17      .
    S03     TWO       W4     Y        28     36      .
    S03     TWO       UNS    Y        30     90      .
    S03     THREE     D0     Y        0      10      .
    S03     THREE     W2     Y        14     20      .
    S03     THREE     W4     .        .      24      closed
    S03     THREE     W4     Y        28     30      .
    S03     THREE     W8     Y        55     60      closed
    S03     THREE     W8     Y        56     80      .
    S03     EARLY     D0     Y        0      10      .
    S03     EARLY     W2     Y        10     10      .
    """

# Two files of one delivery are one delivery; a refused one is none. S02 was late before it ever delivered.
DELIVERIES = """
    siteid  delivered   form  status
    S01     2025-02-01  dm    LOADED
    S01     2025-02-08  dm    UNCHANGED
    S01     2025-02-08  sv    LOADED
    S01     2025-02-20  dm    REFUSED
    S02     2025-02-01  .     REFUSED
    """
NOTES = """
    siteid  delivered   rule_id
    S01     2025-02-01  DEL08
    S01     2025-02-08  DEL10
    S02     .           DEL08
    """


def rows_of(text: str, form: str = "") -> Iterator[Row]:
    for row in table(text):
        told = {name: value for name, value in {**USUAL_ROWS.get(form, {}), **row}.items() if value != "."}
        if "opened" in told:
            told["opened"] = dated(told["opened"])
        if told.pop("closed", None):
            told["closed_load"] = "2"
        yield {name: dated(value) if name.endswith("dtc") else value for name, value in told.items()}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> BuiltWarehouse:
    forms = {form: list(rows_of(text, form)) for form, text in DELIVERED.items()}
    forms["sv"] = list(rows_of(VISITS))
    bookkeeping: dict[str, list[Row]] = {
        "in_force": [
            {"siteid": site, "form": form, "delivered": dated("100")}
            for site in ("S01", "S03")
            for form in ("dm", "sv")
        ],
        "deliveries": [{"sequence": 1, **row} for row in rows_of(DELIVERIES)],
        "notes": [{"sequence": 1, **row} for row in rows_of(NOTES)],
    }
    return write_warehouse(tmp_path_factory.mktemp("indicators"), forms, bookkeeping)


def counted(warehouse: BuiltWarehouse, indicator: str, siteid: str = "S01") -> dict[str, tuple[int, int]]:
    """Numerator and denominator of every unit of a site."""
    rows = warehouse.rows(
        "select split_part(unit, '-', -1) as subject, * from intermediate.int_indicator_units "
        f"where indicator = '{indicator}' and siteid = '{siteid}'"
    )
    return {row["subject"]: (row["numerator"], row["denominator"]) for row in rows}


def test_planned_visits_missed_of_those_that_were_due(warehouse: BuiltWarehouse) -> None:
    found = counted(warehouse, "MISSED_VISITS")
    # Due by day 100: SCR, D0, W2, W4 (said not done), W8 (by 63 + 7) and W12 (by 91 + 7); the last two have no record.
    assert found["TREATED"] == (3, 6)
    # Without a day 0 only what was recorded is known.
    assert found["SCREENED"] == (0, 1)
    assert "HELD" not in found
    # Up to its end on day 50: SCR, D0, W2, W4.
    assert found["LEFT"] == (4, 4)
    # Nothing of a site without a cut can be called missed.
    assert counted(warehouse, "MISSED_VISITS", "S02") == {}


def test_infusions_off_plan_of_those_with_a_dose_and_a_plan(warehouse: BuiltWarehouse) -> None:
    assert counted(warehouse, "DOSE_DEVIATIONS") == {"TREATED": (1, 3), "HELD": (1, 1)}


def test_deliveries_after_which_the_site_was_late(warehouse: BuiltWarehouse) -> None:
    rows = warehouse.rows("from intermediate.int_indicator_units where indicator = 'LATE_DELIVERIES' order by unit")
    assert [(row["siteid"], row["unit"], row["numerator"], row["denominator"]) for row in rows] == [
        ("S01", "2025-02-01", 1, 1),
        ("S01", "2025-02-08", 0, 1),
    ]


# From day 0 to the cut on day 100 are 101 days, to the end on day 50 51.
def test_who_left_before_the_end_among_the_days_observed(warehouse: BuiltWarehouse) -> None:
    assert counted(warehouse, "DISCONTINUATIONS") == {
        "TREATED": (0, 101),
        "LEFT": (1, 51),
        "FINISHED": (0, 91),
        "LEAVES": (0, 101),
    }
    assert counted(warehouse, "DISCONTINUATIONS", "S02") == {}


def test_adverse_events_that_can_have_started_while_observed(warehouse: BuiltWarehouse) -> None:
    assert counted(warehouse, "ADVERSE_EVENTS") == {
        "TREATED": (4, 101),
        "LEFT": (1, 51),
        "FINISHED": (0, 91),
        "LEAVES": (0, 101),
    }


def test_entry_lags_since_the_first_delivery(warehouse: BuiltWarehouse) -> None:
    rows = warehouse.rows("from intermediate.int_entry_lags order by usubjid")
    assert [(row["usubjid"], row["lag_days"]) for row in rows] == [
        # W2 after 6 days; W4 after 2, entered in advance on day 24; W8, corrected later, 4; the middle one.
        ("MRBS-S03-THREE", 4),
        # W2 after 3 days and W4 after 8: the lower one.
        ("MRBS-S03-TWO", 3),
    ]


def test_records_per_subject_those_without_one_together(warehouse: BuiltWarehouse) -> None:
    rows = warehouse.rows("from intermediate.int_subject_records where siteid = 'S01'")
    found = {row["usubjid"].removeprefix("MRBS-S01-"): row["records"] for row in rows}
    # dm, three infusions, a weight, six events and five visits.
    assert found["TREATED"] == 1 + 3 + 1 + 6 + 5
    assert found[""] == 1
    assert found["SCREENED"] == 1 + 1 + 1
