"""The trial shaped as SDTM: a subject written down form by form, and every domain's rows worked out by hand.

Day 0, the first infusion, is 2025-01-06; study day 1 is the same day. What a file of such a table looks like belongs
in tests/orchestration/export.
"""

from __future__ import annotations

import duckdb
import pytest

from tests.dbt_project.subject_tables import expected, subject
from tests.dbt_project.written_trial import Derived, write_down

SUBJECTS = [
    subject(
        "WHOLE",
        dm="subjid  rficdtc  brthyr  age  sex  race\n1  -28  1991  33  F  ASIAN",
        ie="ietestcd  ieorres\nINC01  Y\nINC02  N\nEXC03  N\nEXC11  Y",
        sv="""
        visit  svoccur  svdtc    svreasnd
        SCR    Y        -20      .
        D0     Y        0        .
        W2     N        .        ILL
        UNS    Y        20       .
        Wk 8   Y        2025-03  .
        """,
        ex="""
        visit  exoccur  exstdtc   exendtc   exdose  exdosu  exlot  exadj
        W2     Y        15 09:00  15 10:00  0.6     g       L2     SLOWED
        D0     Y        0 09:30   0 10:30   600     mg      L1     NONE
        W4     N        28        .         .       .       .      .
        W8     Y        .         .         0       mg      .      .
        """,
        vs="""
        visit  vsdtc  vstestcd  vsorres  vsorresu
        D0     0      WEIGHT    132.3    lb
        SCR    -20    TEMP      .        C
        SCR    -20    GIRTH     80       cm
        UNS    20     PULSE     sixty    beats/min
        """,
        lb="""
        visit  lbdtc  lbtestcd  lborres   lborresu  lbnrlo  lbnrhi
        SCR    -20    C3        45        mg/dL     90      180
        SCR    -20    HIV       NEGATIVE  .         .       .
        D0     0      PLT       250       10^9/L    150     .
        D0     0      WBC       5         10^9/L    4       10
        D0     0      HGB       10        g/dL      16      12
        D0     0      C4        0.25      furlong   0.1     0.4
        """,
        sledai="visit  sledtc  sledai01  sledai22  sledtot\nD0  0 08:00  0  1  1",
        bilag="visit  bildtc  bilconst  bilmuco  bilhaem\nD0  0  A  F  E",
        pga="visit  pgadtc  pgares  pgascale\nD0  0  43  0-100",
        cm="""
        cmseq  cmtrt     cmclas          cmdose  cmdosu  cmroute  cmindc  cmstdtc  cmendtc  cmongo
        2      Decortin  CORTICOSTEROID  5       mg      ORAL     SLE     2024     .        Y
        1      Herbs     OTHER           .       .       SC       .       -3       2025-13  N
        """,
        ae="""
        aeseq  aecat      aeterm   aestdtc  aeendtc  aesev   aeser  aerel  aeacn        aeout
        7      INFECTION  Cold     2025-01  9        MILD    N      N      NONE         RECOVERED
        3      OTHER      Collapse  -1      .        SEVERE  Y      Y      WITHDRAWN    FATAL
        """,
        ds="dscat  dsdecod  dsdtc\nSTUDY  DEATH  30\nTREATMENT  ADVERSE EVENT  .\nSTUDY  gone  31",
    ),
    # Infusions are recorded, none of them at D0: day 0 is unknown and nothing counts from it.
    subject("HELDBACK", ex="visit  exstdtc\nW2  15", vs="visit  vsdtc  vsorres\nD0  0  60"),
    subject("UNTREATED", sv="visit  svdtc\nSCR  -20"),
    subject("FAILED", ds="dscat  dsdecod  dsdtc\nSTUDY  PHYSICIAN DECISION  -5"),
    # An end that is known to the month only sorts after the infusion that was really the last one.
    subject(
        "LASTEND",
        ex="visit  exstdtc  exendtc\nD0  0  2025-03\nW2  14  .",
        ds="dscat  dsdecod  dsdtc\nSTUDY  DEATH  2025-02",
        cm="cmseq  cmtrt  cmendtc  cmongo\n1  A  2025-02  Y",
    ),
    subject("TWICE", ex="visit  exstdtc\nD0  0", cm="cmseq  cmtrt\n1  A\n1  A\n1  B"),
]
SITES = "SDTM_"
write_down(SUBJECTS, ["+path:models/sdtm"], SITES)


@pytest.fixture
def derived(written_trial: duckdb.DuckDBPyConnection) -> Derived:
    return Derived(written_trial, SITES)


def rows(derived: Derived, domain: str, columns: str, siteid: str = "WHOLE", order: str = "") -> list[list[str]]:
    return derived.rows(f"candidate.sdtm.{domain}", siteid, columns, f"true order by {order or f'{domain}seq'}")


def test_demographics(derived: Derived) -> None:
    columns = "rfstdtc rfendtc rfxstdtc rfxendtc rficdtc dthdtc dthfl brthdtc age ageu armcd armnrs"
    assert rows(derived, "dm", columns, order="usubjid") == expected("""
        rfstdtc     rfendtc     rfxstdtc          rfxendtc          rficdtc     dthdtc      dthfl  brthdtc  age  ageu   armcd  armnrs
        2025-01-06  2025-02-05  2025-01-06T09:30  2025-01-21T10:00  2024-12-09  2025-02-05  Y      1991     33   YEARS  BEL10  .
    """)  # fmt: skip
    arms = "rfstdtc rfxendtc armcd armnrs dthfl"
    assert rows(derived, "dm", arms, "HELDBACK", "usubjid") == [[".", "2025-01-21", "BEL10", ".", "."]]
    assert rows(derived, "dm", arms, "UNTREATED", "usubjid") == [[".", ".", ".", "NOT ASSIGNED", "."]]
    assert rows(derived, "dm", f"{arms} rfendtc rfpendtc", "FAILED", "usubjid") == [
        [".", ".", ".", "SCREEN FAILURE", ".", ".", "2025-01-01"]
    ]
    assert rows(derived, "dm", "rfxendtc dthdtc dthfl", "LASTEND", "usubjid") == [["2025-01-20", "2025-02", "Y"]]


def test_a_medication_with_an_end_does_not_go_on(derived: Derived) -> None:
    assert rows(derived, "cm", "cmendtc cmenrtpt cmentpt", "LASTEND") == [["2025-02", ".", "."]]


def test_visits_are_the_recorded_ones(derived: Derived) -> None:
    columns = "visitnum visit svpresp svoccur svreasoc visitdy svstdtc svstdy"
    assert rows(derived, "sv", columns, order="visitnum nulls last") == expected("""
        visitnum  visit  svpresp  svoccur  svreasoc  visitdy  svstdtc     svstdy
        -1        SCR    Y        Y        .         .        2024-12-17  -20
        0         D0     Y        Y        .         1        2025-01-06  1
        2         W2     Y        N        ILL       15       .           .
        99        UNS    .        .        .         .        2025-01-26  21
        .         .      .        .        .         .        2025-03     .
    """)


def test_exposure_is_what_was_given_as_it_was_delivered(derived: Derived) -> None:
    columns = "exseq extrt exdose exdosu exlot exadj visitnum exstdtc exendtc exstdy exendy"
    assert rows(derived, "ex", columns) == expected("""
        exseq  extrt      exdose  exdosu  exlot  exadj   visitnum  exstdtc           exendtc           exstdy  exendy
        1      BELIMUMAB  600     mg      L1     .       0         2025-01-06T09:30  2025-01-06T10:30  1       1
        2      BELIMUMAB  0.6     g       L2     SLOWED  2         2025-01-21T09:00  2025-01-21T10:00  16      16
    """)


def test_vital_signs_in_both_units(derived: Derived) -> None:
    # 132.3 lb x 0.45359237 = 60.010270551 kg. GIRTH is no test of the trial.
    columns = "vsseq vstestcd vstest vsorres vsorresu vsstresc vsstresn vsstresu vsstat vsdtc vsdy"
    assert rows(derived, "vs", columns) == expected("""
        vsseq  vstestcd  vstest       vsorres  vsorresu   vsstresc      vsstresn      vsstresu   vsstat    vsdtc       vsdy
        1      TEMP      Temperature  .        .          .             .             C          NOT DONE  2024-12-17  -20
        2      WEIGHT    Weight       132.3    lb         60.010270551  60.010270551  kg         .         2025-01-06  1
        3      PULSE     Pulse Rate   sixty    beats/min  .             .             beats/min  .         2025-01-26  21
    """)  # fmt: skip
    assert rows(derived, "vs", "vsdtc vsdy visitnum", "HELDBACK") == [["2025-01-06", ".", "0"]]


def test_laboratory_results_against_their_limits(derived: Derived) -> None:
    # Platelets need both limits to be normal; those of haemoglobin are the wrong way round. Neither says anything.
    columns = "lbseq lbtestcd lborres lbornrlo lbstresc lbstresn lbstresu lbstnrlo lbstnrhi lbnrind lbdy"
    assert rows(derived, "lb", columns) == expected("""
        lbseq  lbtestcd  lborres   lbornrlo  lbstresc  lbstresn  lbstresu  lbstnrlo  lbstnrhi  lbnrind  lbdy
        1      C3        45        90        0.45      0.45      g/L       0.9       1.8       LOW      -20
        2      HIV       NEGATIVE  .         NEGATIVE  .         .         .         .         .        -20
        3      C4        0.25      0.1       .         .         .         .         .         .        1
        4      HGB       10        16        100       100       g/L       160       120       .        1
        5      PLT       250       150       250       250       10^9/L    150       .         .        1
        6      WBC       5         4         5         5         10^9/L    4         10        NORMAL   1
    """)  # fmt: skip


def test_disease_activity_has_a_row_per_question(derived: Derived) -> None:
    columns = "rsseq rstestcd rstest rscat rsorres rsorresu rsstresc rsstresn rsstat rsdtc rsdy"
    found = rows(derived, "rs", columns)
    # On one day: BILAG and PGA without a time, before SLEDAI-2K at 08:00; each in the order of its instrument.
    assert len(found) == 9 + 1 + 24 + 1
    by_test = {row[1]: row for row in found}
    wanted = expected("""
        rsseq  rstestcd  rstest                          rscat       rsorres  rsorresu  rsstresc  rsstresn  rsstat    rsdtc             rsdy
        1      BILCONST  BILAG-2004: Constitutional      BILAG-2004  A        .         A         .         .         2025-01-06        1
        2      BILMUCO   BILAG-2004: Mucocutaneous       BILAG-2004  F        .         .         .         .         2025-01-06        1
        3      BILNEURO  BILAG-2004: Neuropsychiatric    BILAG-2004  .        .         .         .         NOT DONE  2025-01-06        1
        10     PGA       Physician's Global Assessment   PGA         43       0-100     1.29      1.29      .         2025-01-06        1
        11     SLED01    SLEDAI-2K: Seizure              SLEDAI-2K   0        .         0         0         .         2025-01-06T08:00  1
        32     SLED22    SLEDAI-2K: Fever                SLEDAI-2K   1        .         1         1         .         2025-01-06T08:00  1
        35     SLETOT    SLEDAI-2K: Total by the site    SLEDAI-2K   1        .         1         1         .         2025-01-06T08:00  1
    """)  # fmt: skip
    assert [by_test[row[1]] for row in wanted] == wanted


def test_medications_keep_their_partial_dates(derived: Derived) -> None:
    columns = "cmseq cmspid cmtrt cmdecod cmcat cmdose cmroute cmindc cmstdtc cmendtc cmstdy cmenrtpt"
    assert rows(derived, "cm", columns) == expected("""
        cmseq  cmspid  cmtrt     cmdecod     cmcat           cmdose  cmroute       cmindc  cmstdtc     cmendtc  cmstdy  cmenrtpt
        1      2       Decortin  PREDNISONE  CORTICOSTEROID  5       ORAL          SLE     2024        .        .       ONGOING
        2      1       Herbs     .           OTHER           .       SUBCUTANEOUS  .       2025-01-03  .        -3      .
    """)  # fmt: skip


def test_identical_copies_are_one_row_and_differing_medications_are_all_there(derived: Derived) -> None:
    assert rows(derived, "cm", "cmseq cmspid cmtrt", "TWICE") == [["1", "1", "A"], ["2", "1", "B"]]


def test_adverse_events_in_the_words_of_cdisc(derived: Derived) -> None:
    columns = "aeseq aespid aeterm aesev aeser aeacn aerel aeout aesdth aestdtc aeendtc aestdy aeendy"
    assert rows(derived, "ae", columns) == expected("""
        aeseq  aespid  aeterm    aesev   aeser  aeacn             aerel  aeout               aesdth  aestdtc     aeendtc     aestdy  aeendy
        1      7       Cold      MILD    N      DOSE NOT CHANGED  N      RECOVERED/RESOLVED  .       2025-01     2025-01-15  .       10
        2      3       Collapse  SEVERE  Y      DRUG WITHDRAWN    Y      FATAL               Y       2025-01-05  .           -1      .
    """)  # fmt: skip


def test_disposition_begins_with_consent(derived: Derived) -> None:
    # The end that can't be read says nothing that DSDECOD could hold; it is a finding.
    columns = "dsseq dsdecod dscat dsscat dsstdtc dsstdy"
    assert rows(derived, "ds", columns) == expected("""
        dsseq  dsdecod                    dscat               dsscat               dsstdtc     dsstdy
        1      INFORMED CONSENT OBTAINED  PROTOCOL MILESTONE  .                    2024-12-09  -28
        2      DEATH                      DISPOSITION EVENT   STUDY PARTICIPATION  2025-02-05  31
        3      ADVERSE EVENT              DISPOSITION EVENT   STUDY TREATMENT      .           .
    """)


def test_only_criteria_not_met_are_rows(derived: Derived) -> None:
    assert rows(derived, "ie", "ieseq ietestcd ietest iecat ieorres iestresc") == expected("""
        ieseq  ietestcd  ietest               iecat      ieorres  iestresc
        1      INC02     Older than 18 years  INCLUSION  N        N
        2      EXC11     HIV positive         EXCLUSION  Y        Y
    """)
