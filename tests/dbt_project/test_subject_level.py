"""adsl: where a subject stands, who it was at baseline, and its response group; the endpoint has tests of its own."""

from __future__ import annotations

import duckdb
import pytest

from tests.dbt_project.subject_tables import expected, subject
from tests.dbt_project.written_trial import Derived, write_down

INFUSED = "visit  exstdtc\nD0  0"
ALL_CRITERIA = [f"INC{number:02d}" for number in range(1, 4)] + [f"EXC{number:02d}" for number in range(1, 17)]


def answers(**different: str) -> str:
    """Every eligibility criterion answered as of an eligible subject, but for the ones named; `none` leaves one out."""
    usual = {criterion: "Y" if criterion.startswith("INC") else "N" for criterion in ALL_CRITERIA}
    told = {criterion: answer for criterion, answer in {**usual, **different}.items() if answer != "none"}
    return "ietestcd  ieorres\n" + "\n".join(f"{criterion}  {answer}" for criterion, answer in told.items())


SUBJECTS = [
    subject(
        "TREATED",
        cut=100,
        ex="visit  exstdtc\nD0  0\nW2  14\nUNS  20",
        vs="visit  vsdtc  vsorres\nSCR  -7  59.5\nW2  14  61",
        acr="acrcrit  acrmet\nACR01  Y\nACR02  Y\nACR03  N\nACR05  Y\nACR06  .",
    ),
    subject("HELD", ex="visit  exstdtc\nW2  14", vs="vsdtc  vsorres\n0  60"),
    subject("QUARANTINED", ex="visit  exstdtc  exdose\nD0  0  600\nD0  0  610"),
    subject("SCREENED", ds="dscat  dsdecod  dsdtc\nSTUDY  WITHDRAWAL BY SUBJECT  -3", acr="acrcrit  acrmet\nACR01  N"),
    subject("COMPLETED", ex=INFUSED, ds="dscat  dsdecod  dsdtc\nSTUDY  COMPLETED  340\nTREATMENT  COMPLETED  340"),
    subject("DIED", ex=INFUSED, ds="dscat  dsdecod  dsdtc\nSTUDY  DEATH  50"),
    subject("UNREADABLE", ex=INFUSED, ds="dscat  dsdecod  dsdtc\nSTUDY  moved away  50"),
    subject("OFFBYDEATH", cut=100, ex=INFUSED, ds="dscat  dsdecod  dsdtc\nTREATMENT  DEATH  50"),
    subject("ELIGIBLE", ie=answers()),
    subject("EXCLUDED", ie=answers(EXC11="Y")),
    subject("NOTMET", ie=answers(INC03="N")),
    subject("UNANSWERED", ie=answers(EXC16="none")),
    # C3: the latest on or before day 0 is normal again. C4: 8 mg/dL are 0.08 g/L, and so are its limits converted.
    # Anti-dsDNA: the latest has no upper limit to hold it against. Protein: day 1 is too late.
    subject(
        "LABS",
        ex=INFUSED,
        lb="""
        lbtestcd  lbdtc  lborres   lborresu  lbnrlo  lbnrhi
        C3        -30    0.5       g/L       0.9     1.8
        C3        0      0.9       g/L       0.9     1.8
        C4        -7     8         mg/dL     10      40
        DSDNA     -30    31        IU/mL     0       30
        DSDNA     -7     20        IU/mL     .       .
        PROT24    -7     500       mg/24 h   .       .
        PROT24    1      900       mg/24 h   .       .
        """,
    ),
    subject(
        "NORMALLABS",
        ex=INFUSED,
        lb="""
        lbtestcd  lbdtc  lborres   lborresu  lbnrlo  lbnrhi
        C3        -30    0.5       g/L       0.9     1.8
        C3        0      0.9       g/L       0.9     1.8
        CH50      1      10        U/mL      30      75
        DSDNA     -7     30        IU/mL     0       30
        """,
    ),
    subject("DNAWORD", ex=INFUSED, lb="lbtestcd  lbdtc  lborres\nDSDNA  -7  POSITIVE"),
    subject(
        "MEDICATED",
        ex=INFUSED,
        cm="""
        cmseq  cmtrt               cmclas             cmstdtc  cmendtc
        1      AZATHIOPRINE        IMMUNOSUPPRESSANT  -100     0
        2      HYDROXYCHLOROQUINE  ANTIMALARIAL       2019     .
        """,
    ),
    subject(
        "STOPPED",
        ex=INFUSED,
        cm="""
        cmseq  cmtrt               cmclas             cmstdtc  cmendtc
        1      AZATHIOPRINE        IMMUNOSUPPRESSANT  -100     -1
        2      METHOTREXATE        IMMUNOSUPPRESSANT  1        .
        3      HYDROXYCHLOROQUINE  ANTIMALARIAL       2025-01  .
        """,
    ),
]
SITES = "SUBJECT_"
write_down(SUBJECTS, ["+adsl"], SITES)


@pytest.fixture
def derived(written_trial: duckdb.DuckDBPyConnection) -> Derived:
    return Derived(written_trial, SITES)


def adsl(derived: Derived, siteid: str, columns: str) -> list[list[str]]:
    return derived.rows("candidate.analysis.adsl", siteid, columns)


@pytest.mark.parametrize(
    ("siteid", "row"),
    [
        ("TREATED", "0 20 Y PENDING PENDING N"),
        # The last infusion of a held subject is known, its first one is not.
        ("HELD", ". 14 Y HELD . N"),
        ("QUARANTINED", ". . Y HELD . N"),
        ("SCREENED", ". . N . . N"),
        ("COMPLETED", "0 0 Y NO RESPONSE MISSING Y"),
        ("DIED", "0 0 Y NO RESPONSE DEATH Y"),
        ("OFFBYDEATH", "0 0 Y NO RESPONSE TREATMENT DISCONTINUED N"),
    ],
)
def test_treatment_and_response_group(derived: Derived, siteid: str, row: str) -> None:
    (found,) = adsl(derived, siteid, "trtsdt trtedt saffl respgrp respreas maturfl")
    assert " ".join(found) == row


@pytest.mark.parametrize(
    ("siteid", "row"),
    [
        ("TREATED", ". ONGOING . N . ."),
        ("SCREENED", "-3 DISCONTINUED WITHDRAWAL BY SUBJECT N . ."),
        ("COMPLETED", "340 COMPLETED . N . ."),
        ("DIED", "50 DISCONTINUED DEATH Y 50 DEATH"),
        ("UNREADABLE", "50 DISCONTINUED . N 50 DISCONTINUED"),
        # Death itself comes from the end of study.
        ("OFFBYDEATH", ". ONGOING . N 50 TREATMENT DISCONTINUED"),
    ],
)
def test_disposition_and_first_event(derived: Derived, siteid: str, row: str) -> None:
    (found,) = adsl(derived, siteid, "eosdt eosstt dcsreas dthfl icedt iceterm")
    assert " ".join(found) == row


def test_who_the_subject_is(derived: Derived) -> None:
    columns = "subjid age sex race rficdt sitecutdt blweight acrn"
    assert adsl(derived, "TREATED", columns) == expected("""
        subjid  age  sex  race   rficdt  sitecutdt  blweight  acrn
        1       34   F    ASIAN  -28     100        59.5      3
    """)
    # Without a day 0 there is no baseline; without a recorded criterion nobody knows how many are met.
    assert adsl(derived, "HELD", "blweight acrn") == [[".", "."]]
    assert adsl(derived, "SCREENED", "blweight acrn") == [[".", "0"]]


@pytest.mark.parametrize(
    ("siteid", "eligible"),
    [("ELIGIBLE", "Y"), ("EXCLUDED", "N"), ("NOTMET", "N"), ("UNANSWERED", "N"), ("TREATED", "N")],
)
def test_eligible_means_every_criterion_answered_so(derived: Derived, siteid: str, eligible: str) -> None:
    assert adsl(derived, siteid, "eligfl") == [[eligible]]


@pytest.mark.parametrize(
    ("siteid", "low_complement", "dna_above_normal", "protein"),
    [
        ("LABS", "Y", "Y", "0.5"),
        # Exactly at a limit is normal; a result after day 0 is not baseline.
        ("NORMALLABS", "N", "N", "."),
        ("DNAWORD", "N", "Y", "."),
        ("SCREENED", "N", "N", "."),
    ],
)
def test_baseline_laboratory(
    derived: Derived, siteid: str, low_complement: str, dna_above_normal: str, protein: str
) -> None:
    assert adsl(derived, siteid, "bllowcfl bldnafl blprot24") == [[low_complement, dna_above_normal, protein]]


def test_baseline_medication(derived: Derived) -> None:
    # In use on day 0: stopped on that day, and begun in 2019 on an unknown day.
    assert adsl(derived, "MEDICATED", "blisfl blamfl") == [["Y", "Y"]]
    # Stopped the day before, begun the day after, begun in the month of day 0: not certainly in use.
    assert adsl(derived, "STOPPED", "blisfl blamfl") == [["N", "N"]]
