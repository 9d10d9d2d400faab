"""ELI: from delivered rows to the sentence a site reads, edge by edge. Day 0 is 2025-01-06."""

from __future__ import annotations

import pytest

from tests.validation.written_subjects import (
    FIRST_WEEKS,
    NOTHING_DUE,
    Cases,
    Outcomes,
    found,
    infusions,
    row,
    sledai,
)

CASES = Cases(NOTHING_DUE, FIRST_WEEKS)
case = CASES.add

CRITERIA = [*(f"INC{number:02d}" for number in range(1, 4)), *(f"EXC{number:02d}" for number in range(1, 17))]
NOT_INFUSED = "visit  exoccur  exdose  exreasoc\nD0  N  .  screening failure"


def ie(**other: str) -> str:
    """All criteria answered as of somebody eligible, but for these ('' leaves the row out)."""
    answers = {name: "Y" if name.startswith("INC") else "N" for name in CRITERIA} | other
    return "\n".join(["ietestcd  ieorres", *(row(name, answer) for name, answer in answers.items() if answer)])


def acr(*answers: str) -> str:
    """The first criteria, answered one after the other."""
    rows = [row(f"ACR{number:02d}", answer) for number, answer in enumerate(answers, 1)]
    return "\n".join(["acrcrit  acrmet", *rows])


def mh(*entries: str) -> str:
    return "\n".join(["mhseq  mhcat  mhstdtc  mhendtc  mhhosp", *(f"{n}  {e}" for n, e in enumerate(entries, 1))])


def cm(*entries: str) -> str:
    header = "cmseq  cmtrt  cmclas  cmdosfrq  cmroute  cmstdtc  cmendtc  cmongo"
    return "\n".join([header, *(f"{n}  {e}" for n, e in enumerate(entries, 1))])


def lb(*results: str) -> str:
    limits = row(1, 2000)
    return "\n".join(["visit  lbdtc  lbtestcd  lborres  lborresu  lbnrlo  lbnrhi", *(row(r, limits) for r in results)])


# ELI01. A date that can't be read, or only in part, is told of by VAL04 and VAL05 alone.
case("NOCONSENT", "ELI01 NOCONSENT-1: there is no date of informed consent", dm="subjid  rficdtc\n1  .")
case(
    "HALFCONSENT",
    "VAL05 HALFCONSENT-1: Date of informed consent (rficdtc) is delivered as '2024-12'; "
    "a full date (year-month-day) is needed",
    dm="subjid  rficdtc\n1  2024-12",
)
case("SCREENED", "ELI01 SCREENED-1: there is no date of informed consent", dm="subjid  rficdtc\n1  .", ex=NOT_INFUSED)

# ELI03: four are enough; what another rule reports may have been met; who was never infused may lack them.
THREE = "infused with 3 ACR criteria recorded as met; at least 4 are needed"
case("ACRFOUR", acr=acr("Y", "Y", "N", "Y", "Y"))
case("ACRTHREE", f"ELI03 ACRTHREE-1: {THREE}", acr=acr("Y", "Y", "N", "Y", "."))
case(
    "ACRREAD",
    "VAL02 ACRREAD-1: Criterion met (acrmet) is delivered as 'yes', which is not one of Y, N",
    acr=acr("Y", "Y", "N", "Y", "yes"),
)
# An identical copy is no further criterion; of two differing rows either may be right.
case(
    "ACRCOPY",
    f"ELI03 ACRCOPY-1: {THREE}",
    "VAL07 ACRCOPY-1: An identical copy of a row that is used",
    acr=acr("Y", "Y", "Y") + "\nACR03  Y",
)
case(
    "ACRTWO",
    "VAL07 ACRTWO-1: One of 2 differing rows with the same key; none of them is used",
    acr=acr("Y", "Y", "Y", "N") + "\nACR04  Y",
)
case("ACRFAIL", acr=acr("Y", "N"), ex=NOT_INFUSED)
case(
    "ACRNONE",
    "ELI03 ACRNONE-1: infused with 0 ACR criteria recorded as met; at least 4 are needed",
    "VAL08 ACRNONE-2: Subject 2 has no usable row in dm",
    acr="subjid  acrcrit  acrmet\n2  ACR01  Y",
)

# ELI04: older than 18. Without an age the year of birth tells, where it leaves no doubt (consent in December 2024).
case("AGE18", "ELI04 AGE18-1: infused at the age of 18; subjects must be older than 18 years", dm="subjid  age\n1  18")
case("AGE19", dm="subjid  age\n1  19")
case("AGEFAIL", dm="subjid  age\n1  17", ex=NOT_INFUSED)
case(
    "BORN06",
    "ELI04 BORN06-1: infused at the age of 18 at most; subjects must be older than 18 years",
    dm="subjid  age  brthyr\n1  .  2006",
)
case("BORN05", dm="subjid  age  brthyr\n1  .  2005")
case("BORN", dm="subjid  age  brthyr\n1  .  .")

# ELI05: 6 is active, 5 is not. Without a complete baseline nobody knows (EFF01 asks), nor without a day 0.
case("SLE6", sledai=sledai(("D0", "0", {"sledai10": "0", "sledai15": "1", "sledtot": "6"})))
case(
    "SLE5",
    "ELI05 SLE5-1, D0: SLEDAI-2K at baseline (2025-01-06) is 5; at least 6 is needed",
    sledai=sledai(("D0", "0", {"sledai10": "0", "sledai22": "1", "sledtot": "5"})),
)
case("SLEFAIL", sledai=sledai(("SCR", "-7", {})), ex=NOT_INFUSED)

# ELI06: one answer against eligibility is one finding; blank or absent ones are one together.
case(
    "AGAINST",
    "ELI06 AGAINST-1: infused, although inclusion INC03 (Active by SLEDAI-2K and refractory) is answered N",
    "ELI06 AGAINST-1: infused, although exclusion EXC16 (Other significant illness) is answered Y",
    ie=ie(INC03="N", EXC16="Y"),
)
case("AGAINSTFAIL", ie=ie(INC03="N", EXC16="Y"), ex=NOT_INFUSED)
case(
    "ANSWERS",
    "ELI06 ANSWERS-1: infused, but there is no answer to the eligibility criteria INC02, EXC07",
    ie=ie(INC02=".", EXC07=""),
)
case("ANSWERSFAIL", ie=ie(INC02=".", EXC07=""), ex=NOT_INFUSED)
# What VAL02 reports is not missing: neither the answer nor the criterion that was meant.
case(
    "UNREAD",
    "VAL02 UNREAD-1: Site's answer: the sentence is true of the subject (ieorres) is delivered as 'no', "
    "which is not one of Y, N",
    "VAL02 UNREAD-1: Eligibility criterion (ietestcd) is delivered as 'EXC8', which is not in the code list IETESTCD",
    ie=ie(EXC07="no", EXC08="", EXC8="N"),
)

# ELI07: 4.0 g/L of IgG and 0.1 g/L of IgA do not exclude. The latest result before the first infusion counts.
case("IGOK", lb=lb("SCR  -7  IGG  400  mg/dL", "SCR  -7  IGA  0.1  g/L"))
case(
    "IGLOW",
    "ELI07 IGLOW-1, SCR: infused with IGG of 399 mg/dL (3.99 g/L) at screening on 2024-12-30; below 4 g/L excludes",
    "ELI07 IGLOW-1, SCR: infused with IGA of 0.09 g/L (0.09 g/L) at screening on 2024-12-30; below 0.1 g/L excludes",
    lb=lb("SCR  -7  IGG  399  mg/dL", "SCR  -7  IGA  0.09  g/L"),
)
case("IGREPEAT", lb=lb("SCR  -10  IGG  3.9  g/L", "UNS  -5  IGG  4.1  g/L", "D0  0  IGG  3.9  g/L"))
case(
    "IGFELL",
    "ELI07 IGFELL-1, UNS: infused with IGG of 3.9 g/L (3.9 g/L) at screening on 2025-01-05; below 4 g/L excludes",
    lb=lb("SCR  -10  IGG  4.1  g/L", "UNS  -1  IGG  3.9  g/L"),
)
case("IGFAIL", lb=lb("SCR  -7  IGG  3.3  g/L", "SCR  -7  HBSAG  POSITIVE  ."), ex=NOT_INFUSED)
case(
    "IGUNIT",
    "VAL06 IGUNIT-1, UNS: IGG 3 is delivered in the unit 'spots', which the protocol does not know for it",
    lb=lb("SCR  -10  IGG  4.1  g/L", "UNS  -1  IGG  3  spots"),
)

# ELI08: once positive is positive, up to the day of the first infusion; what comes later is no eligibility.
case(
    "VIRUS",
    "ELI08 VIRUS-1, SCR: infused, although HIV of 2024-12-27 is POSITIVE",
    "ELI08 VIRUS-1, D0: infused, although HCVAB of 2025-01-06 is POSITIVE",
    lb=lb(
        "SCR  -10  HIV  POSITIVE  .",
        "UNS  -1  HIV  NEGATIVE  .",
        "D0  0  HCVAB  POSITIVE  .",
        "W2  14  HBSAG  POSITIVE  .",
        "SCR  -10  HBCAB  NEGATIVE  .",
    ),
)

# ELI09: each look-back on its first day and the day before it, which is outside.
EXCLUDES = "which excludes between {} and the first infusion on 2025-01-06"
case(
    "HISTORYIN",
    "ELI09 HISTORYIN-1: infused in spite of a history of malignancy from 2018-02-01 to 2020-01-06 (record 1 | 1), "
    + EXCLUDES.format("2020-01-06"),
    "ELI09 HISTORYIN-1: infused in spite of a history of suicidal behaviour from 2024-07-06 (record 1 | 2), "
    + EXCLUDES.format("2024-07-06"),
    "ELI09 HISTORYIN-1: infused in spite of a history of suicidal ideation from 2024-11-06 without an end "
    "(record 1 | 3), " + EXCLUDES.format("2024-11-06"),
    "ELI09 HISTORYIN-1: infused in spite of a history of infection with hospitalisation from 2024-11-07 "
    "(record 1 | 4), " + EXCLUDES.format("2024-11-07"),
    "ELI09 HISTORYIN-1: infused in spite of a history of substance abuse without a start to 2024-01-07 "
    "(record 1 | 5), " + EXCLUDES.format("2024-01-07"),
    "ELI09 HISTORYIN-1: infused in spite of a history of suicidal behaviour from 2024-08 (record 1 | 6), "
    + EXCLUDES.format("2024-07-06"),
    mh=mh(
        "MALIGNANCY  2018-02-01  2020-01-06  .",
        "SUICIDAL BEHAVIOUR  2024-07-06  .  .",
        "SUICIDAL IDEATION  2024-11-06  .  .",
        "INFECTION  -60  .  Y",
        "SUBSTANCE ABUSE  .  2024-01-07  .",
        "SUICIDAL BEHAVIOUR  2024-08  .  .",
    ),
)
case(
    "HISTORYOUT",
    mh=mh(
        "MALIGNANCY  2018-02-01  2020-01-05  .",
        "SUICIDAL BEHAVIOUR  2024-07-05  .  .",
        "SUICIDAL IDEATION  2024-10-01  2024-11-05  .",
        "INFECTION  -61  .  Y",
        "SUBSTANCE ABUSE  .  2024-01-06  .",
        "SUICIDAL BEHAVIOUR  2024-06  .  .",
        "INFECTION  -30  .  N",
        "RENAL  -30  .  Y",
        "SUICIDAL BEHAVIOUR  1  .  .",
    ),
)
MAY = "may lie between {} and the first infusion on 2025-01-06: what is recorded does not settle it"
case(
    "HISTORYMAY",
    "ELI09 HISTORYMAY-1: infused, but a history of malignancy from 2020 to 2020 (record 1 | 1) "
    + MAY.format("2020-01-06"),
    "ELI09 HISTORYMAY-1: infused, but a history of substance abuse from 2015 without an end (record 1 | 2) "
    + MAY.format("2024-01-07"),
    "ELI09 HISTORYMAY-1: infused, but a history of suicidal behaviour without a start (record 1 | 3) "
    + MAY.format("2024-07-06"),
    "ELI09 HISTORYMAY-1: infused, but a history of infection with or without hospitalisation from 2024-12-07 "
    "(record 1 | 4) " + MAY.format("2024-11-07"),
    mh=mh(
        "MALIGNANCY  2020  2020  .",
        "SUBSTANCE ABUSE  2015  .  .",
        "SUICIDAL BEHAVIOUR  .  .  .",
        "INFECTION  -30  .  .",
        "MALIGNANCY  2019  2019  .",
    ),
)
# What another rule reports is not asked for twice.
case(
    "HISTORYREAD",
    "VAL04 HISTORYREAD-1: Start date (mhstdtc) is delivered as 'spring', which is not a date, or not a possible one",
    "VAL02 HISTORYREAD-1: Hospitalised (mhhosp) is delivered as 'yes', which is not one of Y, N",
    "VIS07 HISTORYREAD-1: history entry ends on 2012-01-01, before it starts on 2013-01-01 (record 1 | 3)",
    mh=mh("MALIGNANCY  spring  .  .", "INFECTION  -30  .  yes", "MALIGNANCY  2013-01-01  2012-01-01  ."),
)
# Without a day 0 nobody knows the look-back; without an infusion nobody asks.
case("HISTORYFAIL", mh=mh("MALIGNANCY  -30  .  ."), ex=NOT_INFUSED)
case(
    "HISTORYHELD",
    "DOS00 HISTORYHELD-1, D0: infusions are recorded, but there is no record of an infusion at D0: "
    "day 0 is unknown and the subject is held",
    mh=mh("MALIGNANCY  -30  .  ."),
    ex=infusions("W2  14  .  600"),
)

# ELI10: parenteral within 60 days; cyclophosphamide and rituximab ever, but from the first infusion on MED01 tells.
case(
    "DRUGIN",
    "ELI10 DRUGIN-1: infused in spite of the medication anti-infective IV from 2024-10-28 to 2024-11-07 "
    "(record 1 | 1), " + EXCLUDES.format("2024-11-07"),
    "ELI10 DRUGIN-1: infused in spite of the medication anti-infective IM from 2025-01-06 (record 1 | 2), "
    + EXCLUDES.format("2024-11-07"),
    "ELI10 DRUGIN-1: infused in spite of the medication RITUXIMAB from 2011 to 2011 (record 1 | 3), "
    "which excludes before the first infusion on 2025-01-06",
    "ELI10 DRUGIN-1: infused in spite of the medication CYCLOPHOSPHAMIDE without a start to 2025-01-05 "
    "(record 1 | 4), which excludes before the first infusion on 2025-01-06",
    "ELI10 DRUGIN-1: infused in spite of the medication anti-infective SC from 2024-01-02 without an end "
    "(record 1 | 5), " + EXCLUDES.format("2024-11-07"),
    "MED04 DRUGIN-1: the start of Endoxan is only known as '(blank)', and its day decides what counts",
    cm=cm(
        "CEFTRIAXONE  ANTI-INFECTIVE  QD  IV  -70  -60  N",
        "GENTAMICIN  ANTI-INFECTIVE  ONCE  IM  0  .  N",
        "MabThera  BIOLOGIC  ONCE  IV  2011  2011  N",
        "Endoxan  .  QD  ORAL  .  -1  N",
        "TEICOPLANIN  .  QD  SC  2024-01-02  .  Y",
    ),
)
case(
    "DRUGOUT",
    "MED01 DRUGOUT-1: RITUXIMAB (BIOLOGIC, started 2025-01-06) is prohibited and counts from 2025-01-06; "
    "the first infusion was on 2025-01-06",
    cm=cm(
        "CEFTRIAXONE  ANTI-INFECTIVE  QD  IV  -70  -61  N",
        "CEFTRIAXONE  ANTI-INFECTIVE  QD  ORAL  -10  -5  N",
        "ACICLOVIR  ANTI-INFECTIVE  QD  TOPICAL  -10  -5  N",
        "CEFTRIAXONE  ANTI-INFECTIVE  QD  IV  1  8  N",
        "RITUXIMAB  BIOLOGIC  ONCE  IV  0  0  N",
        "CEFTRIAXONE  OTHER  QD  IV  -10  -5  N",
    ),
)
case(
    "DRUGMAY",
    "ELI10 DRUGMAY-1: infused, but the medication anti-infective IV from 2024-11 to 2024-11 (record 1 | 1) "
    + MAY.format("2024-11-07"),
    "ELI10 DRUGMAY-1: infused, but the medication anti-infective by an unknown route from 2024-12-27 to 2025-01-01 "
    "(record 1 | 2) " + MAY.format("2024-11-07"),
    "ELI10 DRUGMAY-1: infused, but the medication RITUXIMAB from 2025 (record 1 | 3) may lie before the first infusion "
    "on 2025-01-06: what is recorded does not settle it",
    "MED01 DRUGMAY-1: CYCLOPHOSPHAMIDE (CYTOTOXIC, started 2025) is prohibited and counts from 2025-01-06; "
    "the first infusion was on 2025-01-06",
    "MED04 DRUGMAY-1: the start of CYCLOPHOSPHAMIDE is only known as '2025', and its day decides what counts",
    cm=cm(
        "CEFTRIAXONE  ANTI-INFECTIVE  QD  IV  2024-11  2024-11  N",
        "CEFTRIAXONE  ANTI-INFECTIVE  QD  .  -10  -5  N",
        "RITUXIMAB  OTHER  ONCE  IV  2025  .  N",
        "CYCLOPHOSPHAMIDE  CYTOTOXIC  ONCE  IV  2025  .  N",
    ),
)

# ELI11: the answer of somebody never infused is held against the data too, in both directions.
case(
    "CONTRARY",
    "ELI11 CONTRARY-1: INC01 (Systemic lupus erythematosus by the 1997 ACR criteria (at least 4 of 11)) is answered N, "
    "but 4 ACR criteria are recorded as met",
    "ELI11 CONTRARY-1: INC02 (Older than 18 years) is answered N, but the age is 34",
    "ELI11 CONTRARY-1: EXC03 (Primary immunodeficiency) is answered N, but the form mh has an immunodeficiency",
    "ELI11 CONTRARY-1: EXC04 (IgG below 400 mg/dL (4.0 g/L)) is answered N, but IGG at screening is 3.3 g/L",
    "ELI11 CONTRARY-1: EXC05 (IgA below 10 mg/dL (0.1 g/L)) is answered Y, but IGA at screening is 2 g/L",
    "ELI11 CONTRARY-1: EXC11 (HIV positive) is answered Y, but HIV at screening is NEGATIVE",
    "ELI11 CONTRARY-1: EXC12 (Hepatitis B: HBsAg or HBcAb positive) is answered N, but HBCAB at screening is POSITIVE",
    ex=NOT_INFUSED,
    acr=acr("Y", "Y", "Y", "Y"),
    ie=ie(INC01="N", INC02="N", INC03="N", EXC05="Y", EXC11="Y", EXC13="Y"),
    mh=mh("IMMUNODEFICIENCY  2001  .  ."),
    lb=lb(
        "SCR  -7  IGG  3.3  g/L",
        "SCR  -7  IGA  2  g/L",
        "SCR  -7  HIV  NEGATIVE  .",
        "SCR  -7  HBSAG  NEGATIVE  .",
        "SCR  -7  HBCAB  POSITIVE  .",
    ),
)
# Three met and no word of the other eight: ELI03 asks about it, and no answer is contradicted.
case(
    "ACROPEN",
    "ELI03 ACROPEN-1: infused with 3 ACR criteria recorded as met; at least 4 are needed",
    acr=acr("Y", "Y", "Y"),
    ie=ie(),
)
case(
    "CONFIRMED",
    ex=NOT_INFUSED,
    acr=acr("Y", "Y", "Y", *["N"] * 8),
    ie=ie(INC01="N", EXC04="Y", EXC12="Y"),
    lb=lb("SCR  -7  IGG  3.3  g/L", "SCR  -7  HBSAG  NEGATIVE  ."),
)
case(
    "CLAIMED",
    "ELI03 CLAIMED-1: infused with 3 ACR criteria recorded as met; at least 4 are needed",
    "ELI05 CLAIMED-1, D0: SLEDAI-2K at baseline (2025-01-06) is 4; at least 6 is needed",
    "ELI09 CLAIMED-1: infused in spite of a history of malignancy from 2024-12-07 without an end (record 1 | 1), "
    + EXCLUDES.format("2020-01-06"),
    "ELI11 CLAIMED-1: INC01 (Systemic lupus erythematosus by the 1997 ACR criteria (at least 4 of 11)) is answered Y, "
    "but 8 of 11 ACR criteria are recorded as not met",
    "ELI11 CLAIMED-1: INC03 (Active by SLEDAI-2K and refractory) is answered Y, but SLEDAI-2K at baseline is 4",
    "ELI11 CLAIMED-1: EXC01 (Malignancy within 5 years) is answered N, "
    "but the form mh has malignancy from 2024-12-07 without an end",
    acr=acr("Y", "Y", "Y", *["N"] * 8),
    ie=ie(),
    mh=mh("MALIGNANCY  -30  .  ."),
    sledai=sledai(("D0", "0", {"sledai10": "0", "sledtot": "4"})),
)


@pytest.mark.parametrize("siteid", CASES.expected)
def test_every_defect_is_found_and_nothing_else(outcomes: Outcomes, siteid: str) -> None:
    assert found(outcomes, siteid) == CASES.expected[siteid]


def test_every_finding_says_where_its_record_stands(outcomes: Outcomes) -> None:
    for outcome in outcomes:
        if not outcome.rule.blocking:
            assert outcome.violations["source_row"].null_count() == 0
