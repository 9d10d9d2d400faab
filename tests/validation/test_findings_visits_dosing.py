"""VIS and DOS, from a delivered row to the sentence a site reads: either side of every limit, and what is missing.

Every subject is whole and clean but for what its test writes down (written_subjects.py). Day 0 is 2025-01-06.
"""

from __future__ import annotations

import pytest

from tests.validation.written_subjects import (
    INFUSIONS,
    NOTHING_DUE,
    Cases,
    Outcomes,
    found,
    infusions,
    visits,
    weights,
)

CASES = Cases()
EXPECTED = CASES.expected
case = CASES.add


def other_infusions(**other: str) -> str:
    """All planned infusions; `other` says what a visit's row is instead ("" for none)."""
    return infusions(*(row for row in {**INFUSIONS, **other}.values() if row))


case("WHOLE")

# VIS01. W4 is entered at last on day 28 + 3 + 7 = 38: with a cut on that day it is not missed yet.
case("MISS38", cut=38, sv=visits(**{visit: "" for visit in INFUSIONS if visit not in ("D0", "W2")}),
     ex=other_infusions(**{visit: "" for visit in INFUSIONS if visit not in ("D0", "W2")}))  # fmt: skip
case(
    "MISS39",
    "VIS01 MISS39-1, W4: visit is missed (there is no record of it), and no reason is given",
    "DOS09 MISS39-1, W4: infusion was due on 2025-02-03 (protocol day 28), but there is no record of it",
    cut=39,
    sv=visits(**{visit: "" for visit in INFUSIONS if visit not in ("D0", "W2")}),
    ex=other_infusions(**{visit: "" for visit in INFUSIONS if visit not in ("D0", "W2")}),
)
case(
    "REASONS",
    "VIS01 REASONS-1, W4: visit is missed (it is recorded as not done), and no reason is given",
    "VIS01 REASONS-1, W8: visit is missed (its record says neither when nor whether it took place), "
    "and no reason is given",
    "VIS01 REASONS-1, UNS: visit is missed (it is recorded as not done), and no reason is given",
    cut=NOTHING_DUE + 51,
    sv="visit  svdtc  svoccur  svreasnd\nSCR  -7  Y  .\nD0  0  Y  .\nW2  .  N  infection\nW4  28  N  .\nW8  .  .  .\n"
    "UNS  60  N  .",
)
# What another rule has found is no second finding: a label, a date, an occurrence that can't be read, a key twice.
case(
    "UNREADVISIT",
    "VAL02 UNREADVISIT-1, WEEK 4: Visit label (visit) is delivered as 'WEEK 4', which is not in the code list VISIT",
    "VAL02 UNREADVISIT-1, W12: Visit took place (svoccur) is delivered as 'yes', which is not one of Y, N",
    "VAL05 UNREADVISIT-1, W8: Date of visit (svdtc) is delivered as '2025-03'; a full date (year-month-day) is needed",
    "VAL07 UNREADVISIT-1, W16: One of 2 differing rows with the same key; none of them is used",
    # The date under 'WEEK 4' is that of W4, so it can't be W20.
    "VIS01 UNREADVISIT-1, W20: visit is missed (there is no record of it), and no reason is given",
    cut=155,
    sv="visit  svdtc  svoccur\nSCR  -7  Y\nD0  0  Y\nW2  14  Y\nWEEK 4  28  Y\nW8  2025-03  .\nW12  .  yes\n"
    "W16  112  Y\nW16  113  Y",
)
# VIS03 and VIS04.
case(
    "ORDER",
    "VIS03 ORDER-1, W16: visit on 2025-03-30 is dated before W12 (2025-03-31), which should come first",
    "VIS02 ORDER-1, W16: visit on 2025-03-30 is protocol day 83, outside its window (day 105 to 119)",
    "DOS11 ORDER-1, W16: the latest weight for the infusion of 2025-05-05 (60.0 kg on 2025-03-31) "
    "is 35 days old; at most 28 days are expected",
    sv=visits(W16="83"),
    vs=weights(W16=""),
    ex=other_infusions(W16="W16  119 09:30  119 10:30  600"),
)
case(
    "ORDERGAP",
    "VIS03 ORDERGAP-1, W12: visit on 2025-02-02 is dated before W4 (2025-02-03), which should come first",
    "VIS02 ORDERGAP-1, W12: visit on 2025-02-02 is protocol day 27, outside its window (day 77 to 91)",
    "VIS01 ORDERGAP-1, W8: visit is missed (there is no record of it), and no reason is given",
    sv=visits(W8="", W12="27"),
    vs=weights(W12=""),
)
case(
    "SAMEDAY",
    "VIS04 SAMEDAY-1, W8: visit on 2025-02-03 has the same date as W4",
    "VIS02 SAMEDAY-1, W8: visit on 2025-02-03 is protocol day 28, outside its window (day 49 to 63)",
    "VIS04 SAMEDAY-1, UNS: visit on 2025-03-31 has the same date as W12, ET",
    sv=visits(W8="28") + "\nUNS  84\nET  84\nUNS  85",
    vs=weights(W8=""),
)
# A held subject has no windows, yet an order.
case(
    "HELDORDER",
    "DOS00 HELDORDER-1, D0: infusions are recorded, but there is no record of an infusion at D0: "
    "day 0 is unknown and the subject is held",
    "VIS03 HELDORDER-1, W4: visit on 2025-01-19 is dated before W2 (2025-01-20), which should come first",
    sv=visits(W4="13"),
    vs=weights(W4=""),
    ex=other_infusions(D0=""),
)

# VIS05: 3 days are allowed. One kind of assessment off is asked of its record, several are asked of the visit.
PGA = "visit  pgadtc  pgares  pgascale\nD0  0  1.5  0-3\n"
case("DATES3", pga=f"{PGA}W2  17  1.2  0-3\nW4  25  1.2  0-3\nUNS  70  1.2  0-3", sv=f"{visits()}\nUNS  90")
case(
    "DATES4",
    "VIS05 DATES4-1, W2: visit is dated 2025-01-20, but its assessments PGA 2025-01-24 (4 days apart); "
    "3 days are allowed",
    "VIS05 DATES4-1, W4: visit is dated 2025-02-03, but its assessments laboratory samples 2025-01-29 (5 days apart); "
    "3 days are allowed",
    pga=f"{PGA}W2  18  1.2  0-3",
    lb="visit  lbdtc  lbtestcd  lborres  lborresu  lbnrlo  lbnrhi\n"
    "W4  24  C3  0.9  g/L  0.8  .\nW4  24  C4  0.2  g/L  0.1  .\nW4  23  WBC  5  10^9/L  4  10",
)
case(
    "DATESALL",
    "VIS05 DATESALL-1, W2: visit is dated 2025-01-16, but its assessments vital signs 2025-01-20, "
    "SLEDAI-2K 2025-01-20, BILAG-2004 2025-01-20, PGA 2025-01-20 (4 days apart); 3 days are allowed",
    "VIS02 DATESALL-1, W2: visit on 2025-01-16 is protocol day 10, outside its window (day 11 to 17)",
    sv=visits(W2="10"),
)
# A visit without a date, or one that was not done, has no day to compare with.
case(
    "DATESNONE",
    "VIS01 DATESNONE-1, W4: visit is missed (it is recorded as not done), and no reason is given",
    sv="visit  svdtc  svoccur\nSCR  -7  Y\nD0  0  Y\nW2  .  Y\nW4  60  N",
    cut=NOTHING_DUE,
)
# VIS06: all forms but dm are delivered on 2026-11-20; a day later can't be known. Born in 1990.
AE = "aeseq  aestdtc  aeendtc\n"
case("LATE0", ae=f"{AE}1  2026-11-20  2026-11\n2  2026  2026-11-20", dm="subjid  brthyr  slediagdtc\n1  1990  1990")
case(
    "LATE",
    "VIS06 LATE-1: Start date (aestdtc) is 2026-11-21, after the delivery of 2026-11-20 that holds it (records: 1)",
    "VIS06 LATE-1: End date (aeendtc) is 2026-12, after the delivery of 2026-11-20 that holds it (records: 1)",
    "VIS06 LATE-1: End date (aeendtc) is 2027, after the delivery of 2026-11-20 that holds it (records: 1)",
    ae=f"{AE}1  2026-11-21  2026-12\n2  2025-03  2027",
)
# A wrong date of a visit says nothing about the order of visits, or about its assessments.
case(
    "LATEVISIT",
    "VIS06 LATEVISIT-1, W4: Date of visit (svdtc) is 2027-02-03, after the delivery of 2026-11-20 that holds it "
    "(records: 1)",
    "VIS02 LATEVISIT-1, W4: visit on 2027-02-03 is protocol day 758, outside its window (day 25 to 31)",
    "VIS06 LATEVISIT-1, W8: Date of sample (lbdtc) is 2027-03-03, after the delivery of 2026-11-20 that holds it "
    "(records: 2)",
    sv=visits(W4="2027-02-03"),
    lb="visit  lbdtc  lbtestcd  lborres  lborresu  lbnrlo\n"
    "W8  2027-03-03  C3  0.9  g/L  0.8\nW8  2027-03-03  C4  0.2  g/L  0.1\nW4  28  C4  0.2  g/L  0.1",
)
case(
    "BIRTH",
    "VIS06 BIRTH-1: Date of SLE diagnosis (slediagdtc) is 1989-12, before the subject was born "
    "(year of birth 1990; dates of the subject before birth: 1)",
    dm="subjid  brthyr  slediagdtc\n1  1990  1989-12",
)
# A year of birth that can't be right is one finding, not one for each date.
case(
    "BORNLATE",
    "VIS06 BORNLATE-1: Date of informed consent (rficdtc) is 2024-12-09, before the subject was born "
    "(year of birth 2025; dates of the subject before birth: 5)",
    "VAL09 BORNLATE-1: Year of birth is delivered as 2025, outside what is plausible (1910 to 2015)",
    dm="subjid  brthyr\n1  2025",
)
# DOS06: the limits are 50 and 120 minutes.
MINUTES = "visit  exstdtc  exendtc  exadj\n{}"
case(
    "MINUTES",
    "DOS06 MINUTES-1, W2: infusion took 49 minutes with adjustment (blank), which does not explain it; "
    "50 to 120 minutes are expected",
    "DOS06 MINUTES-1, W8: infusion took 121 minutes with adjustment NONE, which does not explain it; "
    "50 to 120 minutes are expected",
    cut=NOTHING_DUE,
    ex=MINUTES.format(
        "D0  0 09:30  0 10:20  .\nW2  14 09:30  14 10:19  .\nW4  28 09:30  28 11:30  NONE\n"
        "W8  56 09:30  56 11:31  NONE\nW12  84 09:30  .  NONE\nW16  112  112  NONE"
    ),
)
case(
    "ADJUSTED",
    "DOS06 ADJUSTED-1, W4: infusion took 20 minutes with adjustment SLOWED, which does not explain it; "
    "50 to 120 minutes are expected",
    "DOS06 ADJUSTED-1, W20: infusion took 180 minutes with adjustment STOPPED, which does not explain it; "
    "50 to 120 minutes are expected",
    "VAL02 ADJUSTED-1, W24: Adjustment of the infusion (exadj) is delivered as 'paused', "
    "which is not one of NONE, INTERRUPTED, SLOWED, STOPPED",
    cut=NOTHING_DUE,
    ex=MINUTES.format(
        "D0  0 09:30  0 09:50  INTERRUPTED\nW2  14 09:30  14 09:50  STOPPED\nW4  28 09:30  28 09:50  SLOWED\n"
        "W8  56 09:30  56 12:30  INTERRUPTED\nW12  84 09:30  84 12:30  SLOWED\nW16  112 09:30  112 10:30  STOPPED\n"
        "W20  140 09:30  140 12:30  STOPPED\nW24  168 09:30  168 12:30  paused"
    ),
)
# DOS07. An unreadable dose is VAL03 alone; without an occurrence nobody knows what the dose means.
case(
    "GIVEN",
    "DOS07 GIVEN-1, W2: infusion is recorded as given, but its dose is (blank); it counts as not given",
    "DOS07 GIVEN-1, W4: infusion is recorded as given, but its dose is 0; it counts as not given",
    "DOS07 GIVEN-1, W8: infusion is recorded as not given, but with a dose of 600 (mg)",
    "VAL03 GIVEN-1, W20: Dose given (exdose) is delivered as '6oo', which is not a number",
    "DOS05 GIVEN-1, W24: infusion on 2025-06-23 comes 168 days after the one before; 10 to 42 days are allowed",
    cut=NOTHING_DUE,
    ex="visit  exstdtc  exoccur  exdose\nD0  0  Y  600\nW2  14  Y  .\nW4  28  Y  0\nW8  56  N  600\nW12  84  N  .\n"
    "W16  112  N  0\nW20  140  Y  6oo\nW24  168  Y  600\nW28  196  .  600",
)
# DOS08: 400 + 2 x 120 = 640 mg, to the milligram; a number of vials left blank may be none or unknown.
case(
    "VIALS",
    "DOS08 VIALS-1, W4: infusion of 640.1 mg can't be made from the vials used "
    "(2 of 120 mg and 1 of 400 mg hold 640 mg)",
    "DOS08 VIALS-1, W8: infusion of 600 mg can't be made from the vials used (0 of 120 mg and 0 of 400 mg hold 0 mg)",
    cut=NOTHING_DUE,
    ex="visit  exstdtc  exdose  exvial120  exvial400\nD0  0  600  2  1\nW2  14  640  2  1\nW4  28  640.1  2  1\n"
    "W8  56  600  0  0\nW12  84  600  .  1\nW16  112  600  1  .\nW20  140  600  5  0",
)
# DOS09: at the last visit before the study ends there must be an infusion, later ones are not due.
case(
    "DUE",
    "DOS09 DUE-1, W8: infusion was due on 2025-03-03 (protocol day 56), but there is no record of it",
    "DOS09 DUE-1, W12: infusion was due on 2025-03-31 (protocol day 84), "
    "but its record does not say whether it was given",
    "DOS05 DUE-1, W20: infusion on 2025-05-26 comes 112 days after the one before; 10 to 42 days are allowed",
    ds="dscat  dsdecod  dsdtc\nTREATMENT  ADVERSE EVENT  167",
    ex="visit  exstdtc  exoccur  exdose  exreasoc\nD0  0  Y  600  .\nW2  14  Y  600  .\nW4  28  Y  600  .\n"
    "W12  84  .  600  .\nW16  .  N  .  infection\nW20  140  Y  600  .",
)
case(
    "DUEUNREAD",
    "VAL02 DUEUNREAD-1, WEEK 4: Visit label (visit) is delivered as 'WEEK 4', which is not in the code list VISIT",
    "VAL02 DUEUNREAD-1, W2: Infusion given (exoccur) is delivered as 'yes', which is not one of Y, N",
    "VAL07 DUEUNREAD-1, W8: One of 2 differing rows with the same key; none of them is used",
    "DOS09 DUEUNREAD-1, W12: infusion was due on 2025-03-31 (protocol day 84), but there is no record of it",
    cut=99,
    ex="visit  exstdtc  exoccur  exdose\nD0  0  Y  600\nW2  14  yes  600\nWEEK 4  28  Y  600\n"
    "W8  56  Y  600\nW8  56  Y  610",
)
# DOS10: 10 % of 60 kg is 6 kg; and one wrong weight is one finding, not one more on the way back.
case("JUMP0", vs=weights(W20="66", W24="66", W28="60"))
case(
    "JUMP",
    "DOS10 JUMP-1, W20: weight of 66.1 kg is 10.2 % above the 60.0 kg of 2025-04-28; 10 % is allowed",
    "DOS01 JUMP-1, W32: infusion of 600 mg is 11.32 % above the planned 539 mg (53.9 kg on 2025-08-18); "
    "10 % is allowed",
    "DOS10 JUMP-1, W32: weight of 53.9 kg is 10.2 % below the 60.0 kg of 2025-07-21; 10 % is allowed",
    vs=weights(W20="66.1", W32="53.9"),
)
case(
    "JUMPSTAYS",
    "DOS10 JUMPSTAYS-1, W20: weight of 66.1 kg is 10.2 % above the 60.0 kg of 2025-04-28; 10 % is allowed",
    "DOS10 JUMPSTAYS-1, W28: weight of 50.0 kg is 24.4 % below the 66.1 kg of 2025-06-23; 10 % is allowed",
    vs=weights(W20="66.1", W24="66.1", W28="50", W32="55"),
    ex=infusions(*list(INFUSIONS.values())[:7]),
    ds="dscat  dsdecod  dsdtc\nTREATMENT  ADVERSE EVENT  141",
)
# DOS11: 28 days old is still allowed.
case(
    "OLDWEIGHT",
    "DOS11 OLDWEIGHT-1, W20: the latest weight for the infusion of 2025-05-26 (60.0 kg on 2025-03-31) "
    "is 56 days old; at most 28 days are expected",
    "DOS11 OLDWEIGHT-1, W32: the latest weight for the infusion of 2025-08-19 (60.0 kg on 2025-07-21) "
    "is 29 days old; at most 28 days are expected",
    vs=weights(W16="", W20="", W32=""),
    ex=other_infusions(W32="W32  225 09:30  225 10:30  600"),
)


@pytest.mark.parametrize("siteid", EXPECTED)
def test_every_defect_is_found_and_nothing_else(outcomes: Outcomes, siteid: str) -> None:
    assert found(outcomes, siteid) == EXPECTED[siteid]


def test_every_rule_of_these_families_has_a_defect_here() -> None:
    assert {f"DOS{number:02d}" for number in range(6, 12)} | {
        f"VIS{number:02d}" for number in range(1, 7)
    } <= CASES.rules_told()


def test_every_finding_says_where_its_record_stands(outcomes: Outcomes) -> None:
    for outcome in outcomes:
        if not outcome.rule.blocking:
            assert outcome.violations["source_row"].null_count() == 0
