"""DSP: from delivered rows to the sentence a site reads. Day 0 is 2025-01-06; infusions are on days 0 and 14."""

from __future__ import annotations

import pytest

from tests.validation.written_subjects import (
    FIRST_INFUSION,
    FIRST_WEEKS,
    NOTHING_DUE,
    Cases,
    Outcomes,
    found,
    infusions,
)

CASES = Cases(NOTHING_DUE, FIRST_WEEKS)
# An end of the study closes week 48 too, of which these subjects have nothing (EFF09).
ALL_BUT_ACTIVITY = ("VAL", "ELI", "DSP", "VIS", "DOS", "MED", "LAB")
case = CASES.add


def ds(*ends: str) -> str:
    return "\n".join(["dscat  dsdecod  dsdtc", *ends])


def ae(*events: str) -> str:
    header = "aeseq  aecat  aestdtc  aeendtc  aeacn  aeout"
    return "\n".join([header, *(f"{number}  {event}" for number, event in enumerate(events, 1))])


HARMLESS = "OTHER  1  2  NONE  RECOVERED"

# DSP01: an end is a key; rows that differ under one key are VAL07's. The last of them is the row to look at.
case("ONEEND", ds=ds("TREATMENT  COMPLETED  28", "STUDY  COMPLETED  28"))
case(
    "TWOENDS",
    "DSP01 TWOENDS-1: 2 ends of study are recorded (LACK OF EFFICACY on 2025-02-03, COMPLETED on 2025-02-05), "
    "and the earliest counts",
    "DSP01 TWOENDS-1: 2 ends of treatment are recorded (COMPLETED on 2025-02-03, ADVERSE EVENT without a date), "
    "and the earliest counts",
    ds=ds(
        "STUDY  COMPLETED  30",
        "STUDY  LACK OF EFFICACY  28",
        "TREATMENT  COMPLETED  28",
        "TREATMENT  ADVERSE EVENT  .",
    ),
)
case(
    "SAMEEND",
    "VAL07 SAMEEND-1: more than one row has this key; all that differ are used",
    ds=ds("STUDY  COMPLETED  28", "STUDY  COMPLETED  30"),
)

# DSP02: on the day of the end is not after it; an end without a date comes after everything.
case("ENDDAY", ds=ds("STUDY  COMPLETED  14"))
case("UNDATED", ds=ds("STUDY  COMPLETED  ."))
case(
    "PASTEND",
    "DSP02 PASTEND-1, W2: infusion of 2025-01-20 is dated after the end of study on 2025-01-19 (infusions after it: 2)",
    ds=ds("STUDY  COMPLETED  13"),
    ex=infusions(FIRST_INFUSION, "W4  28  .  600", "W2  14  .  600"),
)
case(
    "NOTGIVEN",
    ds=ds("STUDY  COMPLETED  13"),
    ex="visit  exoccur  exstdtc  exdose\nD0  Y  0 09:30  600\nW2  N  14  .",
)

# DSP03: each death needs both, on one day as far as the day is known.
case("DEATH", ds=ds("STUDY  DEATH  28"), ae=ae("INFECTION  27  28  NONE  FATAL"))
case("DEATHMONTH", ds=ds("STUDY  DEATH  28"), ae=ae("INFECTION  27  2025-02  NONE  FATAL"))
case("DEATHOPEN", ds=ds("STUDY  DEATH  28"), ae=ae("INFECTION  27  .  NONE  FATAL"))
case(
    "OTHERDAY",
    "DSP03 OTHERDAY-1: the FATAL adverse event (record 1 | 1) ends on 2025-02-02, "
    "but the study ended by DEATH on 2025-02-03",
    ds=ds("STUDY  DEATH  28"),
    ae=ae("INFECTION  26  27  NONE  FATAL"),
)
case(
    "FATAL",
    "DSP03 FATAL-1: the adverse event (record 1 | 1) is FATAL, but no end of study by DEATH is recorded",
    ae=ae("INFECTION  27  28  NONE  FATAL", HARMLESS),
    ds=ds("STUDY  ADVERSE EVENT  28"),
)
case(
    "NOFATAL",
    "DSP03 NOFATAL-1: the study ended by DEATH on 2025-02-03, but no adverse event is FATAL",
    ae=ae(HARMLESS),
    ds=ds("STUDY  DEATH  28"),
)
# A site that never delivered an event is told of elsewhere, and so is what can't be read.
case("NOAE", ds=ds("STUDY  DEATH  28"))
case(
    "OUTCOME",
    "VAL02 OUTCOME-1: Outcome (aeout) is delivered as 'DIED', which is not one of RECOVERED, ONGOING, FATAL, UNKNOWN",
    ae=ae("INFECTION  27  28  NONE  DIED"),
    ds=ds("STUDY  DEATH  28"),
)
case(
    "READEND",
    "VAL02 READEND-1: How it ended (dsdecod) is delivered as 'DIED', which is not one of COMPLETED, ADVERSE EVENT, "
    "WITHDRAWAL BY SUBJECT, LOST TO FOLLOW-UP, PHYSICIAN DECISION, LACK OF EFFICACY, PROTOCOL DEVIATION, DEATH",
    ae=ae("INFECTION  27  28  NONE  FATAL"),
    ds=ds("STUDY  DIED  28"),
)
case(
    "HALFDEATH",
    "DSP03 HALFDEATH-1: the treatment ended by DEATH on 2025-02-03, but no end of study by DEATH is recorded",
    ae=ae("INFECTION  27  28  NONE  FATAL"),
    ds=ds("TREATMENT  DEATH  28"),
)

# DSP04: any end will do.
case(
    "WITHDRAWN",
    "DSP04 WITHDRAWN-1: the study drug was WITHDRAWN for an adverse event (record 1 | 2), "
    "but no end of treatment or study is recorded",
    ae=ae(HARMLESS, "INFECTION  15  20  WITHDRAWN  RECOVERED", "INFECTION  15  20  INTERRUPTED  RECOVERED"),
)
case(
    "DISPOSED",
    ae=ae("INFECTION  15  20  WITHDRAWN  RECOVERED"),
    ds=ds("TREATMENT  ADVERSE EVENT  16"),
)

# DSP05: one for the death, however many records; on the day itself is not after it, and a month that began before is
# not certainly after it.
case(
    "ALIVE",
    "DSP05 ALIVE-1: the study ended by DEATH on 2025-01-19, but there are records dated after it, the first on "
    "2025-01-20 (by form: sv 2, ex 1, sledai 1, bilag 1, pga 1, cm 1, ae 1, ds 1)",
    ds=ds("STUDY  DEATH  13", "TREATMENT  DEATH  15"),
    ae=ae("INFECTION  12  13  NONE  FATAL", "OTHER  2025-01  .  NONE  RECOVERED", "OTHER  3  2025-02  NONE  RECOVERED"),
    cm="cmseq  cmtrt  cmclas  cmdose  cmdosu  cmstdtc  cmendtc  cmongo\n"
    "1  PREDNISONE  CORTICOSTEROID  10  mg  -30  13  N\n2  PARACETAMOL  OTHER  500  mg  5  14  N",
)


@pytest.mark.parametrize("siteid", CASES.expected)
def test_every_defect_is_found_and_nothing_else(outcomes: Outcomes, siteid: str) -> None:
    assert found(outcomes, siteid, ALL_BUT_ACTIVITY) == CASES.expected[siteid]


def test_every_finding_says_where_its_record_stands(outcomes: Outcomes) -> None:
    for outcome in outcomes:
        if not outcome.rule.blocking:
            assert outcome.violations["source_row"].null_count() == 0
