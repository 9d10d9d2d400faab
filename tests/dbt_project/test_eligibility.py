"""adie: what the site says of each criterion, what the data say, and the record that decides.

Day 0 is 2025-01-06. The edges of every look-back and limit stand in tests/validation/test_findings_eligibility.py: the
rules read the same evidence.
"""

from __future__ import annotations

import duckdb
import pytest

from tests.dbt_project.subject_tables import expected, subject
from tests.dbt_project.written_trial import Derived, write_down

INFUSED = "visit  exstdtc\nD0  0"
CRITERIA = [f"INC{number:02d}" for number in range(1, 4)] + [f"EXC{number:02d}" for number in range(1, 17)]
LABS = "visit  lbtestcd  lbdtc  lborres  lborresu"


def answers(**different: str) -> str:
    """Every criterion answered as of an eligible subject, but for the ones named; `.` is a blank answer."""
    usual = {criterion: "Y" if criterion.startswith("INC") else "N" for criterion in CRITERIA}
    return "ietestcd  ieorres\n" + "\n".join(f"{name}  {answer}" for name, answer in {**usual, **different}.items())


def acr(met: int, not_met: int = 0, blank: int = 0) -> str:
    """The first criteria answered with N, the next with Y, then some without an answer; the rest has no row."""
    written = ["N"] * not_met + ["Y"] * met + ["."] * blank
    rows = [f"ACR{number:02d}  {answer}" for number, answer in enumerate(written, 1)]
    return "acrcrit  acrmet\n" + "\n".join(rows)


def sledai(*present: int) -> str:
    """All items of the assessment on day 0."""
    items = [f"sledai{item:02d}" for item in range(1, 25)]
    row = [str(int(item in present)) for item in range(1, 25)]
    return "  ".join(["visit", "sledtc", *items]) + "\n" + "  ".join(["D0", "0", *row])


MH = "mhseq  mhcat  mhstdtc  mhendtc  mhhosp"
CM = "cmseq  cmtrt  cmclas  cmdosfrq  cmroute  cmstdtc  cmendtc"

SUBJECTS = [
    subject("SILENT", ex=INFUSED, dm="subjid  age\n1  ."),
    subject("ATTESTED", ex=INFUSED, dm="subjid  age\n1  .", ie=answers()),
    subject("BLANKANSWER", ex=INFUSED, ie=answers(EXC16=".", EXC14="maybe", EXC07="Y")),
    # Of four ACR criteria met the first one decides; of too few the first that is not.
    subject("LUPUS", ex=INFUSED, ie=answers(), acr=acr(4, 1), sledai=sledai(9, 12)),
    subject("NOLUPUS", ex=INFUSED, ie=answers(), acr=acr(3, 8), sledai=sledai(9), dm="subjid  age\n1  18"),
    # Of eleven criteria eight are not met, so three are left at most; with seven there are four, which is enough.
    subject("ACRNOTONE", ex=INFUSED, ie=answers(), acr=acr(0, 11)),
    subject("ACREIGHTNOT", ie=answers(), acr=acr(0, 8)),
    subject("ACRSEVENNOT", ex=INFUSED, ie=answers(), acr=acr(3, 7, 1)),
    subject("ACRBLANK", ex=INFUSED, ie=answers(), acr=acr(3, 0, 8)),
    subject("ACRABSENT", ex=INFUSED, acr=acr(3)),
    # IgG 3.99 g/L excludes, 400 mg/dL do not. Hepatitis B: one test alone does not clear.
    subject(
        "LABS",
        ie=answers(EXC11="."),
        lb=f"{LABS}\nSCR  IGG  -7  399  mg/dL\nSCR  IGA  -7  0.1  g/L\nSCR  HIV  -7  NEGATIVE  .\n"
        "SCR  HBSAG  -7  NEGATIVE  .\nSCR  HCVAB  -7  POSITIVE  free text of a site",
    ),
    subject(
        "HEPATITIS", ie=answers(), lb=f"{LABS}\nSCR  HBSAG  -7  NEGATIVE  .\nSCR  HBCAB  -7  POSITIVE  ."
    ),
    subject("CLEARED", ie=answers(), lb=f"{LABS}\nSCR  HBSAG  -7  NEGATIVE  .\nSCR  HBCAB  -7  NEGATIVE  ."),
    # 60 days before day 0 count, 61 do not; what lies outside says nothing.
    subject(
        "HISTORY",
        ex=INFUSED,
        ie=answers(EXC03="Y"),
        mh=f"{MH}\n1  INFECTION  -60  -50  Y\n2  SUBSTANCE ABUSE  -800  -366  .\n3  IMMUNODEFICIENCY  2001  .  .",
        cm=f"{CM}\n1  Rituximab  BIOLOGIC  ONCE  IV  -400  -400\n2  CEFTRIAXONE  ANTI-INFECTIVE  QD  IV  -80  -61",
    ),
    # Five years before day 0 count. Whether the tumour is one of the exceptions, no column says.
    subject("TUMOUR", ex=INFUSED, ie=answers(), mh=f"{MH}\n1  MALIGNANCY  -900  -800  ."),
    subject("OLDTUMOUR", ex=INFUSED, ie=answers(), mh=f"{MH}\n1  MALIGNANCY  2015  2019  ."),
    subject("ADMITTED", ex=INFUSED, ie=answers(EXC01="Y"), mh=f"{MH}\n1  MALIGNANCY  -900  -800  ."),
    subject("NOBODYSAYS", mh=f"{MH}\n1  IMMUNODEFICIENCY  2001  .  ."),
    # Without a day 0 no look-back can be counted.
    subject("SCREENED", ie=answers(), mh=f"{MH}\n1  INFECTION  -60  -50  Y"),
]  # fmt: skip
SITES = "ELIG_"
write_down(SUBJECTS, ["+adie", "+adsl", "+chk_eligibility_answers"], SITES)


@pytest.fixture
def derived(written_trial: duckdb.DuckDBPyConnection) -> Derived:
    return Derived(written_trial, SITES)


def adie(derived: Derived, siteid: str, columns: str, *criteria: str) -> list[list[str]]:
    where = f"ietestcd in {(*criteria, '')}" if criteria else "true"
    return derived.rows("candidate.analysis.adie", siteid, columns, where)


def test_one_row_for_each_criterion_of_everybody(derived: Derived) -> None:
    for siteid in ("SILENT", "SCREENED"):
        assert [code for (code,) in adie(derived, siteid, "ietestcd")] == sorted(CRITERIA)
    (row,) = adie(derived, "SILENT", "iecat ietest siteelfl", "EXC05")
    assert row == ["EXCLUSION", "IgA below 10 mg/dL (0.1 g/L)", "N"]


def test_where_nobody_says_anything(derived: Derived) -> None:
    columns = "siteres datares agreefl iestat elresfl srcform srcid"
    rows = adie(derived, "SILENT", columns)
    assert {tuple(row) for row in rows} == {(".", "NOT EVALUABLE", ".", "NOT EVALUABLE", ".", ".", ".")}


def test_where_only_the_site_says_something(derived: Derived) -> None:
    rows = adie(derived, "ATTESTED", "datares agreefl iestat siteelfl elresfl srcform")
    assert {tuple(row) for row in rows} == {("NOT EVALUABLE", ".", "ATTESTED", "Y", "Y", "ie")}
    assert adie(derived, "ATTESTED", "siteres srcid", "INC01", "EXC16") == [
        ["NOT MET", "ATTESTED ie 19"],
        ["MET", "ATTESTED ie 1"],
    ]
    assert adie(derived, "BLANKANSWER", "ietestcd ieorres siteres iestat siteelfl elresfl", "EXC07", "EXC14", "EXC16") == (
        expected("""
            ietestcd  ieorres  siteres  iestat         siteelfl  elresfl
            EXC07     Y        MET      ATTESTED       N         N
            EXC14     .        .        NOT EVALUABLE  N         .
            EXC16     .        .        NOT EVALUABLE  N         .
        """)
    )  # fmt: skip


def test_the_subject_as_a_whole(derived: Derived) -> None:
    columns = "ietestcd datares agreefl iestat elresfl srcform srcid iereason"
    # The first criterion that is met is ACR02. Activity alone does not make INC03 true.
    assert adie(derived, "LUPUS", columns, "INC01", "INC02", "INC03") == expected("""
        a      b              c  d         e  f    g             h
        INC01  MET            Y  MET       Y  acr  LUPUS acr 2   4 ACR criteria are recorded as met
        INC02  MET            Y  MET       Y  dm   LUPUS dm 1    the age is 34
        INC03  NOT EVALUABLE  .  ATTESTED  Y  ie   LUPUS ie 3    only the site says so; what is recorded does not decide it
    """)
    # Arthritis alone is 4 points, under 6; older than 18 is not 18.
    assert adie(derived, "NOLUPUS", columns, "INC01", "INC02", "INC03") == expected("""
        a      b        c  d        e  f       g                  h
        INC01  NOT MET  N  NOT MET  N  acr     NOLUPUS acr 1      8 of 11 ACR criteria are recorded as not met
        INC02  NOT MET  N  NOT MET  N  dm      NOLUPUS dm 1       the age is 18
        INC03  NOT MET  N  NOT MET  N  sledai  NOLUPUS sledai 1   SLEDAI-2K at baseline is 4
    """)


@pytest.mark.parametrize(
    ("siteid", "row"),
    [
        ("ACRNOTONE", "NOT MET  N  NOT MET  N  ACRNOTONE acr 1  11 of 11 ACR criteria are recorded as not met"),
        ("ACREIGHTNOT", "NOT MET  N  NOT MET  N  ACREIGHTNOT acr 1  8 of 11 ACR criteria are recorded as not met"),
        (
            "ACRSEVENNOT",
            "NOT EVALUABLE  .  ATTESTED  Y  ACRSEVENNOT ie 1  only the site says so; what is recorded does not decide it",
        ),
        (
            "ACRBLANK",
            "NOT EVALUABLE  .  ATTESTED  Y  ACRBLANK ie 1  only the site says so; what is recorded does not decide it",
        ),
        ("ACRABSENT", "NOT EVALUABLE  .  NOT EVALUABLE  .  .  no answer, and what is recorded does not decide it"),
    ],
)
def test_no_answer_to_an_acr_criterion_is_no_evidence(derived: Derived, siteid: str, row: str) -> None:
    found = adie(derived, siteid, "datares agreefl iestat elresfl srcid iereason", "INC01")
    assert found == expected(f"a  b  c  d  e  f\n{row}")


def test_the_screening_laboratory(derived: Derived) -> None:
    columns = "ietestcd siteres datares agreefl iestat elresfl srcid iereason"
    # 399 mg/dL x 0.01 = 3.99 g/L. What a site typed where a unit belongs is not published.
    assert adie(derived, "LABS", columns, "EXC04", "EXC05", "EXC11", "EXC12", "EXC13") == expected("""
        a      b        c              d  e         f  g            h
        EXC04  NOT MET  MET            N  MET       N  LABS lb 1    IGG at screening is 3.99 g/L
        EXC05  NOT MET  NOT MET        Y  NOT MET   Y  LABS lb 2    IGA at screening is 0.1 g/L
        EXC11  .        NOT MET        .  NOT MET   Y  LABS lb 3    HIV at screening is NEGATIVE
        EXC12  NOT MET  NOT EVALUABLE  .  ATTESTED  Y  LABS ie 15   only the site says so; what is recorded does not decide it
        EXC13  NOT MET  MET            N  MET       N  LABS lb 5    HCVAB at screening is POSITIVE
    """)
    assert adie(derived, "HEPATITIS", columns, "EXC12") == [
        ["EXC12", "NOT MET", "MET", "N", "MET", "N", "HEPATITIS lb 2", "HBCAB at screening is POSITIVE"]
    ]
    assert adie(derived, "CLEARED", "datares srcid iereason", "EXC12") == [
        ["NOT MET", "CLEARED lb 2", "HBCAB at screening is NEGATIVE and HBSAG at screening is NEGATIVE"]
    ]


def test_history_and_medication_inside_their_look_back(derived: Derived) -> None:
    columns = "ietestcd siteres datares agreefl iestat srcform srcid"
    assert adie(derived, "HISTORY", columns, "EXC03", "EXC06", "EXC08", "EXC09", "EXC10") == expected("""
        ietestcd  siteres  datares        agreefl  iestat    srcform  srcid
        EXC03     MET      NOT EVALUABLE  .        ATTESTED  ie       HISTORY ie 6
        EXC06     NOT MET  MET            N        MET       cm       HISTORY cm 1
        EXC08     NOT MET  MET            N        MET       mh       HISTORY mh 1
        EXC09     NOT MET  NOT EVALUABLE  .        ATTESTED  ie       HISTORY ie 12
        EXC10     NOT MET  NOT EVALUABLE  .        ATTESTED  ie       HISTORY ie 13
    """)
    assert adie(derived, "HISTORY", "iereason", "EXC06", "EXC08") == [
        ["RITUXIMAB before the first infusion on 2025-01-06"],
        ["infection with hospitalisation between 2024-11-07 and the first infusion on 2025-01-06"],
    ]
    assert adie(derived, "SCREENED", "iestat", "EXC08") == [["ATTESTED"]]


def test_a_record_with_a_question_does_not_overrule_the_site(derived: Derived) -> None:
    columns = "siteres datares agreefl iestat siteelfl elresfl srcform srcid"
    assert adie(derived, "TUMOUR", columns, "EXC01") == [
        ["NOT MET", "NOT EVALUABLE", ".", "ATTESTED", "Y", "Y", "ie", "TUMOUR ie 4"]
    ]
    assert adie(derived, "ADMITTED", columns, "EXC01") == [
        ["MET", "NOT EVALUABLE", ".", "ATTESTED", "N", "N", "ie", "ADMITTED ie 4"]
    ]
    assert adie(derived, "NOBODYSAYS", columns, "EXC03") == [
        [".", "NOT EVALUABLE", ".", "NOT EVALUABLE", "N", ".", ".", "."]
    ]
    malignancy = "the history has malignancy between 2020-01-06 and the first infusion on 2025-01-06: is it one of the exceptions?"
    assert adie(derived, "TUMOUR", "iereason", "EXC01") == [[malignancy]]
    assert adie(derived, "OLDTUMOUR", "iereason", "EXC01") == [
        ["only the site says so; what is recorded does not decide it"]
    ]
    for siteid in ("NOBODYSAYS", "HISTORY"):
        assert adie(derived, siteid, "iereason", "EXC03") == [
            ["the history has an immunodeficiency: is it a primary one?"]
        ]


def test_adsl_says_the_same_of_everybody(derived: Derived) -> None:
    """Of every subject that any test wrote down: eligible is who was answered so 19 times."""
    rows = derived.all_rows("""
        select adsl.eligfl, count(*) filter (where adie.siteelfl = 'Y') = 19 as eligible, count(*) as criteria
        from candidate.analysis.adsl as adsl
        inner join candidate.analysis.adie as adie on adsl.usubjid = adie.usubjid
        group by adsl.usubjid, adsl.eligfl
    """)
    assert {(row["eligfl"], row["eligible"], row["criteria"]) for row in rows} == {("Y", True, 19), ("N", False, 19)}
    subjects = derived.all_rows("select count(*) as n from candidate.analysis.adsl")
    assert len(rows) == subjects[0]["n"]


def test_the_rule_on_contradictions_says_the_same_of_everybody(derived: Derived) -> None:
    """But of a malignancy and an immunodeficiency: there the rule asks, and adie lets the answer stand."""
    disagreeing = derived.all_rows("""
        select answers.usubjid, answers.ietestcd
        from checks.chk_eligibility_answers as answers
        inner join candidate.analysis.adie as adie
            on answers.usubjid = adie.usubjid and answers.ietestcd = adie.ietestcd
        where
            (answers.contradiction is not null and answers.ietestcd not in ('EXC01', 'EXC03'))
            <> (coalesce(adie.agreefl, '') = 'N')
    """)
    assert disagreeing == []
    asked = derived.all_rows("""
        select distinct adie.datares, adie.agreefl, contains(adie.iereason, '?') as asks
        from checks.chk_eligibility_answers as answers
        inner join candidate.analysis.adie as adie
            on answers.usubjid = adie.usubjid and answers.ietestcd = adie.ietestcd
        where answers.contradiction is not null and answers.ietestcd in ('EXC01', 'EXC03')
    """)
    assert {tuple(row.values()) for row in asked} == {("NOT EVALUABLE", None, True)}
