"""From a delivered row to the sentence a site reads: dbt derives what a rule compares, the rule says what is wrong.

Every subject is whole and clean but for what its test writes down, so that a finding too many shows as well. Protocol
days stand for dates; day 0 is 2025-01-06. Every subject weighs 60 kg: 600 mg are planned.
"""

from __future__ import annotations

import pytest

from tests.validation.written_subjects import (
    FIRST_INFUSION,
    INFUSIONS,
    NOTHING_DUE,
    PLAN,
    Cases,
    Outcomes,
    bilag,
    found,
    infusions,
    sledai,
    visits,
    weights,
)
from validation.catalogue import rule_by_id
from validation.outcome import NOT_RUN

CASES = Cases()
EXPECTED = CASES.expected
case = CASES.add

case("CLEAN")
case(
    "DOSES",
    "DOS01 DOSES-1, W4: infusion of 660.01 mg is 10.00 % above the planned 600 mg (60.0 kg on 2025-02-03); "
    "10 % is allowed",
    "DOS01 DOSES-1, W12: infusion of 539.99 mg is 10.00 % below the planned 600 mg (60.0 kg on 2025-03-31); "
    "10 % is allowed",
    cut=NOTHING_DUE,
    ex=infusions(FIRST_INFUSION, "W2  14  .  660", "W4  28  .  660.01", "W8  56  .  540", "W12  84  .  539.99"),
)
case(
    "GROSS",
    *(
        f"DOS01 GROSS-1, {visit}: infusion of {dose} mg is {percent} % {side} the planned 600 mg "
        f"(60.0 kg on {weighed}); 10 % is allowed"
        for visit, dose, percent, side, weighed in (
            ("W2", "1,200", "100.00", "above", "2025-01-20"),
            ("W4", "6,000", "900.00", "above", "2025-02-03"),
            ("W8", "300", "50.00", "below", "2025-03-03"),
            ("W12", "60", "90.00", "below", "2025-03-31"),
        )
    ),
    "DOS02 GROSS-1, W4: infusion of 6,000 mg is 10.0 times the planned 600 mg (60.0 kg on 2025-02-03)",
    "DOS02 GROSS-1, W12: infusion of 60 mg is 0.1 times the planned 600 mg (60.0 kg on 2025-03-31)",
    cut=NOTHING_DUE,
    ex=infusions(FIRST_INFUSION, "W2  14  .  1200", "W4  28  .  6000", "W8  56  .  300", "W12  84  .  60"),
)
case(
    "WEIGHT",
    "DOS03 WEIGHT-1, D0: the infusion of 2025-01-06 (600) has no usable weight on or before that day",
    vs=weights(D0=""),
)
case(
    "DAYS",
    "DOS04 DAYS-1, W2: infusion on 2025-01-24 is protocol day 18, outside its window (day 11 to 17)",
    "DOS04 DAYS-1, W12: infusion on 2025-04-08 is protocol day 92, outside its window (day 77 to 91)",
    "DOS04 DAYS-1, W16: infusion on 2025-05-08 is protocol day 122, outside its window (day 105 to 119)",
    "DOS05 DAYS-1, W12: infusion on 2025-04-08 comes 43 days after the one before; 10 to 42 days are allowed",
    "DOS05 DAYS-1, UNS: infusion on 2025-05-17 comes 9 days after the one before; 10 to 42 days are allowed",
    cut=NOTHING_DUE,
    ex=infusions(
        FIRST_INFUSION,
        "W2  18  .  600",
        "W4  27  .  600",
        "W8  49  .  600",
        "W12  92  .  600",
        "W16  122  .  600",
        "UNS  131  .  600",
    ),
)
case(
    "ISHELD",
    "DOS00 ISHELD-1, D0: infusions are recorded, but the infusion at D0 has no full date (2025-01): "
    "day 0 is unknown and the subject is held",
    "VAL05 ISHELD-1, D0: Start of infusion (exstdtc) is delivered as '2025-01'; a full date (year-month-day) is needed",
    ex=infusions("D0  2025-01  .  600", "W2  14  .  600"),
)
case(
    "NOD0",
    "DOS00 NOD0-1, D0: infusions are recorded, but there is no record of an infusion at D0: "
    "day 0 is unknown and the subject is held",
    ex=infusions("W2  14  .  600"),
)
case("NEVER", ex="visit  exoccur  exdose  exreasoc\nD0  N  .  screening failure")
case(
    "VISITS",
    "VIS02 VISITS-1, W2: visit on 2025-01-24 is protocol day 18, outside its window (day 11 to 17)",
    dm="subjid  sex  rficdtc\n1  F  -35",
    sv=visits(SCR="-35", W2="18", W4="31"),
    vs=weights(W2=""),
    sledai=sledai(("D0", "0", {})),
    bilag=bilag(("D0", "0", {})),
    pga="visit  pgadtc  pgares  pgascale\nD0  0  1.5  0-3",
    lb="visit  lbdtc  lbtestcd  lborres  lborresu  lbnrlo\nSCR  -35  C3  0.9  g/L  0.8",
)
case(
    "ENDS",
    "VIS07 ENDS-1, W2: infusion ends on 2025-01-20T09:29, before it starts on 2025-01-20T09:30 (record 1 | W2)",
    "VIS07 ENDS-1: medication ends on 2024-11, before it starts on 2024-12-07 (record 1 | 1)",
    cut=NOTHING_DUE,
    ex=infusions(FIRST_INFUSION, "W2  14 09:30  14 09:29  600"),
    cm="cmseq  cmtrt  cmclas  cmdose  cmdosu  cmstdtc  cmendtc\n"
    "1  HYDROXYCHLOROQUINE  ANTIMALARIAL  200  mg  -30  2024-11\n"
    "2  FOLIC ACID  OTHER  5  mg  2024-12  2024-12-01",
)
case(
    "CONSENT",
    "ELI02 CONSENT-1: consent was given on 2024-12-31, after the first laboratory sample on 2024-12-30 "
    "(records before consent, by form: lb 2)",
    dm="subjid  sex  rficdtc\n1  F  -6",
)
case(
    "BASE",
    "EFF01 BASE-1, D0: no PGA on or before the first infusion (2025-01-06), at most 35 days before it",
    "EFF01 BASE-1, D0: the only baseline SLEDAI-2K (of 2025-01-06) is incomplete, so nothing can be compared with it",
    "EFF03 BASE-1, D0: SLEDAI-2K items left blank: 3, 7; without all 24 the score is unknown",
    dm="subjid  sex  rficdtc\n1  F  -36",
    sledai=sledai(("D0", "0", {"sledai03": ".", "sledai07": "."}), ("W2", "14", {})),
    pga="visit  pgadtc  pgares  pgascale\nUNS  -36  1.5  0-3\nW2  14  1.2  0-3",
)
case(
    "TOTAL",
    "EFF02 TOTAL-1, W2: SLEDAI-2K total is given as 6, but the items add up to 4",
    sledai=sledai(("D0", "0", {}), ("W2", "14", {"sledtot": "6"})),
)
case(
    "GRADES",
    "EFF04 GRADES-1, W2: BILAG-2004 grades left blank: Mucocutaneous, Renal",
    bilag=bilag(("D0", "0", {}), ("W2", "14", {"bilmuco": ".", "bilrenal": "."})),
)
case(
    "SCALES",
    "EFF05 SCALES-1, W4: PGA is on the scale 0-10, while the subject's first is on 0-3",
    "EFF05 SCALES-1, W2: PGA of 3.1 lies outside its scale 0-3",
    pga="visit  pgadtc  pgares  pgascale\nD0  0  3  0-3\nW2  14  3.1  0-3\nW4  28  10  0-10\nW8  56  1  0-3",
)
case(
    "BANNED",
    "MED01 BANNED-1: METHOTREXATE (IMMUNOSUPPRESSANT, started 2025-01-20) is prohibited and counts from 2025-01-20; "
    "the first infusion was on 2025-01-06",
    cm="cmseq  cmtrt  cmclas  cmdose  cmdosu  cmstdtc  cmongo\n1  METHOTREXATE  IMMUNOSUPPRESSANT  10  mg  14  Y",
)
case(
    "STEROID",
    "MED02 STEROID-1: systemic steroids of 20 mg/day prednisone equivalent on 2025-06-23 (protocol day 168), "
    "against 10 mg/day at baseline, make the subject a non-responder",
    cm="cmseq  cmtrt  cmclas  cmdose  cmdosu  cmstdtc  cmendtc  cmongo\n"
    "1  PREDNISONE  CORTICOSTEROID  10  mg  -30  100  .\n2  PREDNISONE  CORTICOSTEROID  20  mg  101  .  Y",
)
AFTER_DAY_200 = [visit for visit, day in PLAN.items() if day > 200]
# What happens after the end of the study makes nobody a non-responder, so there is nothing to ask the site.
case(
    "STEROIDLATE",
    ds="dscat  dsdecod  dsdtc\nSTUDY  PHYSICIAN DECISION  200",
    sv=visits(**dict.fromkeys(AFTER_DAY_200, "")),
    vs=weights(**dict.fromkeys(AFTER_DAY_200, "")),
    ex=infusions(*(given for visit, given in INFUSIONS.items() if visit not in AFTER_DAY_200)),
    cm="cmseq  cmtrt  cmclas  cmdose  cmdosu  cmstdtc  cmendtc  cmongo\n"
    "1  PREDNISONE  CORTICOSTEROID  10  mg  -30  200  .\n2  PREDNISONE  CORTICOSTEROID  20  mg  201  .  Y",
)
case(
    "DOSELESS",
    "MED03 DOSELESS-1: systemic steroid PREDNISONE has no dose, so it counts nothing",
    "MED03 DOSELESS-1: systemic steroid 'STEROID TABLETS' has no known prednisone equivalent, so it counts nothing",
    "MED04 DOSELESS-1: PREDNISONE has no end date and is not marked as ongoing, so it is taken to go on",
    "MED04 DOSELESS-1: the start of STEROID TABLETS is only known as '2024-12', and its day decides what counts",
    cm="cmseq  cmtrt  cmclas  cmdose  cmdosu  cmstdtc  cmongo\n1  PREDNISONE  CORTICOSTEROID  .  .  -30  N\n"
    "2  STEROID TABLETS  CORTICOSTEROID  5  mg  2024-12  Y",
)
case(
    "VALUES",
    "VAL02 VALUES-1: Sex (sex) is delivered as 'Female', which is not one of F, M, U",
    "VAL02 VALUES-1, WEEK 4: Visit label (visit) is delivered as 'WEEK 4', which is not in the code list VISIT",
    "VAL03 VALUES-1, W2: Physician's global assessment as delivered (pgares) is delivered as '1,2', "
    "which is not a number",
    "VAL03 VALUES-1, SCR: Result of C4 (lborres) is delivered as '<5', neither a number nor POSITIVE or NEGATIVE",
    "VAL04 VALUES-1, WEEK 4: Date of visit (svdtc) is delivered as '2025-02-30', "
    "which is not a date, or not a possible one",
    "VAL06 VALUES-1, D0: WEIGHT 9.5 is delivered in the unit 'stone', which the protocol does not know for it",
    "VAL06 VALUES-1, SCR: C3 90 is delivered in the unit '(blank)', which the protocol does not know for it",
    dm="subjid  sex\n1  Female",
    cut=NOTHING_DUE,
    ex=infusions(FIRST_INFUSION),
    sv="visit  svdtc\nD0  0\nW2  14\nWEEK 4  2025-02-30",
    vs="visit  vsdtc  vsorres  vsorresu\nSCR  -7  60  kg\nD0  0  9.5  stone",
    pga="visit  pgadtc  pgares  pgascale\nD0  0  1.5  0-3\nW2  14  1,2  0-3",
    lb="visit  lbdtc  lbtestcd  lborres  lborresu  lbnrlo\nSCR  -7  C3  90  .  80\nSCR  -7  C4  <5  g/L  .",
)
case(
    "ROWS",
    "VAL01 ROWS-1, SCR: The key is incomplete: lbtestcd is blank",
    "VAL07 ROWS-1, W2: One of 2 differing rows with the same key; none of them is used",
    "VAL07 ROWS-1, W2: An identical copy of a row that is used",
    "VAL07 ROWS-1: more than one row has this key; all that differ are used",
    "VAL08 ROWS-9, D0: Subject 9 has no usable row in dm",
    cut=NOTHING_DUE,
    sv="subjid  visit  svdtc\n1  SCR  -7\n1  D0  0\n1  W2  14\n1  W2  14\n9  D0  0",
    pga="visit  pgadtc  pgares  pgascale\nD0  0  1.5  0-3\nW2  14  1.2  0-3\nW2  14  1.3  0-3",
    cm="cmseq  cmtrt  cmclas  cmdose  cmdosu  cmstdtc  cmongo\n1  FOLIC ACID  OTHER  5  mg  -30  Y\n"
    "1  CALCIUM CARBONATE  OTHER  500  mg  -30  Y",
    lb="visit  lbdtc  lbtestcd  lborres  lborresu\nSCR  -7  .  0.9  g/L",
)


@pytest.mark.parametrize("siteid", EXPECTED)
def test_every_defect_is_found_and_nothing_else(outcomes: Outcomes, siteid: str) -> None:
    assert found(outcomes, siteid) == EXPECTED[siteid]


# Figures about groups and scenarios: no rule looks at them but for their keys and types.
NOT_BUILT = {
    f"analysis.{name}" for name in ("respbl", "resptab", "srisum", "adsens", "sensum", "adeff", "adresp", "adtte")
}


def test_every_rule_ran_on_every_table_but_those_not_built(outcomes: Outcomes) -> None:
    not_run = {outcome.table for outcome in outcomes if outcome.outcome == NOT_RUN}
    # INV08 looks at frames that a load hands over (tests/validation/agreement).
    assert not_run <= {*NOT_BUILT, *rule_by_id()["INV08"].tables}


def test_no_invariant_is_broken(outcomes: Outcomes) -> None:
    """Row accounting apart: in these tests only dm is in force."""
    broken = {outcome.rule.rule_id for outcome in outcomes if outcome.blocks and outcome.ran}
    assert broken <= {"INV07"}


def test_every_finding_says_where_its_record_stands(outcomes: Outcomes) -> None:
    for outcome in outcomes:
        if not outcome.rule.blocking:
            assert outcome.violations["source_row"].null_count() == 0


def test_every_rule_on_rows_has_a_defect_here() -> None:
    told = CASES.rules_told()
    assert {"VAL01", "VAL02", "VAL03", "VAL04", "VAL05", "VAL06", "VAL07", "VAL08"} <= told
    assert {f"DOS{number:02d}" for number in range(6)} | {f"EFF{number:02d}" for number in range(1, 6)} <= told
    assert {"ELI02", "VIS02", "VIS07", "MED01", "MED02", "MED03", "MED04"} <= told
